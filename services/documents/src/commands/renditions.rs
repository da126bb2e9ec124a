//! Renditions: revisions as files, made when they are asked for first and kept.

use chrono::TimeDelta;
use kit::auth::Caller;
use sea_orm::ConnectionTrait;
use tokio::fs::File;

use super::Documents;
use crate::{
    domain::{
        PolicyId,
        policy::State,
        receipt::Occasion,
        rendition::{self, Format},
    },
    error::{Error, Result},
    store::{
        self,
        policies::PolicyRow,
        renditions::{Made, RenditionRow},
        revisions::RevisionRow,
    },
};

const WITHDRAWN: Error = Error::NoRendition("文件已撤下，不再提供下载");
const EXPUNGED: Error = Error::NoRendition("这一版的正文已依法清除，不提供下载");
const EMPTY: Error = Error::NoRendition("本件没有正文，不提供下载");

/// How long a new revision is made ready without being asked for.
const NEW: TimeDelta = TimeDelta::days(1);
/// Revisions made ready in one go.
const MOST_AT_ONCE: i64 = 20;

/// A file that is kept, and what it is.
pub struct Kept {
    /// The revision.
    pub revision: RevisionRow,
    /// As what.
    pub format: Format,
    /// Under which it lies.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Its content.
    pub file: File,
}

impl Documents {
    /// A revision as a file; of the public one where `revision` is 0.
    #[tracing::instrument(name = "command.documents.rendition", skip_all, fields(policy.id = %id))]
    pub async fn rendition(
        &self,
        caller: &Caller,
        id: PolicyId,
        revision: i64,
        format: Format,
    ) -> Result<Kept> {
        let revision = readable(self.db.conn(), id, revision).await?;
        if !self.press.makes(format) {
            return Err(Error::NoFont);
        }
        if let Some(row) = self.kept(&revision, format).await?
            && let Some(file) = self.files.open_file(&row.sha256).await?
        {
            let today = self.clock.today();
            if !caller.is_service() && row.used_on != today.to_string() {
                let conn = self.db.conn();
                store::renditions::touch(conn, id, revision.revision, format, today).await?;
            }
            return Ok(Kept { revision, format, sha256: row.sha256, size: row.size, file });
        }
        self.make(revision, format).await
    }

    /// What is kept of a revision, unless layout or fonts have changed since.
    async fn kept(&self, revision: &RevisionRow, format: Format) -> Result<Option<RenditionRow>> {
        let conn = self.db.conn();
        let rows =
            store::renditions::of_revision(conn, revision.policy_id, revision.revision).await?;
        let same =
            |row: &RenditionRow| row.format == format.word() && row.maker == self.press.maker();
        Ok(rows.into_iter().find(same))
    }

    async fn make(&self, revision: RevisionRow, format: Format) -> Result<Kept> {
        let (content, organ) = (revision.content()?, revision.organ_name.clone());
        // Reading a large page takes its time, too.
        let read = tokio::task::spawn_blocking(move || rendition::document(&content, &organ));
        let document = read.await.map_err(|error| kit::Error::Internal(error.to_string()))?;
        let bytes = self.press.print(document.ok_or(EMPTY)?, format).await?;
        let stored = self.files.put(bytes).await?;
        let size = i64::try_from(stored.size).unwrap_or(i64::MAX);
        let (id, number) = (revision.policy_id, revision.revision);
        let tx = self.db.begin().await?;
        // It may have been expunged while it was laid out; the sweep takes the file then.
        store::policies::lock(&tx, id).await?;
        readable(&*tx, id, number).await?;
        let made = Made {
            policy_id: id,
            revision: number,
            format,
            sha256: &stored.sha256,
            size,
            maker: self.press.maker(),
        };
        store::renditions::keep(&tx, made, self.clock.now(), self.clock.today()).await?;
        tx.commit().await?;
        let file = self.files.open_file(&stored.sha256).await?;
        let file = file.ok_or(Error::Inconsistent("renditions.sha256"))?;
        Ok(Kept { revision, format, sha256: stored.sha256, size, file })
    }

    /// Makes new revisions ready before they are asked for, and lets go of what nobody asks for.
    #[tracing::instrument(name = "job.documents.tend_renditions", skip_all)]
    pub async fn tend_renditions(&self) -> Result<()> {
        let since = self.clock.now() - NEW;
        for format in Format::ALL.into_iter().filter(|format| self.press.makes(*format)) {
            let conn = self.db.conn();
            let maker = self.press.maker();
            for id in store::renditions::unmade(conn, format, maker, since, MOST_AT_ONCE).await? {
                match self.rendition(&Caller::service("documents"), id, 0, format).await {
                    Ok(_) | Err(Error::NoRendition(_)) => {}
                    Err(error) => tracing::warn!(%error, policy.id = %id, "no rendition was made"),
                }
            }
        }
        let most = i64::try_from(self.config.max_rendition_bytes).unwrap_or(i64::MAX);
        let gone = store::renditions::trim(self.db.conn(), most).await?;
        if gone > 0 {
            tracing::info!(renditions.gone = gone, "renditions that nobody asked for were let go");
        }
        Ok(())
    }
}

/// A revision that may be had as a file: public, with its text, and of a public policy.
pub async fn readable(
    conn: &impl ConnectionTrait,
    id: PolicyId,
    revision: i64,
) -> Result<RevisionRow> {
    let policy = store::policies::find(conn, id).await?.ok_or(Error::Unknown("文件"))?;
    match policy.state()? {
        State::Unpublished => return Err(Error::Unknown("文件")),
        State::Withdrawn => return Err(WITHDRAWN),
        State::Published => {}
    }
    let PolicyRow { public_revision, .. } = policy;
    let revision = if revision == 0 { public_revision } else { revision };
    let found = store::revisions::find(conn, id, revision).await?;
    let found = found.ok_or(Error::Unknown("版本"))?;
    if found.expunged_at.is_some() {
        return Err(EXPUNGED);
    }
    if found.occasion == Occasion::Withdrawn.word() {
        return Err(WITHDRAWN);
    }
    if found.body.trim().is_empty() { Err(EMPTY) } else { Ok(found) }
}
