//! The texts, in one file beside the index: written at its end, read by place.
//!
//! Texts within the index's own store would make every hit of every search unpack them.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// No extract is looked for behind this many bytes of a text.
const READ_AT_MOST: u64 = 256 * 1024;
const BLANK: [u8; 8192] = [0; 8192];

/// The file of texts.
pub(super) struct Bodies {
    file: File,
    end: AtomicU64,
}

impl Bodies {
    /// Opens or creates the file, `end` bytes of which are known to the index.
    pub(super) fn open(path: &Path, end: u64) -> io::Result<Self> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        if file.metadata()?.len() < end {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "texts are missing"));
        }
        file.set_len(end)?;
        Ok(Self { file, end: AtomicU64::new(end) })
    }

    /// Where the next text will begin.
    pub(super) fn end(&self) -> u64 {
        self.end.load(Ordering::Acquire)
    }

    /// Writes a text at the end; only one writer may do so at a time.
    pub(super) fn append(&self, text: &str) -> io::Result<u64> {
        let at = self.end();
        self.file.write_all_at(text.as_bytes(), at)?;
        self.end.store(at + text.len() as u64, Ordering::Release);
        Ok(at)
    }

    /// Forgets what was appended behind `end`.
    pub(super) fn cut(&self, end: u64) -> io::Result<()> {
        self.end.store(end, Ordering::Release);
        self.file.set_len(end)
    }

    /// Overwrites a text that may no longer be kept.
    pub(super) fn blank(&self, at: u64, length: u64) -> io::Result<()> {
        let mut from = at;
        let to = (at + length).min(self.end());
        while from < to {
            let step = usize::try_from(to - from).unwrap_or(usize::MAX).min(BLANK.len());
            self.file.write_all_at(BLANK.get(..step).unwrap_or_default(), from)?;
            from += step as u64;
        }
        Ok(())
    }

    /// The beginning of a text; nothing where it cannot be read or was blanked.
    pub(super) fn read(&self, at: u64, length: u64) -> Option<String> {
        let length = usize::try_from(length.min(READ_AT_MOST)).ok()?;
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, at).ok()?;
        if bytes.first().is_none_or(|first| *first == 0) {
            return None;
        }
        Some(match String::from_utf8(bytes) {
            Ok(text) => text,
            // Cut within a character.
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_where_they_were_written_until_blanked() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = Bodies::open(&folder.path().join("bodies"), 0).unwrap();
        let first = bodies.append("第一篇").unwrap();
        let second = bodies.append("第二篇").unwrap();
        assert_eq!(bodies.read(first, 9).as_deref(), Some("第一篇"));
        bodies.blank(first, 9).unwrap();
        assert_eq!(bodies.read(first, 9), None);
        assert_eq!(bodies.read(second, 9).as_deref(), Some("第二篇"));
        assert_eq!(bodies.read(second, 99), None);
    }

    #[test]
    fn what_no_commit_knows_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bodies");
        Bodies::open(&path, 0).unwrap().append("已提交未提交").unwrap();
        assert_eq!(Bodies::open(&path, 9).unwrap().end(), 9);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 9);
        assert!(Bodies::open(&path, 10).is_err());
    }
}
