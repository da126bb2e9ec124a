//! CloudEvents 1.0 in binary mode over NATS headers.
//!
//! Attributes as in the CloudEvents NATS binding: `ce-` and the attribute's name. Beside the
//! standard ones the extensions `position`, `epoch`, `revision` and `actor` are carried,
//! and the W3C `traceparent`.

use async_nats::{HeaderMap, jetstream::Message};
use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

use crate::{
    Error, Result,
    outbox::{Event, LoggedRow},
    telemetry,
};

/// An event as its reader gets it.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Id of the event, UUIDv7.
    pub id: Uuid,
    /// Place in its owner's log.
    pub position: u64,
    /// Epoch of the log in which it was placed.
    pub epoch: u64,
    /// Full name of the message.
    pub ty: String,
    /// What it is about, `policies/0198…`.
    pub aggregate: String,
    /// The aggregate's revision.
    pub revision: i64,
    /// When it became true.
    pub occurred_at: DateTime<Utc>,
    /// Who did it, for the record; never an authority.
    pub actor: String,
    pub(crate) trace: String,
    pub(crate) payload: bytes::Bytes,
}

impl Heard {
    /// Whether this is an `E`.
    pub fn is<E: Event>(&self) -> bool {
        self.ty == E::full_name()
    }

    /// Whether one command said both, and the same of each.
    pub fn came_with(&self, other: &Self) -> bool {
        self.ty == other.ty && self.actor == other.actor && self.trace == other.trace
    }

    /// The span in which a service takes this event in, and those that came with it.
    pub fn span(&self, service: &str) -> tracing::Span {
        telemetry::event_span(service, self)
    }

    /// The message, which must be an `E`.
    pub fn decode<E: Event>(&self) -> Result<E> {
        if !self.is::<E>() {
            return Err(Error::WrongEvent { expected: E::full_name(), found: self.ty.clone() });
        }
        Ok(E::decode(self.payload.clone())?)
    }

    /// Reads headers and payload of a message.
    pub(crate) fn read(message: &Message) -> Result<Self> {
        let headers = message.headers.as_ref().ok_or_else(|| bad("headers"))?;
        let text = |name: &str| headers.get(name).map(|v| v.as_str().to_owned());
        let needed = |name: &str| text(name).ok_or_else(|| bad(name));
        let number = |name: &str| needed(name)?.parse::<u64>().map_err(|_| bad(name));
        Ok(Self {
            id: needed("ce-id")?.parse().map_err(|_| bad("ce-id"))?,
            position: number("ce-position")?,
            epoch: number("ce-epoch")?,
            ty: needed("ce-type")?,
            aggregate: needed("ce-subject")?,
            revision: needed("ce-revision")?.parse().map_err(|_| bad("ce-revision"))?,
            occurred_at: DateTime::parse_from_rfc3339(&needed("ce-time")?)
                .map_err(|_| bad("ce-time"))?
                .to_utc(),
            actor: text("ce-actor").unwrap_or_default(),
            trace: text("traceparent").unwrap_or_default(),
            payload: message.payload.clone(),
        })
    }
}

/// Headers of a row of the log.
pub(crate) fn headers(service: &str, row: &LoggedRow, position: i64, epoch: i64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let id = row.id.to_string();
    headers.insert("Nats-Msg-Id", id.as_str());
    headers.insert("Nats-Expected-Last-Sequence", (position - 1).to_string().as_str());
    headers.insert("ce-specversion", "1.0");
    headers.insert("ce-id", id.as_str());
    headers.insert("ce-type", row.kind.as_str());
    headers.insert("ce-source", format!("/yangguang/{service}").as_str());
    headers.insert("ce-subject", row.aggregate.as_str());
    let time = row.occurred_at.to_rfc3339_opts(SecondsFormat::Micros, true);
    headers.insert("ce-time", time.as_str());
    headers.insert("content-type", "application/protobuf");
    headers.insert("ce-position", position.to_string().as_str());
    headers.insert("ce-epoch", row.epoch.unwrap_or(epoch).to_string().as_str());
    headers.insert("ce-revision", row.revision.to_string().as_str());
    if let Some(actor) = header_safe(&row.actor) {
        headers.insert("ce-actor", actor.as_str());
    }
    if let Some(trace) = telemetry::sent(service, &row.kind, &row.trace) {
        headers.insert("traceparent", trace.as_str());
    } else if !row.trace.is_empty() {
        headers.insert("traceparent", row.trace.as_str());
    }
    headers
}

/// Account ids only: a header must not break the protocol, whatever a row says.
fn header_safe(text: &str) -> Option<String> {
    let safe: String = text.chars().filter(char::is_ascii_graphic).collect();
    (!safe.is_empty()).then_some(safe)
}

fn bad(header: &str) -> Error {
    Error::BadEnvelope { header: header.to_owned() }
}
