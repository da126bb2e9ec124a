//! The transactional outbox, which is also the log of record.
//!
//! An event is written in the transaction that made it true, and is kept. NATS is a cache of this
//! table: it can be wiped and refilled from it. Where writers write beside each other, in
//! PostgreSQL, a row gets its `position` from the relay when that first sees it, because neither
//! ids nor serials are the order of commit. In SQLite one writes after the other: there the order
//! of appending is the order of commit, and a row is placed as it is appended.

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
    let trace = telemetry::current_traceparent().unwrap_or_default();
    let mut places = Places::taken(tx, events.len()).await?;
    let mut ids = Vec::with_capacity(events.len());
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(events.len());
    for event in events {
        if event.payload.len() > MAX_EVENT_BYTES {
            let bytes = event.payload.len();
            return Err(Error::EventTooLarge { kind: event.kind, bytes });
        }
        let id = crate::id::new(clock);
        ids.push(id);
        let (position, epoch) = places.next();
        rows.push(vec![
            id.into(),
            position.into(),
            epoch.into(),
            event.kind.into(),
            event.aggregate.into(),
            event.revision.into(),
            clock.now().into(),
            actor.into(),
            trace.clone().into(),
            event.payload.into(),
        ]);
    }
    let columns = "id, position, epoch, type, aggregate, revision, occurred_at, actor, trace, \
                   payload";
    db::insert(tx, "events", columns, rows).await?;
    Ok(ids)
}

/// The next positions of the log, taken for events that are being appended; none where the relay
/// gives them.
struct Places {
    last: Option<i64>,
    epoch: Option<i64>,
}

impl Places {
    async fn taken(tx: &Tx, count: usize) -> Result<Self> {
        if tx.is_beside_others() || count == 0 {
            return Ok(Self { last: None, epoch: None });
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let text = "UPDATE event_log SET last_position = last_position + $1 \
                    RETURNING epoch, epoch_start, last_position";
        let log: LogState = db::one(&**tx, text, vec![count.into()]).await?.ok_or_else(no_state)?;
        Ok(Self { last: Some(log.last_position - count), epoch: Some(log.epoch) })
    }

    fn next(&mut self) -> (Option<i64>, Option<i64>) {
        self.last = self.last.map(|last| last + 1);
        (self.last, self.epoch)
    }
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

/// What the log has after `position`, in order; rows that have no position yet get theirs first.
pub(crate) async fn next(db: &Db, position: i64, limit: u64) -> Result<Vec<LoggedRow>> {
    if db.writes_beside_others() {
        place(db, limit).await
    } else {
        after(db, position, limit).await
    }
}

/// Gives rows that have none the next positions, and returns them in that order.
///
/// The log's row is locked: two relays that both believe to be the one cannot give a position
/// twice.
async fn place(db: &Db, limit: u64) -> Result<Vec<LoggedRow>> {
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
    // Locked by a statement of its own: the next one sees what was placed before it had the lock.
    let lock =
        format!("SELECT epoch, epoch_start, last_position FROM event_log{}", tx.for_update());
    let log: LogState = db::one(&*tx, &lock, vec![]).await?.ok_or_else(no_state)?;
    let text = format!(
        "WITH waiting AS (SELECT serial AS s, row_number() OVER (ORDER BY serial) AS rank \
           FROM (SELECT serial FROM events WHERE position IS NULL ORDER BY serial LIMIT $3) AS w), \
         placed AS (UPDATE events SET position = $1 + waiting.rank, epoch = $2 \
           FROM waiting WHERE events.serial = waiting.s RETURNING {COLUMNS}), \
         moved AS (UPDATE event_log SET last_position = $1 + (SELECT count(*) FROM waiting)) \
         SELECT * FROM placed ORDER BY position"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = vec![log.last_position.into(), log.epoch.into(), limit.into()];
    let rows = db::all(&*tx, &text, values).await?;
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

/// Starts a new epoch, and the stream is refilled. It begins at the log's end, or behind a position
/// where a restore took back what others heard from there on: the log may hold other events there
/// already.
pub(crate) async fn start_epoch(db: &Db, behind: Option<i64>) -> Result<LogState> {
    let tx = db.begin().await?;
    let text = "UPDATE event_log \
                SET epoch = epoch + 1, epoch_start = COALESCE($1, last_position) + 1";
    db::run(&*tx, text, vec![behind.into()]).await?;
    let state = state(&*tx).await?;
    if let Some(position) = behind {
        let text = "UPDATE events SET epoch = $1 WHERE position > $2";
        db::run(&*tx, text, vec![state.epoch.into(), position.into()]).await?;
    }
    tx.commit().await?;
    Ok(state)
}

fn no_state() -> Error {
    Error::Impossible("the log has no state row")
}
