//! One SQLite file has one writer, and each of its commits waits for the disk. So those who write
//! at the same time share a commit.
//!
//! Who finds no transaction open begins one, and leaves it open when he is through; those behind him
//! write within savepoints of it. Who is through stands in line once more, behind all who wait to
//! write by then; the first who comes to his turn again commits for everyone. Alone, a writer
//! commits at once. Nobody hears that his transaction holds before the disk has it.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

use super::file;
use crate::{Error, Result};

/// The writers of one file.
#[derive(Debug)]
pub(super) struct Group {
    line: Arc<Mutex<Writer>>,
}

/// The one connection that writes, and the transaction that is open on it.
#[derive(Debug)]
struct Writer {
    path: PathBuf,
    conn: DatabaseConnection,
    open: Option<(DatabaseTransaction, Arc<Batch>)>,
    /// Somebody gave up what he wrote, perhaps because of an error of the disk, which ends the
    /// whole transaction: nobody else may join it.
    doubtful: bool,
}

/// Those who share a commit.
#[derive(Debug, Default)]
struct Batch {
    outcome: OnceLock<Result<(), String>>,
    settled: Notify,
}

impl Batch {
    fn settle(&self, outcome: Result<(), String>) {
        // Whoever settles has taken the batch from the writer: nobody was before him.
        let _ = self.outcome.set(outcome);
        self.settled.notify_waiters();
    }

    async fn outcome(&self) -> Result<()> {
        loop {
            let settled = self.settled.notified();
            if let Some(outcome) = self.outcome.get() {
                return outcome.clone().map_err(Error::NotCommitted);
            }
            settled.await;
        }
    }
}

/// The turn of one who writes; letting it go lets the next one write, and brings the commit about.
#[derive(Debug)]
pub(super) struct Turn {
    group: Arc<Group>,
    batch: Arc<Batch>,
    writer: Option<OwnedMutexGuard<Writer>>,
    /// Whether what was written in it is to hold.
    kept: bool,
}

impl Group {
    /// Opens the writing connection of a file.
    pub(super) async fn open(path: PathBuf) -> Result<Self> {
        let conn = file::connect(&path, 1).await?;
        let writer = Writer { path, conn, open: None, doubtful: false };
        Ok(Self { line: Arc::new(Mutex::new(writer)) })
    }

    /// Waits for the turn to write.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<(DatabaseTransaction, Turn)> {
        let mut writer = Arc::clone(&self.line).lock_owned().await;
        if writer.doubtful {
            writer.settle().await;
        }
        let (inner, batch) = writer.transaction().await?;
        Ok((inner, Turn { group: Arc::clone(self), batch, writer: Some(writer), kept: false }))
    }

    /// Commits for everyone of the batch, unless somebody did.
    async fn settle(&self, batch: &Arc<Batch>) {
        let mut writer = self.line.lock().await;
        if writer.open.as_ref().is_some_and(|(_, open)| Arc::ptr_eq(open, batch)) {
            writer.settle().await;
        }
    }

    /// Closes the connection after everything that was begun has ended.
    pub(super) async fn close(&self) -> Result<()> {
        let writer = self.line.lock().await;
        Ok(writer.conn.clone().close().await?)
    }
}

impl Writer {
    /// A savepoint within the open transaction, or a new one where none is.
    async fn transaction(&mut self) -> Result<(DatabaseTransaction, Arc<Batch>)> {
        let Some((open, batch)) = &self.open else {
            return Ok((self.begin().await?, Arc::default()));
        };
        let (begun, joined) = (open.begin().await, Arc::clone(batch));
        if begun.is_err() {
            self.settle().await;
        }
        Ok((begun?, joined))
    }

    async fn begin(&mut self) -> Result<DatabaseTransaction> {
        if let Ok(begun) = self.conn.begin_with_options(immediate()).await {
            return Ok(begun);
        }
        // An error of the disk ends a transaction without the driver knowing it.
        self.conn = file::connect(&self.path, 1).await?;
        Ok(self.conn.begin_with_options(immediate()).await?)
    }

    /// Takes over what one has written who is through: a savepoint is dissolved in the open
    /// transaction, a transaction stays open.
    async fn keep(&mut self, inner: DatabaseTransaction, batch: &Arc<Batch>) -> Result<()> {
        if self.open.is_some() {
            return Ok(inner.commit().await?);
        }
        self.open = Some((inner, Arc::clone(batch)));
        Ok(())
    }

    /// Commits what is open, and tells everyone who has a part in it.
    async fn settle(&mut self) {
        self.doubtful = false;
        let Some((open, batch)) = self.open.take() else { return };
        let Err(error) = open.commit().await else { return batch.settle(Ok(())) };
        batch.settle(Err(error.to_string()));
        // Nobody knows what state the connection is in.
        match file::connect(&self.path, 1).await {
            Ok(conn) => self.conn = conn,
            Err(error) => tracing::error!(%error, "the file cannot be opened again"),
        }
    }
}

/// The write lock is taken at once: one that is taken later, by a transaction that has read, fails
/// instead of waiting.
fn immediate() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

impl Turn {
    /// Passes the turn on, and waits until the disk has what was written in it.
    pub(super) async fn end(mut self, inner: DatabaseTransaction) -> Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.keep(inner, &self.batch).await?;
        }
        self.kept = true;
        let batch = Arc::clone(&self.batch);
        drop(self);
        batch.outcome().await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(mut writer) = self.writer.take() {
            writer.doubtful |= !self.kept;
        }
        // Whoever gives up waiting must not leave the others' transaction open.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (group, batch) = (Arc::clone(&self.group), Arc::clone(&self.batch));
            runtime.spawn(async move { group.settle(&batch).await });
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::super::{Db, Place, run, scalar};

    async fn table() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Place::File(folder.path().join("a.db"))).await.unwrap();
        write(&db, "CREATE TABLE t (n integer PRIMARY KEY, text text)").await.unwrap();
        (folder, db)
    }

    async fn write(db: &Db, text: &str) -> crate::Result<()> {
        let tx = db.begin().await?;
        run(&*tx, text, vec![]).await?;
        tx.commit().await
    }

    async fn count(db: &Db) -> i64 {
        let found = scalar(db.conn(), "SELECT count(*) AS value FROM t", vec![]).await;
        found.unwrap().unwrap()
    }

    #[tokio::test]
    async fn what_is_committed_can_be_read_at_once() {
        let (_folder, db) = table().await;
        let writers = (0..64).map(|n| {
            let db = db.clone();
            async move {
                write(&db, &format!("INSERT INTO t VALUES ({n}, '')")).await.unwrap();
                let text = format!("SELECT n AS value FROM t WHERE n = {n}");
                let found: Option<i64> = scalar(db.conn(), &text, vec![]).await.unwrap();
                assert_eq!(found, Some(n));
            }
        });
        join_all(writers).await;
        assert_eq!(count(&db).await, 64);
    }

    #[tokio::test]
    async fn one_that_fails_or_is_dropped_takes_nobody_with_it() {
        let (_folder, db) = table().await;
        let writers = (0..30_i64).map(|n| {
            let db = db.clone();
            async move {
                let tx = db.begin().await.unwrap();
                let text = format!("INSERT INTO t VALUES ({n}, '')");
                run(&*tx, &text, vec![]).await.unwrap();
                match n % 3 {
                    0 => tx.commit().await.unwrap(),
                    1 => tx.rollback().await.unwrap(),
                    _ => {
                        assert!(run(&*tx, &text, vec![]).await.is_err());
                        drop(tx);
                    }
                }
            }
        });
        join_all(writers).await;
        assert_eq!(count(&db).await, 10);
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_nothing_open() {
        let (folder, db) = table().await;
        for n in 0..20 {
            let tx = db.begin().await.unwrap();
            run(&*tx, &format!("INSERT INTO t VALUES ({n}, '')"), vec![]).await.unwrap();
            let commit = tokio::spawn(tx.commit());
            for _ in 0..n {
                tokio::task::yield_now().await;
            }
            commit.abort();
            let _ = commit.await;
        }
        // Another program can write as soon as nobody here does.
        let other = Db::open(&Place::File(folder.path().join("a.db"))).await.unwrap();
        write(&other, "INSERT INTO t VALUES (100, '')").await.unwrap();
        write(&db, "INSERT INTO t VALUES (101, '')").await.unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_is_an_error_and_not_the_end() {
        let (_folder, db) = table().await;
        write(&db, "PRAGMA max_page_count = 8").await.unwrap();
        let full = "INSERT INTO t VALUES (1, hex(zeroblob(100000)))";
        write(&db, full).await.unwrap_err();
        write(&db, "INSERT INTO t VALUES (2, 'small')").await.unwrap();
        write(&db, "PRAGMA max_page_count = 1000000").await.unwrap();
        write(&db, full).await.unwrap();
        assert_eq!(count(&db).await, 2);
    }

    #[tokio::test]
    async fn a_transaction_that_the_database_ended_is_not_taken_for_committed() {
        let (_folder, db) = table().await;
        let (first, second) = (db.begin().await.unwrap(), db.clone());
        run(&*first, "INSERT INTO t VALUES (1, '')", vec![]).await.unwrap();
        // As an error of the disk does, behind the back of whoever has written.
        let behind = tokio::spawn(async move {
            let tx = second.begin().await.unwrap();
            run(&*tx, "ROLLBACK", vec![]).await.unwrap();
            tx.commit().await
        });
        tokio::task::yield_now().await;
        assert!(first.commit().await.is_err());
        assert!(behind.await.unwrap().is_err());
        write(&db, "INSERT INTO t VALUES (2, '')").await.unwrap();
        assert_eq!(count(&db).await, 1);
    }
}
