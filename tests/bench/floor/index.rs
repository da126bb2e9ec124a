//! A tantivy index of titles and texts by pairs of characters, written without disk syncs.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use contracts::documents::CreatePolicyRequest;
use tantivy::{
    Directory, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, Term,
    collector::Count,
    directory::{
        AntiCallToken, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite,
        WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
    query::TermQuery,
    schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{NgramTokenizer, TextAnalyzer},
};

const PAIRS: &str = "pairs";
const MEMORY: usize = 30_000_000;

/// The floor's index.
pub struct Index {
    words: Field,
    title: Field,
    text: Field,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
}

impl Index {
    /// Begins one in an empty folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let mut schema = Schema::builder();
        let words = schema.add_text_field("words", STRING);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(PAIRS)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let indexed = TextOptions::default().set_indexing_options(indexing);
        let title = schema.add_text_field("title", indexed.clone() | STORED);
        let text = schema.add_text_field("text", indexed);
        let directory = Unsynced::open(folder)?;
        let index = tantivy::Index::create(directory, schema.build(), IndexSettings::default())?;
        let pairs = NgramTokenizer::new(2, 2, false)?;
        index.tokenizers().register(PAIRS, TextAnalyzer::from(pairs));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer = Mutex::new(index.writer_with_num_threads(1, MEMORY)?);
        Ok(Self { words, title, text, reader, writer })
    }

    /// Adds documents in one commit, which is found when this returns.
    pub fn apply(&self, documents: &[CreatePolicyRequest]) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        for content in documents.iter().filter_map(|document| document.content.as_ref()) {
            let mut document = TantivyDocument::default();
            for word in content.title.split_whitespace() {
                document.add_text(self.words, word);
            }
            document.add_text(self.title, &content.title);
            document.add_text(self.text, &content.text);
            writer.add_document(document)?;
        }
        writer.commit()?;
        self.reader.reload()?;
        Ok(())
    }

    /// How many documents have a word in their title.
    pub fn count(&self, word: &str) -> Result<u64> {
        let term = Term::from_field_text(self.words, word);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Ok(self.reader.searcher().search(&query, &Count)? as u64)
    }
}

/// A mapped folder whose writes are left to the system, as the product leaves them.
#[derive(Debug, Clone)]
struct Unsynced {
    mapped: MmapDirectory,
    root: PathBuf,
}

impl Unsynced {
    /// Opens a folder that exists.
    fn open(root: &Path) -> Result<Self> {
        Ok(Self { mapped: MmapDirectory::open(root)?, root: root.to_owned() })
    }
}

struct Left(File);

impl Write for Left {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl TerminatingWrite for Left {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        Ok(())
    }
}

impl Directory for Unsynced {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.mapped.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = OpenOptions::new().write(true).create_new(true).open(self.root.join(path));
        let file = file.map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        Ok(BufWriter::new(Box::new(Left(file))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let beside = self.root.join(path).with_extension("new");
        std::fs::write(&beside, data)?;
        std::fs::rename(beside, self.root.join(path))
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.mapped.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}
