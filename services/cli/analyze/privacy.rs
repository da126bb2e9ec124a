//! `yangguang analyze privacy`: what must not be published.

use privacy::Finding;
use serde::Serialize;
use serde_json::Value;

use super::{
    super::{Outcome, output},
    records::{Record, RecordsArgs},
};

/// What is printed of a text.
#[derive(Serialize)]
struct Found<'a> {
    id: &'a Value,
    findings: Vec<Finding>,
}

/// Runs the command.
pub fn run(args: &RecordsArgs) -> anyhow::Result<Outcome> {
    args.each(|record: Record| {
        output::record(&Found { id: &record.id, findings: privacy::find(&record.text) })
    })
}
