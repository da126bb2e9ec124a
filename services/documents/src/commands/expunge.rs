//! Expunging: the one exception to revisions for ever. Two people, one ground.

use contracts::documents::RevisionExpunged;
use kit::{
    auth::Caller,
    outbox::{self, NewEvent, Subject},
};

use super::{Documents, Opened, aggregate, facts};
use crate::{
    domain::{ExpungeId, PolicyId, content::EXPUNGED_TITLE, policy::State, text},
    error::{Error, Result},
    store::{
        self,
        expunges::ExpungeRow,
        revisions::{self, RevisionRow},
    },
};

const TWO_PEOPLE: Error = Error::Expunge {
    reason: "SAME_PERSON",
    message: "提出删除的人不能自己批准，请由另一人批准",
};
const ALREADY: Error =
    Error::Expunge { reason: "ALREADY_EXPUNGED", message: "这个版本的内容已经删除" };

impl Documents {
    /// Asks, with a ground, that a revision be blanked everywhere.
    #[tracing::instrument(name = "command.documents.request_expunge", skip_all, fields(policy.id = %id))]
    pub async fn request_expunge(
        &self,
        caller: &Caller,
        id: PolicyId,
        revision: i64,
        ground: &str,
    ) -> Result<ExpungeId> {
        let ground = text::line(ground);
        if ground.is_empty() || ground.chars().count() > text::MAX_LINE_CHARS {
            return Err(Error::invalid("ground", "请写明删除的法律依据，最多 1000 个字"));
        }
        let tx = self.db.begin().await?;
        self.open(&tx, caller, id).await?;
        expungeable(revisions::find(&*tx, id, revision).await?)?;
        let request = ExpungeRow {
            id: ExpungeId::new(&*self.clock),
            policy_id: id,
            revision,
            ground,
            requested_by: caller.actor(),
            requested_name: caller.name.clone(),
            requested_at: self.clock.now(),
        };
        store::expunges::insert(&tx, &request).await?;
        self.audit(&tx, caller, "expunge.request", id, &request.ground).await?;
        tx.commit().await?;
        Ok(request.id)
    }

    /// A second person agrees: the revision is blanked in tables, files and log.
    #[tracing::instrument(name = "command.documents.approve_expunge", skip_all)]
    pub async fn approve_expunge(
        &self,
        caller: &Caller,
        expunge: ExpungeId,
    ) -> Result<(PolicyId, i64)> {
        let tx = self.db.begin().await?;
        let request =
            store::expunges::lock(&tx, expunge).await?.ok_or(Error::Unknown("删除申请"))?;
        let ExpungeRow { policy_id: id, revision, ground, requested_by, .. } = request;
        let mut opened = self.open(&tx, caller, id).await?;
        if requested_by == caller.actor() {
            return Err(TWO_PEOPLE);
        }
        let row = expungeable(revisions::find(&*tx, id, revision).await?)?;
        let was_public =
            opened.policy.state == State::Published && opened.policy.public_revision == revision;
        let now = self.clock.now();
        let blanked = row.content()?.blanked();
        revisions::blank(&tx, id, revision, &blanked, &ground, now).await?;
        let mut files = self.files_of(&tx, id, revision).await?;
        store::attachments::clear(&tx, id, revision).await?;
        files.extend(store::renditions::clear(&tx, id, revision).await?);
        store::receipts::blank(&tx, id, revision, EXPUNGED_TITLE).await?;
        if opened.policy.public_revision == revision {
            blank_public(&mut opened, &blanked);
            store::worklist::blank(&tx, id, EXPUNGED_TITLE).await?;
        }
        outbox::redact(&tx, &aggregate(id), revision, facts::redacted).await?;
        let told = RevisionExpunged {
            policy_id: id.to_string(),
            revision,
            ground,
            sha256: row.sha256,
            was_public,
        };
        let (name, count) = (aggregate(id), opened.policy.expunge());
        let event = NewEvent::of(&told, Subject { aggregate: &name, revision: count });
        outbox::append_many(&tx, &*self.clock, vec![event], &caller.actor()).await?;
        store::expunges::approve(&tx, expunge, &caller.actor(), now).await?;
        self.keep(&tx, caller, opened, "expunge.approve", &["revision"]).await?;
        if was_public {
            let affected = store::relations::replace(&tx, id, Vec::new()).await?;
            store::relations::restate(&tx, &affected, self.clock.today()).await?;
        }
        tx.commit().await?;
        // What a death leaves here goes with the next sweep.
        self.remove_unused(&files).await?;
        Ok((id, revision))
    }
}

fn expungeable(row: Option<RevisionRow>) -> Result<RevisionRow> {
    let row = row.ok_or(Error::Unknown("版本"))?;
    if row.expunged_at.is_some() { Err(ALREADY) } else { Ok(row) }
}

fn blank_public(opened: &mut Opened, blanked: &crate::domain::content::Content) {
    let organ_name = opened.row.organ_name.clone();
    opened.row.describe(blanked, &organ_name);
    opened.row.withdrawal_reason.clear();
    opened.row.expunged = true;
}
