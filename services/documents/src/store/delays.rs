//! Why steps of receipts are not done yet.

use kit::db::{self, Tx};
use sea_orm::Value;

use super::receipts::Report;
use crate::error::Result;

/// Notes why a step is held up, on the receipts of just these public changes; one that has been
/// done or given up meanwhile stays as it is.
pub async fn explain(tx: &Tx, step: &str, reports: &[Report]) -> Result<()> {
    for some in reports.chunks(120) {
        let mut values: Vec<Value> = Vec::with_capacity(some.len() * 3 + 1);
        for report in some {
            values.extend([
                report.policy_id.into(),
                report.revision.into(),
                report.detail.as_str().into(),
            ]);
        }
        values.push(step.into());
        let text = format!(
            "UPDATE receipt_steps SET detail = v.column3 FROM (VALUES {}) AS v \
             WHERE receipt_steps.policy_id = v.column1 AND receipt_steps.revision = v.column2 \
             AND receipt_steps.name = ${} AND receipt_steps.state IN ('waiting', 'late')",
            db::rows_of(3, some.len()),
            values.len()
        );
        db::run(&**tx, &text, values).await?;
    }
    Ok(())
}
