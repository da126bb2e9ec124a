//! Historical intake: a batch of documents from elsewhere in one transaction.
//!
//! Single records are refused and reported; the others go on. A record is known by its id at the
//! source, so that importing it again changes nothing.

mod rows;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use contracts::{documents::Announcement, role};
use kit::{auth::Caller, db::Tx, outbox};

use super::Documents;
use crate::{
    domain::{
        PolicyId, Violation, concern, exposure,
        intake::{self, Record, Taken},
        text,
    },
    error::{Error, Result},
    store::{self, organs::OrganRow},
};
use rows::Rows;

/// Most records of one batch.
const MOST_RECORDS: usize = 500;
/// How often a batch is stored that finds others storing the same records.
const MOST_ATTEMPTS: u32 = 3;

/// Whom imported documents are announced to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announced {
    /// Nobody for what is old, everyone for the rest.
    ByAge,
    /// As the operator says.
    As(Announcement),
}

/// Documents from elsewhere, and how to take them in.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The documents.
    pub records: Vec<Record>,
    /// Make them public at once.
    pub publish: bool,
    /// Why one person may do so.
    pub reason: String,
    /// Stands in where a record names no issuing body.
    pub organ_code: String,
    /// Add organs that are named but not in the tree.
    pub create_organs: bool,
    /// Whom they are announced to.
    pub announced: Announced,
}

/// What holds for every record of a batch.
#[derive(Clone, Copy)]
struct Terms<'a> {
    publish: bool,
    reason: &'a str,
    announced: Announced,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Taken in.
    Created(PolicyId),
    /// Here already with the same content.
    Unchanged(PolicyId),
    /// Not taken.
    Refused(Violation),
}

/// A record that was read, with its place in the batch.
struct Candidate {
    place: usize,
    source_id: String,
    fingerprint: String,
    taken: Taken,
    /// Whether somebody must look at it before it is public: it would expose something personal, is
    /// not for the public, or was signed on a day to come.
    kept_back: bool,
}

/// A candidate that becomes a policy.
struct Newcomer<'a> {
    id: PolicyId,
    candidate: &'a Candidate,
    organ: OrganRow,
    unassigned: bool,
}

impl Documents {
    /// Takes in documents from elsewhere; answers with one outcome a record, in order.
    #[tracing::instrument(name = "command.documents.import", skip_all)]
    pub async fn import(&self, caller: &Caller, batch: Batch) -> Result<Vec<Outcome>> {
        let reason = text::line(&batch.reason);
        if batch.publish && reason.is_empty() {
            return Err(Error::invalid("reason", "由一人直接发布须说明理由"));
        }
        if (batch.publish || batch.create_organs) && !brings_all(caller) {
            let told =
                "直接发布和新增机构由政务公开办或者运维账号办理；请导入为草稿，再逐份审核发布";
            return Err(Error::invalid("publish", told));
        }
        if batch.records.len() > MOST_RECORDS {
            return Err(Error::invalid("records", format!("每批最多 {MOST_RECORDS} 条")));
        }
        let (mut outcomes, candidates) = self.read(batch.records);
        let issuers = self.issuers(&batch.organ_code, batch.create_organs, &candidates).await?;
        let terms = Terms { publish: batch.publish, reason: &reason, announced: batch.announced };
        let mut attempts = 1;
        loop {
            match self.take_in(caller, &candidates, &issuers, terms, &mut outcomes).await {
                // Another import has the same records: this time they are known.
                Err(Error::Kit(error)) if error.is_duplicate() && attempts < MOST_ATTEMPTS => {
                    attempts += 1;
                }
                done => break done?,
            }
        }
        // Every record has been given its outcome by one of the steps above.
        Ok(outcomes.into_iter().flatten().collect())
    }

    /// Stores what is new of the candidates, in one transaction.
    async fn take_in(
        &self,
        caller: &Caller,
        candidates: &[Candidate],
        issuers: &HashMap<String, OrganRow>,
        terms: Terms<'_>,
        outcomes: &mut [Option<Outcome>],
    ) -> Result<()> {
        let tx = self.db.begin().await?;
        let newcomers = self.sort_out(&tx, caller, candidates, issuers, outcomes).await?;
        if newcomers.is_empty() {
            return Ok(());
        }
        let rows = if terms.publish {
            let (kept_back, sound): (Vec<_>, Vec<_>) =
                newcomers.into_iter().partition(|newcomer| newcomer.candidate.kept_back);
            let mut rows = self.published_rows(&tx, caller, sound, terms).await?;
            rows.add(self.draft_rows(caller, kept_back));
            rows
        } else {
            self.draft_rows(caller, newcomers)
        };
        self.store(&tx, caller, rows, terms.reason).await?;
        tx.commit().await?;
        self.receipts_changed();
        Ok(())
    }

    fn read(&self, records: Vec<Record>) -> (Vec<Option<Outcome>>, Vec<Candidate>) {
        let today = self.clock.today();
        let mut outcomes = vec![None; records.len()];
        let mut candidates = Vec::with_capacity(records.len());
        for ((place, record), outcome) in records.into_iter().enumerate().zip(&mut outcomes) {
            let fingerprint = record.fingerprint();
            let source_id = record.source_id.trim().to_owned();
            match intake::read(record, &self.config.categories, today) {
                Ok(mut taken) => {
                    let found = exposure::of_content(&taken.content);
                    let concerns = concern::of_content(&taken.content, today);
                    let kept_back = !found.is_empty() || !concerns.is_empty();
                    taken.gates.extend(intake::privacy_gate(&found));
                    taken.gates.extend(intake::day_gate(&concerns));
                    candidates.push(Candidate { place, source_id, fingerprint, taken, kept_back });
                }
                Err(broken) => *outcome = Some(Outcome::Refused(broken)),
            }
        }
        (outcomes, candidates)
    }

    /// The organs that the candidates name, asked of identity before the transaction begins; the
    /// importing organ stands under the empty name.
    async fn issuers(
        &self,
        importing: &str,
        create: bool,
        candidates: &[Candidate],
    ) -> Result<HashMap<String, OrganRow>> {
        let names: BTreeSet<&str> =
            candidates.iter().map(|candidate| candidate.taken.content.source.as_str()).collect();
        let mut issuers = HashMap::new();
        if names.contains("") {
            let organ = self.organ(importing).await?.ok_or_else(|| {
                Error::invalid("organ_code", format!("导入机构“{importing}”不在机构名录中"))
            })?;
            issuers.insert(String::new(), organ);
        }
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        for organ in store::organs::by_names(self.db.conn(), &names).await? {
            let organ = self.organ(&organ.code).await?.unwrap_or(organ);
            issuers.entry(organ.name.clone()).or_insert(organ);
        }
        let mut learnt = Vec::new();
        let mut missing = Vec::new();
        for name in names.into_iter().filter(|name| !issuers.contains_key(*name)) {
            match self.directory.organ(name).await? {
                Some(organ) if organ.name == name => learnt.push(organ),
                _ => missing.push(name),
            }
        }
        if create && !missing.is_empty() {
            learnt.extend(self.add_organs(&missing).await?);
        }
        if !learnt.is_empty() {
            self.learn(&learnt).await?;
        }
        issuers.extend(learnt.into_iter().map(|organ| (organ.name.clone(), organ)));
        Ok(issuers)
    }

    async fn add_organs(&self, names: &[&str]) -> Result<Vec<OrganRow>> {
        // A tree without that root, as a fresh platform's, takes them side by side.
        let root = self.organ(&self.config.root_organ).await?;
        let parent_code = root.map(|organ| organ.code).unwrap_or_default();
        let organ = |name: &&str| OrganRow {
            code: intake::organ_code(name),
            name: (*name).to_owned(),
            parent_code: parent_code.clone(),
            credit_code: Some(String::new()),
            revision: 0,
        };
        let mut organs: Vec<_> = names.iter().map(organ).collect();
        let refused = self.directory.add(&organs).await?;
        organs.retain(|organ| !refused.contains(&organ.name));
        Ok(organs)
    }

    /// Tells what is new from what is here already, under the same id in this batch or before.
    async fn sort_out<'a>(
        &self,
        tx: &Tx,
        caller: &Caller,
        candidates: &'a [Candidate],
        issuers: &HashMap<String, OrganRow>,
        outcomes: &mut [Option<Outcome>],
    ) -> Result<Vec<Newcomer<'a>>> {
        let ids: Vec<&str> = candidates.iter().map(|c| c.source_id.as_str()).collect();
        let mut known: BTreeMap<String, (PolicyId, String)> = store::policies::imported(tx, &ids)
            .await?
            .into_iter()
            .map(|row| (row.source_id, (row.id, row.source_hash)))
            .collect();
        let mut newcomers = Vec::new();
        for candidate in candidates {
            let Some(outcome) = outcomes.get_mut(candidate.place) else { continue };
            let issuer = &candidate.taken.content.source;
            *outcome = Some(match (known.get(&candidate.source_id), issuers.get(issuer)) {
                (_, Some(organ)) if !may_bring(caller, organ) => {
                    let told = format!("您的账号不能办理机构“{}”的文件", organ.name);
                    refused("issuing_body", told)
                }
                (Some((id, hash)), _) if *hash == candidate.fingerprint => Outcome::Unchanged(*id),
                (Some(_), _) => refused("id", "同一编号已导入过，内容不同"),
                (None, None) => {
                    refused("issuing_body", format!("发文机关“{issuer}”不在机构名录中"))
                }
                (None, Some(organ)) => {
                    let id = PolicyId::new(&*self.clock);
                    let seen = (id, candidate.fingerprint.clone());
                    known.insert(candidate.source_id.clone(), seen);
                    let (organ, unassigned) = (organ.clone(), issuer.is_empty());
                    newcomers.push(Newcomer { id, candidate, organ, unassigned });
                    Outcome::Created(id)
                }
            });
        }
        Ok(newcomers)
    }

    async fn store(&self, tx: &Tx, caller: &Caller, rows: Rows, reason: &str) -> Result<()> {
        let now = self.clock.now();
        let ids: Vec<PolicyId> = rows.policies.iter().map(|row| row.id).collect();
        let published = !rows.revisions.is_empty();
        store::policies::insert(tx, rows.policies).await?;
        let drafts: Vec<_> = rows.drafts.iter().map(|(id, draft)| (*id, draft)).collect();
        store::drafts::insert(tx, &drafts).await?;
        store::revisions::insert(tx, rows.revisions).await?;
        store::worklist::insert(tx, rows.worklist).await?;
        let versions = ids.iter().map(|id| (*id, 1)).collect();
        let who = super::person(caller);
        store::changes::note_many(tx, versions, now, &who, &["revision"]).await?;
        if published {
            store::receipts::insert(tx, rows.receipts, rows.steps).await?;
            let affected = store::relations::add(tx, &ids, rows.relations).await?;
            store::relations::restate(tx, &affected, self.clock.today()).await?;
            outbox::append_many(tx, &*self.clock, rows.events, &caller.actor()).await?;
        }
        let resource = format!("imports/{}", kit::id::new(&*self.clock));
        let detail = format!("{} policies; {reason}", ids.len());
        let action = if published { "policy.import_published" } else { "policy.import" };
        Ok(kit::audit::record(tx, &*self.clock, caller, action, &resource, &detail).await?)
    }
}

/// Who takes in documents of every organ; a clerk brings those of the own organ only.
fn brings_all(caller: &Caller) -> bool {
    [role::OFFICE, role::OPS, role::SERVICE].iter().any(|role| caller.has(role))
}

fn may_bring(caller: &Caller, organ: &OrganRow) -> bool {
    brings_all(caller) || caller.may_act_for(&organ.code)
}

fn refused(field: &'static str, why: impl Into<String>) -> Outcome {
    Outcome::Refused(Violation::new(field, why))
}
