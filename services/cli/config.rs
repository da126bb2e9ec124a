//! `yangguang config`: is the configuration sound, and what is in force?

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kit::process::Front;
use serde_json::json;

use super::{Outcome, Output, settings};

/// Checks or shows the configuration.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConfigArgs {
    #[command(subcommand)]
    command: Command,
    /// Configuration file; default: yangguang.toml where it exists
    #[arg(long, global = true, value_name = "FILE", env = "YANGGUANG_CONFIG")]
    config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  yangguang config check --config /etc/yangguang.toml
  YANGGUANG__HTTP__LISTEN=0.0.0.0:80 yangguang config show

A key documents.city_code is the variable YANGGUANG__DOCUMENTS__CITY_CODE; a text may be given as a
file that holds it, by the same key with _file behind.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Says whether the configuration can be used, and names every key that is wrong.
    Check,
    /// Prints every key that is in force and where it comes from; secrets are masked.
    Show,
}

/// Runs the command.
pub fn run(
    args: &ConfigArgs,
    data: Option<PathBuf>,
    fronts: &[Front],
    output: Output,
) -> anyhow::Result<Outcome> {
    let options = data.map(|dir| ("platform.data", dir.display().to_string()));
    let options = options.into_iter().collect();
    let settings = settings::load(fronts, fronts, args.config.as_deref(), options)?;
    match args.command {
        Command::Check => {
            output.line("the configuration is sound");
            output.value(&json!({ "sound": true }))?;
        }
        Command::Show => {
            let text = settings.show();
            output.line(text.trim_end());
            output.value(&json!({ "toml": text }))?;
        }
    }
    Ok(Outcome::Done)
}
