//! Withdrawal: the policy becomes a tombstone, and every copy has to say that it is gone.

use contracts::documents::Announcement;
use kit::{auth::Caller, outbox};

use super::{Documents, facts, fresh, person, publish};
use crate::{
    domain::PolicyId,
    error::Result,
    store::{
        self,
        revisions::{self, RevisionRow},
    },
};

impl Documents {
    /// Takes a policy from the public, with a reason.
    #[tracing::instrument(name = "command.documents.withdraw", skip_all, fields(policy.id = %id))]
    pub async fn withdraw(
        &self,
        caller: &Caller,
        id: PolicyId,
        reason: &str,
        etag: &str,
        request_id: &str,
    ) -> Result<()> {
        let tx = self.db.begin().await?;
        let mut opened = self.open(&tx, caller, id).await?;
        if self.answered(&tx, caller, request_id, "WithdrawPolicy").await?.is_some() {
            return Ok(());
        }
        fresh(&tx, &opened.row, etag).await?;
        let (reason, change) = opened.policy.withdraw(reason)?;
        let (now, who) = (self.clock.now(), person(caller));
        let tombstone = opened.row.content()?.tombstone();
        let json = revisions::content_json(&tombstone);
        opened.row.content.clone_from(&json);
        opened.row.withdrawn_at = Some(now);
        opened.row.withdrawal_reason.clone_from(&reason);
        let row = RevisionRow {
            policy_id: id,
            revision: change.revision,
            occasion: change.occasion.word().to_owned(),
            sha256: publish::fingerprint(&json, "", &[]),
            content: json,
            body: String::new(),
            organ_name: opened.row.organ_name.clone(),
            published_at: now,
            author_id: who.account_id,
            author_name: who.name,
            reviewer_id: String::new(),
            reviewer_name: String::new(),
            reason: reason.clone(),
            announcement: i64::from(i32::from(Announcement::All)),
            expunged_ground: String::new(),
            expunged_at: None,
        };
        revisions::insert(&tx, vec![row]).await?;
        let event = facts::event(&opened.row, &tombstone, change, &reason, Announcement::All);
        let (receipt, steps) = self.receipt(&opened.row, change);
        store::receipts::insert(&tx, vec![receipt], steps).await?;
        self.keep(&tx, caller, opened, "policy.withdraw", &["state"]).await?;
        let affected = store::relations::targets_of(&tx, &[id]).await?;
        store::relations::restate(&tx, &affected, self.clock.today()).await?;
        outbox::append_many(&tx, &*self.clock, vec![event], &caller.actor()).await?;
        self.remember(&tx, caller, request_id, "WithdrawPolicy", id).await?;
        tx.commit().await?;
        self.receipts_changed();
        Ok(())
    }
}
