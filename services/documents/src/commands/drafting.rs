//! Writing and reviewing: everything that happens to a draft before it is public.

use kit::auth::Caller;

use super::{Documents, Opened, person};
use crate::{
    domain::{
        PolicyId,
        content::Content,
        policy::{Policy, State},
        text,
    },
    error::{Error, Result},
    store::{self, attachments::DRAFT, organs::OrganRow, policies::PolicyRow},
};

impl Documents {
    /// Starts a policy as a draft.
    #[tracing::instrument(name = "command.documents.create", skip_all)]
    pub async fn create(
        &self,
        caller: &Caller,
        content: Content,
        request_id: &str,
    ) -> Result<PolicyId> {
        let (content, organ) = self.checked(caller, content).await?;
        let tx = self.db.begin().await?;
        if let Some(id) = self.answered(&tx, caller, request_id, "CreatePolicy").await? {
            return Ok(id);
        }
        let (now, id) = (self.clock.now(), PolicyId::new(&*self.clock));
        let mut row = PolicyRow::begun(id, &organ.name, &content, now);
        let policy = Policy::new(content, person(caller), now);
        row.settle(&policy);
        let version = row.version;
        store::policies::insert(&tx, vec![row]).await?;
        store::drafts::keep(&tx, id, policy.draft.as_ref()).await?;
        store::changes::note(&tx, id, version, now, &person(caller), &["draft"]).await?;
        self.audit(&tx, caller, "policy.create", id, "").await?;
        self.remember(&tx, caller, request_id, "CreatePolicy", id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes the draft; on a policy that was public it starts the draft of a revision.
    #[tracing::instrument(name = "command.documents.update_draft", skip_all, fields(policy.id = %id))]
    pub async fn update_draft(
        &self,
        caller: &Caller,
        id: PolicyId,
        content: Content,
        reason: &str,
        etag: &str,
    ) -> Result<()> {
        let (content, organ) = self.checked(caller, content).await?;
        let tx = self.db.begin().await?;
        let mut opened = self.open_fresh(&tx, caller, id, etag).await?;
        let before = match &opened.policy.draft {
            Some(draft) => draft.content.clone(),
            None => opened.row.content()?,
        };
        let starts = opened.policy.draft.is_none();
        let fields = before.differences(&content);
        opened.policy.edit(content, reason, person(caller), self.clock.now())?;
        if starts {
            let public = opened.row.public_revision;
            store::attachments::copy(&tx, id, public, DRAFT).await?;
        }
        if opened.policy.state == State::Unpublished {
            opened.row.organ_name = organ.name;
            opened.row.organ_unassigned = false;
        }
        self.keep(&tx, caller, opened, "draft.update", &fields).await?;
        Ok(tx.commit().await?)
    }

    /// Puts the draft before a second person.
    #[tracing::instrument(name = "command.documents.submit_draft", skip_all, fields(policy.id = %id))]
    pub async fn submit_draft(&self, caller: &Caller, id: PolicyId, etag: &str) -> Result<()> {
        self.must_expose_nothing(caller, id).await?;
        self.must_be_sound(caller, id).await?;
        self.change(caller, id, etag, "draft.submit", |opened| {
            opened.policy.submit(self.clock.now())
        })
        .await
    }

    /// A second person sends the draft back with a reason.
    #[tracing::instrument(name = "command.documents.return_draft", skip_all, fields(policy.id = %id))]
    pub async fn return_draft(
        &self,
        caller: &Caller,
        id: PolicyId,
        reason: &str,
        etag: &str,
    ) -> Result<()> {
        self.change(caller, id, etag, "draft.return", |opened| {
            opened.policy.send_back(person(caller), reason, self.clock.now())
        })
        .await
    }

    /// A second person approves the draft.
    #[tracing::instrument(name = "command.documents.approve_draft", skip_all, fields(policy.id = %id))]
    pub async fn approve_draft(&self, caller: &Caller, id: PolicyId, etag: &str) -> Result<()> {
        self.change(caller, id, etag, "draft.approve", |opened| {
            opened.policy.approve(person(caller), self.clock.now())
        })
        .await
    }

    /// Takes back the minute at which the draft was to become public.
    #[tracing::instrument(name = "command.documents.unschedule", skip_all, fields(policy.id = %id))]
    pub async fn unschedule(&self, caller: &Caller, id: PolicyId, etag: &str) -> Result<()> {
        self.change(caller, id, etag, "policy.unschedule", |opened| {
            opened.policy.unschedule(self.clock.now())
        })
        .await
    }

    /// Throws the draft away, and the policy with it if that was never public; whether it was.
    #[tracing::instrument(name = "command.documents.discard_draft", skip_all, fields(policy.id = %id))]
    pub async fn discard_draft(&self, caller: &Caller, id: PolicyId, etag: &str) -> Result<bool> {
        let tx = self.db.begin().await?;
        let mut opened = self.open_fresh(&tx, caller, id, etag).await?;
        opened.policy.discard()?;
        let was_public = opened.policy.state != State::Unpublished;
        if was_public {
            store::attachments::clear(&tx, id, DRAFT).await?;
            self.keep(&tx, caller, opened, "draft.discard", &["draft"]).await?;
        } else {
            self.audit(&tx, caller, "draft.discard", id, "").await?;
            store::policies::delete(&tx, id).await?;
        }
        tx.commit().await?;
        Ok(was_public)
    }

    async fn change(
        &self,
        caller: &Caller,
        id: PolicyId,
        etag: &str,
        action: &str,
        act: impl FnOnce(&mut Opened) -> Result<(), crate::domain::policy::Refusal> + Send,
    ) -> Result<()> {
        let tx = self.db.begin().await?;
        let mut opened = self.open_fresh(&tx, caller, id, etag).await?;
        act(&mut opened)?;
        self.keep(&tx, caller, opened, action, &["draft.state"]).await?;
        Ok(tx.commit().await?)
    }

    /// Measures, cleans and checks what a clerk wrote, for an organ that the clerk may write for.
    async fn checked(&self, caller: &Caller, content: Content) -> Result<(Content, OrganRow)> {
        if content.text.len() > text::MAX_BODY_BYTES {
            return Err(Error::BodyTooLarge { bytes: content.text.len() });
        }
        let content = content.tidied();
        let violations = content.violations(&self.config.categories);
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        if content.text.len() > text::MAX_BODY_BYTES {
            return Err(Error::BodyTooLarge { bytes: content.text.len() });
        }
        let organ = self.organ(&content.organ_code).await?.ok_or_else(|| {
            Error::invalid("organ_code", format!("机构“{}”不在机构名录中", content.organ_code))
        })?;
        if !caller.may_act_for(&organ.code) {
            return Err(Error::NotOwnOrgan(organ.name));
        }
        Ok((content, organ))
    }
}
