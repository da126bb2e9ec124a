//! The one door: which services exist, and the command line that runs them and works with them.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod cli;

use std::process::ExitCode;

use clap::Parser as _;
use kit::process::Front;

/// Many threads ask for and give back much memory in small pieces: with the system's own allocator a
/// tenth of an import's time went there.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Every service of the platform, in the order in which they are built.
const FRONTS: &[Front] = &[
    Front {
        name: "identity",
        defaults: identity::DEFAULTS,
        hears: &[],
        copies: &[],
        check: identity::check,
        open: |kit| Box::pin(async move { identity::service(&kit).await }),
    },
    Front {
        name: "documents",
        defaults: documents::DEFAULTS,
        hears: &["identity", "interpretations", "search", "notification", "gateway"],
        copies: &[],
        check: documents::check,
        open: |kit| Box::pin(async move { documents::service(&kit).await }),
    },
    Front {
        name: "interpretations",
        defaults: interpretations::DEFAULTS,
        hears: &["documents"],
        copies: &[],
        check: interpretations::check,
        open: |kit| Box::pin(async move { interpretations::service(&kit).await }),
    },
    Front {
        name: "search",
        defaults: search::DEFAULTS,
        hears: &[],
        copies: &["documents"],
        check: search::check,
        open: |kit| Box::pin(async move { search::service(&kit).await }),
    },
    Front {
        name: "notification",
        defaults: notification::DEFAULTS,
        hears: &["documents"],
        copies: &[],
        check: notification::check,
        open: |kit| Box::pin(async move { notification::service(&kit).await }),
    },
    Front {
        name: "gateway",
        defaults: gateway::DEFAULTS,
        hears: &[],
        copies: &["documents", "interpretations"],
        check: gateway::check,
        open: |kit| Box::pin(async move { gateway::service(&kit).await }),
    },
];

fn main() -> ExitCode {
    // Fails only where a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let command = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("yangguang: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(cli::run(command, FRONTS)).into()
}
