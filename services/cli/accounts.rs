//! `yangguang accounts`: who may sign in.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    Client, Outcome, Output,
    output::{cell, list, text},
};

/// Lists, creates and disables accounts.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AccountsArgs {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  yangguang accounts list
  yangguang accounts create wangfang --name 王芳 --organ city-gov --role editor --new-password '…'
  yangguang accounts disable wangfang

Roles: office, editor, reviewer, handler, hotline, evaluator, ops.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists all accounts.
    List,
    /// Creates an account.
    Create {
        /// What the person types to sign in
        sign_in: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// The organ that the person works for
        #[arg(long, value_name = "CODE")]
        organ: String,
        /// What the person may do; may be given several times
        #[arg(long = "role", required = true, value_name = "ROLE")]
        roles: Vec<String>,
        /// Password to begin with
        #[arg(
            long,
            env = "YANGGUANG_NEW_PASSWORD",
            hide_env_values = true,
            value_name = "PASSWORD"
        )]
        new_password: String,
    },
    /// Disables an account; within a minute it stops working.
    Disable {
        /// What the person types to sign in
        sign_in: String,
    },
}

/// Runs the command.
pub async fn run(args: AccountsArgs, client: &Client, output: Output) -> anyhow::Result<Outcome> {
    match args.command {
        Command::List => print(&all(client).await?, output)?,
        Command::Create { sign_in, name, organ, roles, new_password } => {
            let asked = json!({
                "account": sign_in, "name": name, "organ_code": organ, "roles": roles,
                "password": new_password,
            });
            let created: Value = client.post("/api/v1/accounts", &asked).await?;
            output.value(&created)?;
            output.line(format!("created {sign_in}"));
        }
        Command::Disable { sign_in } => {
            let accounts = all(client).await?;
            let account = accounts
                .iter()
                .find(|account| text(account, "account") == sign_in)
                .with_context(|| format!("there is no account {sign_in}"))?;
            let path = format!("/api/v1/accounts/{}", text(account, "id"));
            let [name, organ, roles, etag] =
                ["name", "organ_code", "roles", "etag"].map(|key| account.get(key));
            let changed = json!({
                "name": name, "organ_code": organ, "roles": roles, "disabled": true, "etag": etag,
            });
            let answer: Value = client.put(&path, &changed).await?;
            output.value(&answer)?;
            output.line(format!("disabled {sign_in}"));
        }
    }
    Ok(Outcome::Done)
}

async fn all(client: &Client) -> anyhow::Result<Vec<Value>> {
    let mut accounts = Vec::new();
    let mut token = String::new();
    loop {
        let query = [("page_size", "100".to_owned()), ("page_token", token.clone())];
        let answer: Value = client.get("/api/v1/accounts", &query).await?;
        accounts.extend_from_slice(list(&answer, "items"));
        text(&answer, "next_page_token").clone_into(&mut token);
        if token.is_empty() {
            return Ok(accounts);
        }
    }
}

fn print(accounts: &[Value], output: Output) -> anyhow::Result<()> {
    let fields = ["account", "name", "organ_code", "roles", "disabled"];
    let rows: Vec<_> =
        accounts.iter().map(|account| fields.map(|field| cell(account, field)).to_vec()).collect();
    output.table(&fields, &rows);
    output.value(&json!({ "accounts": accounts }))
}
