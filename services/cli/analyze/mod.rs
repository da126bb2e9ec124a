//! `yangguang analyze`: what a document says, read without any platform.

mod document;
mod effect;
mod number;
mod privacy;
pub mod records;

use clap::{Args, Subcommand};

use super::{Outcome, Output};

/// Reads documents and says what is in them; needs no platform.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AnalyzeArgs {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  yangguang analyze document notice.txt
  yangguang analyze document laws.jsonl.gz > analyzed.jsonl
  yangguang analyze document page.html notice.docx notice.pdf
  yangguang analyze effect --as-of 2024-06-30 laws.jsonl
  yangguang analyze privacy list.txt
  echo '明府办[2024]12' | yangguang analyze number

Each prints one JSON object a document or line; docs/analyze.md says what is in it.";

#[derive(Debug, Subcommand)]
enum What {
    /// Reads lines with document numbers as people type them, from standard input.
    Number,
    /// Takes documents apart: number, organs, dates, relations, outline.
    Document(records::RecordsArgs),
    /// Tells which documents are in force on a day, and why.
    Effect(effect::EffectArgs),
    /// Finds what must not be published.
    Privacy(records::RecordsArgs),
}

/// Runs the command.
pub fn run(args: &AnalyzeArgs, output: Output) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Number => number::run(output),
        What::Document(args) => document::run(args),
        What::Effect(args) => effect::run(args),
        What::Privacy(args) => privacy::run(args),
    }
}
