//! Property sets (MS-OLEPS): title, author, last editor, company and others.

use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};

/// More properties than this no set has.
const MOST: usize = 500;

/// All strings of a property set stream.
pub(super) fn strings(data: &[u8]) -> Vec<String> {
    let sections = long(data, 24).unwrap_or(0).min(2);
    (0..sections)
        .filter_map(|section| long(data, 44 + section * 20))
        .filter_map(|offset| data.get(offset..))
        .flat_map(section)
        .collect()
}

fn section(data: &[u8]) -> Vec<String> {
    let count = long(data, 4).unwrap_or(0).min(MOST);
    let entries = (0..count)
        .filter_map(|index| Some((long(data, 8 + index * 8)?, long(data, 12 + index * 8)?)));
    let entries: Vec<(usize, usize)> = entries.collect();
    // Property 1 names the code page of the others (§2.18.2).
    let page = entries.iter().find(|(id, _)| *id == 1).and_then(|(_, at)| long(data, at + 4));
    let encoding = match page.map(|page| page & 0xFFFF) {
        Some(65001) => UTF_8,
        Some(936 | 54936) | None => GB18030,
        _ => WINDOWS_1252,
    };
    entries
        .iter()
        .filter(|(id, _)| *id != 1)
        .filter_map(|(_, at)| value(data, *at, encoding))
        .collect()
}

fn value(data: &[u8], at: usize, encoding: &'static Encoding) -> Option<String> {
    let length = long(data, at.checked_add(4)?)?;
    let start = at.checked_add(8)?;
    let text = match long(data, at)? & 0xFFFF {
        // VT_LPSTR and VT_LPWSTR (§2.15).
        0x1E => encoding
            .decode_without_bom_handling(data.get(start..start.checked_add(length)?)?)
            .0
            .into_owned(),
        0x1F => {
            let bytes = data.get(start..start.checked_add(length.checked_mul(2)?)?)?;
            encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
        }
        _ => return None,
    };
    Some(text.trim_end_matches('\0').to_owned()).filter(|text| !text.is_empty())
}

fn long(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_in_their_code_page() {
        let mut data = vec![0; 24];
        data.extend(1_u32.to_le_bytes());
        data.extend([0; 16]);
        data.extend(48_u32.to_le_bytes());
        let name = GB18030.encode("张三").0;
        let mut section = Vec::new();
        for number in [0, 2, 1, 24, 4, 32, 2, 936, 0x1E, 5] {
            section.extend(u32::to_le_bytes(number));
        }
        section.extend(name.iter());
        section.push(0);
        data.extend(section);
        assert_eq!(strings(&data), ["张三"]);
        assert!(strings(&[0xFF; 100]).is_empty());
    }
}
