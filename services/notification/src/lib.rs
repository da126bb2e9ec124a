//! Subscriptions of the public, and what is sent to them.
//!
//! The service hears of publications, finds in the same transaction everyone who asked to hear of
//! them, and writes one ledger row per person and event. The [`jobs::Deliverer`] then sends, and
//! notes what became of each message.

mod commands;
mod config;
mod domain;
mod error;
mod events;
mod grpc;
mod jobs;
mod letters;
mod queries;
mod store;
#[cfg(test)]
mod tests;
mod transport;
mod vault;

use std::{sync::Arc, time::Duration};

use contracts::{
    documents::{
        PolicyAmended, PolicyCorrected, PolicyLapsed, PolicyPublished, PolicyRepealed,
        PolicyWithdrawn,
    },
    notification::notification_service_server::NotificationServiceServer,
};
use kit::{
    Kit, Service,
    config::{Problems, Settings},
    jobs::Job,
    lease::Lease,
};

use crate::{
    commands::{digest, subscribe::Subscriptions, tidy},
    config::Config,
    jobs::Deliverer,
    letters::Letters,
    queries::Queries,
    transport::Transport,
    vault::Vault,
};

pub use error::Error;

/// The compiled-in configuration, with a comment on every key.
pub const DEFAULTS: &str = include_str!("../default.toml");

/// Whether the section makes sense; touches nothing.
pub fn check(settings: &Settings) -> Result<(), Problems> {
    settings.check::<Config>("notification")
}

/// How often the day's digest and the tidying are looked at; both do nothing when not due.
const HOUSEKEEPING: Duration = Duration::from_secs(15 * 60);

/// Builds the service.
pub async fn service(kit: &Kit) -> anyhow::Result<Service> {
    let config: Config = kit.config()?;
    let db = kit.database(store::MIGRATIONS).await?;
    let clock = kit.clock();
    let vault = Arc::new(Vault::open(&config.secret, &kit.data())?);
    let transport = Arc::new(Transport::from_config(&config, &kit.data())?);
    let letters = Letters::new(&config, Arc::clone(&vault))?;

    let subscriptions = Subscriptions {
        db: db.clone(),
        clock: Arc::clone(&clock),
        vault: Arc::clone(&vault),
        confirmations_per_day: config.confirmations_per_day,
    };
    let queries = Queries {
        db: db.clone(),
        vault: Arc::clone(&vault),
        transport: Arc::clone(&transport),
        message_domain: config.message_domain.clone(),
    };
    let grpc = grpc::Grpc { subscriptions, queries };
    let deliverer = Deliverer {
        db: db.clone(),
        clock: Arc::clone(&clock),
        transport,
        letters,
        vault,
        patience: config.patience(),
        batch: config.batch,
        parallel: config.parallel,
    };
    let announcer = Arc::new(events::Announcer { clock: Arc::clone(&clock) });

    let digest_at = config.digest_time()?;
    let (digest_db, digest_clock) = (db.clone(), Arc::clone(&clock));
    let (tidy_db, tidy_clock) = (db.clone(), clock);
    let keep = chrono::Duration::days(config.confirm_within_days);
    let lease = Lease::new(db.clone(), kit.clock(), "deliver").held_by(kit.replica());
    Ok(Service::new(kit, Some(db))
        .grpc(NotificationServiceServer::new(grpc), grpc::ACCESS)
        .hears("documents", heard(), announcer)
        .job(Job::every("notification.digest", HOUSEKEEPING, move |_| {
            let (db, clock) = (digest_db.clone(), Arc::clone(&digest_clock));
            async move {
                digest::make(&db, clock.now(), digest_at).await?;
                Ok(())
            }
        }))
        .job(Job::every("notification.tidy", HOUSEKEEPING, move |_| {
            let (db, clock) = (tidy_db.clone(), Arc::clone(&tidy_clock));
            async move {
                tidy::forget(&db, clock.now(), keep).await?;
                Ok(())
            }
        }))
        .task("deliver", move |shutdown| deliverer.run(lease, shutdown)))
}

/// Types of the events that are announced.
fn heard() -> Vec<String> {
    use prost::Name;
    vec![
        PolicyPublished::full_name(),
        PolicyCorrected::full_name(),
        PolicyWithdrawn::full_name(),
        PolicyAmended::full_name(),
        PolicyRepealed::full_name(),
        PolicyLapsed::full_name(),
    ]
}
