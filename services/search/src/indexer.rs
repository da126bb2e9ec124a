//! Keeps the index of this replica equal to the library, and builds it anew beside the living one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kit::clock::Clock;
use tokio::sync::{Notify, mpsc};

use crate::engine::effect::day;
use crate::engine::{Change, Day, Error as EngineError, Index, Mark, Shelf};
use crate::error::Error;
use crate::library::Library;

/// Whom the index copies.
pub const PRODUCER: &str = "documents";

/// Parts that are fetched before they are indexed.
const PARTS_AHEAD: usize = 1;

/// The latest revision heard of each policy.
pub type Heard = BTreeMap<String, i64>;

/// The one writer of this replica's indexes.
pub struct Indexer {
    shelf: Arc<Shelf>,
    library: Library,
    clock: Arc<dyn Clock>,
    /// Held while policies are taken in, and while an index is swapped.
    writing: tokio::sync::Mutex<()>,
    rebuilding: AtomicBool,
    /// What was heard while another index is being built, which that one must take in again.
    missed: Mutex<Heard>,
    trouble: Mutex<Option<String>>,
    wanted: Notify,
}

/// What an index is to take in, part by part.
enum Part {
    /// One change a policy.
    Changes(Vec<Change>),
    /// That was all.
    End,
}

/// Says that no index is being built any more, however the building ended.
struct Building<'a>(&'a Indexer);

impl Drop for Building<'_> {
    fn drop(&mut self) {
        self.0.rebuilding.store(false, Ordering::Release);
        self.0.missed().clear();
    }
}

impl Indexer {
    /// An indexer over the indexes of a shelf.
    pub fn new(shelf: Arc<Shelf>, library: Library, clock: Arc<dyn Clock>) -> Self {
        Self {
            shelf,
            library,
            clock,
            writing: tokio::sync::Mutex::default(),
            rebuilding: AtomicBool::new(false),
            missed: Mutex::default(),
            trouble: Mutex::default(),
            wanted: Notify::new(),
        }
    }

    /// The index that answers.
    pub fn living(&self) -> Arc<Index> {
        self.shelf.living()
    }

    /// Whether an index is being built beside the living one.
    pub fn is_rebuilding(&self) -> bool {
        self.rebuilding.load(Ordering::Acquire)
    }

    /// What keeps the index from following the library, in Chinese.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for an index to be built soon.
    pub fn want_rebuild(&self) {
        self.wanted.notify_one();
    }

    /// Waits until an index is asked for.
    pub async fn rebuild_is_wanted(&self) {
        self.wanted.notified().await;
    }

    /// Takes in what became of some policies; `purge` where nothing may be left of them.
    #[tracing::instrument(name = "index.take_in", skip_all, fields(policies = heard.len()))]
    pub async fn take_in(
        &self,
        heard: Heard,
        mark: Option<Mark>,
        purge: bool,
    ) -> Result<(), Error> {
        let _writing = self.writing.lock().await;
        if self.is_rebuilding() {
            self.missed().extend(heard.clone());
        }
        let living = self.living();
        let done = self.bring_up(&living, heard, mark, purge).await;
        self.note(&done);
        done
    }

    /// Makes what was taken in outlast the process.
    pub async fn keep(&self) -> Result<(), Error> {
        let living = self.living();
        let done = blocking(move || living.flush()).await;
        self.note(&done);
        done
    }

    /// Looks again at the policies whose effect changed after the day `last` because another one
    /// began to hold; answers with today.
    pub async fn follow_effects(&self, last: Day) -> Result<Day, Error> {
        let today = self.today();
        let affected = self.living().affected_between(last, today)?;
        if !affected.is_empty() {
            let heard = affected.into_iter().map(|id| (id, 0)).collect();
            self.take_in(heard, None, false).await?;
            self.keep().await?;
        }
        Ok(today)
    }

    /// Builds an index of everything that is public, and lets it answer once it has caught up.
    #[tracing::instrument(name = "command.search.rebuild", skip_all)]
    pub async fn rebuild(&self) -> Result<u64, Error> {
        if self.rebuilding.swap(true, Ordering::AcqRel) {
            return Err(Error::Rebuilding);
        }
        let _building = Building(self);
        let done = self.build().await;
        self.note(&done);
        done
    }

    async fn build(&self) -> Result<u64, Error> {
        let shelf = Arc::clone(&self.shelf);
        let beside = Arc::new(blocking(move || shelf.begin()).await?);
        let done = self.fill_and_swap(&beside).await;
        if done.is_err()
            && let Err(error) = std::fs::remove_dir_all(beside.path())
        {
            tracing::warn!(%error, "an index that was not finished could not be removed");
        }
        done
    }

    async fn fill_and_swap(&self, beside: &Arc<Index>) -> Result<u64, Error> {
        let mut token = String::new();
        loop {
            let (ids, next) = self.library.page(token).await?;
            let heard = ids.into_iter().map(|id| (id, 0)).collect();
            self.bring_up(beside, heard, None, false).await?;
            let filled = Arc::clone(beside);
            blocking(move || filled.flush()).await?;
            if next.is_empty() {
                break;
            }
            token = next;
        }
        let _writing = self.writing.lock().await;
        let missed = std::mem::take(&mut *self.missed());
        let mark = self.living().mark(PRODUCER);
        self.bring_up(beside, missed, Some(mark), false).await?;
        let policies = beside.policies()?;
        let (shelf, beside) = (Arc::clone(&self.shelf), Arc::clone(beside));
        blocking(move || {
            beside.flush()?;
            shelf.swap(beside)
        })
        .await?;
        tracing::info!(policies, "a new index answers");
        Ok(policies)
    }

    /// Makes an index hold the present state of these policies, and of those whose effect they
    /// change or changed.
    async fn bring_up(
        &self,
        index: &Arc<Index>,
        heard: Heard,
        mark: Option<Mark>,
        purge: bool,
    ) -> Result<(), Error> {
        // While one part is indexed the next is fetched.
        let (parts, coming) = mpsc::channel(PARTS_AHEAD);
        let indexing = blocking({
            let index = Arc::clone(index);
            move || {
                index.apply_all(until_the_end(coming), mark.map(|mark| (PRODUCER, mark)))?;
                if purge { index.purge() } else { Ok(()) }
            }
        });
        let (fetched, indexed) = tokio::join!(self.fetch(index, heard, parts), indexing);
        // What could not be fetched is why the index was cut off, and not the other way round.
        fetched.and(indexed)
    }

    /// Hands over, part by part, what is to become of these policies and of those affected.
    async fn fetch(
        &self,
        index: &Index,
        heard: Heard,
        parts: mpsc::Sender<Part>,
    ) -> Result<(), Error> {
        let today = self.today();
        let mut affected = BTreeSet::new();
        for record in index.records(heard.keys().map(String::as_str))? {
            affected.extend(record.affects);
        }
        let ids: Vec<String> = heard.keys().cloned().collect();
        affected.extend(self.hand_over(&ids, &heard, today, &parts).await?);
        affected.retain(|id| !heard.contains_key(id));
        let ids: Vec<String> = affected.into_iter().collect();
        self.hand_over(&ids, &heard, today, &parts).await?;
        // The index is told by itself what became of it.
        let _ = parts.send(Part::End).await;
        Ok(())
    }

    /// Hands over what is to become of these policies, as long as the index takes it; answers with
    /// those whose effect they concern.
    async fn hand_over(
        &self,
        ids: &[String],
        heard: &Heard,
        today: Day,
        parts: &mpsc::Sender<Part>,
    ) -> Result<Vec<String>, Error> {
        let mut affected = Vec::new();
        for some in ids.chunks(self.library.at_once()) {
            if parts.is_closed() {
                break;
            }
            let changes = settled(self.library.changes(some, today).await?, some, heard);
            affected.extend(changes.iter().flat_map(affects).cloned());
            let _ = parts.send(Part::Changes(changes)).await;
        }
        Ok(affected)
    }

    /// Today, as the index counts days.
    pub fn today(&self) -> Day {
        day(self.clock.today())
    }

    fn missed(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note<T>(&self, done: &Result<T, Error>) {
        let trouble = done.as_ref().err().map(ToString::to_string);
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// Work of the engine, which waits for the disk.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, Error> {
    Ok(tokio::task::spawn_blocking(work).await??)
}

/// The parts as they come. Where they break off before their end, so must what is made of them.
fn until_the_end(
    mut coming: mpsc::Receiver<Part>,
) -> impl Iterator<Item = Result<Vec<Change>, EngineError>> {
    std::iter::from_fn(move || match coming.blocking_recv() {
        Some(Part::Changes(changes)) => Some(Ok(changes)),
        Some(Part::End) => None,
        None => Some(Err(EngineError::CutOff)),
    })
}

/// The policies whose effect a change concerns.
fn affects(change: &Change) -> &[String] {
    match change {
        Change::Put(entry) => &entry.record.affects,
        Change::Forget { .. } => &[],
    }
}

/// One change for each of `ids` that was heard of: what the library does not know is forgotten, and
/// nothing is remembered with an older revision than was heard of.
fn settled(mut changes: Vec<Change>, ids: &[String], heard: &Heard) -> Vec<Change> {
    let mut missing: BTreeSet<&String> = ids.iter().filter(|id| heard.contains_key(*id)).collect();
    for change in &mut changes {
        match change {
            Change::Put(entry) => missing.remove(&entry.record.id),
            Change::Forget { id, revision } => {
                *revision = heard.get(id).copied().unwrap_or(0).max(*revision);
                missing.remove(id)
            }
        };
    }
    let forget = |id: &String| {
        let revision = heard.get(id).copied().unwrap_or(0);
        Change::Forget { id: id.clone(), revision }
    };
    let missing: Vec<Change> = missing.into_iter().map(forget).collect();
    changes.extend(missing);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_library_does_not_know_is_forgotten() {
        let heard = Heard::from([("a".to_owned(), 3), ("b".to_owned(), 2)]);
        let changes = vec![Change::Forget { id: "a".to_owned(), revision: 1 }];
        let ids: Vec<String> = heard.keys().cloned().collect();
        let settled: Vec<(String, i64)> = settled(changes, &ids, &heard)
            .into_iter()
            .map(|change| match change {
                Change::Forget { id, revision } => (id, revision),
                Change::Put(_) => panic!("put"),
            })
            .collect();
        assert_eq!(settled, [("a".to_owned(), 3), ("b".to_owned(), 2)]);
    }
}
