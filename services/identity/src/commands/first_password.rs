//! The first administrator's password, kept until it was used: a start may fail after it was made.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

/// A private file with a password that was made up, gone once somebody has signed in with it.
#[derive(Debug, Clone)]
pub struct FirstPassword(Arc<Path>);

impl FirstPassword {
    /// The file at this place, whether it is there or not.
    pub fn at(file: PathBuf) -> Self {
        Self(file.into())
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The password that lies there.
    pub fn read(&self) -> anyhow::Result<Option<String>> {
        match fs::read_to_string(&self.0) {
            Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("reading {}", self.0.display())),
        }
    }

    /// The password that lies there; else one that is made, and is on the disk when this answers.
    pub fn keep(&self, make: impl FnOnce() -> String) -> anyhow::Result<String> {
        if let Some(kept) = self.read()? {
            return Ok(kept);
        }
        let made = make();
        write_private(&self.0, &format!("{made}\n"))?;
        Ok(made)
    }

    /// Removes it because the account has been used; that it cannot be removed stops nobody.
    pub fn is_used(&self) {
        if let Err(error) = self.forget() {
            tracing::warn!(
                error = format!("{error:#}"),
                "a password that was used lies there still"
            );
        }
    }

    /// Removes it; that it is not there is fine.
    pub fn forget(&self) -> anyhow::Result<()> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| format!("removing {}", self.0.display()))
            }
            _ => Ok(()),
        }
    }
}

/// Replaces a file by one that only its owner can read.
pub fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let shown = path.display();
    let fresh = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // A file left over from a start cut off may have other rights: those are set only when
        // a file is made.
        if let Err(error) = fs::remove_file(&fresh)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        // The name, too, has to outlive a power cut.
        path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
    };
    write().with_context(|| format!("writing {shown}"))
}
