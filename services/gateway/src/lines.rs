//! Bodies as lines of plain text: what is compared, and what goes to machines.

use contracts::documents::{PolicyContent, TextFormat};

/// The body of a policy, a paragraph, a heading or a row of a table in each line.
pub fn of(content: &PolicyContent) -> String {
    if content.text_format() != TextFormat::Html {
        return content.text.clone();
    }
    let page = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"></head><body>{}</body></html>",
        content.text
    );
    // What is no page to the reader is shown as it stands.
    paper::read(page.as_bytes(), Some("a.html"))
        .map_or_else(|_| content.text.clone(), |read| read.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_read_as_lines() {
        let html = PolicyContent {
            text: "<h2>第一章 总则</h2><p>第一条 为了&lt;公开&gt;。</p>".to_owned(),
            text_format: TextFormat::Html.into(),
            ..PolicyContent::default()
        };
        assert_eq!(of(&html), "第一章 总则\n第一条 为了<公开>。");
        let plain = PolicyContent { text: "<甲>\n乙".to_owned(), ..PolicyContent::default() };
        assert_eq!(of(&plain), "<甲>\n乙");
    }
}
