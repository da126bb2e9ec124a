//! A bounded map that forgets what was used longest ago.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Utc};

/// Keys share counters of what was forgotten; a shared one only means to fetch once more.
const COUNTERS: usize = 1024;

/// Proof of when a value was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

/// Values by key, bounded in number and weight.
#[derive(Debug)]
pub(super) struct Shelf<V> {
    entries: HashMap<String, Entry<V>>,
    most_entries: usize,
    most_weight: usize,
    weight: usize,
    uses: AtomicU64,
    forgotten: Vec<u64>,
    hasher: RandomState,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    weight: usize,
    kept_at: DateTime<Utc>,
    used: AtomicU64,
}

impl<V> Shelf<V> {
    /// An empty shelf.
    pub fn new(most_entries: usize, most_weight: usize) -> Self {
        Self {
            entries: HashMap::new(),
            most_entries,
            most_weight,
            weight: 0,
            uses: AtomicU64::new(0),
            forgotten: vec![0; COUNTERS],
            hasher: RandomState::new(),
        }
    }

    /// The value of a key, if it was asked for after `oldest`.
    pub fn get(&self, key: &str, oldest: DateTime<Utc>) -> Option<&V> {
        let entry = self.entries.get(key).filter(|entry| entry.kept_at > oldest)?;
        entry.used.store(self.tick(), Ordering::Relaxed);
        Some(&entry.value)
    }

    /// To be taken before a value is fetched.
    pub fn ticket(&self, key: &str) -> Ticket {
        Ticket(self.forgotten.get(self.counter(key)).copied().unwrap_or_default())
    }

    /// Keeps a value, unless its key was forgotten since it was asked for.
    pub fn put(&mut self, key: &str, ticket: Ticket, value: V, weight: usize, at: DateTime<Utc>) {
        if ticket != self.ticket(key) || weight > self.most_weight || self.most_entries == 0 {
            return;
        }
        self.remove(key);
        while self.entries.len() >= self.most_entries || self.weight + weight > self.most_weight {
            let oldest = self.entries.iter().min_by_key(|(_, e)| e.used.load(Ordering::Relaxed));
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { break };
            self.remove(&oldest);
        }
        self.weight += weight;
        let used = AtomicU64::new(self.tick());
        self.entries.insert(key.to_owned(), Entry { value, weight, kept_at: at, used });
    }

    /// Forgets a key, and every value of it that is still being fetched.
    pub fn forget(&mut self, key: &str) {
        let counter = self.counter(key);
        if let Some(count) = self.forgotten.get_mut(counter) {
            *count += 1;
        }
        self.remove(key);
    }

    fn remove(&mut self, key: &str) {
        if let Some(entry) = self.entries.remove(key) {
            self.weight -= entry.weight;
        }
    }

    fn tick(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }

    fn counter(&self, key: &str) -> usize {
        let hash = self.hasher.hash_one(key) % COUNTERS as u64;
        usize::try_from(hash).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn put(shelf: &mut Shelf<u32>, key: &str, value: u32, weight: usize) {
        let ticket = shelf.ticket(key);
        shelf.put(key, ticket, value, weight, at(10));
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let mut shelf = Shelf::new(2, 100);
        put(&mut shelf, "a", 1, 1);
        put(&mut shelf, "b", 2, 1);
        assert_eq!(shelf.get("a", at(0)), Some(&1));
        put(&mut shelf, "c", 3, 1);
        assert_eq!(shelf.get("b", at(0)), None);
        assert_eq!((shelf.get("a", at(0)), shelf.get("c", at(0))), (Some(&1), Some(&3)));
    }

    #[test]
    fn the_weight_of_all_is_bounded() {
        let mut shelf = Shelf::new(10, 100);
        put(&mut shelf, "a", 1, 60);
        put(&mut shelf, "b", 2, 60);
        assert_eq!((shelf.get("a", at(0)), shelf.weight), (None, 60));
        put(&mut shelf, "too heavy", 3, 101);
        assert_eq!((shelf.get("too heavy", at(0)), shelf.weight), (None, 60));
        put(&mut shelf, "b", 4, 10);
        assert_eq!((shelf.get("b", at(0)), shelf.weight), (Some(&4), 10));
    }

    #[test]
    fn what_was_fetched_before_it_was_forgotten_is_not_kept() {
        let mut shelf = Shelf::new(2, 100);
        let ticket = shelf.ticket("a");
        shelf.forget("a");
        shelf.put("a", ticket, 1, 1, at(10));
        assert_eq!(shelf.get("a", at(0)), None);
        put(&mut shelf, "a", 2, 1);
        assert_eq!(shelf.get("a", at(0)), Some(&2));
    }

    #[test]
    fn old_values_are_fetched_again() {
        let mut shelf = Shelf::new(2, 100);
        put(&mut shelf, "a", 1, 1);
        assert_eq!(shelf.get("a", at(9)), Some(&1));
        assert_eq!(shelf.get("a", at(10)), None);
    }

    #[test]
    fn a_shelf_of_no_entries_keeps_nothing() {
        let mut shelf = Shelf::new(0, 100);
        put(&mut shelf, "a", 1, 1);
        assert_eq!(shelf.get("a", at(0)), None);
    }
}
