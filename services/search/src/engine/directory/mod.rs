//! The folder of an index, written behind.
//!
//! A commit of a few policies makes a dozen small files, which a merge soon makes one. Until they
//! are flushed they are kept in memory, where the reader finds them at once; what a merge has
//! taken up by then never reaches the disk. And nothing is synced: the index can be built anew
//! from what it was made of. So the death of the process leaves the state of the last flush, and
//! after the death of the machine the index is checked when it is opened.

mod ahead;
mod writer;

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::Directory;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

use ahead::Ahead;
use writer::Writer;

/// A mapped folder, and what is ahead of it in memory.
#[derive(Debug, Clone)]
pub(super) struct Behind {
    mapped: MmapDirectory,
    root: Arc<Path>,
    ahead: Arc<Mutex<Ahead>>,
    /// Held while a flush is under way.
    flushing: Arc<Mutex<()>>,
}

impl Behind {
    /// Opens a folder that exists.
    pub(super) fn open(root: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self {
            mapped: MmapDirectory::open(root)?,
            root: root.into(),
            ahead: Arc::default(),
            flushing: Arc::default(),
        })
    }

    /// Brings the folder to the state that the memory has at this moment. A flush that fails
    /// leaves the folder's last state readable, and can be repeated.
    pub(super) fn flush(&self) -> io::Result<()> {
        let _flushing = self.flushing.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.ahead().due();
        for (path, data) in due.lists() {
            replace(&self.root.join(path), data)?;
        }
        for (path, bytes) in &due.files {
            std::fs::write(self.root.join(path), bytes.as_slice())?;
        }
        // Only now, because it names the files.
        for (path, data) in due.metas() {
            replace(&self.root.join(path), data)?;
        }
        for path in &due.gone {
            match std::fs::remove_file(self.root.join(path)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        self.ahead().flushed(due);
        Ok(())
    }

    fn ahead(&self) -> MutexGuard<'_, Ahead> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory for Behind {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let ahead = self.ahead();
        if let Some(bytes) = ahead.file(path) {
            return Ok(Arc::new(bytes));
        }
        if ahead.is_gone(path) {
            return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
        }
        drop(ahead);
        self.mapped.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let mut ahead = self.ahead();
        if ahead.forget(path) {
            return Ok(());
        }
        let missing = || DeleteError::FileDoesNotExist(path.to_owned());
        if ahead.is_gone(path) || !self.root.join(path).exists() {
            return Err(missing());
        }
        ahead.remove_later(path);
        Ok(())
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        let ahead = self.ahead();
        Ok(ahead.holds(path) || !ahead.is_gone(path) && self.root.join(path).exists())
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        if self.exists(path).unwrap_or(true) {
            return Err(OpenWriteError::FileAlreadyExists(path.to_owned()));
        }
        let writer = Writer::new(path.to_owned(), &self.root, Arc::clone(&self.ahead));
        Ok(BufWriter::new(Box::new(writer)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        match self.ahead().replaced(path) {
            Some(data) => Ok(data.to_vec()),
            None => self.mapped.atomic_read(path),
        }
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.ahead().replace(path, data);
        Ok(())
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

/// Puts a file in the place of another at once, so that a reader sees the one or the other.
pub(super) fn replace(path: &Path, data: &[u8]) -> io::Result<()> {
    let beside: PathBuf = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(data)?;
    std::fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tantivy::HasLen as _;
    use tantivy::directory::TerminatingWrite as _;

    use super::*;

    fn write(directory: &Behind, path: &str, size: usize) {
        let mut file = directory.open_write(Path::new(path)).unwrap();
        file.write_all(&vec![7; size]).unwrap();
        file.terminate().unwrap();
    }

    fn size(directory: &Behind, path: &str) -> usize {
        directory.open_read(Path::new(path)).unwrap().len()
    }

    #[test]
    fn small_files_are_in_memory_until_they_are_flushed() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Behind::open(folder.path()).unwrap();
        write(&directory, "a.idx", 100);
        directory.atomic_write(Path::new("meta.json"), b"one").unwrap();
        assert_eq!(size(&directory, "a.idx"), 100);
        assert!(!folder.path().join("a.idx").exists());
        assert!(directory.open_write(Path::new("a.idx")).is_err());
        directory.flush().unwrap();
        assert_eq!(std::fs::read(folder.path().join("meta.json")).unwrap(), b"one");
        assert_eq!(size(&directory, "a.idx"), 100);
        let opened = Behind::open(folder.path()).unwrap();
        assert_eq!(size(&opened, "a.idx"), 100);
        assert_eq!(opened.atomic_read(Path::new("meta.json")).unwrap(), b"one");
    }

    #[test]
    fn what_is_deleted_before_it_is_flushed_never_reaches_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Behind::open(folder.path()).unwrap();
        write(&directory, "a.idx", 100);
        directory.delete(Path::new("a.idx")).unwrap();
        assert!(!directory.exists(Path::new("a.idx")).unwrap());
        directory.flush().unwrap();
        assert!(!folder.path().join("a.idx").exists());
        assert!(directory.delete(Path::new("a.idx")).is_err());
    }

    #[test]
    fn what_the_disk_still_refers_to_is_deleted_with_the_next_flush() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Behind::open(folder.path()).unwrap();
        write(&directory, "a.idx", 100);
        directory.flush().unwrap();
        directory.delete(Path::new("a.idx")).unwrap();
        assert!(directory.open_read(Path::new("a.idx")).is_err());
        assert!(folder.path().join("a.idx").exists());
        directory.flush().unwrap();
        assert!(!folder.path().join("a.idx").exists());
    }

    #[test]
    fn a_large_file_goes_to_the_disk_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Behind::open(folder.path()).unwrap();
        write(&directory, "a.idx", writer::LARGE * 2);
        assert!(folder.path().join("a.idx").exists());
        assert_eq!(size(&directory, "a.idx"), writer::LARGE * 2);
    }
}
