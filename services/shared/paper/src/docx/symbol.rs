//! Characters of symbol fonts (ECMA-376 Part 1 §17.3.3.30).

/// What a symbol looks like, for the few that documents use: boxes to tick, marks, arrows.
/// `None` where it is not known.
pub(super) fn character(font: &str, code: &str) -> Option<char> {
    let code = u32::from_str_radix(code, 16).ok()?;
    let font = font.to_ascii_lowercase();
    // Codes of symbol fonts are often moved into the area for private use.
    let low = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    match (font.as_str(), low) {
        ("wingdings", 0x6F | 0x70 | 0x71 | 0x72 | 0xA8) | ("wingdings 2", 0xA3) => Some('□'),
        ("wingdings", 0xFE) | ("wingdings 2", 0x52) => Some('☑'),
        ("wingdings", 0xFD) | ("wingdings 2", 0x54) => Some('☒'),
        ("wingdings", 0xFC) | ("wingdings 2", 0x50) => Some('✓'),
        ("wingdings", 0xFB) | ("wingdings 2", 0x4F) => Some('✗'),
        ("wingdings", 0x6C) => Some('●'),
        ("wingdings", 0x6E) => Some('■'),
        ("wingdings", 0xE0) => Some('→'),
        ("wingdings", 0x28 | 0x29) => Some('☎'),
        ("symbol", 0xB7) => Some('•'),
        ("symbol", 0xB4) => Some('×'),
        ("symbol", 0xB0) => Some('°'),
        ("symbol", 0xB1) => Some('±'),
        ("symbol", 0xA3) => Some('≤'),
        ("symbol", 0xB3) => Some('≥'),
        _ => char::from_u32(code).filter(|ch| !matches!(ch, '\u{e000}'..='\u{f8ff}')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_boxes() {
        assert_eq!(character("Wingdings 2", "F052"), Some('☑'));
        assert_eq!(character("Wingdings", "F0A8"), Some('□'));
        assert_eq!(character("宋体", "7532"), Some('甲'));
        assert_eq!(character("Webdings", "F0FF"), None);
        assert_eq!(character("Wingdings", "xx"), None);
    }
}
