//! Messages as files that are named after their delivery: one that is there was sent, exactly once.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{domain::delivery::Outcome, letters::Letter};

/// A folder of sent messages.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens the folder, making it where it is missing.
    pub fn open(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        Ok(Self { path })
    }

    /// Writes a message, unless it is there.
    pub async fn send(&self, letter: &Letter) -> Outcome {
        let (folder, id, bytes) =
            (self.path.clone(), letter.delivery_id.clone(), letter.bytes.clone());
        match tokio::task::spawn_blocking(move || write(&folder, &id, &bytes)).await {
            Ok(Ok(())) => Outcome::Sent,
            Ok(Err(error)) => Outcome::Later(format!("发件文件夹无法写入：{}", error.kind())),
            Err(_) => Outcome::Later("写入发件文件夹时中断".to_owned()),
        }
    }

    /// Reads a message, where it is there.
    pub async fn read(&self, delivery_id: &str) -> io::Result<Option<String>> {
        match tokio::fs::read(file(&self.path, delivery_id)).await {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn file(folder: &Path, delivery_id: &str) -> PathBuf {
    folder.join(format!("{delivery_id}.eml"))
}

/// The name appears only when the content is on the disk, and the name is synced too.
fn write(folder: &Path, delivery_id: &str, bytes: &[u8]) -> io::Result<()> {
    let path = file(folder, delivery_id);
    if path.exists() {
        return Ok(());
    }
    let unfinished = folder.join(format!(".{delivery_id}.tmp"));
    let mut out = fs::File::create(&unfinished)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&unfinished, &path)?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_written_once_and_survives_a_cut_off_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".a.tmp"), b"hal").unwrap();
        write(folder.path(), "a", b"first").unwrap();
        write(folder.path(), "a", b"second").unwrap();
        assert_eq!(fs::read(folder.path().join("a.eml")).unwrap(), b"first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
