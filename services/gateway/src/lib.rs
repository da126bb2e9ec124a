//! HTTP for everybody: the public portal, the staff console, REST and feeds.
//!
//! The gateway has no data of its own but sessions: it asks the services behind it, as whoever
//! asks it, and gives their answers a form.

mod akn;
mod app;
mod assets;
mod cache;
mod clients;
mod config;
mod cookies;
mod error;
mod feeds;
mod http_cache;
mod legislation;
mod lines;
mod openapi;
mod pages;
mod preferences;
mod problem;
mod renditions;
mod rest;
mod router;
mod security;
mod session;

use std::{sync::Arc, time::Duration};

use kit::{
    Kit, Service,
    config::{Problems, Settings},
    jobs::Job,
};
use tokio_util::sync::CancellationToken;

use crate::{app::App, cache::Invalidation, config::Config};

/// The section of the configuration with a comment on every key.
pub const DEFAULTS: &str = include_str!("../default.toml");

/// Whether the section makes sense; touches nothing.
pub fn check(settings: &Settings) -> Result<(), Problems> {
    settings.check::<Config>("gateway")
}

/// How often ended sessions and quiet addresses are forgotten.
const SWEEP: Duration = Duration::from_secs(60);

/// The front door.
pub async fn service(kit: &Kit) -> anyhow::Result<Service> {
    let config: Config = kit.config()?;
    let db = kit.database(session::MIGRATIONS).await?;
    let app = App::new(kit, config, &db)?;
    let copy = Invalidation::new(Arc::clone(&app.policies), db.clone(), kit.clock());
    let copy = Arc::new(copy);
    let mut service = Service::new(kit, Some(db));
    for (producer, types) in cache::HEARD {
        let copy: Arc<dyn kit::Copy> = Arc::clone(&copy) as _;
        service = service.copies(producer, types(), copy);
    }
    let sessions = app.sessions.clone();
    let limited = app.clone();
    Ok(service
        .http(router::router(app))
        .job(Job::every("sweep_sessions", SWEEP, move |_| {
            let sessions = sessions.clone();
            async move { Ok(sessions.sweep().await.map(drop)?) }
        }))
        .task("sweep_limits", |stop| sweep_limits(limited, stop)))
}

/// The limits are each replica's own, so each sweeps for itself.
async fn sweep_limits(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(SWEEP) => app.limits.sweep(),
        }
    }
}
