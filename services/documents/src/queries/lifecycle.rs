//! Lifecycles as readers and clerks see them.

use std::collections::HashMap;

use contracts::documents::{self as wire, LifecycleStageState};
use kit::{
    auth::Caller,
    clock::{day_of, to_wire},
};

use super::{attachment, is_insider, policies::link_of};
use crate::{
    commands::{
        Documents,
        lifecycle::{etag, wire_stage},
    },
    domain::{
        PolicyId, day,
        lifecycle::{
            Entry, Lifecycle, Stage,
            delivery::{Audience, Delivery, Paid, Payout, Terms},
            stage::Material,
            standing::{self, Known, StageState},
        },
        policy::State,
    },
    error::{Error, Result},
    store::{
        self,
        attachments::{PlacedRow, STAGES},
        links::LinkRow,
        policies::PolicyRow,
    },
};

impl Documents {
    /// The lifecycle of a policy: of a public one for everybody, of another for its own organ.
    pub async fn lifecycle(&self, caller: &Caller, id: PolicyId) -> Result<wire::Lifecycle> {
        let snapshot = self.db.snapshot().await?;
        let row = store::policies::find(&snapshot, id).await?;
        let row = row
            .filter(|row| is_open(row) || is_insider(caller, row))
            .ok_or(Error::Unknown("文件"))?;
        let entries = store::stages::of(&snapshot, id).await?;
        let links = store::stages::interpretations(&snapshot, id).await?;
        let files = store::attachments::placed(&snapshot, id).await?;
        let known = Known {
            today: self.clock.today(),
            public_since: public_since(&row),
            is_interpreted: !links.is_empty(),
            category: &row.category,
        };
        let insider = is_insider(caller, &row);
        let lifecycle = Lifecycle::of(&entries);
        let warnings = if insider { standing::warnings(&lifecycle, &known) } else { Vec::new() };
        let shown =
            Shown { row: &row, lifecycle: &lifecycle, known: &known, files: files_of(&files) };
        Ok(wire::Lifecycle {
            policy_id: id.to_string(),
            etag: etag(lifecycle.position),
            stages: Stage::ALL.into_iter().map(|stage| shown.stage(stage, &links)).collect(),
            deliveries: lifecycle.deliveries.iter().map(delivery).collect(),
            warnings: warnings.into_iter().map(warning).collect(),
            entries: entries.into_iter().rev().map(|entry| told(entry, insider)).collect(),
        })
    }
}

/// Whether everybody sees the policy itself, and not its tombstone.
fn is_open(row: &PolicyRow) -> bool {
    row.state == State::Published.word() && !row.expunged
}

/// An old document was public long before this library took it in.
fn public_since(row: &PolicyRow) -> Option<chrono::NaiveDate> {
    let taken_in = row.published_at.map(day_of)?;
    let issued = day::read(&row.issued_on).ok().flatten().filter(|_| row.backfill);
    Some(issued.map_or(taken_in, |issued| issued.min(taken_in)))
}

fn files_of(files: &[PlacedRow]) -> HashMap<String, &PlacedRow> {
    let own = files.iter().filter(|file| file.revision == STAGES);
    own.map(|file| (file.id.to_string(), file)).collect()
}

/// What stages are made of.
struct Shown<'a> {
    row: &'a PolicyRow,
    lifecycle: &'a Lifecycle,
    known: &'a Known<'a>,
    files: HashMap<String, &'a PlacedRow>,
}

impl Shown<'_> {
    fn stage(&self, stage: Stage, links: &[LinkRow]) -> wire::StageRecord {
        let filled = self.lifecycle.filled(stage);
        let state = standing::state(self.lifecycle, stage, self.known);
        let record = filled.record.clone();
        let mut shown = wire::StageRecord {
            stage: wire_stage(stage).into(),
            state: state_of(state).into(),
            reason: self.reason(stage, state),
            began_on: day::write(record.began_on),
            ended_on: day::write(record.ended_on),
            organ_code: record.organ_code,
            organ_name: record.organ_name,
            summary: record.summary,
            materials: filled.materials.iter().map(|m| self.material(m)).collect(),
            interpretations: Vec::new(),
            is_major_decision: record.is_major_decision,
        };
        if stage == Stage::Interpretation {
            shown.interpretations = links.iter().cloned().map(link_of).collect();
        }
        if stage == Stage::Publication && state == StageState::Done {
            shown.began_on = day::write(self.known.public_since);
            shown.ended_on = day::write(self.known.public_since);
            shown.organ_code.clone_from(&self.row.organ_code);
            shown.organ_name.clone_from(&self.row.organ_name);
        }
        shown
    }

    /// Why a stage stands as it does, where that is not plain from what lies in it.
    fn reason(&self, stage: Stage, state: StageState) -> String {
        match state {
            StageState::Missing => stage.expected().to_owned(),
            StageState::NotApplicable => {
                self.lifecycle.filled(stage).not_applicable.clone().unwrap_or_default()
            }
            StageState::NotDue => match self.known.public_since {
                None if !stage.precedes_publication() => "文件公开之后的环节".to_owned(),
                _ => String::new(),
            },
            StageState::Done if stage == Stage::Publication => {
                let published = self.row.published_at.map(day_of);
                match (self.row.backfill, published) {
                    (true, Some(day)) => format!("历史文件，{}入库", day::chinese(day)),
                    _ => String::new(),
                }
            }
            StageState::Done | StageState::Underway => String::new(),
        }
    }

    fn material(&self, material: &Material) -> wire::StageMaterial {
        let Material { id, title, kind, url, text, dated_on, attachment_id } = material.clone();
        let attachment = self.files.get(&attachment_id).map(|file| attachment(file));
        let dated_on = day::write(dated_on);
        wire::StageMaterial { id, title, kind, url, text, dated_on, attachment }
    }
}

fn delivery(delivery: &Delivery) -> wire::PolicyDelivery {
    wire::PolicyDelivery {
        id: delivery.id.clone(),
        terms: Some(terms(delivery.terms.clone())),
        payouts: delivery.payouts.iter().map(payout).collect(),
        recipients: delivery.recipients(),
        paid_fen: delivery.fen(),
    }
}

fn terms(terms: Terms) -> wire::DeliveryTerms {
    let Terms {
        benefit,
        audience,
        audience_note,
        conditions,
        without_application,
        steps,
        url,
        contact,
        organ_code,
        organ_name,
        fen,
        unit,
        from,
        until,
    } = terms;
    let audience = match audience {
        Audience::Persons => wire::Audience::Persons,
        Audience::Firms => wire::Audience::Firms,
        Audience::PersonsAndFirms => wire::Audience::PersonsAndFirms,
    };
    wire::DeliveryTerms {
        benefit,
        audience: audience.into(),
        audience_note,
        conditions,
        without_application,
        steps,
        url,
        contact,
        organ_code,
        organ_name,
        amount_fen: fen,
        amount_unit: unit,
        available_from: day::write(from),
        available_until: day::write(until),
    }
}

fn payout(paid: &Paid) -> wire::Payout {
    let Payout { from, until, recipients, fen, remark } = paid.payout.clone();
    let corrections = paid.corrections.iter().map(|correction| wire::PayoutCorrection {
        paid_from: day::write(Some(correction.was.from)),
        paid_until: day::write(Some(correction.was.until)),
        recipients: correction.was.recipients,
        paid_fen: correction.was.fen,
        reason: correction.reason.clone(),
        corrected_at: Some(to_wire(correction.at)),
    });
    wire::Payout {
        id: paid.id.clone(),
        paid_from: day::write(Some(from)),
        paid_until: day::write(Some(until)),
        recipients,
        paid_fen: fen,
        remark,
        corrections: corrections.collect(),
    }
}

fn warning(warning: standing::Warning) -> wire::LifecycleWarning {
    wire::LifecycleWarning { stage: wire_stage(warning.stage).into(), text: warning.text }
}

fn told(entry: Entry, insider: bool) -> wire::LifecycleEntry {
    let by = super::person(&entry.by.account_id, &entry.by.name);
    wire::LifecycleEntry {
        position: entry.position,
        stage: wire_stage(entry.stage).into(),
        what: entry.change.word().to_owned(),
        detail: entry.change.detail(),
        reason: entry.reason,
        at: Some(to_wire(entry.at)),
        by: by.filter(|_| insider),
    }
}

fn state_of(state: StageState) -> LifecycleStageState {
    match state {
        StageState::Done => LifecycleStageState::Done,
        StageState::Underway => LifecycleStageState::Underway,
        StageState::Missing => LifecycleStageState::Missing,
        StageState::NotApplicable => LifecycleStageState::NotApplicable,
        StageState::NotDue => LifecycleStageState::NotDue,
    }
}
