//! Renditions: which files a revision can be had as, and their bytes.

use bytes::Bytes;
use contracts::documents::{self as wire, RenditionChunk, RenditionFormat};
use futures::{Stream, StreamExt as _};
use kit::auth::Caller;
use tokio_util::io::ReaderStream;

use super::unsigned;
use crate::{
    commands::{
        Documents,
        renditions::{Kept, readable},
    },
    domain::{
        PolicyId,
        content::Content,
        rendition::{Format, file_name},
    },
    error::{Error, Result},
    store::{self, renditions::RenditionRow, revisions::RevisionRow},
};

const CHUNK_BYTES: usize = 256 * 1024;

impl Documents {
    /// The files that a revision can be had as; of the public one where `revision` is 0. None of
    /// what is withdrawn, expunged or without text.
    pub async fn renditions(&self, id: PolicyId, revision: i64) -> Result<Vec<wire::Rendition>> {
        let snapshot = self.db.snapshot().await?;
        let revision = match readable(&snapshot, id, revision).await {
            Ok(revision) => revision,
            Err(Error::NoRendition(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let content = revision.content()?;
        let kept = store::renditions::of_revision(&snapshot, id, revision.revision).await?;
        let formats = Format::ALL.into_iter().filter(|format| self.press.makes(*format));
        let with = |format: Format| {
            let mine = |row: &&RenditionRow| {
                row.format == format.word() && row.maker == self.press.maker()
            };
            let (sha256, size) = kept
                .iter()
                .find(mine)
                .map_or_else(Default::default, |row| (row.sha256.clone(), row.size));
            message(&revision, &content, format, sha256, size)
        };
        Ok(formats.map(with).collect())
    }

    /// A revision as a file, in pieces: what it is, then its bytes.
    pub async fn read_rendition(
        &self,
        caller: &Caller,
        id: PolicyId,
        revision: i64,
        format: Format,
    ) -> Result<impl Stream<Item = Result<RenditionChunk>> + Send + use<>> {
        let Kept { revision, format, sha256, size, file } =
            self.rendition(caller, id, revision, format).await?;
        let content = revision.content()?;
        let rendition = Some(message(&revision, &content, format, sha256, size));
        let head = RenditionChunk { rendition, content: Bytes::new() };
        let pieces = ReaderStream::with_capacity(file, CHUNK_BYTES).map(|piece| {
            let content = piece.map_err(|error| kit::Error::io("rendition", error))?;
            Ok(RenditionChunk { rendition: None, content })
        });
        Ok(futures::stream::once(async move { Ok(head) }).chain(pieces))
    }
}

fn message(
    revision: &RevisionRow,
    content: &Content,
    format: Format,
    sha256: String,
    size: i64,
) -> wire::Rendition {
    let wired = match format {
        Format::Pdf => RenditionFormat::Pdf,
        Format::Docx => RenditionFormat::Docx,
    };
    wire::Rendition {
        policy_id: revision.policy_id.to_string(),
        revision: revision.revision,
        format: wired.into(),
        file_name: file_name(content, format),
        media_type: format.media_type().to_owned(),
        size: unsigned(size),
        sha256,
    }
}
