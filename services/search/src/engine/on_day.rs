//! The policies that have an effect on a day.

use tantivy::columnar::Column;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::effect::{Day, Effect, effect_on};
use super::schema::column;

/// Finds what has `effect` on `day`.
#[derive(Debug, Clone, Copy)]
pub(super) struct OnDay {
    pub(super) effect: Effect,
    pub(super) day: Day,
}

impl Query for OnDay {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(*self))
    }
}

impl Weight for OnDay {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let spans = reader.fast_fields().u64(column::SPANS)?;
        let mut matching = Matching { asked: *self, spans, doc: 0, end: reader.max_doc() };
        matching.find();
        Ok(Box::new(ConstScorer::new(matching, 0.0)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the effect of document {doc} adds no score")))
    }
}

/// Goes through the policies of a segment.
struct Matching {
    asked: OnDay,
    spans: Column<u64>,
    doc: DocId,
    end: DocId,
}

impl Matching {
    /// Goes on to the next one that matches, from the present one on.
    fn find(&mut self) -> DocId {
        let OnDay { effect, day } = self.asked;
        while self.doc < self.end && effect_on(self.spans.values_for_doc(self.doc), day) != effect {
            self.doc += 1;
        }
        if self.doc >= self.end {
            self.doc = TERMINATED;
        }
        self.doc
    }
}

impl DocSet for Matching {
    fn advance(&mut self) -> DocId {
        self.doc = self.doc.saturating_add(1);
        self.find()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = target.max(self.doc);
        self.find()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.end
    }
}
