//! `yangguang analyze effect`: which documents are in force on a day, and why.

use chrono::NaiveDate;
use clap::Args;
use effect::{
    library::Rules,
    records::{Record, Records},
};

use super::{
    super::{Outcome, output},
    records::{Readable, RecordsArgs},
};

/// Which day, and which documents.
#[derive(Debug, Args)]
pub struct EffectArgs {
    /// The day, as 2024-06-30
    #[arg(long, value_name = "DATE")]
    as_of: NaiveDate,
    #[command(flatten)]
    records: RecordsArgs,
}

impl Readable for Record {
    fn of_file(name: String, title: Option<String>, text: String) -> Self {
        Self { id: name.into(), title, text: Some(text), ..Self::default() }
    }
}

/// Runs the command: all documents are read before any is judged, since a later one may repeal an
/// earlier one.
pub fn run(args: &EffectArgs) -> anyhow::Result<Outcome> {
    let mut records = Records::default();
    let outcome = args.records.each(|record: Record| {
        records.add(record);
        Ok(())
    })?;
    for judged in records.judge(args.as_of, &Rules::default()) {
        output::record(&judged)?;
    }
    Ok(outcome)
}
