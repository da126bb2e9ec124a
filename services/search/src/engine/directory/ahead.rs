//! What is in memory and not, or no longer, like this in the folder.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::OwnedBytes;

/// The file that names all others; whoever opens the index begins with it.
const META: &str = "meta.json";

#[derive(Debug, Default)]
pub(super) struct Ahead {
    files: HashMap<PathBuf, OwnedBytes>,
    /// Files that are put in the place of others as a whole.
    replaced: HashMap<PathBuf, Arc<[u8]>>,
    /// Deleted here, and still in the folder.
    gone: HashSet<PathBuf>,
}

/// What a flush has to do.
pub(super) struct Due {
    pub files: Vec<(PathBuf, OwnedBytes)>,
    replaced: HashMap<PathBuf, Arc<[u8]>>,
    pub gone: Vec<PathBuf>,
}

impl Due {
    /// Lists of files, which may name more than there is.
    pub fn lists(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.replaced_where(|path| path != Path::new(META))
    }

    /// What names the files of the last commit.
    pub fn metas(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.replaced_where(|path| path == Path::new(META))
    }

    fn replaced_where(
        &self,
        these: impl Fn(&Path) -> bool,
    ) -> impl Iterator<Item = (&Path, &[u8])> {
        let all = self.replaced.iter().map(|(path, data)| (path.as_path(), &**data));
        all.filter(move |(path, _)| these(path))
    }
}

impl Ahead {
    pub fn file(&self, path: &Path) -> Option<OwnedBytes> {
        self.files.get(path).cloned()
    }

    pub fn replaced(&self, path: &Path) -> Option<&[u8]> {
        self.replaced.get(path).map(|data| &**data)
    }

    pub fn holds(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.replaced.contains_key(path)
    }

    pub fn is_gone(&self, path: &Path) -> bool {
        self.gone.contains(path)
    }

    /// Keeps a finished file.
    pub fn keep(&mut self, path: PathBuf, bytes: Vec<u8>) {
        self.gone.remove(&path);
        self.files.insert(path, OwnedBytes::new(bytes));
    }

    pub fn replace(&mut self, path: &Path, data: &[u8]) {
        self.gone.remove(path);
        self.replaced.insert(path.to_owned(), data.into());
    }

    /// Forgets a file that never was in the folder, if it is one.
    pub fn forget(&mut self, path: &Path) -> bool {
        self.files.remove(path).is_some()
    }

    /// Lets the next flush remove a file from the folder.
    pub fn remove_later(&mut self, path: &Path) {
        self.replaced.remove(path);
        self.gone.insert(path.to_owned());
    }

    pub fn due(&self) -> Due {
        Due {
            files: self.files.iter().map(|(path, bytes)| (path.clone(), bytes.clone())).collect(),
            replaced: self.replaced.clone(),
            gone: self.gone.iter().cloned().collect(),
        }
    }

    /// Forgets what is in the folder now.
    pub fn flushed(&mut self, due: Due) {
        for (path, _) in due.files {
            // Deleted while it was written: it is in the folder now, and has to go.
            if self.files.remove(&path).is_none() {
                self.gone.insert(path);
            }
        }
        for (path, data) in due.replaced {
            if self.replaced.get(&path).is_some_and(|now| Arc::ptr_eq(now, &data)) {
                self.replaced.remove(&path);
            }
        }
        for path in due.gone {
            self.gone.remove(&path);
        }
    }
}
