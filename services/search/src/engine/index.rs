//! One index: a folder, its writer and its reader.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use prost::Message as _;
use serde::{Deserialize, Serialize};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::query::Query as _;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::store::Compressor;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{
    DocAddress, DocSet as _, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher,
    TERMINATED, TantivyDocument,
};

use super::Error;
use super::bodies::Bodies;
use super::directory::{Behind, replace};
use super::record::{Entry, Record};
use super::schema::{Fields, Key, TERMS, schema};
use super::segment::Growing;
use super::tokenizer::Terms;
use super::words::Words;

/// Records are small and few are read: small blocks, unpacked.
const STORE_BLOCK: usize = 4096;
/// So many segments of one size are made one: fewer would write each policy anew more often, more
/// would be more for every search to look through.
const MERGE_AT: usize = 8;
/// Segments of up to so many policies are of one size.
const SMALL_SEGMENT: u32 = 32;
/// A segment with a larger share of deleted policies is written anew.
const DELETED_SHARE: f32 = 0.25;

/// How often, and how long apart, a purge waits for merges that are under way.
const PURGE_ATTEMPTS: u32 = 1200;
const PURGE_PAUSE: Duration = Duration::from_millis(50);

/// How far a copy of a log has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Epoch of the log.
    pub epoch: u64,
    /// Everything up to here is applied.
    pub position: u64,
}

/// What every commit carries besides policies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    marks: BTreeMap<String, Mark>,
    /// Bytes of texts that policies of this commit refer to.
    texts: u64,
}

/// What becomes of one policy.
#[derive(Debug, Clone)]
pub enum Change {
    /// It is public like this.
    Put(Box<Entry>),
    /// It is not public, the last revision having been this.
    Forget {
        /// The policy.
        id: String,
        /// Its revision.
        revision: i64,
    },
}

/// One index.
pub struct Index {
    pub(super) fields: Fields,
    pub(super) words: Words,
    pub(super) bodies: Bodies,
    path: PathBuf,
    directory: Behind,
    index: tantivy::Index,
    reader: IndexReader,
    memory: usize,
    writer: Mutex<Option<IndexWriter>>,
    payload: RwLock<Payload>,
}

impl Index {
    /// Opens the index of a folder, or begins one in a folder that has none.
    ///
    /// `memory` bytes are used to collect policies before they are written.
    pub fn open(path: &Path, words: &Words, memory: usize) -> Result<Self, Error> {
        std::fs::create_dir_all(path)?;
        let directory = Behind::open(path).map_err(|error| Error::Damaged(error.to_string()))?;
        let (schema, fields) = schema();
        let exists = tantivy::Index::exists(&directory)
            .map_err(|error| Error::Damaged(error.to_string()))?;
        let behind = directory.clone();
        let index = if exists {
            let index = tantivy::Index::open(directory)?;
            if index.schema() != schema {
                return Err(Error::Damaged("another schema".to_owned()));
            }
            check_after_restart(path, &index)?;
            index
        } else {
            let settings = IndexSettings {
                docstore_compression: Compressor::None,
                docstore_blocksize: STORE_BLOCK,
                docstore_compress_dedicated_thread: false,
                ..IndexSettings::default()
            };
            tantivy::Index::create(directory, schema, settings)?
        };
        replace(&path.join("boot"), boot().as_bytes())?;
        index.tokenizers().register(TERMS, TextAnalyzer::from(Terms(words.clone())));
        let payload = match index.load_metas()?.payload {
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| Error::Damaged(format!("payload: {error}")))?,
            None => Payload::default(),
        };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let bodies = Bodies::open(&path.join("texts"), payload.texts)?;
        Ok(Self {
            fields,
            words: words.clone(),
            bodies,
            path: path.to_owned(),
            directory: behind,
            index,
            reader,
            memory,
            writer: Mutex::new(None),
            payload: RwLock::new(payload),
        })
    }

    /// How far the copy of a producer's log has come.
    pub fn mark(&self, producer: &str) -> Mark {
        let payload = self.payload.read().unwrap_or_else(PoisonError::into_inner);
        payload.marks.get(producer).copied().unwrap_or_default()
    }

    /// Applies changes, one a policy, and a mark: all in one commit that is found when this
    /// returns, or nothing. It outlasts the process from the next [`Index::flush`] on.
    pub fn apply(&self, changes: &[Change], mark: Option<(&str, Mark)>) -> Result<(), Error> {
        self.apply_all(std::iter::once(Ok(changes)), mark)
    }

    /// As [`Index::apply`], of changes that come in parts; where one of them is an error, nothing
    /// is applied.
    pub fn apply_all(
        &self,
        parts: impl Iterator<Item = Result<impl AsRef<[Change]>, Error>>,
        mark: Option<(&str, Mark)>,
    ) -> Result<(), Error> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.write(&mut writer, parts, mark);
        if done.is_err() {
            // The writer of a failed commit is of no more use; the next begins at the last commit.
            *writer = None;
            let texts = self.payload.read().unwrap_or_else(PoisonError::into_inner).texts;
            if let Err(error) = self.bodies.cut(texts) {
                tracing::debug!(%error, "texts are cut when the index is opened");
            }
        }
        done
    }

    /// Makes what was applied outlast the process.
    pub fn flush(&self) -> Result<(), Error> {
        Ok(self.directory.flush()?)
    }

    fn write(
        &self,
        writer: &mut MutexGuard<'_, Option<IndexWriter>>,
        parts: impl Iterator<Item = Result<impl AsRef<[Change]>, Error>>,
        mark: Option<(&str, Mark)>,
    ) -> Result<(), Error> {
        let writer = match &mut **writer {
            Some(writer) => writer,
            none => {
                // What was committed before may not have been seen.
                self.reader.reload()?;
                none.insert(self.new_writer()?)
            }
        };
        let searcher = self.reader.searcher();
        let mut growing = None;
        for part in parts {
            for change in part?.as_ref() {
                self.change(writer, &searcher, &mut growing, change)?;
            }
        }
        if let Some(growing) = growing {
            growing.finish(writer)?;
        }
        let mut payload = self.payload.read().unwrap_or_else(PoisonError::into_inner).clone();
        payload.texts = self.bodies.end();
        if let Some((producer, mark)) = mark {
            payload.marks.insert(producer.to_owned(), mark);
        }
        let text = serde_json::to_string(&payload)
            .map_err(|error| Error::Damaged(format!("payload: {error}")))?;
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&text);
        commit.commit()?;
        self.reader.reload()?;
        *self.payload.write().unwrap_or_else(PoisonError::into_inner) = payload;
        Ok(())
    }

    fn new_writer(&self) -> Result<IndexWriter, Error> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(self.memory)
            .build();
        let writer = self.index.writer_with_options(options)?;
        let mut merging = LogMergePolicy::default();
        merging.set_min_num_segments(MERGE_AT);
        merging.set_min_layer_size(SMALL_SEGMENT);
        merging.set_del_docs_ratio_before_merge(DELETED_SHARE);
        writer.set_merge_policy(Box::new(merging));
        // A new writer counts on from the number of the last commit, which it gives out once more. A
        // deletion with that number would be taken for done by a merge of what it deletes from.
        writer.run(std::iter::empty::<UserOperation>())?;
        Ok(writer)
    }

    fn change(
        &self,
        writer: &IndexWriter,
        searcher: &Searcher,
        growing: &mut Option<Growing>,
        change: &Change,
    ) -> Result<(), Error> {
        let (id, revision) = match change {
            Change::Put(entry) => (&entry.record.id, entry.record.revision),
            Change::Forget { id, revision } => (id, *revision),
        };
        let held = self.held(searcher, id)?;
        if let Some(held) = &held {
            let late = match change {
                Change::Put(_) if held.gone => revision <= held.revision,
                _ => revision < held.revision,
            };
            if late {
                return Ok(());
            }
            self.bodies.blank(held.text_at, held.text_length)?;
            writer.delete_term(self.fields.key(Key::Id(id)));
        }
        let document = match change {
            Change::Put(entry) => {
                let mut entry = (**entry).clone();
                entry.record.text_at = self.bodies.append(&entry.text)?;
                entry.record.text_length = entry.text.len() as u64;
                self.fields.document(&entry)
            }
            Change::Forget { id, revision } => {
                self.fields.memory(&Record::tombstone(id, *revision))
            }
        };
        if held.is_some() {
            // Only the writer knows what was deleted before a document was added and what after.
            writer.add_document(document)?;
            return Ok(());
        }
        let mut segment = match growing.take() {
            Some(segment) => segment,
            None => Growing::begin(writer)?,
        };
        segment.add(document)?;
        if segment.bytes() < self.memory {
            *growing = Some(segment);
            return Ok(());
        }
        segment.finish(writer)
    }

    /// Writes every segment anew that still holds deleted policies, so that nothing of them is
    /// left on the disk.
    pub fn purge(&self) -> Result<(), Error> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = match &mut *writer {
            Some(writer) => writer,
            none => none.insert(self.new_writer()?),
        };
        for _ in 0..PURGE_ATTEMPTS {
            let mut merged = true;
            for segment in self.index.searchable_segment_metas()? {
                if segment.has_deletes() {
                    merged &= writer.merge(&[segment.id()]).wait().is_ok();
                }
            }
            if merged {
                self.reader.reload()?;
                writer.garbage_collect_files().wait()?;
                return self.flush();
            }
            // A merge of its own accord is at work on one of them.
            std::thread::sleep(PURGE_PAUSE);
        }
        Err(Error::Damaged("deleted policies are still in the index".to_owned()))
    }

    /// What is kept of some policies; those never seen are left out.
    pub fn records<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<Record>, Error> {
        let searcher = self.reader.searcher();
        let mut records = Vec::new();
        for id in ids {
            records.extend(self.held(&searcher, id)?);
        }
        Ok(records)
    }

    fn held(&self, searcher: &Searcher, id: &str) -> Result<Option<Record>, Error> {
        let term = self.fields.key(Key::Id(id));
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let inverted = segment.inverted_index(self.fields.keys)?;
            let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)?
            else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    let address = DocAddress::new(ordinal, postings.doc());
                    return self.record(searcher, address).map(Some);
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// The record of a policy that was found.
    pub(super) fn record(&self, searcher: &Searcher, at: DocAddress) -> Result<Record, Error> {
        let document: TantivyDocument = searcher.doc(at)?;
        let bytes = document.get_first(self.fields.record).and_then(|value| value.as_bytes());
        let bytes = bytes.ok_or_else(|| Error::Damaged("a policy without record".to_owned()))?;
        Record::decode(bytes).map_err(|error| Error::Damaged(format!("record: {error}")))
    }

    /// The state that was last committed.
    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// How many policies can be found.
    pub fn policies(&self) -> Result<u64, Error> {
        Ok(self.fields.with(Key::Public).count(&self.searcher())? as u64)
    }

    /// Size of the folder.
    pub fn bytes(&self) -> Result<u64, Error> {
        let mut sum = 0;
        for file in std::fs::read_dir(&self.path)? {
            // Files of finished merges go away at any time.
            sum += file?.metadata().map_or(0, |data| data.len());
        }
        Ok(sum)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Since nothing was synced, the death of the machine may have torn files: checks their sums
/// when the machine was started since the index was opened.
fn check_after_restart(path: &Path, index: &tantivy::Index) -> Result<(), Error> {
    if std::fs::read_to_string(path.join("boot")).is_ok_and(|known| known == boot()) {
        return Ok(());
    }
    let torn: HashSet<PathBuf> = index.validate_checksum()?;
    if torn.is_empty() { Ok(()) } else { Err(Error::Damaged(format!("{} torn files", torn.len()))) }
}

/// What changes whenever the machine starts.
fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::WORDS;
    use super::*;

    const MEMORY: usize = 15_000_000;

    fn put(id: &str) -> Change {
        let record = Record { id: id.to_owned(), revision: 1, ..Record::default() };
        Change::Put(Box::new(Entry { record, ..Entry::default() }))
    }

    #[test]
    fn a_merge_right_after_the_start_brings_nothing_back() {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path(), &WORDS, MEMORY).unwrap();
        index.apply(&[put("a")], None).unwrap();
        index.apply(&[put("b"), put("c")], None).unwrap();
        // The last commit before the end deletes from one of the two segments.
        index.apply(&[Change::Forget { id: "b".to_owned(), revision: 2 }], None).unwrap();
        index.flush().unwrap();
        drop(index);

        let index = Index::open(folder.path(), &WORDS, MEMORY).unwrap();
        let mut writer = index.new_writer().unwrap();
        let mut segments = index.index.searchable_segment_metas().unwrap();
        segments.sort_by_key(tantivy::SegmentMeta::has_deletes);
        assert!(segments.last().unwrap().has_deletes());
        let segments: Vec<_> = segments.iter().map(tantivy::SegmentMeta::id).collect();
        // The first thing after the start deletes from it again, and it is merged before the commit.
        writer.delete_term(index.fields.key(Key::Id("c")));
        writer.merge(&segments).wait().unwrap();
        writer.commit().unwrap();
        index.reader.reload().unwrap();
        assert_eq!(index.policies().unwrap(), 1);
    }
}
