//! The full lifecycle of a policy: each change an entry, its event in the same transaction.

mod deliveries;
mod stages;

use contracts::documents::{LifecycleStage, PolicyStageAdvanced};
use kit::{
    auth::Caller,
    db::Tx,
    outbox::{self, Subject},
};

pub use deliveries::Figures;
pub use stages::NewMaterial;

use super::{Documents, person};
use crate::{
    domain::{
        AttachmentId, Person, PolicyId, Violation, day,
        exposure::{self, Exposure},
        lifecycle::{Change, Entry, Lifecycle, Stage},
        policy::State,
        text,
    },
    error::{Error, Result},
    store::{self, attachments::AttachmentRow, organs::OrganRow, policies::PolicyRow},
};

/// What a change comes with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// What the caller read; empty asks for no comparison.
    pub etag: &'a str,
    /// Makes a repeated request one; empty: none.
    pub request_id: &'a str,
    /// Why something that was there is changed.
    pub reason: &'a str,
    /// Why what is personal in it may be published.
    pub privacy_reason: &'a str,
}

/// A text that becomes public: its field, how a clerk calls the place, and what stands there.
type Said = (&'static str, &'static str, String);

/// A change that the rules allow.
struct Decided {
    stage: Stage,
    change: Change,
    said: Vec<Said>,
    /// What to ask for where no reason is given; `None`: none is needed.
    needs_reason: Option<&'static str>,
    /// A file that comes with it.
    file: Option<AttachmentRow>,
    /// A file that goes with it.
    former_file: Option<AttachmentId>,
}

impl Decided {
    fn new(stage: Stage, change: Change, said: Vec<Said>) -> Self {
        Self { stage, change, said, needs_reason: None, file: None, former_file: None }
    }

    fn needing(mut self, reason: &'static str) -> Self {
        self.needs_reason = Some(reason);
        self
    }
}

impl Documents {
    /// Adds an entry to a lifecycle, if `decide` allows it.
    async fn amend(
        &self,
        caller: &Caller,
        id: PolicyId,
        method: &str,
        asked: Asked<'_>,
        exposed: Vec<Exposure>,
        decide: impl FnOnce(&PolicyRow, &Lifecycle) -> Result<Decided> + Send,
    ) -> Result<()> {
        let reason = text::line(asked.reason);
        if reason.chars().count() > text::MAX_LINE_CHARS {
            return Err(Error::invalid("reason", "原因最多 1000 个字"));
        }
        let tx = self.db.begin().await?;
        if self.answered(&tx, caller, asked.request_id, method).await?.is_some() {
            return Ok(());
        }
        let row = self.open(&tx, caller, id).await?.row;
        if row.state()? == State::Withdrawn || row.expunged {
            let text = "这份文件已撤下或清除，不能再登记；重新发布之后可以继续";
            return Err(Error::invalid("policy_id", text));
        }
        let entries = store::stages::of(&*tx, id).await?;
        let lifecycle = Lifecycle::of(&entries);
        fresh(&entries, &lifecycle, asked.etag)?;
        let Decided { stage, change, said, needs_reason, file, former_file } =
            decide(&row, &lifecycle)?;
        if let Some(text) = needs_reason.filter(|_| reason.is_empty()) {
            return Err(Error::invalid("reason", text));
        }
        let who = person(caller);
        let mut said = said;
        said.push(("reason", "原因", reason.clone()));
        self.gate(&tx, id, &who, &said, exposed, asked.privacy_reason).await?;
        if let Some(file) = file {
            let added = file.id;
            store::attachments::add(&tx, file).await?;
            store::stages::place_file(&tx, id, added, false).await?;
        }
        if let Some(file) = former_file {
            store::stages::place_file(&tx, id, file, true).await?;
        }
        let position = lifecycle.position + 1;
        let entry = Entry { position, stage, change, reason, by: who, at: self.clock.now() };
        store::stages::add(&tx, id, &entry).await?;
        self.tell_of(&tx, caller, &row, &entry).await?;
        self.remember(&tx, caller, asked.request_id, method, id).await?;
        Ok(tx.commit().await?)
    }

    /// Writes the audit row and the event of an entry. Lifecycles are an aggregate of their own:
    /// a payout a month makes no revision of the policy.
    async fn tell_of(
        &self,
        tx: &Tx,
        caller: &Caller,
        row: &PolicyRow,
        entry: &Entry,
    ) -> Result<()> {
        let word = entry.change.word();
        let detail = [entry.stage.name().to_owned(), entry.change.detail(), entry.reason.clone()];
        let detail = detail.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let action = format!("lifecycle.{word}");
        self.audit(tx, caller, &action, row.id, &detail.join("：")).await?;
        let told = PolicyStageAdvanced {
            policy_id: row.id.to_string(),
            stage: wire_stage(entry.stage).into(),
            on: day::write(Some(self.clock.today())),
            what: word.to_owned(),
            is_public: row.state()? == State::Published,
        };
        let aggregate = format!("lifecycles/{}", row.id);
        let about = Subject { aggregate: &aggregate, revision: entry.position };
        outbox::append(tx, &*self.clock, about, &told, &caller.actor()).await?;
        Ok(())
    }

    /// The privacy gate of what becomes public without a draft: fields are named, values are not.
    async fn gate(
        &self,
        tx: &Tx,
        id: PolicyId,
        who: &Person,
        said: &[Said],
        exposed: Vec<Exposure>,
        ground: &str,
    ) -> Result<()> {
        let texts = said.iter().flat_map(|(field, place, text)| {
            exposure::of_text(place, text).into_iter().map(move |found| (*field, found))
        });
        let mut found: Vec<(&str, Exposure)> = texts.collect();
        found.extend(exposed.into_iter().map(|found| ("content", found)));
        if found.is_empty() {
            return Ok(());
        }
        let justified = store::decisions::justified(&**tx, id).await?;
        found.retain(|(_, found)| !justified.contains(&found.id));
        let ground = text::line(ground);
        if ground.chars().count() > text::MAX_LINE_CHARS {
            return Err(Error::invalid("privacy_reason", "依据最多 1000 个字"));
        }
        if !ground.is_empty() {
            for (_, found) in &found {
                let now = self.clock.now();
                store::decisions::justify(tx, id, &found.id, &ground, who, now).await?;
            }
            return Ok(());
        }
        let mut faults: Vec<Violation> = found
            .into_iter()
            .map(|(field, found)| {
                let what = if field == "content" {
                    "请换成处理过的文件"
                } else {
                    "请遮盖后再保存"
                };
                Violation::new(field, format!("{found}属于个人信息，{what}"))
            })
            .collect();
        if faults.is_empty() {
            return Ok(());
        }
        let text = "依法应当公开上述个人信息的，请写明依据，例如：依法公示补贴发放名单";
        faults.push(Violation::new("privacy_reason", text));
        Err(Error::Invalid(faults))
    }

    /// The organ of a code; `None` for none, which stands for the policy's own.
    async fn responsible(&self, code: &str) -> Result<Option<OrganRow>> {
        let code = code.trim();
        if code.is_empty() {
            return Ok(None);
        }
        let unknown = || Error::invalid("organ_code", format!("机构“{code}”不在机构名录中"));
        self.organ(code).await?.ok_or_else(unknown).map(Some)
    }
}

/// Code and name of who answers for something.
fn answers(organ: Option<OrganRow>, row: &PolicyRow) -> (String, String) {
    match organ {
        Some(organ) => (organ.code, organ.name),
        None => (row.organ_code.clone(), row.organ_name.clone()),
    }
}

/// Compares what the caller read with what is there.
fn fresh(entries: &[Entry], lifecycle: &Lifecycle, read: &str) -> Result<()> {
    if read.is_empty() || read == etag(lifecycle.position) {
        return Ok(());
    }
    let seen = read.strip_prefix('s').and_then(|at| at.parse().ok()).unwrap_or(0);
    let newer: Vec<&Entry> = entries.iter().filter(|entry| entry.position > seen).collect();
    let mut fields: Vec<String> = Vec::new();
    for entry in &newer {
        let field = entry.stage.word().to_owned();
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    let last = newer.last();
    Err(Error::Stale {
        fields,
        by: last.map_or_else(|| "他人".to_owned(), |entry| entry.by.name.clone()),
        at: last.map(|entry| entry.at),
    })
}

/// The version of a lifecycle as callers see it.
pub fn etag(position: i64) -> String {
    format!("s{position}")
}

/// A stage as the contracts name it.
pub fn wire_stage(stage: Stage) -> LifecycleStage {
    match stage {
        Stage::Demand => LifecycleStage::Demand,
        Stage::Study => LifecycleStage::Study,
        Stage::Justification => LifecycleStage::Justification,
        Stage::Deliberation => LifecycleStage::Deliberation,
        Stage::Publication => LifecycleStage::Publication,
        Stage::Interpretation => LifecycleStage::Interpretation,
        Stage::Enquiry => LifecycleStage::Enquiry,
        Stage::Delivery => LifecycleStage::Delivery,
        Stage::Feedback => LifecycleStage::Feedback,
    }
}
