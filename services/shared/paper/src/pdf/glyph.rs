//! Names of glyphs (ISO 32000-2 annex D and the Adobe Glyph List's rules).

/// The characters that a glyph's name stands for.
pub(super) fn named(name: &str) -> Option<String> {
    // What stands behind a point says which form of the glyph it is.
    let base = name.split('.').next().filter(|base| !base.is_empty())?;
    if let [byte] = base.as_bytes() {
        return byte.is_ascii_alphabetic().then(|| base.to_owned());
    }
    if let Some(hex) = base.strip_prefix("uni").filter(|hex| hex.len() >= 4 && hex.len() % 4 == 0) {
        let units: Option<Vec<u16>> = (0..hex.len() / 4)
            .map(|place| u16::from_str_radix(hex.get(place * 4..place * 4 + 4)?, 16).ok())
            .collect();
        return String::from_utf16(&units?).ok();
    }
    if let Some(hex) = base.strip_prefix('u').filter(|hex| (4..=6).contains(&hex.len()))
        && let Some(ch) = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
    {
        return Some(ch.to_string());
    }
    let found = NAMES.iter().find(|(known, _)| *known == base);
    found.map(|(_, text)| (*text).to_owned())
}

/// The names of ASCII's signs, of typographic signs, and of the letters with marks that
/// names and loan words have.
const NAMES: [(&str, &str); 118] = [
    ("space", " "),
    ("nbspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("sfthyphen", "-"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("quoteleft", "‘"),
    ("quoteright", "’"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotesinglbase", "‚"),
    ("quotedblbase", "„"),
    ("endash", "–"),
    ("emdash", "—"),
    ("ellipsis", "…"),
    ("bullet", "•"),
    ("periodcentered", "·"),
    ("middot", "·"),
    ("dagger", "†"),
    ("daggerdbl", "‡"),
    ("section", "§"),
    ("paragraph", "¶"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("degree", "°"),
    ("plusminus", "±"),
    ("multiply", "×"),
    ("divide", "÷"),
    ("fraction", "⁄"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("yen", "¥"),
    ("Euro", "€"),
    ("cent", "¢"),
    ("sterling", "£"),
    ("currency", "¤"),
    ("mu", "µ"),
    ("onehalf", "½"),
    ("onequarter", "¼"),
    ("threequarters", "¾"),
    ("onesuperior", "¹"),
    ("twosuperior", "²"),
    ("threesuperior", "³"),
    ("ordfeminine", "ª"),
    ("ordmasculine", "º"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("perthousand", "‰"),
    ("lessequal", "≤"),
    ("greaterequal", "≥"),
    ("notequal", "≠"),
    ("approxequal", "≈"),
    ("infinity", "∞"),
    ("aacute", "á"),
    ("agrave", "à"),
    ("acircumflex", "â"),
    ("adieresis", "ä"),
    ("amacron", "ā"),
    ("ccedilla", "ç"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("ecircumflex", "ê"),
    ("edieresis", "ë"),
    ("iacute", "í"),
    ("ntilde", "ñ"),
    ("oacute", "ó"),
    ("odieresis", "ö"),
    ("uacute", "ú"),
    ("udieresis", "ü"),
    ("Odieresis", "Ö"),
    ("Udieresis", "Ü"),
    ("germandbls", "ß"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules() {
        for (name, text) in [
            ("A", "A"),
            ("uni75324E59", "甲乙"),
            ("u7532", "甲"),
            ("five.oldstyle", "5"),
            ("fi", "fi"),
            ("u20000", "𠀀"),
        ] {
            assert_eq!(named(name).as_deref(), Some(text), "{name}");
        }
        for name in [".notdef", "g23", "uniD800", "", "u"] {
            assert!(named(name).is_none_or(|text| text == "u"), "{name}");
        }
    }
}
