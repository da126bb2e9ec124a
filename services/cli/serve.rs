//! `yangguang serve`: runs services in this process until it is asked to end.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use kit::{
    clock::SystemClock,
    config::Validate,
    process::{self, Front, Running},
    telemetry,
};
use serde::Deserialize;
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Outcome, Output, WrongUsage, client, sample, settings};

/// Word for every service.
const ALL: &str = "all";

/// Runs services of the platform in this process.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ServeArgs {
    /// Services to run: all, or names
    #[arg(default_value = ALL, value_name = "SERVICE")]
    services: Vec<String>,
    /// Where the portal listens
    #[arg(long, value_name = "ADDR")]
    http: Option<SocketAddr>,
    /// Where the services listen
    #[arg(long, value_name = "ADDR")]
    grpc: Option<SocketAddr>,
    /// Where health and metrics are answered
    #[arg(long, value_name = "ADDR")]
    ops: Option<SocketAddr>,
    /// Configuration file; default: yangguang.toml where it exists
    #[arg(long, value_name = "FILE", env = "YANGGUANG_CONFIG")]
    config: Option<PathBuf>,
    /// Publish the sample library of a city that does not exist, and make people who work there
    #[arg(long)]
    sample: bool,
}

const EXAMPLES: &str = "\
Examples:
  yangguang serve
  yangguang serve --data /srv/yangguang --http 0.0.0.0:8080
  yangguang serve documents search --config /etc/yangguang.toml
  yangguang serve --sample

Everything that is not an option is configuration: see `yangguang config show`.";

/// Runs the command.
pub async fn run(
    args: ServeArgs,
    data: Option<PathBuf>,
    fronts: &[Front],
    output: Output,
) -> anyhow::Result<Outcome> {
    let chosen = choose(&args.services, fronts)?;
    let settings = settings::load(fronts, &chosen, args.config.as_deref(), options(&args, data))?;
    let Platform { data } = settings.section("platform")?;
    let sample_from = args.sample.then_some(data.as_path());
    let names: Vec<&str> = chosen.iter().map(|front| front.name).collect();
    let _telemetry = telemetry::start(&settings.section("telemetry")?, &names)?;
    let mut signals = Signals::new()?;
    let clock = Arc::new(SystemClock);
    let starting = process::start(settings, &chosen, clock);
    let mut running = tokio::select! {
        started = starting => started?,
        () = signals.next() => return Ok(Outcome::Done),
    };
    greet(&running, &chosen, output)?;
    let outcome = tokio::select! {
        outcome = work(&mut running, sample_from, output) => outcome,
        () = signals.next() => Outcome::Done,
    };
    output.line("stopping; Ctrl-C once more stops at once");
    tokio::select! {
        () = running.stop() => {}
        () = signals.next() => std::process::exit(130),
    }
    Ok(outcome)
}

/// Runs until something in the process ends by itself, which is a failure.
async fn work(running: &mut Running, sample_from: Option<&Path>, output: Output) -> Outcome {
    if let Some(data) = sample_from
        && let Err(error) = sample::load(data, output).await
    {
        eprintln!("yangguang: the sample library: {error:#}");
    }
    running.wait().await;
    Outcome::Failed
}

/// The folder that the process works in; the operator's token lies there.
#[derive(Deserialize)]
struct Platform {
    data: PathBuf,
}

impl Validate for Platform {
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}

fn choose(names: &[String], fronts: &[Front]) -> Result<Vec<Front>, WrongUsage> {
    if names.iter().any(|name| name == ALL) {
        return Ok(fronts.to_vec());
    }
    if let Some(unknown) = names.iter().find(|name| fronts.iter().all(|f| f.name != **name)) {
        let known: Vec<&str> = fronts.iter().map(|front| front.name).collect();
        let known = known.join(", ");
        return Err(WrongUsage(format!("no service is called {unknown}; there are: all, {known}")));
    }
    // In the order in which they are built, whatever order was asked for.
    Ok(fronts.iter().filter(|front| names.iter().any(|name| name == front.name)).copied().collect())
}

fn options(args: &ServeArgs, data: Option<PathBuf>) -> Vec<(&'static str, String)> {
    let address = |address: Option<SocketAddr>| address.map(|address| address.to_string());
    let given = [
        ("platform.data", data.map(|folder| folder.display().to_string())),
        ("http.listen", address(args.http)),
        ("grpc.listen", address(args.grpc)),
        ("ops.listen", address(args.ops)),
        ("identity.sample", args.sample.then(|| true.to_string())),
    ];
    given.into_iter().filter_map(|(key, text)| Some((key, text?))).collect()
}

fn greet(running: &Running, fronts: &[Front], output: Output) -> anyhow::Result<()> {
    let names: Vec<&str> = fronts.iter().map(|front| front.name).collect();
    output.line(format!("Yangguang runs: {}", names.join(", ")));
    if let Some(http) = running.http {
        let http = client::reachable(http);
        output.line(format!("  portal     http://{http}/"));
        output.line(format!("  console    http://{http}/console"));
    }
    output.line(format!("  services   {} (gRPC)", running.grpc));
    output.line(format!("  health     http://{}/readyz", client::reachable(running.ops)));
    for line in &running.announcements {
        output.line(format!("  {line}"));
    }
    output.line("Ctrl-C stops it; what it holds stays in the data folder.");
    output.value(&json!({
        "services": names, "http": running.http, "grpc": running.grpc, "ops": running.ops,
        "announcements": running.announcements,
    }))
}

/// What asks a process to end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fronts() -> Vec<Front> {
        let open = |_| -> process::Opening { Box::pin(async { anyhow::bail!("not opened here") }) };
        let front =
            |name| Front { name, defaults: "", hears: &[], copies: &[], check: |_| Ok(()), open };
        ["identity", "documents"].map(front).to_vec()
    }

    fn chosen(names: &[&str]) -> Result<Vec<&'static str>, String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let chosen = choose(&names, &fronts()).map_err(|wrong| wrong.to_string())?;
        Ok(chosen.iter().map(|front| front.name).collect())
    }

    #[test]
    fn services_run_in_the_order_in_which_they_are_built() {
        assert_eq!(chosen(&["all"]).unwrap(), ["identity", "documents"]);
        assert_eq!(chosen(&["documents", "identity"]).unwrap(), ["identity", "documents"]);
        assert_eq!(chosen(&["documents"]).unwrap(), ["documents"]);
    }

    #[test]
    fn an_unknown_service_is_named() {
        assert!(chosen(&["document"]).unwrap_err().contains("document;"));
    }
}
