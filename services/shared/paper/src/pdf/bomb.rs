//! Streams that unpack to far more than they are.
//!
//! The reader of PDF unpacks whole streams into memory, those with objects in them unasked.
//! So every stream is unpacked here first, into nothing, and only counted. Where streams
//! begin is found by their keyword (ISO 32000-2 §7.3.8), not by what any table says.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Pdf;
use hayro_syntax::object::Object;

use crate::error::{Excess, PaperError};
use crate::limits::Limits;

/// How much of the dictionary before a stream is looked at for the names of its filters.
const DICTIONARY: usize = 600;
/// Filters one after the other.
const CHAIN: usize = 3;
/// Smaller streams may be packed as tightly as they like.
const RATIO_FROM: u64 = 8 << 20;

/// Counts what all streams unpack to.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), PaperError> {
    let mut total = 0_usize;
    let mut at = 0;
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), b"stream") {
        let start = at + found;
        at = start + b"stream".len();
        if bytes.get(..start).is_some_and(|before| before.ends_with(b"end")) {
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let lead = rest.iter().take(4).take_while(|byte| byte.is_ascii_whitespace()).count();
        let raw = rest.get(lead..).unwrap_or_default();
        let raw = raw.get(..find(raw, b"endstream").unwrap_or(raw.len())).unwrap_or(raw);
        let dictionary = bytes.get(start.saturating_sub(DICTIONARY)..start).unwrap_or_default();
        let size = unpacked(raw, dictionary, limits)?;
        total = total.saturating_add(size);
        if total > limits.unpacked {
            return Err(PaperError::Bomb(Excess::Total));
        }
        at += lead;
    }
    Ok(())
}

/// Bounds the streams with objects in them of an encrypted file: opening unpacks them, and
/// before that they cannot be looked into. Deflate makes 1032 bytes of one at most.
pub(super) fn check_packed(
    bytes: &[u8],
    encrypted: bool,
    limits: &Limits,
) -> Result<(), PaperError> {
    if encrypted && objects(bytes).saturating_mul(1032) > limits.unpacked {
        return Err(PaperError::Bomb(Excess::Total));
    }
    Ok(())
}

/// Counts what the streams of an encrypted file unpack to.
pub(super) fn check_encrypted(pdf: &Pdf, limits: &Limits) -> Result<(), PaperError> {
    let mut total = 0_usize;
    for object in pdf.objects() {
        let Object::Stream(stream) = object else { continue };
        let dictionary = stream.dict().data();
        total = total.saturating_add(unpacked(&stream.raw_data(), dictionary, limits)?);
        if total > limits.unpacked {
            return Err(PaperError::Bomb(Excess::Total));
        }
    }
    Ok(())
}

/// Whether a file is encrypted (§7.6.2).
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    find(bytes, b"/Encrypt").is_some()
}

/// Bytes of all streams with objects in them, packed.
fn objects(bytes: &[u8]) -> usize {
    let mut total = 0_usize;
    let mut at = 0;
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), b"/ObjStm") {
        at += found + 1;
        let rest = bytes.get(at..).unwrap_or_default();
        total = total.saturating_add(find(rest, b"endstream").unwrap_or(rest.len()));
    }
    total
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// How many bytes a stream becomes by all its filters.
fn unpacked(raw: &[u8], dictionary: &[u8], limits: &Limits) -> Result<usize, PaperError> {
    let plain = if find(dictionary, b"85").is_some() { ascii85(raw) } else { None };
    let packed = plain.as_deref().unwrap_or(raw);
    if find(dictionary, b"LZW").is_some() {
        return lzw(packed, limits.entry).ok_or(PaperError::Bomb(Excess::Entry));
    }
    let mut data: Vec<u8> = Vec::new();
    let mut largest = 0;
    for step in 0..CHAIN {
        let source = if step == 0 { packed } else { data.as_slice() };
        let Some((size, head)) = inflated(source, limits)? else { break };
        largest = largest.max(size);
        // What comes out is kept only where it is packed again.
        if !is_zlib(&head) {
            break;
        }
        let mut whole = Vec::new();
        let most = u64::try_from(limits.entry).unwrap_or(u64::MAX);
        // Streams end in many ways; what was read before a fault is what a reader gets.
        let _ = ZlibDecoder::new(source).take(most).read_to_end(&mut whole);
        data = whole;
    }
    Ok(largest)
}

fn is_zlib(head: &[u8]) -> bool {
    matches!(head, [method, flags, ..]
        if method & 0x0F == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31))
}

/// The size of data unpacked, and its beginning; `None` for what is not deflated.
fn inflated(source: &[u8], limits: &Limits) -> Result<Option<(usize, Vec<u8>)>, PaperError> {
    let mut decoder: Box<dyn Read> = if is_zlib(source) {
        Box::new(ZlibDecoder::new(source))
    } else {
        // Readers accept data without its header.
        Box::new(DeflateDecoder::new(source))
    };
    let mut head = Vec::new();
    let mut size = 0_usize;
    let mut chunk = [0_u8; 16 * 1024];
    while let Ok(read @ 1..) = decoder.read(&mut chunk) {
        if head.is_empty() {
            head.extend_from_slice(chunk.get(..read.min(2)).unwrap_or_default());
        }
        size = size.saturating_add(read);
        if size > limits.entry {
            return Err(PaperError::Bomb(Excess::Entry));
        }
    }
    // Pictures of one colour come near the limit of deflate, so only what is large counts.
    let ratio = source.len().max(1).saturating_mul(limits.ratio.saturating_mul(2));
    if size > ratio && u64::try_from(size).is_ok_and(|size| size > RATIO_FROM) {
        return Err(PaperError::Bomb(Excess::Ratio));
    }
    Ok((size > 0).then_some((size, head)))
}

/// ASCII base-85 (ISO 32000-2 §7.4.3), which never grows.
fn ascii85(raw: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(raw.len());
    let mut group = [0_u32; 5];
    let mut count = 0;
    for byte in raw.iter().copied().filter(|byte| !byte.is_ascii_whitespace()) {
        match byte {
            b'~' => break,
            b'z' if count == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                *group.get_mut(count)? = u32::from(byte - b'!');
                count += 1;
                if count == 5 {
                    out.extend(value(&group).to_be_bytes());
                    count = 0;
                }
            }
            _ => return None,
        }
    }
    if count > 1 {
        group.get_mut(count..)?.fill(84);
        out.extend(value(&group).to_be_bytes().get(..count - 1)?);
    }
    Some(out)
}

fn value(group: &[u32; 5]) -> u32 {
    group.iter().fold(0_u32, |sum, digit| sum.wrapping_mul(85).wrapping_add(*digit))
}

/// How long LZW data is, unpacked (ISO 32000-2 §7.4.4); `None` past a limit. Only the lengths
/// of the table's entries are kept.
fn lzw(data: &[u8], most: usize) -> Option<usize> {
    const CLEAR: u32 = 256;
    const END: u32 = 257;
    let (mut lengths, mut width, mut previous) = (Vec::<usize>::new(), 9_u32, None::<usize>);
    let (mut buffer, mut bits, mut total) = (0_u32, 0_u32, 0_usize);
    for byte in data {
        buffer = buffer << 8 | u32::from(*byte);
        bits += 8;
        if bits < width {
            continue;
        }
        bits -= width;
        let code = buffer >> bits & ((1 << width) - 1);
        buffer &= (1 << bits) - 1;
        if code == CLEAR {
            lengths.clear();
            (width, previous) = (9, None);
            continue;
        }
        if code == END {
            break;
        }
        let place = usize::try_from(code).ok()?;
        let length = match place.checked_sub(258) {
            None => 1,
            Some(entry) => match (lengths.get(entry), previous) {
                (Some(length), _) => *length,
                (None, Some(previous)) => previous + 1,
                (None, None) => break,
            },
        };
        total = total.saturating_add(length);
        if total > most {
            return None;
        }
        if let Some(previous) = previous
            && lengths.len() < 4096 - 258
        {
            lengths.push(previous + 1);
        }
        previous = Some(length);
        width = match lengths.len() + 258 + 1 {
            ..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn stream(data: &[u8]) -> Vec<u8> {
        let mut out = b"1 0 obj <</Filter/FlateDecode>> stream\r\n".to_vec();
        out.extend_from_slice(data);
        out.extend_from_slice(b"\nendstream endobj");
        out
    }

    #[test]
    fn honest_streams_pass() {
        let text = "BT (a) Tj ET ".repeat(1_000);
        assert_eq!(check(&stream(&deflated(text.as_bytes())), &Limits::DEFAULT), Ok(()));
        assert_eq!(check(b"no stream at all", &Limits::DEFAULT), Ok(()));
    }

    #[test]
    fn bombs_do_not() {
        let zeros = deflated(&vec![0; 16 << 20]);
        assert_eq!(check(&stream(&zeros), &Limits::DEFAULT), Err(PaperError::Bomb(Excess::Ratio)));
        let limits = Limits { entry: 1 << 20, ..Limits::DEFAULT };
        assert_eq!(check(&stream(&zeros), &limits), Err(PaperError::Bomb(Excess::Entry)));
        let twice = deflated(&zeros);
        assert!(check(&stream(&twice), &Limits::DEFAULT).is_err());
        let total = Limits { unpacked: 1 << 20, ratio: 2_000, ..Limits::DEFAULT };
        assert_eq!(check(&stream(&zeros), &total), Err(PaperError::Bomb(Excess::Total)));
    }

    #[test]
    fn other_filters_are_counted() {
        // The example of the standard, §7.4.4.2.
        let data = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(lzw(&data, 100), Some(10));
        assert_eq!(lzw(&data, 9), None);
        assert_eq!(ascii85(b"87cUR D]i,~>").unwrap(), b"Hello W");
        assert_eq!(ascii85(b"\xFF"), None);
    }
}
