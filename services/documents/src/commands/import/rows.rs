//! The rows that an import writes, put together before any is written.

use std::collections::BTreeMap;

use contracts::documents::Announcement;
use kit::{auth::Caller, db::Tx, outbox::NewEvent};

use super::{Announced, Newcomer, Terms};
use crate::{
    commands::{Documents, facts, person, publish},
    domain::{
        PolicyId, WorklistEntryId,
        draft::Draft,
        index_number,
        intake::{self, Gate},
        policy::Policy,
    },
    error::{Error, Result},
    store::{
        policies::{self, PolicyRow},
        receipts::{ReceiptRow, StepRow},
        relations::RelationRow,
        revisions::RevisionRow,
        worklist::EntryRow,
    },
};

/// Everything that a batch writes.
#[derive(Default)]
pub(super) struct Rows {
    pub policies: Vec<PolicyRow>,
    pub drafts: Vec<(PolicyId, Draft)>,
    pub revisions: Vec<RevisionRow>,
    pub relations: Vec<RelationRow>,
    pub worklist: Vec<EntryRow>,
    pub receipts: Vec<ReceiptRow>,
    pub steps: Vec<StepRow>,
    pub events: Vec<NewEvent>,
}

impl Rows {
    /// Takes over drafts, which stand beside what is published.
    pub fn add(&mut self, drafts: Self) {
        self.policies.extend(drafts.policies);
        self.drafts.extend(drafts.drafts);
        self.worklist.extend(drafts.worklist);
    }
}

impl Documents {
    /// Rows for documents that become public at once, on one person's recorded responsibility.
    pub(super) async fn published_rows(
        &self,
        tx: &Tx,
        caller: &Caller,
        newcomers: Vec<Newcomer<'_>>,
        terms: Terms<'_>,
    ) -> Result<Rows> {
        let reason = terms.reason;
        let mut numbers = self.take_index_numbers(tx, &newcomers).await?;
        let (now, today) = (self.clock.now(), self.clock.today());
        let mut rows = Rows::default();
        for newcomer in newcomers {
            let number = numbers.remove(&newcomer.id);
            let (mut row, mut policy) = self.begin(caller, &newcomer);
            let (draft, change) = policy.publish_alone(reason)?;
            self.show(&mut row, &draft.content, &newcomer.organ.name, now)?;
            row.settle(&policy);
            row.index_number = number;
            let announcement = match terms.announced {
                Announced::As(whom) => whom,
                Announced::ByAge if intake::is_old(draft.content.issued_on, today) => {
                    Announcement::None
                }
                Announced::ByAge => Announcement::All,
            };
            let content = &draft.content;
            rows.revisions.push(publish::revision_row(&row, &draft, change, &[], announcement));
            let starts_on = publish::starts_on(content, now);
            rows.relations.extend(RelationRow::of(row.id, &content.relations, starts_on));
            rows.events.push(facts::event(&row, content, change, reason, announcement));
            let (receipt, steps) = self.receipt(&row, change);
            rows.receipts.push(receipt);
            rows.steps.extend(steps);
            let alone =
                Gate { name: "one_operator", detail: format!("由一人发布：{reason}") };
            rows.worklist.extend(self.entries(&newcomer, Some(alone)));
            rows.policies.push(row);
        }
        Ok(rows)
    }

    /// Rows for documents that clerks will look through first.
    pub(super) fn draft_rows(&self, caller: &Caller, newcomers: Vec<Newcomer<'_>>) -> Rows {
        let mut rows = Rows::default();
        for newcomer in newcomers {
            let (mut row, policy) = self.begin(caller, &newcomer);
            row.settle(&policy);
            rows.worklist.extend(self.entries(&newcomer, None));
            rows.drafts.extend(policy.draft.map(|draft| (row.id, draft)));
            rows.policies.push(row);
        }
        rows
    }

    fn begin(&self, caller: &Caller, newcomer: &Newcomer<'_>) -> (PolicyRow, Policy) {
        let now = self.clock.now();
        let mut content = newcomer.candidate.taken.content.clone();
        content.organ_code.clone_from(&newcomer.organ.code);
        let mut row = PolicyRow::begun(newcomer.id, &newcomer.organ.name, &content, now);
        row.organ_unassigned = newcomer.unassigned;
        row.source_id = Some(newcomer.candidate.source_id.clone());
        row.source_hash.clone_from(&newcomer.candidate.fingerprint);
        row.backfill = true;
        (row, Policy::new(content, person(caller), now))
    }

    fn entries(&self, newcomer: &Newcomer<'_>, alone: Option<Gate>) -> Vec<EntryRow> {
        let unassigned = newcomer.unassigned.then(|| Gate {
            name: "organ_unassigned",
            detail: format!("来源没有发文机关，暂归“{}”", newcomer.organ.name),
        });
        let gates = newcomer.candidate.taken.gates.iter().cloned().chain(unassigned).chain(alone);
        let entry = |gate: Gate| EntryRow {
            id: WorklistEntryId::new(&*self.clock),
            policy_id: newcomer.id,
            organ_code: newcomer.organ.code.clone(),
            title: newcomer.candidate.taken.content.title.clone(),
            gate: gate.name.to_owned(),
            detail: gate.detail,
            created_at: self.clock.now(),
        };
        gates.map(entry).collect()
    }

    /// Index numbers for the whole batch, the serials of a code's year taken at once.
    async fn take_index_numbers(
        &self,
        tx: &Tx,
        newcomers: &[Newcomer<'_>],
    ) -> Result<BTreeMap<PolicyId, String>> {
        let mut wanted: BTreeMap<(&str, i32), Vec<PolicyId>> = BTreeMap::new();
        for newcomer in newcomers {
            let year = self.index_year(&newcomer.candidate.taken.content);
            wanted.entry((self.index_code(&newcomer.organ), year)).or_default().push(newcomer.id);
        }
        let mut numbers = BTreeMap::new();
        for ((code, year), ids) in wanted {
            let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            let last = policies::take_serials(tx, code, year, count).await?;
            for (serial, id) in (last - count + 1..).zip(ids) {
                let number = index_number::write(code, year, serial);
                numbers.insert(id, number.ok_or(Error::NoIndexNumber(year))?);
            }
        }
        Ok(numbers)
    }
}
