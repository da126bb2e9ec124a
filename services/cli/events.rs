//! `yangguang events`: the event logs, and what could not be handled.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    Client, Outcome, Output,
    output::{cell, list, text},
};

/// How often a followed log is asked for more.
const FOLLOW: Duration = Duration::from_secs(1);
/// Events of one answer.
const PAGE: u32 = 500;

/// Looks into the event logs and mends what could not be handled.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct EventsArgs {
    #[command(subcommand)]
    command: Command,
    /// Service whose events are meant; may be given several times; default: all
    #[arg(long = "service", global = true, value_name = "SERVICE")]
    services: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  yangguang events services
  yangguang events tail --service documents --follow
  yangguang events dead
  yangguang events redrive --service search --aggregate policies/0192…
  yangguang events replay";

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows how far each service's log, stream and readers are.
    Services,
    /// Prints events of the logs, the newest last.
    Tail {
        /// Only events behind this position of the log
        #[arg(long, default_value_t = 0, value_name = "POSITION")]
        after: u64,
        /// Only events of this aggregate, policies/…
        #[arg(long)]
        aggregate: Option<String>,
        /// Go on as events happen, until Ctrl-C
        #[arg(long)]
        follow: bool,
    },
    /// Lists what services gave up on, and what waits behind it.
    Dead,
    /// Hands what services gave up on back to them, in order.
    Redrive {
        /// Only this aggregate, policies/…
        #[arg(long)]
        aggregate: Option<String>,
    },
    /// Refills the streams from the event tables.
    Replay,
}

/// Runs the command.
pub async fn run(args: EventsArgs, client: &Client, output: Output) -> anyhow::Result<Outcome> {
    let services = match (&args.command, args.services.is_empty()) {
        (Command::Services, _) => Vec::new(),
        (_, false) => args.services,
        (_, true) => all_services(client).await?,
    };
    match args.command {
        Command::Services => show_services(client, output).await,
        Command::Tail { after, aggregate, follow } => {
            let logs = services.into_iter().map(|service| Log { service, position: after });
            tail(client, logs.collect(), aggregate.as_deref(), follow, output).await
        }
        Command::Dead => dead(client, &services, output).await,
        Command::Redrive { aggregate } => {
            redrive(client, &services, aggregate.as_deref().unwrap_or_default(), output).await
        }
        Command::Replay => replay(client, &services, output).await,
    }
}

async fn services(client: &Client) -> anyhow::Result<Vec<Value>> {
    let answer: Value = client.get("/api/v1/events/services", &[]).await?;
    Ok(list(&answer, "items").to_vec())
}

async fn all_services(client: &Client) -> anyhow::Result<Vec<String>> {
    let services = services(client).await?;
    Ok(services.iter().map(|service| text(service, "service").to_owned()).collect())
}

async fn show_services(client: &Client, output: Output) -> anyhow::Result<Outcome> {
    let services = services(client).await?;
    output.value(&json!({ "services": services }))?;
    let mut rows = Vec::new();
    for service in &services {
        rows.push(
            ["service", "log_position", "stream_position", "epoch", "dead_letters"]
                .map(|key| cell(service, key))
                .to_vec(),
        );
        for reader in list(service, "readers") {
            let reads = format!("  reads {}", text(reader, "producer"));
            let waiting = format!("{} waiting", cell(reader, "waiting"));
            let [position, stream] = ["position", "stream_position"].map(|key| cell(reader, key));
            rows.push(vec![reads, position, stream, String::new(), waiting]);
        }
    }
    output.table(&["service", "log", "stream", "epoch", "dead letters"], &rows);
    Ok(Outcome::Done)
}

/// How far one service's log was printed.
struct Log {
    service: String,
    position: u64,
}

async fn tail(
    client: &Client,
    mut logs: Vec<Log>,
    aggregate: Option<&str>,
    follow: bool,
    output: Output,
) -> anyhow::Result<Outcome> {
    loop {
        for log in &mut logs {
            print_more(client, log, aggregate, output).await?;
        }
        if !follow {
            return Ok(Outcome::Done);
        }
        tokio::time::sleep(FOLLOW).await;
    }
}

async fn print_more(
    client: &Client,
    log: &mut Log,
    aggregate: Option<&str>,
    output: Output,
) -> anyhow::Result<()> {
    loop {
        let mut query = vec![
            ("service", log.service.clone()),
            ("after", log.position.to_string()),
            ("limit", PAGE.to_string()),
        ];
        query.extend(aggregate.map(|aggregate| ("aggregate", aggregate.to_owned())));
        let events = client.get_lines("/api/v1/events/tail", &query).await?;
        for event in &events {
            // A log that breaks off ends with the problem.
            anyhow::ensure!(event.get("position").is_some(), "{}", text(event, "detail"));
            output.value(event)?;
            let fields = ["position", "occurred_at", "type", "aggregate", "revision", "actor"];
            output.line(fields.map(|field| cell(event, field)).join("  "));
        }
        let last = events.last().and_then(|event| event.get("position")?.as_u64());
        let Some(last) = last.filter(|last| *last > log.position) else { return Ok(()) };
        log.position = last;
    }
}

async fn dead(client: &Client, services: &[String], output: Output) -> anyhow::Result<Outcome> {
    let mut letters = Vec::new();
    for service in services {
        let mut token = String::new();
        loop {
            let query = [("service", service.clone()), ("page_token", token.clone())];
            let answer: Value = client.get("/api/v1/events/dead-letters", &query).await?;
            letters.extend_from_slice(list(&answer, "items"));
            text(&answer, "next_page_token").clone_into(&mut token);
            if token.is_empty() {
                break;
            }
        }
    }
    output.value(&json!({ "dead_letters": letters }))?;
    if letters.is_empty() {
        output.line("no dead letters");
        return Ok(Outcome::Done);
    }
    let fields = ["service", "died_at", "type", "aggregate", "attempts", "error"];
    let rows: Vec<_> =
        letters.iter().map(|letter| fields.map(|field| cell(letter, field)).to_vec()).collect();
    output.table(&fields, &rows);
    Ok(Outcome::Done)
}

async fn redrive(
    client: &Client,
    services: &[String],
    aggregate: &str,
    output: Output,
) -> anyhow::Result<Outcome> {
    let mut results = Vec::new();
    let mut failed = false;
    for service in services {
        let asked = json!({ "service": service, "aggregate": aggregate });
        let answer: Value = client.post("/api/v1/events/redrive", &asked).await?;
        let [redriven, again, error] =
            ["redriven", "failed_again", "first_error"].map(|key| cell(&answer, key));
        failed |= answer.get("failed_again").and_then(Value::as_u64).unwrap_or_default() > 0;
        output.line(format!("{service}: {redriven} redriven, {again} failed again {error}"));
        results.push(json!({ "service": service, "answer": answer }));
    }
    output.value(&json!({ "services": results }))?;
    Ok(if failed { Outcome::SomeRefused } else { Outcome::Done })
}

async fn replay(client: &Client, services: &[String], output: Output) -> anyhow::Result<Outcome> {
    let mut results = Vec::new();
    for service in services {
        let answer: Value =
            client.post("/api/v1/events/replay", &json!({ "service": service })).await?;
        output.line(format!("{service}: {} events sent again", cell(&answer, "events")));
        results.push(json!({ "service": service, "events": answer.get("events") }));
    }
    output.value(&json!({ "services": results }))?;
    Ok(Outcome::Done)
}
