//! Publication: revision, index number, relations, event and receipt in one transaction.

use chrono::{DateTime, Datelike as _, Utc};
use contracts::documents::Announcement;
use kit::{auth::Caller, db::Tx, outbox};
use sha2::{Digest as _, Sha256};

use super::{Documents, Opened, effects, facts, fresh, intake, person};
use crate::{
    domain::{
        PolicyId, content::Content, draft::Draft, draft::DraftState, effect, index_number,
        policy::Change,
    },
    error::{Error, Result},
    store::{
        self,
        attachments::DRAFT,
        organs::OrganRow,
        policies::PolicyRow,
        relations::RelationRow,
        revisions::{self, RevisionRow},
    },
};

impl Documents {
    /// Makes an approved draft public, now or at a set minute.
    #[tracing::instrument(name = "command.documents.publish", skip_all, fields(policy.id = %id))]
    pub async fn publish(
        &self,
        caller: &Caller,
        id: PolicyId,
        etag: &str,
        at: Option<DateTime<Utc>>,
        request_id: &str,
    ) -> Result<()> {
        let mut asked = false;
        loop {
            let tx = self.db.begin().await?;
            let mut opened = self.open(&tx, caller, id).await?;
            if self.answered(&tx, caller, request_id, "PublishPolicy").await?.is_some() {
                return Ok(());
            }
            fresh(&tx, &opened.row, etag).await?;
            if let Some(at) = at {
                opened.policy.schedule(at, person(caller), self.clock.now())?;
                self.keep(&tx, caller, opened, "policy.schedule", &["draft.state"]).await?;
            } else {
                let organ = issuer(&tx, &opened).await?;
                if !asked && organ.as_ref().is_none_or(|organ| organ.credit_code.is_none()) {
                    tx.rollback().await?;
                    self.know_organ_of(id).await?;
                    asked = true;
                    continue;
                }
                self.make_public(&tx, caller, opened, organ).await?;
            }
            self.remember(&tx, caller, request_id, "PublishPolicy", id).await?;
            tx.commit().await?;
            self.receipts_changed();
            return Ok(());
        }
    }

    /// Publishes what is due; one that fails does not hold back the others.
    #[tracing::instrument(name = "job.documents.publish_due", skip_all)]
    pub async fn publish_due(&self) -> Result<()> {
        for id in store::drafts::due(self.db.conn(), self.clock.now()).await? {
            if let Err(error) = self.publish_scheduled(id).await {
                let error = kit::error::chain(&error);
                tracing::error!(policy.id = %id, error, "a scheduled policy was not published");
            }
        }
        Ok(())
    }

    async fn publish_scheduled(&self, id: PolicyId) -> Result<()> {
        self.know_organ_of(id).await?;
        let tx = self.db.begin().await?;
        let opened = self.open(&tx, &Caller::service("documents"), id).await?;
        let now = self.clock.now();
        let Some(draft) = opened.policy.draft.as_ref().filter(|draft| {
            draft.state == DraftState::Scheduled && draft.publish_at.is_some_and(|at| at <= now)
        }) else {
            return Ok(());
        };
        let publisher = draft.publisher.clone();
        // It is the person who set the minute that publishes; the clock only keeps the appointment.
        let caller = Caller {
            account_id: publisher.account_id,
            name: publisher.name,
            ..Caller::anonymous()
        };
        let organ = issuer(&tx, &opened).await?;
        self.make_public(&tx, &caller, opened, organ).await?;
        tx.commit().await?;
        self.receipts_changed();
        Ok(())
    }

    /// Asks identity for the organ of a draft before a transaction begins.
    async fn know_organ_of(&self, id: PolicyId) -> Result<()> {
        if let Some(draft) = store::drafts::find(self.db.conn(), id).await? {
            self.organ(&draft.content.organ_code).await?;
        }
        Ok(())
    }

    async fn make_public(
        &self,
        tx: &Tx,
        caller: &Caller,
        mut opened: Opened,
        organ: Option<OrganRow>,
    ) -> Result<()> {
        let (draft, change) = opened.policy.publish()?;
        let content = &draft.content;
        super::privacy::last_look(&**tx, opened.row.id, content).await?;
        let organ = organ.ok_or_else(|| Error::invalid("organ_code", "发文机关不在机构名录中"))?;
        let own = Some(opened.row.id);
        intake::refuse(self.grave_concerns(&**tx, own, content, &organ.name).await?)?;
        let id = opened.row.id;
        let now = self.clock.now();
        self.show(&mut opened.row, content, &organ.name, now)?;
        opened.row.organ_unassigned = false;
        let hashes = self.files_of(tx, id, DRAFT).await?;
        if !hashes.is_empty() {
            store::attachments::copy(tx, id, DRAFT, change.revision).await?;
            store::attachments::clear(tx, id, DRAFT).await?;
        }
        let all = Announcement::All;
        let row = revision_row(&opened.row, &draft, change, &hashes, all);
        revisions::insert(tx, vec![row]).await?;
        let (receipt, steps) = self.receipt(&opened.row, change);
        store::receipts::insert(tx, vec![receipt], steps).await?;
        self.note(tx, caller, &mut opened, "policy.publish", &["revision", "draft.state"]).await?;
        // Late, because whoever publishes in the same organ and year waits for the serial's lock.
        if opened.row.index_number.is_none() {
            opened.row.index_number = Some(self.next_index_number(tx, &organ, content).await?);
        }
        let event = facts::event(&opened.row, content, change, &draft.revision_reason, all);
        let relations = RelationRow::of(id, &content.relations, starts_on(content, now));
        store::policies::save(tx, opened.row).await?;
        // Only now is the policy public, and a target for those that waited for it.
        let affected = if change.revision == 1 {
            store::relations::add(tx, &[id], relations).await?
        } else {
            store::relations::replace(tx, id, relations).await?
        };
        store::relations::restate(tx, &affected, self.clock.today()).await?;
        outbox::append_many(tx, &*self.clock, vec![event], &caller.actor()).await?;
        Ok(())
    }

    async fn next_index_number(
        &self,
        tx: &Tx,
        organ: &OrganRow,
        content: &Content,
    ) -> Result<String> {
        let code = self.index_code(organ);
        let year = self.index_year(content);
        let serial = store::policies::take_serials(tx, code, year, 1).await?;
        index_number::write(code, year, serial).ok_or(Error::NoIndexNumber(year))
    }

    /// The code that an organ's index numbers begin with.
    pub(super) fn index_code<'a>(&'a self, organ: &'a OrganRow) -> &'a str {
        index_number::code(organ.credit_code.as_deref().unwrap_or(""), &self.config.city_code)
    }

    /// The year of an index number: of issue, or of publication where nobody knows that.
    pub(super) fn index_year(&self, content: &Content) -> i32 {
        content.issued_on.unwrap_or_else(|| self.clock.today()).year()
    }

    /// Makes a row show a content to the public from now on.
    pub(super) fn show(
        &self,
        row: &mut PolicyRow,
        content: &Content,
        organ_name: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        if row.published_at.is_none() {
            row.published_at = Some(now);
            row.listed_at = now;
        }
        let first = row.revised_at.is_none();
        row.revised_at = Some(now);
        row.withdrawn_at = None;
        row.withdrawal_reason.clear();
        row.expunged = false;
        row.describe(content, organ_name);
        let rules = &self.config.default_validity;
        row.set_period(effect::default_period(rules, content, organ_name).as_ref());
        effects::expect(row, content, kit::clock::day_of(now), first)
    }
}

/// The organ of the draft, as far as this service knows it.
async fn issuer(tx: &Tx, opened: &Opened) -> Result<Option<OrganRow>> {
    match &opened.policy.draft {
        Some(draft) => store::organs::find(&**tx, &draft.content.organ_code).await,
        None => Ok(None),
    }
}

/// The first day on which the relations of a content count.
pub(super) fn starts_on(content: &Content, now: DateTime<Utc>) -> Option<chrono::NaiveDate> {
    content.effective_on.or(content.issued_on).or_else(|| Some(kit::clock::day_of(now)))
}

/// The revision that a draft becomes.
pub(super) fn revision_row(
    row: &PolicyRow,
    draft: &Draft,
    change: Change,
    attachments: &[String],
    announcement: Announcement,
) -> RevisionRow {
    let Draft { content, author, reviewer, revision_reason, .. } = draft;
    let json = revisions::content_json(content);
    RevisionRow {
        policy_id: row.id,
        revision: change.revision,
        occasion: change.occasion.word().to_owned(),
        sha256: fingerprint(&json, &content.text, attachments),
        content: json,
        body: content.text.clone(),
        organ_name: row.organ_name.clone(),
        published_at: row.revised_at.unwrap_or(row.listed_at),
        author_id: author.account_id.clone(),
        author_name: author.name.clone(),
        reviewer_id: reviewer.account_id.clone(),
        reviewer_name: reviewer.name.clone(),
        reason: revision_reason.clone(),
        announcement: i64::from(i32::from(announcement)),
        expunged_ground: String::new(),
        expunged_at: None,
    }
}

/// SHA-256 over content, body and the hashes of the attachments, each closed by a zero byte.
pub(super) fn fingerprint(content: &str, body: &str, attachments: &[String]) -> String {
    let mut digest = Sha256::new();
    for part in [content, body].into_iter().chain(attachments.iter().map(String::as_str)) {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    hex::encode(digest.finalize())
}
