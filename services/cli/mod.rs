//! The command line: runs services, and works with a platform that runs.

mod accounts;
mod analyze;
mod client;
mod config;
mod events;
mod import;
mod lines;
mod output;
mod sample;
mod search;
mod serve;
mod settings;
mod typeset;

use std::{fmt, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use kit::process::Front;

use self::{client::Client, output::Output};

/// The open-government platform of a city.
#[derive(Debug, Parser)]
#[command(name = "yangguang", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    platform: PlatformArgs,
}

const EXAMPLES: &str = "\
Examples:
  yangguang serve                                      everything, under ./data
  yangguang import documents laws.jsonl.gz --publish   take in a library
  yangguang search 住房补贴                            find what is published
  yangguang events dead                                see what could not be handled

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but some records were refused.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs services of the platform in this process.
    Serve(serve::ServeArgs),
    /// Takes in documents or organs from files.
    Import(import::ImportArgs),
    /// Finds published policies.
    Search(search::SearchArgs),
    /// Reads documents and says what is in them; needs no platform.
    Analyze(analyze::AnalyzeArgs),
    /// Lays a document out after GB/T 9704-2012, as PDF and DOCX; needs no platform.
    Typeset(typeset::TypesetArgs),
    /// Looks into the event logs and mends what could not be handled.
    Events(events::EventsArgs),
    /// Lists, creates and disables accounts.
    Accounts(accounts::AccountsArgs),
    /// Checks or shows the configuration.
    Config(config::ConfigArgs),
}

/// Which platform a command works with, and as whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Platform")]
pub struct PlatformArgs {
    /// Address of the portal, http://host:port; default: what runs over the data folder
    #[arg(long, global = true, env = "YANGGUANG_SERVER", value_name = "URL")]
    server: Option<String>,
    /// Account to sign in with
    #[arg(long, global = true, requires = "password", value_name = "NAME")]
    account: Option<String>,
    /// Its password
    #[arg(
        long,
        global = true,
        env = "YANGGUANG_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    password: Option<String>,
    /// Access or refresh token, instead of account and password
    #[arg(
        long,
        global = true,
        env = "YANGGUANG_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    token: Option<String>,
    /// Data folder of a platform on this machine: its address and an operator's token lie there
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON value instead of text
    #[arg(long, global = true)]
    json: bool,
}

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All was done.
    Done,
    /// Done, but some of what was given was refused.
    SomeRefused,
    /// Not done.
    Failed,
    /// Not begun: what was asked makes no sense.
    WrongUsage,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::WrongUsage => 2,
            Outcome::SomeRefused => 3,
        })
    }
}

/// A mistake of the person who typed the command.
#[derive(Debug)]
pub struct WrongUsage(String);

impl fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// Runs a command and says on stderr why it failed, if it did.
pub async fn run(cli: Cli, fronts: &'static [Front]) -> Outcome {
    match dispatch(cli, fronts).await {
        Ok(outcome) => outcome,
        Err(error) => {
            eprintln!("yangguang: {error:#}");
            if error.is::<WrongUsage>() { Outcome::WrongUsage } else { Outcome::Failed }
        }
    }
}

async fn dispatch(cli: Cli, fronts: &'static [Front]) -> anyhow::Result<Outcome> {
    let Cli { command, platform } = cli;
    let output = Output::new(platform.json);
    let client = || Client::new(&platform);
    match command {
        Command::Serve(args) => serve::run(args, platform.data, fronts, output).await,
        Command::Import(args) => import::run(args, client()?, output).await,
        Command::Search(args) => search::run(&args, &client()?, output).await,
        Command::Analyze(args) => analyze::run(&args, output),
        Command::Typeset(args) => typeset::run(&args, output),
        Command::Events(args) => events::run(args, &client()?, output).await,
        Command::Accounts(args) => accounts::run(args, &client()?, output).await,
        Command::Config(args) => config::run(&args, platform.data, fronts, output),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_options_may_follow_the_command() {
        let cli = Cli::try_parse_from(["yangguang", "search", "水价", "--data", "d", "--json"]);
        assert!(cli.unwrap().platform.json);
    }

    #[test]
    fn every_command_shows_examples() {
        for command in Cli::command().get_subcommands() {
            let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(examples.contains("yangguang "), "{}", command.get_name());
        }
    }
}
