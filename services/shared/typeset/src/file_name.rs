//! File names after the document: `标题（文号）.pdf`.

use crate::kinsoku::invisible;

/// Longest name in bytes; file systems end at 255.
const LONGEST: usize = 200;
/// Names that Windows keeps for devices.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// A name that every file system takes: `标题（文号）.扩展名`.
///
/// Characters that paths or shells read are replaced by their full-width twins, what cannot be
/// seen is left out, and a long title is cut with `…`; at most 200 bytes. Without a title or
/// a number it is `公文`.
pub fn file_name(title: &str, number: Option<&str>, extension: &str) -> String {
    let number = number.map(safe).filter(|number| !number.is_empty());
    let tail = number.map_or_else(String::new, |number| format!("（{}）", cut(&number, 60)));
    let extension: String = extension.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let room = LONGEST - tail.len() - extension.len() - 1;
    let mut name = cut(&safe(title), room);
    if name.is_empty() && tail.is_empty() {
        "公文".clone_into(&mut name);
    }
    let lower = name.to_lowercase();
    let device = DEVICES.iter().any(|device| {
        lower.strip_prefix(device).is_some_and(|rest| rest.len() <= 1 && rest.is_ascii())
    });
    let mark = if device { "_" } else { "" };
    format!("{mark}{name}{tail}.{extension}")
}

/// The value of the header Content-Disposition that has a browser save a file under this name
/// (RFC 6266, RFC 8187).
pub fn content_disposition(name: &str) -> String {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension: String = extension.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let dot = if extension.is_empty() { "" } else { "." };
    format!("attachment; filename=\"document{dot}{extension}\"; filename*=UTF-8''{encoded}")
}

fn safe(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars().filter(|character| !invisible(*character)) {
        let character = match character {
            '/' => '／',
            '\\' => '＼',
            ':' => '：',
            '*' => '＊',
            '?' => '？',
            '"' => '＂',
            '<' => '＜',
            '>' => '＞',
            '|' => '｜',
            '%' => '％',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if character != ' ' || !name.ends_with(' ') {
            name.push(character);
        }
    }
    name.trim_matches([' ', '.']).to_owned()
}

/// At most so many bytes, with `…` in place of what was cut.
fn cut(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let mut end = most.saturating_sub('…'.len_utf8());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", name.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn title_and_number() {
        assert_eq!(
            file_name("关于做好防汛工作的通知", Some("淮府办〔2023〕12号"), "pdf"),
            "关于做好防汛工作的通知（淮府办〔2023〕12号）.pdf"
        );
        assert_eq!(file_name("", None, "docx"), "公文.docx");
        assert_eq!(file_name("", Some("淮府〔2023〕1号"), "pdf"), "（淮府〔2023〕1号）.pdf");
    }

    #[test]
    fn nothing_leads_out_of_the_folder() {
        assert_eq!(file_name("../../etc/passwd", None, "pdf"), "／..／etc／passwd.pdf");
        assert_eq!(file_name("a\u{0}b\u{202e}\r\nc", None, "p/df"), "ab c.pdf");
        assert_eq!(file_name("CON", None, "pdf"), "_CON.pdf");
        assert_eq!(file_name("com1", None, "pdf"), "_com1.pdf");
        assert_eq!(file_name("Contract", None, "pdf"), "Contract.pdf");
    }

    #[test]
    fn a_long_title_is_cut() {
        let name = file_name(&"长".repeat(500), Some("淮府〔2023〕1号"), "pdf");
        assert!(name.len() <= LONGEST);
        assert!(name.ends_with("…（淮府〔2023〕1号）.pdf"));
    }

    #[test]
    fn the_header_is_ascii() {
        assert_eq!(
            content_disposition("通知 1.pdf"),
            "attachment; filename=\"document.pdf\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5%201.pdf"
        );
    }

    proptest! {
        #[test]
        fn always_a_name(title in ".{0,300}", number in proptest::option::of(".{0,80}")) {
            let name = file_name(&title, number.as_deref(), "pdf");
            prop_assert!(name.len() <= LONGEST + 1);
            prop_assert!(!name.contains(['/', '\\', '\0', '\n', '"']), "{}", name);
            prop_assert!(!name.starts_with('.'));
            prop_assert!(content_disposition(&name).is_ascii());
        }
    }
}
