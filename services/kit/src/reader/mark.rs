//! How far a reader has come in one producer's log, kept in the reader's own database.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    Result,
    bus::Epoch,
    db::{self, Db, Tx, signed, unsigned},
};

/// Everything up to `floor` is applied, and so are the few positions of `done` above it.
///
/// So the mark does not grow: `done` holds only what was applied while an earlier event waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub epoch: u64,
    pub floor: u64,
    pub done: BTreeSet<u64>,
    version: i64,
}

#[derive(FromQueryResult)]
struct Row {
    epoch: i64,
    position: i64,
    version: i64,
}

#[derive(FromQueryResult)]
struct Done {
    position: i64,
}

impl Mark {
    /// Reads the mark, which starts before the first event.
    pub async fn load(db: &Db, producer: &str) -> Result<Self> {
        let conn = db.conn();
        let text = "INSERT INTO reader_marks (producer, epoch, position, version) \
                    VALUES ($1, 0, 0, 0) ON CONFLICT (producer) DO NOTHING";
        let tx = db.begin().await?;
        db::run(&*tx, text, vec![producer.into()]).await?;
        tx.commit().await?;
        Self::read(conn, producer).await
    }

    async fn read(conn: &impl ConnectionTrait, producer: &str) -> Result<Self> {
        let text = "SELECT epoch, position, version FROM reader_marks WHERE producer = $1";
        let row = db::one::<Row>(conn, text, vec![producer.into()]).await?;
        let row = row.unwrap_or(Row { epoch: 0, position: 0, version: 0 });
        let text = "SELECT position FROM reader_done WHERE producer = $1";
        let done: Vec<Done> = db::all(conn, text, vec![producer.into()]).await?;
        Ok(Self {
            epoch: unsigned(row.epoch),
            floor: unsigned(row.position),
            done: done.into_iter().map(|d| unsigned(d.position)).collect(),
            version: row.version,
        })
    }

    /// Whether the event at a position was applied.
    pub fn holds(&self, position: u64) -> bool {
        position <= self.floor || self.done.contains(&position)
    }

    /// Takes the mark's row for this transaction; `false` where another reader has moved it.
    ///
    /// Reader and redrive both begin with this, so that they never apply beside each other.
    pub async fn lock(&self, tx: &Tx, producer: &str) -> Result<bool> {
        let text = "UPDATE reader_marks SET version = version + 1 \
                    WHERE producer = $1 AND version = $2";
        Ok(db::run(&**tx, text, vec![producer.into(), self.version.into()]).await? == 1)
    }

    /// The mark after `applied` were applied, where nothing below `lowest_waiting` is open.
    pub fn after(&self, applied: &[u64], received: u64, lowest_waiting: Option<u64>) -> Self {
        let floor = lowest_waiting.map_or(received, |waiting| waiting.saturating_sub(1));
        let floor = floor.max(self.floor);
        let mut done = self.done.clone();
        done.extend(applied.iter().copied());
        done.retain(|position| *position > floor);
        Self { epoch: self.epoch, floor, done, version: self.version + 1 }
    }

    /// Writes the mark in the transaction that made it true.
    pub async fn save(&self, tx: &Tx, producer: &str, before: &Self) -> Result<()> {
        let text = "UPDATE reader_marks SET epoch = $2, position = $3 WHERE producer = $1";
        db::run(
            &**tx,
            text,
            vec![producer.into(), signed(self.epoch).into(), signed(self.floor).into()],
        )
        .await?;
        if !before.done.is_empty() {
            let text = "DELETE FROM reader_done WHERE producer = $1 AND position <= $2";
            db::run(&**tx, text, vec![producer.into(), signed(self.floor).into()]).await?;
        }
        for position in self.done.difference(&before.done) {
            let text = "INSERT INTO reader_done (producer, position) VALUES ($1, $2)";
            db::run(&**tx, text, vec![producer.into(), signed(*position).into()]).await?;
        }
        Ok(())
    }

    /// Forgets what a restored log no longer knows: everything from the epoch's start on is void.
    pub async fn rewind(&self, db: &Db, producer: &str, epoch: Epoch) -> Result<Self> {
        let floor = self.floor.min(epoch.start.saturating_sub(1));
        let tx = db.begin().await?;
        let text = "UPDATE reader_marks SET epoch = $2, position = $3, version = version + 1 \
                    WHERE producer = $1";
        db::run(
            &*tx,
            text,
            vec![producer.into(), signed(epoch.number).into(), signed(floor).into()],
        )
        .await?;
        let text = "DELETE FROM reader_done WHERE producer = $1 AND position >= $2";
        db::run(&*tx, text, vec![producer.into(), signed(epoch.start).into()]).await?;
        tx.commit().await?;
        Self::load(db, producer).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(floor: u64, done: &[u64]) -> Mark {
        Mark { epoch: 1, floor, done: done.iter().copied().collect(), version: 0 }
    }

    #[test]
    fn a_mark_without_waiting_events_is_one_number() {
        let mark = at(3, &[]).after(&[5, 6, 9], 9, None);
        assert_eq!((mark.floor, mark.done.len()), (9, 0));
    }

    #[test]
    fn an_event_that_waits_holds_the_floor_and_nothing_else() {
        let mark = at(3, &[]).after(&[6, 9], 9, Some(5));
        assert_eq!(mark.floor, 4);
        assert!(mark.holds(6) && mark.holds(9) && !mark.holds(5));
    }

    #[test]
    fn the_floor_never_falls() {
        assert_eq!(at(9, &[]).after(&[], 4, Some(2)).floor, 9);
    }
}
