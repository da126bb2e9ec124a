//! documents: the policy library.
//!
//! It owns policies, their drafts, revisions, relations and attachments, and the receipt of each
//! publication. Everything else that follows from a publication hears of it as an event.

mod commands;
mod config;
mod domain;
mod error;
mod events;
mod grpc;
mod jobs;
mod press;
mod queries;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use contracts::{
    documents::{
        intake_service_server::IntakeServiceServer, library_service_server::LibraryServiceServer,
        lifecycle_service_server::LifecycleServiceServer,
        policy_service_server::PolicyServiceServer,
    },
    gateway::PagesRefreshed,
    identity::OrganChanged,
    interpretations::{
        InterpretationPublished, InterpretationWithdrawn, PolicyFollowed, TaskOpened, TaskWaived,
    },
    notification::{FanOutCompleted, FanOutDelayed},
    platform::EventDeadLettered,
    search::{IndexingDelayed, PoliciesIndexed, PoliciesUnindexed},
};
use kit::{
    Kit, Service,
    config::{Problems, Settings},
};
use prost::Name as _;

use crate::{
    commands::{Documents, directory::Identity},
    config::Config,
};

/// The service's configuration with a comment on every key.
pub const DEFAULTS: &str = include_str!("../default.toml");

/// Whether the section makes sense; touches nothing.
pub fn check(settings: &Settings) -> Result<(), Problems> {
    settings.check::<Config>("documents")
}

/// Builds the service.
pub async fn service(kit: &Kit) -> anyhow::Result<Service> {
    let config: Config = kit.config()?;
    let db = kit.database(store::MIGRATIONS).await?;
    let directory = Arc::new(Identity(kit.peer("identity")));
    let documents = Documents::new(db.clone(), kit.clock(), config, kit.files()?, directory);
    let server = PolicyServiceServer::new(grpc::Grpc(documents.clone()))
        .max_decoding_message_size(grpc::MOST_BYTES)
        .max_encoding_message_size(grpc::MOST_BYTES);
    let intake = IntakeServiceServer::new(grpc::intake::Intake(documents.clone()))
        .max_decoding_message_size(grpc::MOST_BYTES)
        .max_encoding_message_size(grpc::MOST_BYTES);
    let lifecycles = grpc::lifecycle::Lifecycles(documents.clone());
    let lifecycles = LifecycleServiceServer::new(lifecycles)
        .max_decoding_message_size(grpc::MOST_BYTES)
        .max_encoding_message_size(grpc::MOST_BYTES);
    let library = LibraryServiceServer::new(grpc::library::Grpc(documents.clone()))
        .max_encoding_message_size(grpc::MOST_BYTES);
    let jobs = jobs::all(&documents);
    let ear = Arc::new(events::Ear(documents));
    let dead = EventDeadLettered::full_name;
    let service = Service::new(kit, Some(db))
        .grpc(server, grpc::ACCESS)
        .grpc(intake, grpc::intake::ACCESS)
        .grpc(lifecycles, grpc::lifecycle::ACCESS)
        .grpc(library, grpc::library::ACCESS)
        .hears("identity", [OrganChanged::full_name()], ear.clone())
        .hears(
            "interpretations",
            [
                TaskOpened::full_name(),
                TaskWaived::full_name(),
                PolicyFollowed::full_name(),
                InterpretationPublished::full_name(),
                InterpretationWithdrawn::full_name(),
                dead(),
            ],
            ear.clone(),
        )
        .hears(
            "search",
            [
                PoliciesIndexed::full_name(),
                PoliciesUnindexed::full_name(),
                IndexingDelayed::full_name(),
                dead(),
            ],
            ear.clone(),
        )
        .hears(
            "notification",
            [FanOutCompleted::full_name(), FanOutDelayed::full_name(), dead()],
            ear.clone(),
        )
        .hears("gateway", [PagesRefreshed::full_name(), dead()], ear);
    Ok(jobs.into_iter().fold(service, Service::job))
}
