//! A value together with the place it was read from and how sure the reading is.

use serde::Serialize;

use crate::span::Span;

/// A value read from a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the text; none if it was read from the title that came with the text.
    pub span: Option<Span>,
    /// How sure the reading is, 0 to 100; below 60 a person should look at it.
    pub confidence: u8,
    /// Why the reading is not certain, in Chinese, for the person who confirms it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

impl<T> Field<T> {
    pub(crate) fn new(value: T, span: Option<Span>, confidence: u8) -> Self {
        Self { value, span, confidence, doubts: Vec::new() }
    }

    /// The same value, less certain, for a reason.
    pub(crate) fn doubted(mut self, confidence: u8, doubt: impl Into<String>) -> Self {
        self.confidence = self.confidence.min(confidence);
        self.doubts.push(doubt.into());
        self
    }
}
