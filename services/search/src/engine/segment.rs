//! A segment of policies that are new to the index, written on the thread that has them.
//!
//! The indexing threads of tantivy begin each segment with tables for a bulk load: four empty
//! megabytes, cleared and looked through for a commit of one policy, which takes longer than the
//! policy itself. These begin small and grow.

use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::{IndexWriter, TantivyDocument};

use super::Error;

/// The tables of a new segment are a share of so many bytes.
const TABLES: usize = 1_000_000;

/// Documents that are not part of the index yet.
pub(super) struct Growing {
    segment: tantivy::Segment,
    writer: SegmentWriter,
}

impl Growing {
    /// Begins a segment of the writer's index.
    pub(super) fn begin(writer: &IndexWriter) -> Result<Self, Error> {
        let segment = writer.new_segment();
        let writer = SegmentWriter::for_segment(TABLES, segment.clone())?;
        Ok(Self { segment, writer })
    }

    /// Adds a document.
    pub(super) fn add(&mut self, document: TantivyDocument) -> Result<(), Error> {
        // Without meaning here: no deletion concerns what is new.
        let opstamp = 0;
        Ok(self.writer.add_document(AddOperation { opstamp, document })?)
    }

    /// Bytes of memory that it needs.
    pub(super) fn bytes(&self) -> usize {
        self.writer.mem_usage()
    }

    /// Hands the segment to the writer, whose next commit makes it part of the index, and deletes
    /// from it what is deleted in that commit.
    pub(super) fn finish(self, writer: &IndexWriter) -> Result<(), Error> {
        let documents = self.writer.max_doc();
        self.writer.finalize()?;
        let segment = self.segment.with_max_doc(documents);
        let meta = segment.meta().clone();
        meta.untrack_temp_docstore();
        Ok(writer.add_segment(meta)?)
    }
}
