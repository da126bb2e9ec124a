//! The ZIP package that DOCX and XLSX are (ECMA-376 Part 2; PKWARE APPNOTE 6.3).

mod relations;
mod rest;

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::draft::Draft;
use crate::error::{Excess, PaperError};
use crate::limits::Limits;
use crate::paper::{How, Kind, Why};
pub(crate) use relations::Relation;
pub(crate) use rest::rest;

/// Smaller parts may be packed as tightly as they like.
const RATIO_FROM: usize = 1 << 20;

/// An opened package. Sizes are counted while unpacking, whatever the headers say.
pub(crate) struct Package<'a> {
    kind: Kind,
    archive: ZipArchive<Cursor<&'a [u8]>>,
    limits: &'a Limits,
    unpacked: usize,
    /// The place of each part, by its name in lower case: names of parts are compared
    /// without regard to case (ECMA-376 Part 2 §6.2.2.3).
    places: HashMap<String, usize>,
    names: Vec<String>,
}

impl<'a> Package<'a> {
    pub(crate) fn open(
        kind: Kind,
        bytes: &'a [u8],
        limits: &'a Limits,
    ) -> Result<Self, PaperError> {
        // Counted before opening, because opening keeps something for every entry.
        if entries(bytes) > limits.entries {
            return Err(PaperError::Bomb(Excess::Entries));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(kind, &error))?;
        if archive.len() > limits.entries {
            return Err(PaperError::Bomb(Excess::Entries));
        }
        let mut places = HashMap::with_capacity(archive.len());
        let mut names = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let name = archive.name_for_index(index).and_then(Result::ok).unwrap_or_default();
            let name = name.replace('\\', "/").trim_start_matches('/').to_owned();
            places.insert(name.to_ascii_lowercase(), index);
            names.push(name);
        }
        Ok(Self { kind, archive, limits, unpacked: 0, places, names })
    }

    /// The names of all parts, in the order of the package's directory.
    pub(crate) fn names(&self) -> Vec<String> {
        self.names.iter().filter(|name| !name.ends_with('/')).cloned().collect()
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.places.contains_key(&name.to_ascii_lowercase())
    }

    /// A part, unpacked; `None` if there is no such part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, PaperError> {
        let Some(index) = self.places.get(&name.to_ascii_lowercase()).copied() else {
            return Ok(None);
        };
        let kind = self.kind;
        let mut entry = self.archive.by_index(index).map_err(|error| broken(kind, &error))?;
        // The packed size is bounded by the file itself, so it may be taken from the header.
        let packed = usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX);
        let mut content = Vec::new();
        let mut chunk = [0_u8; 16 * 1024];
        loop {
            let read = entry.read(&mut chunk).map_err(|error| PaperError::BrokenZip {
                kind,
                detail: format!("{name}：{error}"),
            })?;
            if read == 0 {
                return Ok(Some(content));
            }
            content.extend_from_slice(chunk.get(..read).unwrap_or_default());
            self.unpacked = self.unpacked.saturating_add(read);
            if self.unpacked > self.limits.unpacked {
                return Err(PaperError::Bomb(Excess::Total));
            }
            if content.len() > self.limits.entry {
                return Err(PaperError::Bomb(Excess::Entry));
            }
            let most = packed.saturating_mul(self.limits.ratio);
            if content.len() > RATIO_FROM && content.len() > most {
                return Err(PaperError::Bomb(Excess::Ratio));
            }
        }
    }

    /// A part that must be there.
    pub(crate) fn needed(&mut self, name: &str) -> Result<Vec<u8>, PaperError> {
        let kind = self.kind;
        self.part(name)?
            .ok_or_else(|| PaperError::Broken { kind, detail: format!("缺少 {name}") })
    }

    /// What lies in the file and in no part: comments, entries the directory does not name.
    fn beyond(&self, bytes: &[u8], draft: &mut Draft<'_>) -> Result<(), PaperError> {
        let comment = String::from_utf8_lossy(self.archive.comment()).into_owned();
        draft.hide(How::Data, "压缩包注释", &comment)?;
        // A part written twice, or left out of the directory, is in the file and is not read.
        if entries(bytes) != self.archive.len() || self.archive.offset() > 0 {
            draft.unread("压缩包中目录以外的数据", Why::Unknown);
        }
        Ok(())
    }
}

/// How many entries the central directory has, by their signatures (APPNOTE §4.3.12).
pub(crate) fn entries(bytes: &[u8]) -> usize {
    bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count()
}

fn broken(kind: Kind, error: &ZipError) -> PaperError {
    if matches!(error, ZipError::UnsupportedArchive(what) if *what == ZipError::PASSWORD_REQUIRED) {
        return PaperError::Encrypted(kind);
    }
    PaperError::BrokenZip { kind, detail: error.to_string() }
}

#[cfg(test)]
mod tests;
