//! The folder of indexes: one lives, another may be built beside it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::directory::replace;
use super::index::Index;
use super::words::Words;
use super::{Error, SCHEMA};

const CURRENT: &str = "current";

/// Holds the living index.
pub struct Shelf {
    root: PathBuf,
    words: Words,
    memory: usize,
    living: RwLock<Arc<Index>>,
}

impl Shelf {
    /// Opens the living index, or begins an empty one where there is none that can be read.
    pub fn open(root: &Path, words: Words, memory: usize) -> Result<Self, Error> {
        std::fs::create_dir_all(root)?;
        let living = match open_current(root, &words, memory)? {
            Some(living) => living,
            None => begin(root, &words, memory)?,
        };
        let shelf =
            Self { root: root.to_owned(), words, memory, living: RwLock::new(Arc::new(living)) };
        shelf.install(&shelf.living())?;
        Ok(shelf)
    }

    /// The index that answers.
    pub fn living(&self) -> Arc<Index> {
        Arc::clone(&self.living.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins an empty index beside the living one.
    pub fn begin(&self) -> Result<Index, Error> {
        begin(&self.root, &self.words, self.memory)
    }

    /// Lets another index answer from now on, and removes the one before.
    pub fn swap(&self, index: Arc<Index>) -> Result<(), Error> {
        self.install(&index)?;
        *self.living.write().unwrap_or_else(PoisonError::into_inner) = index;
        Ok(())
    }

    /// Notes which index is the living one, and removes all others. Who still reads one of
    /// them holds its files open.
    fn install(&self, index: &Index) -> Result<(), Error> {
        let name = index.path().file_name().unwrap_or_default();
        replace(&self.root.join(CURRENT), name.as_encoded_bytes())?;
        for folder in std::fs::read_dir(&self.root)? {
            let folder = folder?;
            if folder.file_type()?.is_dir()
                && folder.file_name() != name
                && let Err(error) = std::fs::remove_dir_all(folder.path())
            {
                tracing::warn!(%error, folder = ?folder.path(), "an old index could not be removed");
            }
        }
        Ok(())
    }
}

/// The current index, if there is one of our format that is whole.
fn open_current(root: &Path, words: &Words, memory: usize) -> Result<Option<Index>, Error> {
    let Ok(name) = std::fs::read_to_string(root.join(CURRENT)) else { return Ok(None) };
    if !name.starts_with(&prefix()) || !root.join(&name).is_dir() {
        tracing::info!(index = name, "the index has another format and is built anew");
        return Ok(None);
    }
    match Index::open(&root.join(&name), words, memory) {
        Ok(index) => Ok(Some(index)),
        Err(error) if error.is_full() => Err(error),
        Err(error) => {
            tracing::warn!(%error, index = name, "the index cannot be read and is built anew");
            Ok(None)
        }
    }
}

fn begin(root: &Path, words: &Words, memory: usize) -> Result<Index, Error> {
    let mut number = 1;
    let mut path = root.join(format!("{}{number}", prefix()));
    while path.exists() {
        number += 1;
        path = root.join(format!("{}{number}", prefix()));
    }
    Index::open(&path, words, memory)
}

fn prefix() -> String {
    format!("v{SCHEMA}-")
}
