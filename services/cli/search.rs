//! `yangguang search`: finds published policies.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::{
    Client, Outcome, Output,
    output::{cut, list, text},
};

/// Columns of an extract.
const EXTRACT: usize = 76;

/// Finds published policies.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SearchArgs {
    /// Words, a title or a document number, in any way people write it
    #[arg(value_name = "QUERY")]
    query: String,
    /// Only policies of this organ
    #[arg(long, value_name = "CODE")]
    organ: Option<String>,
    /// Only policies of this category
    #[arg(long)]
    category: Option<String>,
    /// Only policies issued in this year
    #[arg(long)]
    year: Option<u16>,
    /// Only policies with this effect
    #[arg(long, value_enum)]
    effect: Option<Effect>,
    /// Newest first instead of best first
    #[arg(long)]
    newest: bool,
    /// How many to show
    #[arg(long, default_value_t = 10, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..=100))]
    page_size: u8,
    /// Where to go on, as the answer before said
    #[arg(long, value_name = "TOKEN")]
    page_token: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  yangguang search 物业管理
  yangguang search '明府办[2024]12' --json
  yangguang search 补贴 --effect in_force --year 2025 --newest";

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Effect {
    /// 尚未生效
    NotYetInForce,
    /// 有效
    InForce,
    /// 失效
    Lapsed,
    /// 废止
    Repealed,
}

/// Runs the command.
pub async fn run(args: &SearchArgs, client: &Client, output: Output) -> anyhow::Result<Outcome> {
    let found: Value = client.get("/api/v1/search", &query(args)).await?;
    output.value(&found)?;
    let items = list(&found, "items");
    let total = found.get("total").and_then(Value::as_u64).unwrap_or_default();
    output.line(format!("{total} found"));
    for item in items {
        print(item, output);
    }
    let next = text(&found, "next_page_token");
    if !next.is_empty() {
        output.line(format!("\nmore: --page-token {next}"));
    }
    Ok(Outcome::Done)
}

fn query(args: &SearchArgs) -> Vec<(&'static str, String)> {
    let mut query = vec![("q", args.query.clone()), ("page_size", args.page_size.to_string())];
    let effect = args.effect.and_then(|effect| effect.to_possible_value());
    let filters = [
        ("organ", args.organ.clone()),
        ("category", args.category.clone()),
        ("year", args.year.map(|year| year.to_string())),
        ("effect", effect.map(|effect| effect.get_name().to_owned())),
        ("order", args.newest.then(|| "newest".to_owned())),
        ("page_token", args.page_token.clone()),
    ];
    query.extend(filters.into_iter().filter_map(|(key, value)| Some((key, value?))));
    query
}

fn print(item: &Value, output: Output) {
    output.line(format!("\n{}", text(item, "title")));
    let facts = ["document_number", "organ_name", "issued_on", "effect", "source_id"];
    let facts = facts.map(|key| text(item, key));
    let known: Vec<&str> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    output.line(format!("  {}", known.join(" · ")));
    let extract = plain(text(item, "snippet"));
    if !extract.is_empty() {
        output.line(format!("  {}", cut(&extract.replace(char::is_whitespace, " "), EXTRACT)));
    }
    output.line(format!("  {}", text(item, "url")));
}

/// An extract without its marks.
fn plain(html: &str) -> String {
    const SPELLINGS: [(&str, &str); 7] = [
        ("<mark>", ""),
        ("</mark>", ""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    SPELLINGS.iter().fold(html.to_owned(), |text, (spelt, meant)| text.replace(spelt, meant))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: SearchArgs,
    }

    #[test]
    fn an_extract_is_read_as_text() {
        assert_eq!(plain("&lt;b&gt;<mark>补贴</mark> &amp;lt;"), "<b>补贴 &lt;");
    }

    #[test]
    fn only_given_filters_are_sent() {
        let line = Line::parse_from(["search", "水价", "--effect", "in_force", "--newest"]);
        let expected =
            [("q", "水价"), ("page_size", "10"), ("effect", "in_force"), ("order", "newest")];
        let sent = query(&line.args);
        let sent: Vec<_> = sent.iter().map(|(key, value)| (*key, value.as_str())).collect();
        assert_eq!(sent, expected);
    }
}
