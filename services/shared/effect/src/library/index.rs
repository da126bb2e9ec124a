//! The documents of a library by number and title.

use super::document::Document;
use super::power::Organ;
use super::title::TitleKey;
use crate::words;

/// A document with what it is compared by.
pub(super) struct Entry {
    pub(super) document: Document,
    pub(super) title: TitleKey,
    pub(super) organs: Vec<Organ>,
    pub(super) numbers: Vec<NumberKey>,
}

/// What two writings of a document number have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NumberKey {
    pub(super) key: String,
    /// The organ's code, of numbers that have a year; orders are numbered through.
    pub(super) yearly: Option<String>,
}

impl NumberKey {
    /// None for what is blank.
    pub(super) fn of(written: &str) -> Option<Self> {
        if let Some(number) = gongwen::number::parse(written).into_number() {
            let key = number.key();
            let head = key.split('/').next().unwrap_or_default().to_owned();
            return Some(Self { yearly: number.year.map(|_| head), key });
        }
        let key: String = written.chars().filter(|ch| !words::is_blank(*ch)).collect();
        (!key.is_empty()).then_some(Self { key, yearly: None })
    }
}

/// Where documents are found. Lists hold indices in ascending order of the id.
pub(super) struct Index<'a> {
    pub(super) entries: &'a [Entry],
    by_number: Table<'a>,
    by_title: Table<'a>,
    by_alias: Table<'a>,
}

impl<'a> Index<'a> {
    /// The entries must be in the order of their ids, each id once.
    pub(super) fn of(entries: &'a [Entry]) -> Self {
        let public = || entries.iter().enumerate().filter(|(_, entry)| entry.document.published);
        let numbers = public()
            .flat_map(|(at, entry)| entry.numbers.iter().map(move |number| (&*number.key, at)));
        let titles = public().map(|(at, entry)| (&*entry.title.plain, at));
        let aliases = public()
            .flat_map(|(at, entry)| entry.title.aliases.iter().map(move |alias| (&**alias, at)));
        Self {
            entries,
            by_number: Table::of(numbers),
            by_title: Table::of(titles),
            by_alias: Table::of(aliases),
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<&'a Entry> {
        self.entries.get(at)
    }

    /// The document with an id, public or not.
    pub(super) fn with_id(&self, id: &str) -> Option<usize> {
        self.entries.binary_search_by(|entry| entry.document.id.as_str().cmp(id)).ok()
    }

    pub(super) fn with_number(&self, number: &NumberKey) -> &[usize] {
        self.by_number.get(&number.key)
    }

    pub(super) fn with_title(&self, title: &str) -> &[usize] {
        self.by_title.get(title)
    }

    pub(super) fn with_alias(&self, title: &str) -> &[usize] {
        self.by_alias.get(title)
    }

    /// The public documents of each number that several have, number after number.
    pub(super) fn shared_numbers(&self) -> impl Iterator<Item = &[usize]> {
        self.by_number.shared()
    }

    /// The public documents of each title that several have, title after title.
    pub(super) fn shared_titles(&self) -> impl Iterator<Item = &[usize]> {
        self.by_title.shared()
    }
}

/// Places by key, in order of the key.
struct Table<'a> {
    keys: Vec<&'a str>,
    places: Vec<usize>,
}

impl<'a> Table<'a> {
    /// Blank keys are left out.
    fn of(pairs: impl Iterator<Item = (&'a str, usize)>) -> Self {
        let mut pairs: Vec<(&str, usize)> = pairs.filter(|(key, _)| !key.is_empty()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let (keys, places) = pairs.into_iter().unzip();
        Self { keys, places }
    }

    fn get(&self, key: &str) -> &[usize] {
        let start = self.keys.partition_point(|other| *other < key);
        let rest = self.keys.get(start..).unwrap_or_default();
        let count = rest.iter().take_while(|other| **other == key).count();
        self.places.get(start..start + count).unwrap_or_default()
    }

    fn shared(&self) -> impl Iterator<Item = &[usize]> {
        let runs = self.keys.chunk_by(|one, other| one == other);
        let placed = runs.scan(0, |start, run| {
            let range = *start..*start + run.len();
            *start = range.end;
            Some(range)
        });
        placed.filter(|run| run.len() > 1).filter_map(|run| self.places.get(run))
    }
}

impl Entry {
    pub(super) fn of(document: Document) -> Self {
        let title = TitleKey::of(&document.title);
        let organs = document.organs.iter().map(|name| Organ::read(name)).collect();
        let mut numbers: Vec<NumberKey> =
            document.numbers.iter().filter_map(|number| NumberKey::of(number)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        Self { document, title, organs, numbers }
    }

    /// Whether two documents of a title are one, published twice: they have a number in common.
    /// Orders are no sign, for an amended text still names the one that first issued it.
    pub(super) fn is_copy_of(&self, other: &Self) -> bool {
        self.numbers.iter().any(|number| number.yearly.is_some() && other.numbers.contains(number))
    }
}
