//! Dead letters: events that a reader gave up on, and those that wait behind them.
//!
//! Nothing is dropped in silence: a dead letter is a row with its error, an event on the bus
//! ([`EventDeadLettered`]) and a metric, until an operator redrives it.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use contracts::platform::{DeadLetter, EventDeadLettered};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use crate::{
    Error, Handler, Result,
    clock::{self, Clock},
    db::{self, Db, Tx, signed, unsigned},
    outbox::{self, Subject},
    reader::{Failed, Heard, Mark},
};

/// What a redrive came to.
#[derive(Debug, Default)]
pub(crate) struct Redriven {
    pub handled: u32,
    pub failed: u32,
    pub first_error: String,
}

/// Aggregates whose later events must not overtake a dead letter.
pub(crate) async fn aggregates(
    conn: &impl ConnectionTrait,
    producer: &str,
) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        aggregate: String,
    }
    let text = "SELECT DISTINCT aggregate FROM dead_letters WHERE producer = $1";
    let rows: Vec<Row> = db::all(conn, text, vec![producer.into()]).await?;
    Ok(rows.into_iter().map(|row| row.aggregate).collect())
}

/// Lays an event among the dead letters; `death` is its own error and number of tries, or `None`
/// where it only waits behind another.
pub(crate) async fn bury(
    tx: &Tx,
    clock: &dyn Clock,
    service: &'static str,
    producer: &str,
    event: &Heard,
    death: Option<(&str, u32)>,
) -> Result<()> {
    let (error, attempts) = death.unwrap_or(("waits behind an earlier event of its aggregate", 0));
    let values: Vec<Value> = vec![
        event.id.into(),
        producer.into(),
        signed(event.position).into(),
        signed(event.epoch).into(),
        event.ty.clone().into(),
        event.aggregate.clone().into(),
        event.revision.into(),
        event.occurred_at.into(),
        event.actor.clone().into(),
        event.payload.to_vec().into(),
        error.into(),
        i32::try_from(attempts).unwrap_or(i32::MAX).into(),
        death.is_some().into(),
        clock.now().into(),
    ];
    let text = format!(
        "INSERT INTO dead_letters (event_id, producer, position, epoch, type, aggregate, revision, \
         occurred_at, actor, payload, error, attempts, failed, died_at) VALUES {} \
         ON CONFLICT (event_id) DO NOTHING",
        db::rows_of(14, 1)
    );
    if db::run(&**tx, &text, values).await? == 0 || death.is_none() {
        return Ok(());
    }
    let told = EventDeadLettered {
        service: service.to_owned(),
        event_id: event.id.to_string(),
        event_type: event.ty.clone(),
        aggregate: event.aggregate.clone(),
        revision: event.revision,
        error: error.to_owned(),
    };
    let about = Subject { aggregate: &event.aggregate, revision: event.revision };
    outbox::append(tx, clock, about, &told, service).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    event_id: Uuid,
    producer: String,
    position: i64,
    epoch: i64,
    kind: String,
    aggregate: String,
    revision: i64,
    occurred_at: DateTime<Utc>,
    actor: String,
    payload: Vec<u8>,
    error: String,
    attempts: i32,
    failed: bool,
    died_at: DateTime<Utc>,
}

const COLUMNS: &str = "event_id, producer, position, epoch, type AS kind, aggregate, revision, \
                       occurred_at, actor, payload, error, attempts, failed, died_at";

impl Row {
    fn heard(self) -> Heard {
        Heard {
            id: self.event_id,
            position: unsigned(self.position),
            epoch: unsigned(self.epoch),
            ty: self.kind,
            aggregate: self.aggregate,
            revision: self.revision,
            occurred_at: self.occurred_at,
            actor: self.actor,
            trace: String::new(),
            payload: self.payload.into(),
        }
    }

    fn wire(self, service: &str) -> DeadLetter {
        DeadLetter {
            event_id: self.event_id.to_string(),
            service: service.to_owned(),
            producer: self.producer,
            position: unsigned(self.position),
            r#type: self.kind,
            aggregate: self.aggregate,
            error: self.error,
            attempts: u32::try_from(self.attempts).unwrap_or(0),
            died_at: Some(clock::to_wire(self.died_at)),
            failed: self.failed,
        }
    }
}

/// Dead letters of a service, oldest first, behind the id of the last one seen.
pub(crate) async fn list(
    db: &Db,
    service: &str,
    after: Uuid,
    limit: i64,
) -> Result<Vec<DeadLetter>> {
    let text = format!(
        "SELECT {COLUMNS} FROM dead_letters WHERE event_id > $1 ORDER BY event_id LIMIT $2"
    );
    let rows: Vec<Row> = db::all(db.conn(), &text, vec![after.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|row| row.wire(service)).collect())
}

/// How many dead letters a service has.
pub(crate) async fn count(db: &Db) -> Result<u64> {
    let count = db::scalar(db.conn(), "SELECT count(*) AS value FROM dead_letters", vec![]).await?;
    Ok(unsigned(count.unwrap_or(0)))
}

/// Hands dead letters back to their handler, in order; an aggregate stops at its first failure.
pub(crate) async fn redrive(
    db: &Db,
    producer: &str,
    aggregate: &str,
    handler: &Arc<dyn Handler>,
) -> Result<Redriven> {
    let mut result = Redriven::default();
    let mut stuck: HashSet<String> = HashSet::new();
    let text = format!(
        "SELECT {COLUMNS} FROM dead_letters WHERE producer = $1 AND ($2 = '' OR aggregate = $2) \
         ORDER BY position"
    );
    let rows: Vec<Row> = db::all(db.conn(), &text, vec![producer.into(), aggregate.into()]).await?;
    for row in rows {
        let event = row.heard();
        if stuck.contains(&event.aggregate) {
            continue;
        }
        match redrive_one(db, producer, &event, handler).await? {
            Ok(()) => result.handled += 1,
            Err(failed) => {
                result.failed += 1;
                if result.first_error.is_empty() {
                    result.first_error = failed.to_string();
                }
                stuck.insert(event.aggregate);
            }
        }
    }
    Ok(result)
}

async fn redrive_one(
    db: &Db,
    producer: &str,
    event: &Heard,
    handler: &Arc<dyn Handler>,
) -> Result<Result<(), Failed>> {
    let mark = Mark::load(db, producer).await?;
    let tx = db.begin().await?;
    if !mark.lock(&tx, producer).await? {
        tx.rollback().await?;
        return Ok(Err(Failed::Transient(Error::MarkMoved(producer.to_owned()).to_string())));
    }
    if let Err(failed) = handler.handle(&tx, event).await {
        tx.rollback().await?;
        let text =
            "UPDATE dead_letters SET error = $2, attempts = attempts + 1 WHERE event_id = $1";
        let tx = db.begin().await?;
        db::run(&*tx, text, vec![event.id.into(), failed.to_string().into()]).await?;
        tx.commit().await?;
        return Ok(Err(failed));
    }
    let text = "DELETE FROM dead_letters WHERE event_id = $1";
    db::run(&*tx, text, vec![event.id.into()]).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
