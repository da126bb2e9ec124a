//! Attachments: who may read which.

use bytes::Bytes;
use contracts::documents::{Attachment, AttachmentChunk};
use futures::{Stream, StreamExt as _};
use kit::auth::Caller;
use tokio_util::io::ReaderStream;

use super::is_insider;
use crate::{
    commands::Documents,
    domain::{AttachmentId, policy::State},
    error::{Error, Result},
    store::{self, attachments::AttachmentRow},
};

const CHUNK_BYTES: usize = 256 * 1024;

impl Documents {
    /// An attachment in pieces: what it is, then its bytes.
    pub async fn read_attachment(
        &self,
        caller: &Caller,
        id: AttachmentId,
    ) -> Result<impl Stream<Item = Result<AttachmentChunk>> + Send + use<>> {
        let row = self.attachment(caller, id).await?;
        let file = self.files.open_file(&row.sha256).await?;
        let file = file.ok_or(Error::Inconsistent("attachments.sha256"))?;
        let head = AttachmentChunk { attachment: Some(message(row)), content: Bytes::new() };
        let pieces = ReaderStream::with_capacity(file, CHUNK_BYTES).map(|piece| {
            let content = piece.map_err(|error| kit::Error::io("attachment", error))?;
            Ok(AttachmentChunk { attachment: None, content })
        });
        Ok(futures::stream::once(async move { Ok(head) }).chain(pieces))
    }

    /// An attachment that the caller may read: of a public policy's revisions, or of one's own.
    async fn attachment(&self, caller: &Caller, id: AttachmentId) -> Result<AttachmentRow> {
        let snapshot = self.db.snapshot().await?;
        let unknown = Error::Unknown("附件");
        let Some(row) = store::attachments::find(&snapshot, id).await? else {
            return Err(unknown);
        };
        let Some(policy) = store::policies::find(&snapshot, row.policy_id).await? else {
            return Err(unknown);
        };
        let is_public = policy.state == State::Published.word()
            && store::attachments::is_public(&snapshot, id).await?;
        if is_public || is_insider(caller, &policy) { Ok(row) } else { Err(unknown) }
    }
}

fn message(row: AttachmentRow) -> Attachment {
    Attachment {
        id: row.id.to_string(),
        file_name: row.file_name,
        media_type: row.media_type,
        size: u64::try_from(row.size).unwrap_or_default(),
        sha256: row.sha256,
    }
}
