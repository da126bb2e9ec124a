//! Bodies: from lines of text, or cleaned HTML, to what a page shows.

use std::fmt::Write as _;

use contracts::documents::{PolicyContent, TextFormat};

/// The body of a policy as HTML. HTML was cleaned when it was taken in.
pub fn body(content: &PolicyContent) -> String {
    match content.text_format() {
        TextFormat::Html => content.text.clone(),
        TextFormat::Plain | TextFormat::Unspecified => paragraphs(&content.text),
    }
}

/// Lines of text as paragraphs; chapters become headings, the number of an article is set strong.
pub fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for line in lines {
        // Writing to a String cannot fail.
        let _ = match Line::read(line) {
            Line::Chapter => write!(html, "<h2>{}</h2>", escaped(line)),
            Line::Section => write!(html, "<h3>{}</h3>", escaped(line)),
            Line::Article(number, rest) => {
                write!(html, "<p><strong>{}</strong>{}</p>", escaped(number), escaped(rest))
            }
            Line::Other => write!(html, "<p>{}</p>", escaped(line)),
        };
    }
    html
}

/// What a line of an official text is.
enum Line<'a> {
    /// 第一章　总则
    Chapter,
    /// 第一节　申请, or 一、背景
    Section,
    /// 第一条, and what follows it.
    Article(&'a str, &'a str),
    Other,
}

/// Headings are short; a longer line that begins like one is a sentence.
const HEADING_CHARS: usize = 30;
const NUMERALS: &str = "零〇一二三四五六七八九十百千";

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Self {
        let short = line.chars().count() <= HEADING_CHARS && !line.ends_with(['。', '；', '：']);
        if let Some(rest) = line.strip_prefix('第') {
            let after = rest.trim_start_matches(|c| NUMERALS.contains(c));
            if after.len() < rest.len() {
                return Self::numbered(line, after, short);
            }
        }
        let after = line.trim_start_matches(|c| NUMERALS.contains(c));
        if short && after.len() < line.len() && after.starts_with('、') {
            return Self::Section;
        }
        Self::Other
    }

    /// A line that begins with 第 and a number.
    fn numbered(line: &'a str, after: &str, short: bool) -> Self {
        match after.chars().next() {
            Some('章' | '编') if short => Self::Chapter,
            Some('节') if short => Self::Section,
            Some('条') => {
                let cut = line.len() - after.len() + '条'.len_utf8();
                let (number, rest) = line.split_at(cut);
                // 第三条的规定 is a sentence that refers to an article.
                if rest.starts_with(char::is_whitespace) {
                    Self::Article(number, rest)
                } else {
                    Self::Other
                }
            }
            _ => Self::Other,
        }
    }
}

/// Text as it may stand within HTML.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(ch),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_paragraphs_and_headings() {
        let html = paragraphs(
            "第一章　总则\n\n第一条　为了规范管理，制定本办法。\n二、申请条件\n<b>甲</b>",
        );
        assert_eq!(
            html,
            "<h2>第一章　总则</h2><p><strong>第一条</strong>　为了规范管理，制定本办法。</p>\
             <h3>二、申请条件</h3><p>&lt;b&gt;甲&lt;/b&gt;</p>"
        );
    }

    #[test]
    fn sentences_that_begin_like_headings_stay_sentences() {
        assert_eq!(paragraphs("第三条的规定自明年起施行。"), "<p>第三条的规定自明年起施行。</p>");
        assert_eq!(
            paragraphs("一、各单位应当在收到通知之日起办理。"),
            "<p>一、各单位应当在收到通知之日起办理。</p>"
        );
        assert_eq!(paragraphs(" \n\n"), "");
    }

    #[test]
    fn html_is_shown_as_it_was_cleaned() {
        let content = PolicyContent {
            text: "<table></table>".to_owned(),
            text_format: TextFormat::Html.into(),
            ..PolicyContent::default()
        };
        assert_eq!(body(&content), "<table></table>");
    }
}
