//! Many documents at once: what their relations and versions mean for the effect of each.
//!
//! [`Library::of`] finds out who is meant by each relation and gives every document its
//! [`Grounds`]. The result does not depend on the order of the documents.
//!
//! - A target is found by id, else by number, else by title. A title is compared without 《》,
//!   blanks, brackets of one kind or another and the mark of a version (2018年修订). Of several
//!   documents of a title those of the acting organ are meant; what was made after the acting
//!   document never is. What still leaves two is a [`Flaw`], and the act counts for neither.
//! - Rules of one title by one organ are versions of one rule. From the day the later one is in
//!   force the earlier one is superseded: its effect is [`crate::Effect::Repealed`], for its
//!   wording applies no more, and its reason is [`crate::Reason::Superseded`], which the national
//!   database of laws calls 已修改. The repeal of a title ends all its earlier versions.
//! - An act by an organ without power does not count (《立法法》 articles 107 and 108); it is a
//!   flaw that a clerk may overrule. Names of organs that do not tell are no flaw.
//! - An act does not count if what acts was no longer in force on the act's first day: it never
//!   took effect. What it did before it ended stays done.

mod acts;
mod circle;
mod document;
mod family;
mod flaw;
mod index;
mod power;
mod resolve;
mod title;

use chrono::NaiveDate;

use crate::grounds::Grounds;
use crate::period::Period;
use crate::verdict::Verdict;
pub use document::{Document, Relation, Rules, Target};
pub use flaw::Flaw;
use index::{Entry, Index};

/// Documents with their grounds, in the order of their ids.
#[derive(Debug, Clone)]
pub struct Library {
    documents: Vec<(Document, Grounds)>,
    flaws: Vec<Flaw>,
    /// Places in `flaws` by id, in order.
    told: Vec<(String, usize)>,
}

impl Library {
    /// The library of these documents under the default [`Rules`].
    pub fn of(documents: Vec<Document>) -> Self {
        Self::under(&Rules::default(), documents)
    }

    /// The library of these documents under a city's rules.
    ///
    /// Never fails: what cannot be true is in [`Self::flaws`].
    pub fn under(rules: &Rules, documents: Vec<Document>) -> Self {
        let mut flaws = Vec::new();
        let documents = in_order(documents, &mut flaws);
        let entries: Vec<Entry> = documents.into_iter().map(Entry::of).collect();
        let index = Index::of(&entries);
        let mut grounds: Vec<Grounds> =
            entries.iter().map(|entry| own_grounds(&entry.document, rules)).collect();
        flaws.extend(entries.iter().filter_map(|entry| impossible_days(&entry.document)));
        flaws.extend(index.shared_numbers().filter_map(|found| shared(&index, found)));
        acts::add(&index, &mut grounds, &mut flaws);
        flaws.sort_unstable();
        flaws.dedup();
        let mut told: Vec<(String, usize)> = Vec::new();
        for (at, flaw) in flaws.iter().enumerate() {
            told.extend(flaw.ids().into_iter().map(|id| (id.to_owned(), at)));
        }
        told.sort_unstable();
        told.dedup();
        let documents = entries.into_iter().map(|entry| entry.document).zip(grounds);
        Self { documents: documents.collect(), flaws, told }
    }

    /// A document and what its effect depends on.
    pub fn get(&self, id: &str) -> Option<(&Document, &Grounds)> {
        let at = self.documents.binary_search_by(|(document, _)| document.id.as_str().cmp(id));
        let (document, grounds) = self.documents.get(at.ok()?)?;
        Some((document, grounds))
    }

    /// The effect of a document on a day; none if the library does not hold it.
    pub fn on(&self, day: NaiveDate, id: &str) -> Option<Verdict> {
        self.get(id).map(|(_, grounds)| crate::on(day, grounds))
    }

    /// All documents with what their effect depends on, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&Document, &Grounds)> {
        self.documents.iter().map(|(document, grounds)| (document, grounds))
    }

    /// The effects of all documents on a day, in the order of their ids.
    pub fn verdicts(&self, day: NaiveDate) -> impl Iterator<Item = (&Document, Verdict)> {
        self.iter().map(move |(document, grounds)| (document, crate::on(day, grounds)))
    }

    /// What is wrong, in a stable order, each once.
    pub fn flaws(&self) -> &[Flaw] {
        &self.flaws
    }

    /// What is wrong with a document, or with what it does or suffers.
    pub fn flaws_of(&self, id: &str) -> impl Iterator<Item = &Flaw> {
        let from = self.told.partition_point(|(other, _)| other.as_str() < id);
        let own = self.told.iter().skip(from).take_while(move |(other, _)| other == id);
        own.filter_map(|(_, at)| self.flaws.get(*at))
    }
}

/// What two writings of a title have in common: no blanks, quotation marks, name of the country or
/// mark of a version.
pub fn title_key(title: &str) -> String {
    title::TitleKey::of(title).plain
}

/// The [`title_key`] of what a notice issues: `河道办法` of `某市人民政府关于印发河道办法的通知`.
pub fn issued_title_key(title: &str) -> Option<String> {
    title::issued(&title_key(title)).map(str::to_owned)
}

/// Whether an organ may act on the documents of another, as far as names tell; none where they do
/// not. 《立法法》 (2023) articles 107 and 108.
pub fn may_act_on(acting: &str, target: &str) -> Option<bool> {
    match power::power(&[power::Organ::read(acting)], &[power::Organ::read(target)]) {
        power::Power::Has => Some(true),
        power::Power::None => Some(false),
        power::Power::Unclear => None,
    }
}

/// The documents in the order of their ids, each id once.
fn in_order(mut documents: Vec<Document>, flaws: &mut Vec<Flaw>) -> Vec<Document> {
    documents.sort_unstable();
    documents.dedup();
    documents.dedup_by(|later, earlier| {
        let same = later.id == earlier.id;
        if same {
            flaws.push(Flaw::SharedId { id: later.id.clone() });
        }
        same
    });
    documents
}

/// What a document says of itself.
fn own_grounds(document: &Document, rules: &Rules) -> Grounds {
    let period = document.effective_on.or(document.signed_on).and_then(|from| {
        if let Some(years) = document.validity_years {
            return Period::stated(from, years, rules.reading);
        }
        let rule =
            |rule: &crate::DefaultValidity| rule.period(&document.category, &document.organs, from);
        rules.default_validity.iter().find_map(rule)
    });
    Grounds {
        effective_on: document.effective_on,
        expires_on: document.expires_on,
        period: period.filter(|_| document.expires_on.is_none()),
        source: document.source,
        acts: Vec::new(),
        overrule: document.overrule.clone(),
    }
}

fn impossible_days(document: &Document) -> Option<Flaw> {
    let (effective_on, expires_on) = (document.effective_on?, document.expires_on?);
    let document = document.policy();
    (expires_on < effective_on).then_some(Flaw::ExpiresBeforeEffect {
        document,
        effective_on,
        expires_on,
    })
}

fn shared(index: &Index, found: &[usize]) -> Option<Flaw> {
    let documents: Vec<_> =
        found.iter().filter_map(|at| index.get(*at)).map(|entry| entry.document.policy()).collect();
    let entry: &Entry = index.get(*found.first()?)?;
    let written = entry.document.numbers.iter().find(|number| {
        index::NumberKey::of(number).is_some_and(|key| index.with_number(&key) == found)
    });
    Some(Flaw::SharedNumber { number: written?.clone(), documents })
}

#[cfg(test)]
mod tests;
