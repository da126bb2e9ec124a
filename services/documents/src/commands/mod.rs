//! What can be done: one method, one transaction, its events written in it.

mod attachments;
pub mod directory;
mod drafting;
mod effects;
mod expunge;
mod facts;
mod import;
mod intake;
pub mod lifecycle;
mod privacy;
mod publish;
mod receipts;
pub mod renditions;
mod withdraw;
mod worklist;

use std::sync::Arc;

use kit::{
    auth::Caller,
    clock::Clock,
    db::{Db, Tx},
    files::Files,
    idempotency,
};
use tokio::sync::watch;

pub use import::{Announced, Batch, Outcome};
pub use intake::{Brought, Read};

use crate::{
    config::Config,
    domain::{
        Person, PolicyId,
        policy::{Policy, State},
    },
    error::{Error, Result},
    press::Press,
    store::{self, organs::OrganRow, policies::PolicyRow},
};
use directory::Directory;

/// The policy library: everything that can be done in it.
#[derive(Clone)]
pub struct Documents {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: Arc<Config>,
    pub(crate) files: Files,
    pub(crate) press: Press,
    directory: Arc<dyn Directory>,
    changed: Arc<watch::Sender<()>>,
}

/// A policy that is locked for a change.
struct Opened {
    row: PolicyRow,
    policy: Policy,
}

impl Documents {
    /// The library over its tables, files and the directory of organs.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        config: Config,
        files: Files,
        directory: Arc<dyn Directory>,
    ) -> Self {
        let changed = Arc::new(watch::Sender::new(()));
        let press = Press::new(&config.fonts_dir, config.renditions_at_once);
        Self { db, clock, config: Arc::new(config), files, press, directory, changed }
    }

    /// Wakes who watches receipts.
    pub(crate) fn receipts_changed(&self) {
        self.changed.send_replace(());
    }

    /// Wakes on every change of a receipt in this process.
    pub(crate) fn watch_receipts(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Locks a policy for a caller who may change it; who may not know of it is told that it does
    /// not exist.
    async fn open(&self, tx: &Tx, caller: &Caller, id: PolicyId) -> Result<Opened> {
        let row = store::policies::lock(tx, id).await?.ok_or(Error::Unknown("文件"))?;
        let draft = store::drafts::find(&**tx, id).await?;
        let policy = Policy {
            state: row.state()?,
            revision: row.revision,
            public_revision: row.public_revision,
            draft,
        };
        let draft_organ = policy.draft.as_ref().map(|draft| draft.content.organ_code.as_str());
        if caller.may_act_for(&row.organ_code)
            && draft_organ.is_none_or(|organ| caller.may_act_for(organ))
        {
            return Ok(Opened { row, policy });
        }
        match policy.state {
            State::Unpublished => Err(Error::Unknown("文件")),
            State::Published | State::Withdrawn => Err(Error::NotOwnOrgan(row.organ_name)),
        }
    }

    /// Locks a policy whose etag the caller knows.
    async fn open_fresh(
        &self,
        tx: &Tx,
        caller: &Caller,
        id: PolicyId,
        etag: &str,
    ) -> Result<Opened> {
        let opened = self.open(tx, caller, id).await?;
        fresh(tx, &opened.row, etag).await?;
        Ok(opened)
    }

    /// Writes what a command made of a policy, and who did it.
    async fn keep(
        &self,
        tx: &Tx,
        caller: &Caller,
        mut opened: Opened,
        action: &str,
        fields: &[&str],
    ) -> Result<()> {
        self.note(tx, caller, &mut opened, action, fields).await?;
        store::policies::save(tx, opened.row).await
    }

    /// Writes everything of [`Documents::keep`] but the policy's own row.
    async fn note(
        &self,
        tx: &Tx,
        caller: &Caller,
        opened: &mut Opened,
        action: &str,
        fields: &[&str],
    ) -> Result<()> {
        let Opened { row, policy } = opened;
        row.version += 1;
        row.settle(policy);
        if let (State::Unpublished, Some(draft)) = (policy.state, &policy.draft) {
            let organ_name = row.organ_name.clone();
            row.describe(&draft.content, &organ_name);
        }
        store::drafts::keep(tx, row.id, policy.draft.as_ref()).await?;
        let (now, who) = (self.clock.now(), person(caller));
        store::changes::note(tx, row.id, row.version, now, &who, fields).await?;
        self.audit(tx, caller, action, row.id, &fields.join(",")).await
    }

    async fn audit(
        &self,
        tx: &Tx,
        caller: &Caller,
        action: &str,
        id: PolicyId,
        detail: &str,
    ) -> Result<()> {
        let resource = aggregate(id);
        Ok(kit::audit::record(tx, &*self.clock, caller, action, &resource, detail).await?)
    }

    /// The hashes of a revision's attachments.
    async fn files_of(&self, tx: &Tx, id: PolicyId, revision: i64) -> Result<Vec<String>> {
        let placed = store::attachments::placed(&**tx, id).await?;
        let own = placed.into_iter().filter(|file| file.revision == revision);
        Ok(own.map(|file| file.sha256).collect())
    }

    /// The policy that a repeated request was answered with.
    async fn answered(
        &self,
        tx: &Tx,
        caller: &Caller,
        request_id: &str,
        method: &str,
    ) -> Result<Option<PolicyId>> {
        let answer = idempotency::find(tx, &own_request(caller, request_id), method).await?;
        let text = answer.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(text.map(|id| id.parse()).transpose()?)
    }

    async fn remember(
        &self,
        tx: &Tx,
        caller: &Caller,
        request_id: &str,
        method: &str,
        id: PolicyId,
    ) -> Result<()> {
        let request_id = own_request(caller, request_id);
        let answer = id.to_string().into_bytes();
        Ok(idempotency::remember(tx, &*self.clock, &request_id, method, &answer).await?)
    }

    /// An organ, asked of identity where it is not known well enough; never within a transaction.
    async fn organ(&self, code: &str) -> Result<Option<OrganRow>> {
        let known = store::organs::find(self.db.conn(), code).await?;
        if known.as_ref().is_some_and(|organ| organ.credit_code.is_some()) {
            return Ok(known);
        }
        match self.directory.organ(code).await {
            Ok(Some(organ)) if organ.code == code => {
                self.learn(std::slice::from_ref(&organ)).await?;
                Ok(Some(organ))
            }
            Ok(_) => Ok(known),
            Err(error) if known.is_none() => Err(error),
            Err(error) => {
                tracing::warn!(organ.code = code, %error, "an organ's code stays unknown for now");
                Ok(known)
            }
        }
    }

    /// Keeps organs that identity told of.
    async fn learn(&self, organs: &[OrganRow]) -> Result<()> {
        let tx = self.db.begin().await?;
        for organ in organs {
            store::organs::keep(&tx, organ).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Compares what the caller read with what is there; an empty etag asks for no comparison.
async fn fresh(tx: &Tx, row: &PolicyRow, etag: &str) -> Result<()> {
    if etag.is_empty() || etag == self::etag(row.version) {
        return Ok(());
    }
    let seen = etag.strip_prefix('v').and_then(|version| version.parse().ok()).unwrap_or(0);
    let changes = store::changes::since(tx, row.id, seen).await?;
    let mut fields: Vec<String> = Vec::new();
    for field in changes.iter().flat_map(|change| change.fields.split(',')) {
        if !field.is_empty() && !fields.iter().any(|known| known == field) {
            fields.push(field.to_owned());
        }
    }
    let last = changes.last();
    Err(Error::Stale {
        fields,
        by: last.map_or_else(|| "他人".to_owned(), |change| change.name.clone()),
        at: last.map(|change| change.changed_at),
    })
}

/// The version of a policy as callers see it.
pub fn etag(version: i64) -> String {
    format!("v{version}")
}

/// A policy as events and the audit trail name it.
pub fn aggregate(id: PolicyId) -> String {
    format!("policies/{id}")
}

/// The caller as rows name people.
fn person(caller: &Caller) -> Person {
    let account_id = match &caller.service {
        Some(service) => format!("services/{service}"),
        None => caller.account_id.clone(),
    };
    Person { account_id, name: caller.name.clone() }
}

/// One caller's request ids are not another's.
fn own_request(caller: &Caller, request_id: &str) -> String {
    if request_id.is_empty() { String::new() } else { format!("{}:{request_id}", caller.actor()) }
}
