//! Interpretations of policies, and the duty to write them.

mod commands;
mod config;
mod domain;
mod error;
mod events;
mod grpc;
mod jobs;
mod queries;
mod store;

use std::sync::Arc;

use contracts::interpretations::interpretation_service_server::InterpretationServiceServer;
use kit::config::{Problems, Settings};
use kit::{Kit, Service};
use workday::Calendar;

use crate::commands::Interpretations;
use crate::config::Config;
use crate::events::Follower;

/// The section of the configuration with a comment on every key.
pub const DEFAULTS: &str = include_str!("../default.toml");

/// Whether the section makes sense; touches nothing.
pub fn check(settings: &Settings) -> Result<(), Problems> {
    settings.check::<Config>("interpretations")
}

/// The front door.
pub async fn service(kit: &Kit) -> anyhow::Result<Service> {
    let config: Config = kit.config()?;
    let db = kit.database(store::MIGRATIONS).await?;
    let commands = Interpretations {
        db: db.clone(),
        clock: kit.clock(),
        calendar: Arc::new(Calendar::official()),
        rules: Arc::new(config.rule_table()),
        text_limit: config.text_limit,
    };
    Ok(Service::new(kit, Some(db))
        .grpc(InterpretationServiceServer::new(grpc::Grpc(commands.clone())), grpc::ACCESS)
        .hears("documents", Follower::types(), Arc::new(Follower(commands.clone())))
        .job(jobs::tell_overdue(commands)))
}
