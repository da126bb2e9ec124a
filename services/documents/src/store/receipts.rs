//! Receipts and their steps; what readers report comes in batches and is written in few statements.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::table::Table;
use crate::{
    domain::{
        PolicyId, ReceiptId,
        receipt::{Occasion, StepState},
    },
    error::Result,
};

/// A row of `receipts`.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ReceiptRow {
    /// Id.
    pub id: ReceiptId,
    /// Of which policy.
    pub policy_id: PolicyId,
    /// Of which public change.
    pub revision: i64,
    /// published, corrected or withdrawn.
    pub occasion: String,
    /// Title at the time.
    pub policy_title: String,
    /// Whose policy.
    pub organ_code: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When its last step was done.
    pub completed_at: Option<DateTime<Utc>>,
}

/// A row of `receipt_steps`.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StepRow {
    /// Of which receipt.
    pub receipt_id: ReceiptId,
    /// interpretation, index, notification or page.
    pub name: String,
    /// Place on the receipt.
    pub position: i64,
    /// Of which policy.
    pub policy_id: PolicyId,
    /// Of which public change.
    pub revision: i64,
    /// [`StepState`].
    pub state: String,
    /// When it was done or failed.
    pub happened_at: Option<DateTime<Utc>>,
    /// What was done, or why it failed.
    pub detail: String,
    /// When it counts as late.
    pub due_at: DateTime<Utc>,
}

const RECEIPTS: Table = Table::new(
    "receipts",
    "id, policy_id, revision, occasion, policy_title, organ_code, started_at, completed_at",
);
const STEPS: Table = Table::new(
    "receipt_steps",
    "receipt_id, name, position, policy_id, revision, state, happened_at, detail, due_at",
);

/// Opens receipts with their steps.
pub async fn insert(tx: &Tx, receipts: Vec<ReceiptRow>, steps: Vec<StepRow>) -> Result<()> {
    let receipt = |row: ReceiptRow| -> Vec<Value> {
        vec![
            row.id.into(),
            row.policy_id.into(),
            row.revision.into(),
            row.occasion.into(),
            row.policy_title.into(),
            row.organ_code.into(),
            row.started_at.into(),
            row.completed_at.into(),
        ]
    };
    let step = |row: StepRow| -> Vec<Value> {
        vec![
            row.receipt_id.into(),
            row.name.into(),
            row.position.into(),
            row.policy_id.into(),
            row.revision.into(),
            row.state.into(),
            row.happened_at.into(),
            row.detail.into(),
            row.due_at.into(),
        ]
    };
    RECEIPTS.insert(tx, receipts.into_iter().map(receipt).collect()).await?;
    STEPS.insert(tx, steps.into_iter().map(step).collect()).await
}

/// What a reader reported of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Of which policy.
    pub policy_id: PolicyId,
    /// Up to which public change.
    pub revision: i64,
    /// In Chinese.
    pub detail: String,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// Marks a step done (or failed) on every receipt that the reports cover: those of the policy up
/// to the revision. A step that is done stays done.
pub async fn report(tx: &Tx, step: &str, state: StepState, reports: &[Report]) -> Result<()> {
    // A failure concerns the one change that could not be taken in; success covers all before it.
    let covers = if state == StepState::Done { "<=" } else { "=" };
    for some in reports.chunks(50) {
        let mut values: Vec<Value> = Vec::with_capacity(some.len() * 4 + 2);
        for report in some {
            values.extend([
                report.policy_id.into(),
                report.revision.into(),
                report.detail.as_str().into(),
                report.at.into(),
            ]);
        }
        let after = values.len();
        values.extend([state.word().into(), step.into()]);
        let text = format!(
            "UPDATE receipt_steps SET state = ${}, happened_at = v.column4, detail = v.column3 \
             FROM (VALUES {}) AS v WHERE receipt_steps.policy_id = v.column1 \
             AND receipt_steps.revision {covers} v.column2 AND receipt_steps.name = ${} \
             AND receipt_steps.state <> 'done'",
            after + 1,
            db::rows_of(4, some.len()),
            after + 2
        );
        db::run(&**tx, &text, values).await?;
    }
    Ok(())
}

/// Completes receipts of these policies whose steps are all done; answers with them.
pub async fn complete(tx: &Tx, ids: &[PolicyId], at: DateTime<Utc>) -> Result<Vec<ReceiptRow>> {
    let mut completed = Vec::new();
    for some in ids.chunks(300) {
        let of = format!("AND policy_id IN ({})", db::list_of(1, some.len()));
        let values = std::iter::once(at.into()).chain(some.iter().map(|id| (*id).into())).collect();
        completed.extend(complete_where(tx, &of, values).await?);
    }
    Ok(completed)
}

/// Completes every receipt whose steps are all done: two steps that were reported at the same
/// moment do not see each other.
pub async fn complete_all(tx: &Tx, at: DateTime<Utc>) -> Result<Vec<ReceiptRow>> {
    complete_where(tx, "", vec![at.into()]).await
}

async fn complete_where(tx: &Tx, of: &str, values: Vec<Value>) -> Result<Vec<ReceiptRow>> {
    let text = format!(
        "UPDATE receipts SET completed_at = $1 WHERE completed_at IS NULL {of} AND NOT EXISTS \
         (SELECT 1 FROM receipt_steps s WHERE s.receipt_id = receipts.id AND s.state <> 'done') \
         RETURNING {}",
        RECEIPTS.columns()
    );
    Ok(db::all(&**tx, &text, values).await?)
}

/// Marks as late what was not reported in time; answers with how many steps these are.
pub async fn mark_late(tx: &Tx, now: DateTime<Utc>) -> Result<u64> {
    let text = "UPDATE receipt_steps SET state = 'late' WHERE state = 'waiting' AND due_at < $1";
    Ok(db::run(&**tx, text, vec![now.into()]).await?)
}

/// Reads the receipt of a public change, or the newest where `revision` is 0.
pub async fn find(
    conn: &impl ConnectionTrait,
    policy: PolicyId,
    revision: i64,
) -> Result<Option<ReceiptRow>> {
    let text = format!(
        "{} WHERE policy_id = $1 AND ($2 = 0 OR revision = $2) ORDER BY revision DESC LIMIT 1",
        RECEIPTS.select()
    );
    Ok(db::one(conn, &text, vec![policy.into(), revision.into()]).await?)
}

/// Receipts by a condition that a query has composed.
pub async fn select(
    conn: &impl ConnectionTrait,
    condition: &str,
    values: Vec<Value>,
) -> Result<Vec<ReceiptRow>> {
    Ok(db::all(conn, &format!("{} {condition}", RECEIPTS.select()), values).await?)
}

/// The steps of several receipts, in their order.
pub async fn steps(conn: &impl ConnectionTrait, ids: &[ReceiptId]) -> Result<Vec<StepRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "{} WHERE receipt_id IN ({}) ORDER BY receipt_id, position",
        STEPS.select(),
        db::list_of(0, ids.len())
    );
    Ok(db::all(conn, &text, ids.iter().map(|id| (*id).into()).collect()).await?)
}

/// A waiting step for each that an occasion sets going, due after its delay.
pub fn steps_for(
    receipt: &ReceiptRow,
    occasion: Occasion,
    due: impl Fn(&str) -> DateTime<Utc>,
) -> Vec<StepRow> {
    let step = |(position, kind): (i64, &crate::domain::receipt::StepKind)| StepRow {
        receipt_id: receipt.id,
        name: kind.name.to_owned(),
        position,
        policy_id: receipt.policy_id,
        revision: receipt.revision,
        state: StepState::Waiting.word().to_owned(),
        happened_at: None,
        detail: String::new(),
        due_at: due(kind.name),
    };
    (0..).zip(crate::domain::receipt::steps_of(occasion)).map(step).collect()
}

/// Blanks the titles that receipts of these public changes repeat.
pub async fn blank(tx: &Tx, policy: PolicyId, revision: i64, title: &str) -> Result<()> {
    let text = "UPDATE receipts SET policy_title = $3 WHERE policy_id = $1 AND revision = $2";
    db::run(&**tx, text, vec![policy.into(), revision.into(), title.into()]).await?;
    Ok(())
}
