//! The privacy gate: nothing personal is published unless somebody says why.
//!
//! 《政府信息公开条例》 article 15; 《个人信息保护法》 articles 25 and 28.

use std::collections::HashSet;

use kit::auth::Caller;
use sea_orm::ConnectionTrait;

use super::{Documents, person};
use crate::{
    domain::{
        PolicyId,
        content::Content,
        exposure::{self, Exposure},
        policy::Refusal,
        text,
    },
    error::{Error, Result},
    store::{self, attachments::DRAFT},
};

impl Documents {
    /// What the draft of a policy would expose and nobody has justified, and what could not be
    /// looked into.
    pub async fn exposures(
        &self,
        caller: &Caller,
        id: PolicyId,
    ) -> Result<(Vec<Exposure>, Vec<String>)> {
        let tx = self.db.begin().await?;
        let opened = self.open(&tx, caller, id).await?;
        tx.rollback().await?;
        let draft = opened.policy.draft.ok_or(Error::Refused(Refusal::NoDraft))?;
        let (mut found, unread) = self.of_files(id).await?;
        found.splice(0..0, exposure::of_content(&draft.content));
        Ok((undecided(self.db.conn(), id, found).await?, unread))
    }

    /// Masks exposures in the text of a draft.
    #[tracing::instrument(name = "command.documents.mask_exposures", skip_all, fields(policy.id = %id))]
    pub async fn mask_exposures(
        &self,
        caller: &Caller,
        id: PolicyId,
        exposures: &[String],
        etag: &str,
    ) -> Result<()> {
        let ids: HashSet<&str> = exposures.iter().map(String::as_str).collect();
        let tx = self.db.begin().await?;
        let mut opened = self.open_fresh(&tx, caller, id, etag).await?;
        let draft = opened.policy.draft.as_ref().ok_or(Error::Refused(Refusal::NoDraft))?;
        let content = exposure::masked(draft.content.clone(), &ids);
        let fields = draft.content.differences(&content);
        if fields.is_empty() {
            return Err(Error::invalid("exposure_ids", "请选择要遮盖的个人信息；附件请替换文件"));
        }
        opened.policy.edit(content, "", person(caller), self.clock.now())?;
        self.keep(&tx, caller, opened, "privacy.mask", &fields).await?;
        Ok(tx.commit().await?)
    }

    /// Notes why exposures of a draft may be published.
    #[tracing::instrument(name = "command.documents.justify_exposures", skip_all, fields(policy.id = %id))]
    pub async fn justify_exposures(
        &self,
        caller: &Caller,
        id: PolicyId,
        exposures: &[String],
        reason: &str,
        etag: &str,
    ) -> Result<()> {
        let reason = text::line(reason);
        if reason.is_empty() || reason.chars().count() > text::MAX_LINE_CHARS {
            return Err(Error::invalid("reason", "请写明可以公开的依据，最多 1000 个字"));
        }
        let (known, _) = self.exposures(caller, id).await?;
        if exposures.is_empty()
            || exposures.iter().any(|wanted| known.iter().all(|one| one.id != *wanted))
        {
            return Err(Error::invalid("exposure_ids", "请选择这份草稿中待处理的个人信息"));
        }
        let tx = self.db.begin().await?;
        let opened = self.open_fresh(&tx, caller, id, etag).await?;
        let (now, who) = (self.clock.now(), person(caller));
        for exposure in exposures {
            store::decisions::justify(&tx, id, exposure, &reason, &who, now).await?;
        }
        self.keep(&tx, caller, opened, "privacy.justify", &["privacy"]).await?;
        Ok(tx.commit().await?)
    }

    /// Refuses a draft that would expose what nobody has justified, its files included.
    pub(super) async fn must_expose_nothing(&self, caller: &Caller, id: PolicyId) -> Result<()> {
        let (found, _) = self.exposures(caller, id).await?;
        if found.is_empty() { Ok(()) } else { Err(Error::Exposes(found)) }
    }

    /// What the files of a draft expose, and what of them could not be looked into.
    async fn of_files(&self, id: PolicyId) -> Result<(Vec<Exposure>, Vec<String>)> {
        let placed = store::attachments::placed(self.db.conn(), id).await?;
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        for file in placed.into_iter().filter(|file| file.revision == DRAFT) {
            let Some(bytes) = self.files.read(&file.sha256).await? else {
                unread.push(format!("附件“{}”不在存储中", file.file_name));
                continue;
            };
            let name = file.file_name;
            let look = move || {
                let read = paper::read(&bytes, Some(&name));
                match read {
                    Ok(paper) => {
                        let not = |part: &paper::Unread| {
                            format!("附件“{name}”{}：{}", part.place, part.why.label())
                        };
                        (exposure::of_file(&name, &paper), paper.unread.iter().map(not).collect())
                    }
                    Err(error) => (Vec::new(), vec![format!("附件“{name}”：{error}")]),
                }
            };
            let (exposed, not): (Vec<Exposure>, Vec<String>) = tokio::task::spawn_blocking(look)
                .await
                .map_err(|error| kit::Error::Internal(error.to_string()))?;
            found.extend(exposed);
            unread.extend(not);
        }
        Ok((found, unread))
    }
}

/// Refuses content that exposes what nobody has justified: the last look, in the transaction that
/// makes it public.
pub(super) async fn last_look(
    conn: &impl ConnectionTrait,
    id: PolicyId,
    content: &Content,
) -> Result<()> {
    let found = exposure::of_content(content);
    if found.is_empty() {
        return Ok(());
    }
    let found = undecided(conn, id, found).await?;
    if found.is_empty() { Ok(()) } else { Err(Error::Exposes(found)) }
}

async fn undecided(
    conn: &impl ConnectionTrait,
    id: PolicyId,
    mut found: Vec<Exposure>,
) -> Result<Vec<Exposure>> {
    if !found.is_empty() {
        let justified = store::decisions::justified(conn, id).await?;
        found.retain(|exposure| !justified.contains(&exposure.id));
        let mut seen = HashSet::new();
        found.retain(|exposure| seen.insert(exposure.id.clone()));
    }
    Ok(found)
}
