//! Fonts: which characters codes are, and how wide (ISO 32000-2 §9.5 to §9.10).

use std::collections::HashMap;

use encoding_rs::{MACINTOSH, WINDOWS_1252};
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Bytes};

use super::glyph;

/// One code of a string.
pub(super) struct Code {
    /// What it says; `None` where the font does not tell.
    pub(super) text: Option<String>,
    /// Its width, in thousandths of the font's size.
    pub(super) width: f64,
    /// Whether word spacing is added behind it (§9.3.3).
    pub(super) space: bool,
}

/// A font.
pub(super) struct Font {
    pub(super) name: String,
    pub(super) vertical: bool,
    /// Text space units of one glyph unit: a thousandth, but for Type 3.
    pub(super) unit: f64,
    to_unicode: Option<CMap>,
    widths: HashMap<u32, f64>,
    usual: f64,
    coding: Coding,
}

enum Coding {
    /// One byte each.
    Simple(Vec<Option<String>>),
    /// By way of numbers of characters (§9.7).
    Composite { codes: Box<CMap>, characters: Option<Box<CMap>> },
}

impl Font {
    pub(super) fn read(dict: &Dict<'_>) -> Self {
        let name = dict.get::<Name<'_>>("BaseFont").map(|name| name.as_str().to_owned());
        let name = name.unwrap_or_default();
        let to_unicode = dict.get::<Stream<'_>>("ToUnicode").and_then(|stream| cmap(&stream));
        let subtype = dict.get::<Name<'_>>("Subtype");
        let below = dict.get::<Array<'_>>("DescendantFonts");
        let below = below.and_then(|fonts| fonts.iter::<Dict<'_>>().next());
        match (subtype.as_deref(), below) {
            (Some(b"Type0"), Some(below)) => Self::composite(dict, &below, name, to_unicode),
            (subtype, _) => Self::simple(dict, name, to_unicode, subtype == Some(b"Type3")),
        }
    }

    fn composite(
        dict: &Dict<'_>,
        below: &Dict<'_>,
        name: String,
        to_unicode: Option<CMap>,
    ) -> Self {
        let codes = if let Some(stream) = dict.get::<Stream<'_>>("Encoding") {
            cmap(&stream)
        } else {
            dict.get::<Name<'_>>("Encoding").and_then(|name| predefined(&name))
        };
        let codes = codes.unwrap_or_else(CMap::identity_h);
        let characters = collection(below)
            .or_else(|| {
                codes.metadata().character_collection.as_ref().map(|set| set.family.clone())
            })
            .and_then(|family| family.ucs2_cmap())
            .and_then(|name| {
                CMap::parse(hayro_cmap::load_embedded(name)?, hayro_cmap::load_embedded)
            });
        Self {
            name,
            vertical: codes.metadata().writing_mode == Some(WritingMode::Vertical),
            unit: 0.001,
            to_unicode,
            widths: below.get::<Array<'_>>("W").map(|array| cid_widths(&array)).unwrap_or_default(),
            usual: below.get::<f64>("DW").unwrap_or(1000.0),
            coding: Coding::Composite {
                codes: Box::new(codes),
                characters: characters.map(Box::new),
            },
        }
    }

    fn simple(dict: &Dict<'_>, name: String, to_unicode: Option<CMap>, drawn: bool) -> Self {
        let first = dict.get::<u32>("FirstChar").unwrap_or(0);
        let widths = dict.get::<Array<'_>>("Widths");
        let widths: HashMap<u32, f64> = widths
            .map(|array| (first..first.saturating_add(256)).zip(array.iter::<f64>()).collect())
            .unwrap_or_default();
        let missing =
            dict.get::<Dict<'_>>("FontDescriptor").and_then(|dict| dict.get::<f64>("MissingWidth"));
        // The fonts every reader has come without widths; half a square is near enough to
        // part words.
        let usual = missing.filter(|width| *width > 0.0).unwrap_or(500.0);
        let matrix =
            dict.get::<Array<'_>>("FontMatrix").and_then(|array| array.iter::<f64>().next());
        let unit = if drawn { matrix.unwrap_or(0.001).abs() } else { 0.001 };
        let coding = Coding::Simple(encoding(dict));
        Self { name, vertical: false, unit, to_unicode, widths, usual, coding }
    }

    /// The codes of a string.
    pub(super) fn codes(&self, bytes: &[u8]) -> Vec<Code> {
        match &self.coding {
            Coding::Simple(characters) => {
                bytes.iter().map(|byte| self.simple_code(*byte, characters)).collect()
            }
            Coding::Composite { codes, characters } => {
                let mut read = Vec::with_capacity(bytes.len() / 2);
                let mut at = 0;
                while at < bytes.len() {
                    let (code, cid, length) = next(codes, bytes.get(at..).unwrap_or_default());
                    at += length;
                    let by_map =
                        self.to_unicode.as_ref().and_then(|map| map.lookup_bf_string(code));
                    let by_set = || characters.as_ref()?.lookup_bf_string(cid?);
                    let text = by_map.and_then(told).or_else(|| by_set().and_then(told));
                    let width = cid.and_then(|cid| self.widths.get(&cid)).copied();
                    let width = width.unwrap_or(self.usual);
                    read.push(Code { text, width, space: length == 1 && code == 32 });
                }
                read
            }
        }
    }

    fn simple_code(&self, byte: u8, characters: &[Option<String>]) -> Code {
        let code = u32::from(byte);
        let by_map = self.to_unicode.as_ref().and_then(|map| map.lookup_bf_string(code));
        let text =
            by_map.and_then(told).or_else(|| characters.get(usize::from(byte)).cloned().flatten());
        Code {
            text,
            width: self.widths.get(&code).copied().unwrap_or(self.usual),
            space: byte == 32,
        }
    }
}

/// What a map says, unless it says nothing: some map all glyphs to zero.
fn told(found: BfString) -> Option<String> {
    let text = match found {
        BfString::Char(ch) => ch.to_string(),
        BfString::String(text) => text,
    };
    let private = |ch| matches!(ch, '\0' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}');
    (!text.is_empty() && !text.chars().all(private)).then_some(text)
}

/// The next code of a string, the number of its character, and its length in bytes.
fn next(codes: &CMap, bytes: &[u8]) -> (u32, Option<u32>, usize) {
    let mut code = 0_u32;
    for (length, byte) in (1_u8..=4).zip(bytes) {
        code = code << 8 | u32::from(*byte);
        if let Some(cid) = codes.lookup_cid_code(code, length) {
            return (code, Some(cid), usize::from(length));
        }
    }
    // Codes outside the map have two bytes in nearly all maps; only bytes below 0x80 one.
    let length = if bytes.first().is_some_and(|byte| *byte < 0x80) { 1 } else { 2 };
    (code, None, length.min(bytes.len()))
}

fn cmap(stream: &Stream<'_>) -> Option<CMap> {
    let data = stream.decoded_data().ok()?;
    CMap::parse(&data, hayro_cmap::load_embedded)
}

fn predefined(name: &Name<'_>) -> Option<CMap> {
    match CMapName::from_bytes(name.as_ref()) {
        CMapName::IdentityH => Some(CMap::identity_h()),
        CMapName::IdentityV => Some(CMap::identity_v()),
        name => CMap::parse(hayro_cmap::load_embedded(name)?, hayro_cmap::load_embedded),
    }
}

fn collection(below: &Dict<'_>) -> Option<CidFamily> {
    let info = below.get::<Dict<'_>>("CIDSystemInfo")?;
    let (registry, ordering) =
        (info.get::<Bytes<'_>>("Registry")?, info.get::<Bytes<'_>>("Ordering")?);
    let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
    family.ucs2_cmap().is_some().then_some(family)
}

/// The widths of characters by number: `c [w1 w2 …]` or `first last w` (§9.7.4.3).
fn cid_widths(array: &Array<'_>) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let mut items = array.iter::<Object<'_>>();
    while let Some(first) = items.next().and_then(number) {
        match items.next() {
            Some(Object::Array(list)) => {
                widths.extend((first..=0xFFFF).zip(list.iter::<f64>()));
            }
            Some(last) => {
                let width = items.next().and_then(Object::into_f32).map(f64::from);
                let last = number(last).unwrap_or(first).min(0xFFFF);
                widths.extend((first..=last).filter_map(|cid| Some((cid, width?))));
            }
            None => break,
        }
    }
    widths
}

fn number(object: Object<'_>) -> Option<u32> {
    object.into_i32().and_then(|number| u32::try_from(number).ok())
}

/// The characters of a simple font's codes: a base encoding and its differences (§9.6.5).
fn encoding(dict: &Dict<'_>) -> Vec<Option<String>> {
    let names = dict.get::<Dict<'_>>("Encoding");
    let base = match &names {
        Some(names) => names.get::<Name<'_>>("BaseEncoding"),
        None => dict.get::<Name<'_>>("Encoding"),
    };
    let table = if base.as_deref() == Some(b"MacRomanEncoding") { MACINTOSH } else { WINDOWS_1252 };
    let descriptor = dict.get::<Dict<'_>>("FontDescriptor");
    let symbolic =
        descriptor.as_ref().and_then(|dict| dict.get::<u32>("Flags")).unwrap_or(0) & 4 != 0;
    // A symbolic font with an encoding of its own and no table means whatever it draws.
    let unknown = symbolic && base.is_none();
    let mut characters: Vec<Option<String>> = (0..=255_u8)
        .map(|byte| {
            let known = !unknown && byte >= 32;
            known.then(|| table.decode_without_bom_handling(&[byte]).0.into_owned())
        })
        .collect();
    let differences = names.and_then(|names| names.get::<Array<'_>>("Differences"));
    let mut at = 0_usize;
    for item in differences.iter().flat_map(Array::iter::<Object<'_>>) {
        match item {
            Object::Name(name) => {
                if let Some(place) = characters.get_mut(at) {
                    *place = glyph::named(name.as_str());
                }
                at = at.saturating_add(1);
            }
            item => at = number(item).and_then(|code| usize::try_from(code).ok()).unwrap_or(at),
        }
    }
    characters
}
