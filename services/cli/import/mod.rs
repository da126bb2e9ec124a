//! `yangguang import`: documents and organs from files.

mod batch;
mod delivery;
mod documents;
pub mod organs;
pub mod record;
mod report;

use clap::{Args, Subcommand};

use super::{Client, Outcome, Output};

/// Takes in documents or organs from files.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  yangguang import organs organs.json
  yangguang import documents laws.jsonl.gz --publish --organ city-gov";

#[derive(Debug, Subcommand)]
enum What {
    /// Takes in documents: JSON lines, tables, single documents, or folders of them.
    Documents(documents::DocumentsArgs),
    /// Takes in organs: a JSON array, or one JSON object a line.
    Organs(organs::OrgansArgs),
}

/// Runs the command.
pub async fn run(args: ImportArgs, client: Client, output: Output) -> anyhow::Result<Outcome> {
    match args.what {
        What::Documents(args) => documents::run(args, client, output).await,
        What::Organs(args) => organs::run(&args, &client, output).await,
    }
}
