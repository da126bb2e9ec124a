//! Which characters bytes are.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::PaperError;

/// Bytes, read as characters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// The name of the encoding (Encoding Standard §4.2).
    pub(crate) encoding: &'static str,
    /// Whether some bytes are no characters in it; they became U+FFFD.
    pub(crate) flawed: bool,
    /// Whether another encoding is possible.
    pub(crate) guessed: bool,
}

/// One byte in this many may be wrong before an encoding is given up.
const TOLERANCE: usize = 500;

/// Reads bytes by their byte order mark, by the encoding that the file declares, as UTF-8 if
/// they are that, or else as what they most probably are.
///
/// UTF-8 that is valid is never anything else in practice. GB 18030-2022 is tried next and
/// taken if every byte fits; texts in Big5 often fit it too, so a detector decides between
/// the two, and the answer is marked as a guess.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, PaperError> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(by(encoding, bytes, false));
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return Ok(by(encoding, bytes, true));
    }
    if let Ok(text) = str::from_utf8(bytes) {
        let encoding = UTF_8.name();
        return Ok(Decoded { text: text.to_owned(), encoding, flawed: false, guessed: false });
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(declared) = declared {
        // Pages that declare gb2312 hold characters of its successors.
        let encoding = if declared == GBK { GB18030 } else { declared };
        let decoded = by(encoding, bytes, false);
        if !decoded.flawed {
            return Ok(decoded);
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let likely = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    let chinese = by(GB18030, bytes, false);
    // Characters for private use are what other encodings look like when read by this one.
    let likely =
        if has_private(&chinese.text) && !by(BIG5, bytes, true).flawed { BIG5 } else { likely };
    if !chinese.flawed && likely != BIG5 {
        return Ok(chinese);
    }
    let candidates = [if likely == GBK { GB18030 } else { likely }, GB18030, UTF_8];
    candidates
        .into_iter()
        .map(|encoding| by(encoding, bytes, encoding != GB18030 || likely != GBK))
        .find(|decoded| !decoded.flawed || is_tolerable(&decoded.text))
        .ok_or(PaperError::Encoding)
}

fn by(encoding: &'static Encoding, bytes: &[u8], guessed: bool) -> Decoded {
    let (text, encoding, flawed) = encoding.decode(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), flawed, guessed }
}

fn has_private(text: &str) -> bool {
    text.chars().any(|ch| matches!(ch, '\u{e000}'..='\u{f8ff}'))
}

fn is_tolerable(text: &str) -> bool {
    let wrong = text.chars().filter(|ch| *ch == char::REPLACEMENT_CHARACTER).count();
    wrong <= 1 + text.len() / TOLERANCE
}

/// UTF-16 without a mark shows in its line breaks, blanks and digits: every second byte of
/// theirs is zero, and no other encoding of text holds zeros.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let head = bytes.get(..4096).unwrap_or(bytes);
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 1..) => Some(UTF_16LE),
        (1.., 0) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether characters are those of a text, not of bytes of something else.
pub(crate) fn is_textual(text: &str) -> bool {
    let control = text
        .chars()
        .filter(|ch| ch.is_control() && !matches!(ch, '\t' | '\n' | '\r' | '\u{c}' | '\u{1a}'))
        .count();
    control == 0 || control <= text.len() / TOLERANCE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Decoded {
        decode(bytes, None).unwrap()
    }

    #[test]
    fn marks_and_utf8_are_certain() {
        for (bytes, encoding) in [
            (&b"\xEF\xBB\xBF\xE7\x94\xB2"[..], "UTF-8"),
            (b"\xFF\xFE\x32\x75", "UTF-16LE"),
            (b"\xFE\xFF\x75\x32", "UTF-16BE"),
            ("甲".as_bytes(), "UTF-8"),
        ] {
            let decoded = read(bytes);
            assert_eq!((decoded.text.as_str(), decoded.encoding), ("甲", encoding));
            assert!(!decoded.guessed && !decoded.flawed);
        }
    }

    #[test]
    fn utf16_without_a_mark_is_a_guess() {
        let bytes: Vec<u8> = "甲，12\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let decoded = read(&bytes);
        assert_eq!((decoded.text.as_str(), decoded.guessed), ("甲，12\n", true));
    }

    #[test]
    fn gb18030_is_read_with_its_four_byte_characters() {
        let text = "关于印发《淮南市行政规范性文件管理办法》的通知㐀";
        let (bytes, _, _) = GB18030.encode(text);
        let decoded = read(&bytes);
        assert_eq!((decoded.text.as_str(), decoded.encoding), (text, "gb18030"));
        assert!(!decoded.flawed && !decoded.guessed);
    }

    #[test]
    fn big5_is_told_apart_and_marked() {
        let text = "中華民國政府機關公開資訊之規定，本辦法自發布日施行。各機關應依本辦法辦理。";
        let (bytes, _, _) = BIG5.encode(text);
        let decoded = read(&bytes);
        assert_eq!((decoded.text.as_str(), decoded.encoding), (text, "Big5"));
        assert!(decoded.guessed);
    }

    #[test]
    fn a_damaged_character_is_reported_and_noise_refused() {
        let text = "关于印发管理办法的通知".repeat(20);
        let (bytes, _, _) = GB18030.encode(&text);
        let mut bytes = bytes.into_owned();
        bytes.push(0xFF);
        assert!(read(&bytes).flawed);
        let noise: Vec<u8> =
            (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 | 1).collect();
        let decoded = decode(&noise, None);
        assert!(decoded.is_err() || !is_textual(&decoded.unwrap().text));
    }
}
