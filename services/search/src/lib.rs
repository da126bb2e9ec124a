//! Search: an index of all public policies in each replica, equal to the library's log.

pub mod config;
pub mod engine;
pub mod error;
mod events;
mod grpc;
mod indexer;
mod library;

use std::sync::Arc;
use std::time::Duration;

use contracts::search::search_service_server::SearchServiceServer;
use kit::config::{Problems, Settings};
use kit::{Kit, Service};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::engine::{Shelf, Words};
use crate::events::Listener;
use crate::grpc::{ACCESS, Grpc};
use crate::indexer::{Indexer, PRODUCER};
use crate::library::Library;

/// The configuration as it is without any file.
pub const DEFAULTS: &str = include_str!("../default.toml");

/// Whether the section makes sense; touches nothing.
pub fn check(settings: &Settings) -> Result<(), Problems> {
    settings.check::<Config>("search")
}

/// How long a rebuilding that nobody waits for is let rest after it failed.
const TRY_AGAIN: Duration = Duration::from_secs(30);
/// How often it is looked whether a new day has begun.
const NEW_DAY_EVERY: Duration = Duration::from_secs(60);
/// After a start, effects of so many days before are looked at again.
const DAYS_BEFORE_START: u64 = 31;

/// The service, ready to be run.
pub async fn service(kit: &Kit) -> anyhow::Result<Service> {
    let config: Config = kit.config()?;
    let db = kit.database(&[]).await?;
    let clock = kit.clock();
    let folder = kit.data().join("index");
    let memory = config.writer_memory();
    let synonyms = config.synonyms().map_err(anyhow::Error::msg)?;
    let open = move || Shelf::open(&folder, Words::with(synonyms)?, memory);
    let shelf = tokio::task::spawn_blocking(open).await??;
    let library = Library::new(kit.peer(PRODUCER), config.fetch_policies);
    let indexer = Arc::new(Indexer::new(Arc::new(shelf), library, Arc::clone(&clock)));
    let listener = Listener::new(Arc::clone(&indexer), Arc::clone(&clock), db.clone());
    let replica = kit.replica().to_string();
    let grpc = Grpc::new(Arc::clone(&indexer), clock, replica, config.extract_characters);
    let (checked, followed) = (Arc::clone(&indexer), Arc::clone(&indexer));
    Ok(Service::new(kit, Some(db))
        .grpc(SearchServiceServer::new(grpc), ACCESS)
        .copies(PRODUCER, events::types(), Arc::new(listener))
        .task("rebuild", move |stop| rebuild_when_wanted(indexer, stop))
        .task("effects", move |stop| follow_effects(followed, stop))
        .readiness("index", move || {
            let trouble = checked.trouble();
            async move { trouble.map_or(Ok(()), Err) }
        }))
}

async fn rebuild_when_wanted(indexer: Arc<Indexer>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = indexer.rebuild_is_wanted() => {}
        }
        if let Err(error) = indexer.rebuild().await {
            tracing::warn!(error = kit::error::chain(&error), "the index is built later");
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(TRY_AGAIN) => indexer.want_rebuild(),
            }
        }
    }
}

async fn follow_effects(indexer: Arc<Indexer>, stop: CancellationToken) {
    let mut last = indexer.today().saturating_sub(DAYS_BEFORE_START);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(NEW_DAY_EVERY) => {}
        }
        if last == indexer.today() {
            continue;
        }
        match indexer.follow_effects(last).await {
            Ok(today) => last = today,
            Err(error) => {
                tracing::warn!(error = kit::error::chain(&error), "effects are followed later");
            }
        }
    }
}
