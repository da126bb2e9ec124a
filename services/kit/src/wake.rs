//! The relay of one replica hears at once what other replicas append to the same log.
//!
//! PostgreSQL carries a word to every connection that listens. The word is a hint and never the
//! truth: one that is lost costs the time until the relay's next look, and each new connection is
//! a hint of its own. It is said after the commit and not in it, because transactions that say
//! something commit one after the other, in the whole database; and what many commits have to say
//! is said once.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use tokio::{sync::Notify, task::AbortHandle, time::sleep};

use crate::error::chain;

/// How long it waits before it connects again.
const PAUSE: Duration = Duration::from_secs(1);
/// What is said within this time is said once.
const BREATH: Duration = Duration::from_millis(10);
/// Most bytes of a channel's name.
const MOST: usize = 63;

/// What the replicas of one service tell each other: that something was appended.
pub struct Wake {
    url: String,
    channel: String,
    said: Arc<Notify>,
    /// How many relays of this process hear.
    hears: Arc<AtomicUsize>,
    _telling: Task,
}

/// Ends with its owner.
struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Hears until it is dropped.
#[must_use = "nothing is heard any more when this is dropped"]
pub struct Hearing {
    hears: Arc<AtomicUsize>,
    _listening: Task,
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.hears.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Wake {
    /// For the service whose tables lie in `schema`. Needs a runtime around it.
    pub fn new(url: &str, schema: &str, db: DatabaseConnection) -> Self {
        let (url, channel) = (url.to_owned(), channel(schema));
        let said = Arc::new(Notify::new());
        let telling = tokio::spawn(tell(db, channel.clone(), Arc::clone(&said)));
        let telling = Task(telling.abort_handle());
        Self { url, channel, said, hears: Arc::default(), _telling: telling }
    }

    /// Something was appended here, and committed. Where the relay runs here, it knows.
    pub fn say(&self) {
        if self.hears.load(Ordering::Relaxed) == 0 {
            self.said.notify_one();
        }
    }

    /// Wakes `appended` when another replica has appended something.
    pub fn hear(&self, appended: Arc<Notify>) -> Hearing {
        self.hears.fetch_add(1, Ordering::Relaxed);
        let listening = tokio::spawn(listen(self.url.clone(), self.channel.clone(), appended));
        Hearing { hears: Arc::clone(&self.hears), _listening: Task(listening.abort_handle()) }
    }
}

impl fmt::Debug for Wake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wake").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Channel of a schema; of a long name the end counts, which is the service.
fn channel(schema: &str) -> String {
    let full = format!("{schema}.appended");
    full.get(full.len().saturating_sub(MOST)..).unwrap_or(&full).to_owned()
}

async fn tell(db: DatabaseConnection, channel: String, said: Arc<Notify>) {
    loop {
        said.notified().await;
        let word = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_notify($1, '')",
            [channel.as_str().into()],
        );
        if let Err(error) = db.execute_raw(word).await {
            tracing::debug!(channel, error = chain(&error), "others look by themselves");
        }
        sleep(BREATH).await;
    }
}

async fn listen(url: String, channel: String, appended: Arc<Notify>) {
    loop {
        if let Err(error) = follow(&url, &channel, &appended).await {
            tracing::debug!(channel, error = chain(&error), "nothing is heard for a moment");
        }
        sleep(PAUSE).await;
    }
}

async fn follow(url: &str, channel: &str, appended: &Notify) -> Result<(), sea_orm::sqlx::Error> {
    let mut listener = sea_orm::sqlx::postgres::PgListener::connect(url).await?;
    listener.listen(channel).await?;
    loop {
        // What was said while nobody listened may be there. Without a word in it, the answer says
        // that the connection broke, and stands again.
        appended.notify_one();
        listener.try_recv().await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_channel_of_a_long_schema_is_still_its_own() {
        let long = "a".repeat(80);
        let (one, other) = (channel(&format!("{long}_one")), channel(&format!("{long}_two")));
        assert_ne!(one, other);
        assert!(one.len() <= MOST);
        assert_eq!(channel("documents"), "documents.appended");
    }
}
