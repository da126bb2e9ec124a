//! Attachments: written and synced before the transaction that refers to them.

use bytes::Bytes;
use kit::{auth::Caller, files::Stored};

use super::{Documents, person};
use crate::{
    domain::{AttachmentId, PolicyId, media, text},
    error::{Error, Result},
    store::{
        self,
        attachments::{AttachmentRow, DRAFT},
    },
};

impl Documents {
    /// Adds a file to the draft of a policy.
    #[tracing::instrument(name = "command.documents.add_attachment", skip_all, fields(policy.id = %id))]
    pub async fn add_attachment(
        &self,
        caller: &Caller,
        id: PolicyId,
        file_name: &str,
        content: Bytes,
        etag: &str,
    ) -> Result<AttachmentId> {
        let (file_name, media_type) = self.admitted(file_name, &content)?;
        // Whoever may not add it shall not fill the disk either.
        let tx = self.db.begin().await?;
        let opened = self.open_fresh(&tx, caller, id, etag).await?;
        opened.policy.clone().touch(person(caller), self.clock.now())?;
        tx.rollback().await?;

        let stored = self.files.put(content).await?;

        let tx = self.db.begin().await?;
        let mut opened = self.open_fresh(&tx, caller, id, etag).await?;
        opened.policy.touch(person(caller), self.clock.now())?;
        let placed = store::attachments::placed(&*tx, id).await?;
        let drafted = placed.iter().filter(|file| file.revision == DRAFT).count();
        let most = usize::try_from(self.config.max_attachments).unwrap_or(usize::MAX);
        if drafted >= most {
            return Err(Error::invalid("content", format!("每个版本最多 {most} 个附件")));
        }
        let row = self.attachment_row(caller, id, file_name, media_type, stored);
        let attachment = row.id;
        store::attachments::add(&tx, row).await?;
        self.keep(&tx, caller, opened, "attachment.add", &["attachments"]).await?;
        tx.commit().await?;
        Ok(attachment)
    }

    /// Takes a file from the draft of a policy; revisions keep it.
    #[tracing::instrument(name = "command.documents.remove_attachment", skip_all, fields(policy.id = %id))]
    pub async fn remove_attachment(
        &self,
        caller: &Caller,
        id: PolicyId,
        attachment: AttachmentId,
        etag: &str,
    ) -> Result<()> {
        let tx = self.db.begin().await?;
        let mut opened = self.open_fresh(&tx, caller, id, etag).await?;
        opened.policy.touch(person(caller), self.clock.now())?;
        if !store::attachments::take(&tx, id, DRAFT, attachment).await? {
            return Err(Error::Unknown("附件"));
        }
        self.keep(&tx, caller, opened, "attachment.remove", &["attachments"]).await?;
        Ok(tx.commit().await?)
    }

    /// Removes files that nothing refers to and that are old enough not to be on their way in.
    #[tracing::instrument(name = "job.documents.sweep_files", skip_all)]
    pub async fn sweep_files(&self) -> Result<()> {
        let age = i64::try_from(self.config.sweep_after_seconds).unwrap_or(i64::MAX);
        let before = self.clock.now() - chrono::TimeDelta::try_seconds(age).unwrap_or_default();
        let used = store::attachments::files_in_use(self.db.conn()).await?;
        let swept = self.files.sweep(before, used).await?;
        if swept > 0 {
            tracing::info!(files.swept = swept, "files that nothing referred to were removed");
        }
        Ok(())
    }

    /// Removes those of the files that nothing refers to any more.
    pub(super) async fn remove_unused(&self, files: &[String]) -> Result<()> {
        for sha256 in files {
            if !store::attachments::is_in_use(self.db.conn(), sha256).await? {
                self.files.remove(sha256).await?;
            }
        }
        Ok(())
    }

    /// The checked name and the type of a file that may be attached.
    pub(super) fn admitted(
        &self,
        file_name: &str,
        content: &[u8],
    ) -> Result<(String, &'static str)> {
        let file_name = self.checked_name(file_name, content)?;
        let media_type = kit::files::sniff(content, &file_name);
        match media::objection(&file_name, media_type) {
            Some(objection) => Err(Error::invalid("content", objection)),
            None => Ok((file_name, media_type)),
        }
    }

    /// The row of a file that lies in the store.
    pub(super) fn attachment_row(
        &self,
        caller: &Caller,
        id: PolicyId,
        file_name: String,
        media_type: &str,
        stored: Stored,
    ) -> AttachmentRow {
        AttachmentRow {
            id: AttachmentId::new(&*self.clock),
            policy_id: id,
            file_name,
            media_type: media_type.to_owned(),
            size: i64::try_from(stored.size).unwrap_or(i64::MAX),
            sha256: stored.sha256,
            added_by: caller.actor(),
            added_at: self.clock.now(),
        }
    }

    pub(super) fn checked_name(&self, file_name: &str, content: &[u8]) -> Result<String> {
        let file_name = text::line(file_name.rsplit(['/', '\\']).next().unwrap_or_default());
        let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if bytes > self.config.max_attachment_bytes {
            return Err(Error::AttachmentTooLarge {
                bytes,
                most: self.config.max_attachment_bytes,
            });
        }
        if content.is_empty() {
            return Err(Error::invalid("content", "附件是空的"));
        }
        if file_name.is_empty() || file_name.chars().count() > 200 {
            return Err(Error::invalid("file_name", "附件名不能为空，最多 200 个字"));
        }
        Ok(file_name)
    }
}
