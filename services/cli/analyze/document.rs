//! `yangguang analyze document`: documents taken apart.

use gongwen::Document;
use privacy::Finding;
use serde::Serialize;
use serde_json::Value;

use super::{
    super::{Outcome, output},
    records::{Record, RecordsArgs},
};

/// What is printed of a document.
#[derive(Serialize)]
struct Analyzed<'a> {
    id: &'a Value,
    #[serde(flatten)]
    document: Document,
    privacy: Vec<Finding>,
}

/// Runs the command.
pub fn run(args: &RecordsArgs) -> anyhow::Result<Outcome> {
    args.each(|record: Record| {
        let document = gongwen::analyze(record.title.as_deref(), &record.text);
        let privacy = privacy::find(&record.text);
        output::record(&Analyzed { id: &record.id, document, privacy })
    })
}
