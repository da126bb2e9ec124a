//! The platform that every service of Yangguang stands on. It knows no business word.
//!
//! A service is a value ([`Service`]) that its front door builds from a [`Kit`]; only the kit runs
//! it. Events leave through the transactional outbox ([`outbox`]), which is the log of record;
//! the [`relay`] carries the log to JetStream, where [`Handler`]s and [`Copy`]s hear it.

mod again;
pub mod audit;
pub mod auth;
pub mod bus;
pub mod clock;
pub mod config;
pub mod copies;
pub mod db;
mod dead;
pub mod error;
pub mod files;
pub mod grpc;
pub mod hash;
pub mod http;
pub mod id;
pub mod idempotency;
pub mod jobs;
pub mod lease;
pub mod nats;
pub mod outbox;
pub mod page;
mod platform;
pub mod process;
pub mod reader;
pub mod relay;
mod schema;
pub mod service;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod wake;
mod watch;

pub use copies::{ApplyError, Copy, CopyMark};
pub use error::{Error, Fault, FieldFault, Kind, Result};
pub use reader::{Failed, Handler, Heard};
pub use service::{Kit, Service};
