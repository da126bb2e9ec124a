//! Text as it is taken in: cleaned of what a page must never run or a database cannot hold.

use std::borrow::Cow;

use super::content::Format;

/// Most bytes of a body; larger ones are refused at the door.
pub const MAX_BODY_BYTES: usize = 5 * 1024 * 1024;
/// Most characters of a title.
pub const MAX_TITLE_CHARS: usize = 500;
/// Most characters of the other one-line fields.
pub const MAX_LINE_CHARS: usize = 1000;
/// Most characters of a summary.
pub const MAX_SUMMARY_CHARS: usize = 2000;

/// One line: trimmed, without control characters; runs of white space become one space.
pub fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for ch in text.trim().chars() {
        match ch {
            _ if ch.is_whitespace() && line.ends_with(' ') => {}
            _ if ch.is_whitespace() => line.push(' '),
            _ if ch.is_control() => {}
            _ => line.push(ch),
        }
    }
    line
}

/// Plain text of several lines: line ends are `\n`, other control characters go.
pub fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|ch| !ch.is_control() || "\n\t".contains(*ch))
        .collect()
}

/// HTML without scripts, styles, frames, forms and event handlers.
///
/// What stays is ammonia's default list: headings, paragraphs, lists, tables, quotations, images,
/// links to `http`, `https`, `mailto` and `tel` (marked `noopener noreferrer`), emphasis and the
/// like.
pub fn html(text: &str) -> String {
    ammonia::clean(&plain(text))
}

/// What a body says, without the tags of its format.
pub fn untagged(body: &str, format: Format) -> Cow<'_, str> {
    match format {
        Format::Plain => Cow::Borrowed(body),
        Format::Html => Cow::Owned(ammonia::Builder::empty().clean(body).to_string()),
    }
}

/// The first characters of a text, with an ellipsis where it goes on.
pub fn excerpt(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_styles_and_handlers_do_not_come_in() {
        let dirty = "<h2 onclick=\"x()\">第一条</h2><script>alert(1)</script><style>p{}</style>\
                     <p style=\"position:fixed\">正文</p><a href=\"javascript:x()\">链接</a>\
                     <img src=x onerror=alert(1)><iframe src=\"//a\"></iframe>";
        let clean = html(dirty);
        for gone in ["script", "alert", "onclick", "onerror", "style", "iframe"] {
            assert!(!clean.contains(gone), "{gone} in {clean}");
        }
        assert!(clean.contains("<h2>第一条</h2>") && clean.contains("<p>正文</p>"));
    }

    #[test]
    fn tables_stay() {
        let table = "<table><tbody><tr><td>甲</td></tr></tbody></table>";
        assert_eq!(html(table), table);
    }

    #[test]
    fn what_a_database_cannot_hold_goes() {
        assert_eq!(plain("甲\0乙\r\n丙\t丁\u{7}"), "甲乙\n丙\t丁");
        assert_eq!(line("  关于\u{0}\n印发　 办法 "), "关于 印发 办法");
    }

    #[test]
    fn an_excerpt_never_cuts_a_character() {
        assert_eq!(excerpt("政策文件", 2), "政策…");
        assert_eq!(excerpt("政策", 2), "政策");
    }
}
