//! A text with what several readers need of it, found once.

use std::ops::Range;

use super::labels::{self, Label, Labelled};
use super::title;
use crate::cite::{self, Citation, Numbered};
use crate::date::{self, Found};
use crate::lines;
use crate::span::{Span, Spans};
use crate::{DocumentNumber, Field};

/// A text that is being taken apart.
pub(crate) struct Page<'a> {
    pub(crate) text: &'a str,
    /// The lines that are not blank, trimmed.
    pub(crate) lines: Vec<Range<usize>>,
    /// All dates with 年.
    pub(crate) dates: Vec<Found>,
    /// All document numbers, cited ones and its own.
    pub(crate) numbers: Vec<Numbered>,
    pub(crate) citations: Vec<Citation>,
    /// What the table or list at the head of a web page says about the document.
    pub(crate) labels: Vec<Labelled>,
    pub(crate) title: Option<Field<String>>,
    /// The number that came with the given title.
    pub(crate) given_number: Option<DocumentNumber>,
    /// The first line behind the labels.
    pub(crate) front_line: usize,
    /// The first line behind title and labels.
    pub(crate) body_line: usize,
    spans: Spans<'a>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(given: Option<&str>, text: &'a str) -> Self {
        let numbers = crate::number::find_in(text);
        let mut page = Self {
            text,
            lines: lines::lines(text),
            dates: date::find_in(text),
            citations: cite::citations(text, &numbers),
            numbers,
            labels: labels::read(text),
            title: None,
            given_number: given.and_then(title::given_number),
            front_line: 0,
            body_line: 0,
            spans: Spans::new(text),
        };
        let labelled = page.labels.last();
        page.front_line =
            labelled.map_or(0, |last| page.line_at(last.whole.end.saturating_sub(1)) + 1);
        let (title, body_line) = title::read(given, &page);
        page.title = title;
        page.body_line = body_line;
        page
    }

    pub(crate) fn span(&self, bytes: Range<usize>) -> Span {
        self.spans.span(bytes)
    }

    /// A line, empty behind the last one.
    pub(crate) fn line(&self, index: usize) -> &'a str {
        self.lines.get(index).map_or("", |range| self.slice(range.clone()))
    }

    pub(crate) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// The index of the line that holds a byte.
    pub(crate) fn line_at(&self, byte: usize) -> usize {
        self.lines.partition_point(|line| line.end <= byte)
    }

    /// The title, empty if there is none.
    pub(crate) fn title_text(&self) -> &str {
        self.title.as_ref().map_or("", |title| title.value.as_str())
    }

    /// The value behind a label at the head of the page.
    pub(crate) fn label(&self, label: Label) -> Option<Range<usize>> {
        self.labels.iter().find(|found| found.label == label).map(|found| found.value.clone())
    }

    /// A value with its place.
    pub(crate) fn field<T>(&self, value: T, bytes: Range<usize>, confidence: u8) -> Field<T> {
        Field::new(value, Some(self.span(bytes)), confidence)
    }
}
