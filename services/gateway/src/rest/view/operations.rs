//! What operators look into: logs, readers, dead letters, the audit trail.

use chrono::{DateTime, Utc};
use contracts::platform as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;

/// A service as its operator sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceState {
    /// Its name.
    pub service: String,
    /// Position of the newest event in its log.
    pub log_position: u64,
    /// Position up to which the stream holds the log.
    pub stream_position: u64,
    /// Epoch of the log.
    pub epoch: u64,
    /// How far it has come in the logs of others.
    pub readers: Vec<ReaderState>,
    /// Events that it gave up on.
    pub dead_letters: u64,
}

impl From<wire::ServiceState> for ServiceState {
    fn from(state: wire::ServiceState) -> Self {
        let wire::ServiceState {
            service,
            log_position,
            stream_position,
            epoch,
            readers,
            dead_letters,
        } = state;
        let readers = readers.into_iter().map(Into::into).collect();
        Self { service, log_position, stream_position, epoch, readers, dead_letters }
    }
}

/// How far one reader has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReaderState {
    /// Whose log it reads.
    pub producer: String,
    /// Everything up to here is applied.
    pub position: u64,
    /// Events that wait to be tried again.
    pub waiting: u64,
    /// Newest position of the stream.
    pub stream_position: u64,
}

impl From<wire::ReaderState> for ReaderState {
    fn from(state: wire::ReaderState) -> Self {
        let wire::ReaderState { producer, position, waiting, stream_position } = state;
        Self { producer, position, waiting, stream_position }
    }
}

/// One row of a service's event log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoggedEvent {
    /// Its id.
    pub id: String,
    /// Its place in the log.
    pub position: u64,
    /// Full name of the message.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about.
    pub aggregate: String,
    /// The aggregate's revision.
    pub revision: i64,
    /// When it became true.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Who did it.
    pub actor: String,
    /// Epoch of the log.
    pub epoch: u64,
    /// Size of its payload.
    pub payload_bytes: u32,
}

impl From<wire::LoggedEvent> for LoggedEvent {
    fn from(event: wire::LoggedEvent) -> Self {
        let wire::LoggedEvent {
            id,
            position,
            r#type,
            aggregate,
            revision,
            occurred_at,
            actor,
            epoch,
            payload_bytes,
        } = event;
        Self {
            id,
            position,
            kind: r#type,
            aggregate,
            revision,
            occurred_at: instant(occurred_at),
            actor,
            epoch,
            payload_bytes,
        }
    }
}

/// An event that its reader gave up on, or that waits behind such an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetter {
    /// Id of the event.
    pub event_id: String,
    /// Who gave up on it.
    pub service: String,
    /// Whose event it is.
    pub producer: String,
    /// Its place in that log.
    pub position: u64,
    /// Full name of the message.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about.
    pub aggregate: String,
    /// Why it could not be handled.
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub died_at: Option<DateTime<Utc>>,
    /// True for the event that failed, false for one that waits behind it.
    pub failed: bool,
}

impl From<wire::DeadLetter> for DeadLetter {
    fn from(letter: wire::DeadLetter) -> Self {
        let wire::DeadLetter {
            event_id,
            service,
            producer,
            position,
            r#type,
            aggregate,
            error,
            attempts,
            died_at,
            failed,
        } = letter;
        Self {
            event_id,
            service,
            producer,
            position,
            kind: r#type,
            aggregate,
            error,
            attempts,
            died_at: instant(died_at),
            failed,
        }
    }
}

/// Which dead letters to hand back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Redrive {
    /// The service that could not handle them.
    pub service: String,
    /// One aggregate; empty: all of the service.
    #[serde(default)]
    pub aggregate: String,
}

/// What became of dead letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct Redriven {
    /// How many were handled now.
    pub redriven: u32,
    /// How many were not.
    pub failed_again: u32,
    /// Why the first of those was not.
    pub first_error: String,
}

/// Whose stream to refill.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// The service.
    pub service: String,
}

/// What was sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    /// How many events.
    pub events: u64,
}

/// Who did what to which resource.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: String,
    /// The service that did it.
    pub service: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// Account of who asked for it.
    pub actor_id: String,
    /// That person's name.
    pub actor_name: String,
    /// `policy.publish` …
    pub action: String,
    /// `policies/…`
    pub resource: String,
    /// What else is to be known.
    pub detail: String,
}

impl From<wire::AuditEntry> for AuditEntry {
    fn from(entry: wire::AuditEntry) -> Self {
        let wire::AuditEntry { id, service, at, actor_id, actor_name, action, resource, detail } =
            entry;
        let at = instant(at);
        Self { id, service, at, actor_id, actor_name, action, resource, detail }
    }
}
