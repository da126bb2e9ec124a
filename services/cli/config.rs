//! `yangguang config`: is the configuration sound, and what is in force?

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kit::{
    bus::rights::{self, Member, User},
    process::Front,
};
use serde_json::json;

use super::{Outcome, Output, WrongUsage, settings};

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
  yangguang config nats > authorization.conf             a user for each service
  yangguang config nats all                              one user for `yangguang serve all`
  yangguang config nats documents+search identity        users for processes of these services

A key documents.city_code is the variable YANGGUANG__DOCUMENTS__CITY_CODE; a text may be given as a
file that holds it, by the same key with _file behind.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Says whether the configuration can be used, and names every key that is wrong.
    Check,
    /// Prints every key that is in force and where it comes from; secrets are masked.
    Show,
    /// Prints what the nats-server must know of users and their rights: only its owner publishes
    /// under a context, and each service reads only whom it hears.
    Nats {
        /// Services that run together in one process, joined by +; default: each by itself
        #[arg(value_name = "SERVICES")]
        processes: Vec<String>,
    },
}

/// Word for a process of every service, and the user of it.
const ALL: &str = "all";
const USER_OF_ALL: &str = "yangguang";

/// Runs the command.
pub fn run(
    args: &ConfigArgs,
    data: Option<PathBuf>,
    fronts: &[Front],
    output: Output,
) -> anyhow::Result<Outcome> {
    if let Command::Nats { processes } = &args.command {
        let text = authorization(processes, fronts)?;
        output.line(text.trim_end());
        output.value(&json!({ "conf": text }))?;
        return Ok(Outcome::Done);
    }
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
        Command::Nats { .. } => {}
    }
    Ok(Outcome::Done)
}

/// The rights of these processes; of each service where none is named.
fn authorization(processes: &[String], fronts: &[Front]) -> Result<String, WrongUsage> {
    let all: Vec<Member<'static>> = fronts.iter().map(Front::member).collect();
    let find = |name: &str| {
        let found = all.iter().find(|member| member.name == name).copied();
        found.ok_or_else(|| WrongUsage(format!("no service is called {name}")))
    };
    let user = |process: &String| {
        if process == ALL {
            return Ok(User::of(all.clone()).named(USER_OF_ALL));
        }
        process.split('+').map(find).collect::<Result<_, _>>().map(User::of)
    };
    let users: Vec<User<'_>> = if processes.is_empty() {
        all.iter().map(|member| User::of(vec![*member])).collect()
    } else {
        processes.iter().map(user).collect::<Result<_, _>>()?
    };
    Ok(rights::authorization(&users, &all))
}
