//! The transactional outbox, which is also the log of record.
//!
//! An event is written in the transaction that made it true, and is kept. NATS is a cache of this
//! table: it can be wiped and refilled from it. A row gets its `position` from the relay when that
//! first sees it, because neither ids nor serials are the order of commit.

use chrono::{DateTime, Utc};
use prost::{Message, Name};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::{
    Error, Result,
    clock::Clock,
    db::{self, Db, Tx},
    telemetry,
};

/// Most bytes of an event; longer content goes as revision and hash.
pub const MAX_EVENT_BYTES: usize = 256 * 1024;

/// A message in the past tense: its full name is its type.
pub trait Event: Message + Name + Default + 'static {}

impl<E: Message + Name + Default + 'static> Event for E {}

/// What an event is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The aggregate, `policies/0198…`: its events are read in order.
    pub aggregate: &'a str,
    /// The aggregate's revision that the event made, taken under its row lock.
    pub revision: i64,
}

/// An event that is about to be appended.
#[derive(Debug, Clone)]
pub struct NewEvent {
    kind: String,
    aggregate: String,
    revision: i64,
    payload: Vec<u8>,
}

impl NewEvent {
    /// Encodes `event`.
    pub fn of<E: Event>(event: &E, about: Subject<'_>) -> Self {
        Self {
            kind: E::full_name(),
            aggregate: about.aggregate.to_owned(),
            revision: about.revision,
            payload: event.encode_to_vec(),
        }
    }
}

/// Appends one event in the transaction that made it true; answers with its id.
pub async fn append<E: Event>(
    tx: &Tx,
    clock: &dyn Clock,
    about: Subject<'_>,
    event: &E,
    actor: &str,
) -> Result<Uuid> {
    let ids = append_many(tx, clock, vec![NewEvent::of(event, about)], actor).await?;
    ids.first().copied().ok_or(Error::Impossible("an appended event has no id"))
}

/// Appends several events in their order; answers with their ids.
pub async fn append_many(
    tx: &Tx,
    clock: &dyn Clock,
    events: Vec<NewEvent>,
    actor: &str,
) -> Result<Vec<Uuid>> {
    const COLUMNS: usize = 8;
    const ROWS: usize = 100;
    let trace = telemetry::current_traceparent().unwrap_or_default();
    let mut ids = Vec::with_capacity(events.len());
    let mut values: Vec<Value> = Vec::with_capacity(ROWS * COLUMNS);
    for event in events {
        if event.payload.len() > MAX_EVENT_BYTES {
            let bytes = event.payload.len();
            return Err(Error::EventTooLarge { kind: event.kind, bytes });
        }
        let id = crate::id::new(clock);
        ids.push(id);
        values.extend([
            id.into(),
            event.kind.into(),
            event.aggregate.into(),
            event.revision.into(),
            clock.now().into(),
            actor.into(),
            trace.clone().into(),
            event.payload.into(),
        ]);
        if values.len() == ROWS * COLUMNS {
            insert(tx, std::mem::take(&mut values), COLUMNS).await?;
        }
    }
    insert(tx, values, COLUMNS).await?;
    Ok(ids)
}

async fn insert(tx: &Tx, values: Vec<Value>, columns: usize) -> Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    let text = format!(
        "INSERT INTO events (id, type, aggregate, revision, occurred_at, actor, trace, payload) \
         VALUES {}",
        db::rows_of(columns, values.len() / columns)
    );
    db::run(&**tx, &text, values).await?;
    Ok(())
}

/// Replaces what an aggregate's events of one revision say, where the law demands that it be gone.
///
/// `redact` gets type and payload of each such event and answers with the payload to keep.
/// Returns how many events were changed; a new epoch makes the relay refill the stream.
pub async fn redact(
    tx: &Tx,
    aggregate: &str,
    revision: i64,
    mut redact: impl FnMut(&str, &[u8]) -> Result<Vec<u8>>,
) -> Result<u64> {
    let rows: Vec<LoggedRow> = db::all(
        &**tx,
        &format!("SELECT {COLUMNS} FROM events WHERE aggregate = $1 AND revision = $2"),
        vec![aggregate.into(), revision.into()],
    )
    .await?;
    let mut changed = 0;
    for row in rows {
        let payload = redact(&row.kind, &row.payload)?;
        let values = vec![row.id.into(), payload.into()];
        changed += db::run(&**tx, "UPDATE events SET payload = $2 WHERE id = $1", values).await?;
    }
    if changed > 0 {
        db::run(&**tx, NEW_EPOCH, vec![]).await?;
    }
    Ok(changed)
}

pub(crate) const COLUMNS: &str = "id, position, epoch, type AS kind, aggregate, revision, \
                                  occurred_at, actor, trace, payload";

/// One row of the log.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct LoggedRow {
    pub id: Uuid,
    pub position: Option<i64>,
    pub epoch: Option<i64>,
    pub kind: String,
    pub aggregate: String,
    pub revision: i64,
    pub occurred_at: DateTime<Utc>,
    pub actor: String,
    pub trace: String,
    pub payload: Vec<u8>,
}

const NEW_EPOCH: &str = "UPDATE event_log SET epoch = epoch + 1, epoch_start = last_position + 1";

/// Where the log stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub(crate) struct LogState {
    pub epoch: i64,
    pub epoch_start: i64,
    pub last_position: i64,
}

pub(crate) async fn state(conn: &impl sea_orm::ConnectionTrait) -> Result<LogState> {
    db::one(conn, "SELECT epoch, epoch_start, last_position FROM event_log", vec![])
        .await?
        .ok_or_else(no_state)
}

/// Gives every row that has none the next position, and returns those rows in that order.
///
/// One transaction under the log's row lock: two relays that both believe to be the one cannot
/// give a position twice.
pub(crate) async fn place(db: &Db, limit: u64) -> Result<Vec<LoggedRow>> {
    let waiting: Option<i64> = db::scalar(
        db.conn(),
        "SELECT serial AS value FROM events WHERE position IS NULL LIMIT 1",
        vec![],
    )
    .await?;
    if waiting.is_none() {
        return Ok(Vec::new());
    }
    let tx = db.begin().await?;
    let lock =
        format!("SELECT epoch, epoch_start, last_position FROM event_log{}", tx.for_update());
    let log: LogState = db::one(&*tx, &lock, vec![]).await?.ok_or_else(no_state)?;
    let text = format!(
        "UPDATE events SET position = $1 + n.rank, epoch = $2 FROM (\
           SELECT serial AS s, row_number() OVER (ORDER BY serial) AS rank FROM (\
             SELECT serial FROM events WHERE position IS NULL ORDER BY serial LIMIT $3) AS w) AS n \
         WHERE events.serial = n.s RETURNING {COLUMNS}"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = vec![log.last_position.into(), log.epoch.into(), limit.into()];
    let mut rows: Vec<LoggedRow> = db::all(&*tx, &text, values).await?;
    rows.sort_by_key(|row| row.position);
    if let Some(last) = rows.last().and_then(|row| row.position) {
        db::run(&*tx, "UPDATE event_log SET last_position = $1", vec![last.into()]).await?;
    }
    tx.inner_commit().await?;
    Ok(rows)
}

/// Placed rows after a position, in order.
pub(crate) async fn after(db: &Db, position: i64, limit: u64) -> Result<Vec<LoggedRow>> {
    let text =
        format!("SELECT {COLUMNS} FROM events WHERE position > $1 ORDER BY position LIMIT $2");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db::all(db.conn(), &text, vec![position.into(), limit.into()]).await
}

/// Starts a new epoch: the stream is refilled, and what readers hold beyond the log's end is void.
pub(crate) async fn start_epoch(db: &Db) -> Result<LogState> {
    let tx = db.begin().await?;
    db::run(&*tx, NEW_EPOCH, vec![]).await?;
    let state = state(&*tx).await?;
    tx.commit().await?;
    Ok(state)
}

fn no_state() -> Error {
    Error::Impossible("the log has no state row")
}
