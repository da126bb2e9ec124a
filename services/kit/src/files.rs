//! Files by content: what is put in is named by its SHA-256, and never changes.
//!
//! A file is synced to the disk before its name is given out, so that a transaction may refer to
//! it. What nothing refers to is swept later.

mod sniff;

use std::{
    collections::HashSet,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

pub use sniff::sniff;

use crate::{Error, Result};

/// A file that is safely kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of the content, in hexadecimal; its name from now on.
    pub sha256: String,
    /// Length in bytes.
    pub size: u64,
}

/// A folder of files by content.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// Opens the folder, making it where it is missing.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        let begun = root.join("begun");
        fs::create_dir_all(&begun).map_err(|error| Error::io(&begun, error))?;
        Ok(Self { root })
    }

    /// Keeps these bytes.
    pub async fn put(&self, bytes: impl Into<Bytes>) -> Result<Stored> {
        let bytes = bytes.into();
        let size = bytes.len() as u64;
        self.put_stream(futures::stream::iter([Ok::<_, io::Error>(bytes)]), size).await
    }

    /// Keeps what a stream brings, and refuses more than `most` bytes.
    pub async fn put_stream<E>(
        &self,
        content: impl Stream<Item = std::result::Result<Bytes, E>>,
        most: u64,
    ) -> Result<Stored>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let begun = self.root.join("begun");
        let failed = |error| Error::io(&begun, error);
        let mut content = std::pin::pin!(content);
        let mut file = blocking({
            let begun = begun.clone();
            move || NamedTempFile::new_in(begun)
        })
        .await
        .map_err(failed)?;
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        while let Some(chunk) = content.next().await {
            let chunk = chunk.map_err(|error| failed(io::Error::other(error)))?;
            size += chunk.len() as u64;
            if size > most {
                return Err(Error::field("content", format!("文件超过上限 {most} 字节")));
            }
            hash.update(&chunk);
            file = blocking(move || file.write_all(&chunk).map(|()| file)).await.map_err(failed)?;
        }
        let sha256 = hex::encode(hash.finalize());
        let path = self.path(&sha256)?;
        blocking({
            let path = path.clone();
            move || settle(file, &path)
        })
        .await
        .map_err(|error| Error::io(&path, error))?;
        Ok(Stored { sha256, size })
    }

    /// Opens a file for reading; `None` when there is none of this name.
    pub async fn open_file(&self, sha256: &str) -> Result<Option<tokio::fs::File>> {
        let path = self.path(sha256)?;
        match tokio::fs::File::open(&path).await {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io(&path, error)),
        }
    }

    /// The whole content of a file; `None` when there is none of this name.
    pub async fn read(&self, sha256: &str) -> Result<Option<Bytes>> {
        let path = self.path(sha256)?;
        match tokio::fs::read(&path).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io(&path, error)),
        }
    }

    /// Whether there is a file of this name.
    pub async fn exists(&self, sha256: &str) -> Result<bool> {
        let path = self.path(sha256)?;
        tokio::fs::try_exists(&path).await.map_err(|error| Error::io(&path, error))
    }

    /// Removes a file; says whether there was one.
    pub async fn remove(&self, sha256: &str) -> Result<bool> {
        let path = self.path(sha256)?;
        match tokio::fs::remove_file(&path).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io(&path, error)),
        }
    }

    /// Removes what was put in before `before` and is not in `used`; says how many files went.
    ///
    /// `before` has to leave time for the transaction that will refer to a file just put in, and
    /// `used` has to be read after `before` was taken.
    pub async fn sweep(&self, before: DateTime<Utc>, used: HashSet<String>) -> Result<u64> {
        let root = self.root.clone();
        let swept = blocking(move || sweep(&root, before.into(), &used)).await;
        swept.map_err(|error| Error::io(&self.root, error))
    }

    /// Where a file of this name lies; a name that is none never becomes a path.
    fn path(&self, sha256: &str) -> Result<PathBuf> {
        let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        match sha256.split_at_checked(2) {
            Some((head, rest)) if sha256.len() == 64 && sha256.bytes().all(hexadecimal) => {
                Ok(self.root.join(head).join(rest))
            }
            _ => Err(Error::field("sha256", "文件标识应为 64 位十六进制 SHA-256")),
        }
    }
}

/// Runs what waits for a disk beside the runtime.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Syncs a file, gives it its name, and syncs the folders that hold the name.
fn settle(file: NamedTempFile, path: &Path) -> io::Result<()> {
    if let Ok(known) = fs::File::options().append(true).open(path) {
        // Young again: a sweep must not take it before it is referred to.
        known.set_modified(file.as_file().metadata()?.modified()?)?;
        return Ok(());
    }
    file.as_file().sync_all()?;
    let folder = path.parent().unwrap_or(path);
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        if let Some(root) = folder.parent() {
            fs::File::open(root)?.sync_all()?;
        }
    }
    file.persist(path).map_err(|error| error.error)?;
    fs::File::open(folder)?.sync_all()
}

fn sweep(root: &Path, before: SystemTime, used: &HashSet<String>) -> io::Result<u64> {
    let mut swept = 0;
    for folder in fs::read_dir(root)? {
        let folder = folder?;
        let head = folder.file_name().to_string_lossy().into_owned();
        for file in fs::read_dir(folder.path())? {
            let file = file?;
            let name = format!("{head}{}", file.file_name().to_string_lossy());
            if !used.contains(&name) && file.metadata()?.modified()? < before {
                fs::remove_file(file.path())?;
                swept += 1;
            }
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn a_file_is_named_by_its_content_and_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let stored = files.put("政策").await.unwrap();
        assert_eq!(stored.size, 6);
        assert_eq!(stored.sha256, crate::hash::sha256_hex("政策".as_bytes()));
        let parts = futures::stream::iter([Ok::<_, io::Error>("政".into()), Ok("策".into())]);
        assert_eq!(files.put_stream(parts, 6).await.unwrap(), stored);
        let mut text = String::new();
        let mut reader = files.open_file(&stored.sha256).await.unwrap().unwrap();
        reader.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "政策");
        assert!(files.remove(&stored.sha256).await.unwrap());
        assert!(!files.exists(&stored.sha256).await.unwrap());
        assert_eq!(files.read(&stored.sha256).await.unwrap(), None);
        assert_eq!(fs::read_dir(folder.path().join("begun")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn too_much_and_wrong_names_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let endless = futures::stream::repeat_with(|| Ok::<_, io::Error>(Bytes::from("xxxx")));
        assert!(matches!(files.put_stream(endless, 9).await, Err(Error::Field(_))));
        for name in ["", "../../etc/passwd", &"A".repeat(64), &"é".repeat(32)] {
            assert!(matches!(files.read(name).await, Err(Error::Field(_))), "{name}");
        }
    }

    #[tokio::test]
    async fn orphans_are_swept_and_young_or_used_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let used = files.put("used").await.unwrap().sha256;
        let orphan = files.put("orphan").await.unwrap().sha256;
        let keep = || HashSet::from([used.clone()]);
        assert_eq!(files.sweep(DateTime::UNIX_EPOCH, keep()).await.unwrap(), 0);
        let later = DateTime::from_timestamp(32_000_000_000, 0).unwrap();
        assert_eq!(files.sweep(later, keep()).await.unwrap(), 1);
        assert!(files.exists(&used).await.unwrap());
        assert!(!files.exists(&orphan).await.unwrap());
    }
}
