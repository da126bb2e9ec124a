//! A new file: in memory while it is small, in the folder when it is not.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::directory::{AntiCallToken, TerminatingWrite};

use super::ahead::Ahead;

/// A file of so many bytes is no longer kept in memory.
pub(super) const LARGE: usize = 1 << 20;

pub(super) struct Writer {
    path: PathBuf,
    root: PathBuf,
    ahead: Arc<Mutex<Ahead>>,
    written: Written,
}

enum Written {
    Memory(Vec<u8>),
    Folder(File),
}

impl Writer {
    pub(super) fn new(path: PathBuf, root: &Path, ahead: Arc<Mutex<Ahead>>) -> Self {
        Self { path, root: root.to_owned(), ahead, written: Written::Memory(Vec::new()) }
    }

    /// A file of the folder, to go on with there.
    fn spill(&self, bytes: &[u8]) -> io::Result<File> {
        let path = self.root.join(&self.path);
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
        file.write_all(bytes)?;
        Ok(file)
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.written {
            Written::Folder(file) => file.write(bytes),
            Written::Memory(held) if held.len() + bytes.len() <= LARGE => held.write(bytes),
            Written::Memory(held) => {
                let held = std::mem::take(held);
                let mut file = self.spill(&held)?;
                let written = file.write(bytes)?;
                self.written = Written::Folder(file);
                Ok(written)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.written {
            Written::Folder(file) => file.flush(),
            Written::Memory(_) => Ok(()),
        }
    }
}

impl TerminatingWrite for Writer {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.flush()?;
        if let Written::Memory(held) = &mut self.written {
            let mut bytes = std::mem::take(held);
            bytes.shrink_to_fit();
            let path = self.path.clone();
            self.ahead.lock().unwrap_or_else(PoisonError::into_inner).keep(path, bytes);
        }
        Ok(())
    }
}
