//! Where in a text something stands.

use std::ops::Range;

use serde::Serialize;

/// A stretch of a text: characters (Unicode scalar values) from `start` up to, not including,
/// `end`, counted from 0; [`Span::bytes`] gives the same stretch for slicing the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Offset of the first character.
    pub start: usize,
    /// Offset behind the last character.
    pub end: usize,
    #[serde(skip)]
    bytes: Range<usize>,
}

impl Span {
    /// The byte range in the text that was analysed.
    pub fn bytes(&self) -> Range<usize> {
        self.bytes.clone()
    }
}

/// Turns byte offsets of one text into character offsets without counting from the start.
#[derive(Debug)]
pub(crate) struct Spans<'a> {
    text: &'a [u8],
    /// Characters before every [`STEP`]th byte.
    before: Vec<usize>,
}

const STEP: usize = 256;

impl<'a> Spans<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let text = text.as_bytes();
        let mut before = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for block in text.chunks(STEP) {
            before.push(count);
            count += characters(block);
        }
        Self { text, before }
    }

    /// The span of a byte range.
    pub(crate) fn span(&self, bytes: Range<usize>) -> Span {
        Span { start: self.character(bytes.start), end: self.character(bytes.end), bytes }
    }

    fn character(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let block = byte / STEP;
        match self.before.get(block) {
            Some(count) => {
                count + characters(self.text.get(block * STEP..byte).unwrap_or_default())
            }
            None => characters(self.text),
        }
    }
}

/// How many characters begin in these bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_characters_and_slice_bytes() {
        let text = format!("{}关于a通知", "淮".repeat(300));
        let span = Spans::new(&text).span(906..907);
        assert_eq!((span.start, span.end), (302, 303));
        assert_eq!(&text[span.bytes()], "a");
        let all = Spans::new(&text).span(0..text.len());
        assert_eq!(all.end, text.chars().count());
    }
}
