//! Text strings of PDF (ISO 32000-2 §7.9.2.2).

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The characters of a text string, or `None` where its bytes are none.
///
/// Without a mark, strings should be in `PDFDocEncoding`; Chinese producers write GBK or
/// UTF-8 instead, which is taken where it fits.
pub(super) fn decoded(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match crate::encoding::decode(bytes, None) {
            Ok(decoded) if !decoded.guessed => decoded.text,
            _ => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    };
    let text = without_language(&text);
    let strange = text
        .chars()
        .filter(|ch| (ch.is_control() && !ch.is_whitespace()) || *ch == char::REPLACEMENT_CHARACTER)
        .count();
    (strange * 10 <= text.chars().count()).then_some(text)
}

/// Takes out the escapes that name a language (§7.9.2.2.1).
fn without_language(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for ch in text.chars() {
        match ch {
            '\u{1b}' => inside = !inside,
            ch if !inside => out.push(ch),
            _ => {}
        }
    }
    if inside { text.to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_habits() {
        assert_eq!(decoded(b"\xFE\xFF\x75\x32").unwrap(), "甲");
        assert_eq!(decoded(b"plain").unwrap(), "plain");
        let gbk = encoding_rs::GBK.encode("关于印发管理办法的通知").0.into_owned();
        assert_eq!(decoded(&gbk).unwrap(), "关于印发管理办法的通知");
        assert_eq!(decoded(b"\x01\x02\x03\x04\xFE\x05"), None);
        assert_eq!(decoded(b"\xFE\xFF\0\x1b\0z\0h\0\x1b\x75\x32").unwrap(), "甲");
    }
}
