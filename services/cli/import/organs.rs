//! `yangguang import organs`: the organ tree from a file.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::{
    Client, Outcome, Output,
    output::{cell, text},
};

/// Takes in organs: a JSON array, or one JSON object a line.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct OrgansArgs {
    /// File with the organs
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  yangguang import organs organs.json

An organ has `code` and `name`, and may have `short_name`, `parent` (code of the organ above),
`kind` (government, office, department, county, township, public_enterprise, institution),
`credit_code`, `number_heads` and `phone`. Organs that are there already are changed.";

/// What became of the organs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Imported {
    /// New ones.
    pub added: u64,
    changed: u64,
    unchanged: u64,
    /// Each with `index`, `field` and `reason`.
    pub refused: Vec<Value>,
}

/// Runs the command.
pub async fn run(args: &OrgansArgs, client: &Client, output: Output) -> anyhow::Result<Outcome> {
    let shown = args.file.display().to_string();
    let source = std::fs::read_to_string(&args.file).with_context(|| shown.clone())?;
    let organs = read(&source).with_context(|| shown)?;
    let Imported { added, changed, unchanged, refused } = send(client, &organs).await?;
    output.line(format!(
        "{added} added, {changed} changed, {unchanged} unchanged, {} refused",
        refused.len()
    ));
    for refusal in &refused {
        let organ = refusal
            .get("index")
            .and_then(Value::as_u64)
            .and_then(|index| organs.get(usize::try_from(index).ok()?))
            .map(|organ| cell(organ, "code"))
            .unwrap_or_default();
        output.line(format!("{organ}: {}: {}", text(refusal, "field"), text(refusal, "reason")));
    }
    output.value(&json!({
        "added": added, "changed": changed, "unchanged": unchanged, "refused": refused,
    }))?;
    Ok(if refused.is_empty() { Outcome::Done } else { Outcome::SomeRefused })
}

/// Reads organs as a file has them into organs as the REST interface takes them.
pub fn read(source: &str) -> anyhow::Result<Vec<Value>> {
    let organs: Vec<Value> = if source.trim_start().starts_with('[') {
        serde_json::from_str(source)?
    } else {
        let lines = source.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(number, line)| {
                serde_json::from_str(line).with_context(|| format!("line {}", number + 1))
            })
            .collect::<anyhow::Result<_>>()?
    };
    organs.into_iter().map(organ).collect()
}

/// Sends organs to the platform.
pub async fn send(client: &Client, organs: &[Value]) -> anyhow::Result<Imported> {
    Ok(client.post("/api/v1/organs/import", &json!({ "organs": organs })).await?)
}

/// Unknown is left out; the organ above is named as the interface names it.
fn organ(value: Value) -> anyhow::Result<Value> {
    let Value::Object(mut organ) = value else { anyhow::bail!("each organ is a JSON object") };
    organ.retain(|_, field| !field.is_null());
    if let Some(parent) = organ.remove("parent") {
        organ.insert("parent_code".to_owned(), parent);
    }
    Ok(Value::Object(organ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_lines_read_alike() {
        let array = r#"[{"code":"a","name":"甲","parent":null},{"code":"b","parent":"a"}]"#;
        let lines = "{\"code\":\"a\",\"name\":\"甲\"}\n\n{\"code\":\"b\",\"parent\":\"a\"}\n";
        let expected =
            vec![json!({"code": "a", "name": "甲"}), json!({"code": "b", "parent_code": "a"})];
        assert_eq!(read(array).unwrap(), expected);
        assert_eq!(read(lines).unwrap(), expected);
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = read("{\"code\":\"a\"}\n{").unwrap_err();
        assert!(format!("{error:#}").starts_with("line 2"), "{error:#}");
    }
}
