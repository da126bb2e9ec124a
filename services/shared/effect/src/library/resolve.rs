//! Who is meant by a relation.

use chrono::NaiveDate;

use super::document::{Relation, Target};
use super::family::Families;
use super::index::{Entry, Index, NumberKey};
use super::power::{self, Power};
use super::title::TitleKey;
use crate::act::ActKind;

/// Who is meant, by index.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// These: one, or versions of one rule.
    Found(Vec<usize>),
    /// The acting document itself.
    Itself,
    /// Nobody in the library.
    Nobody,
    /// One of these.
    Ambiguous(Vec<usize>),
}

pub(super) struct Resolver<'a> {
    pub(super) index: &'a Index<'a>,
    pub(super) families: &'a Families,
}

impl Resolver<'_> {
    /// By id, else by number, else by title; never a guess between two.
    pub(super) fn resolve(&self, acting: usize, relation: &Relation) -> Resolved {
        let Target { id, title, number } = &relation.target;
        if let Some(id) = id.as_deref().filter(|id| !id.is_empty()) {
            return match self.index.with_id(id) {
                Some(at) if at == acting => Resolved::Itself,
                Some(at) => Resolved::Found(vec![at]),
                None => Resolved::Nobody,
            };
        }
        let title = title.as_deref().map(TitleKey::of).filter(|title| !title.plain.is_empty());
        let number = number.as_deref().and_then(NumberKey::of);
        let numbered = number.as_ref().map_or(&[][..], |number| self.index.with_number(number));
        let titled = match &title {
            Some(title) => self.with_title(acting, title, number.as_ref(), relation),
            None => Resolved::Nobody,
        };
        match self.earlier(acting, numbered, relation).as_slice() {
            [] if numbered == [acting] && title.is_none() => Resolved::Itself,
            [] => titled,
            [only] => match titled {
                // Another document bears the very title: one of the two is a slip of the pen.
                Resolved::Found(other)
                    if !other.contains(only) && !self.is_called(*only, title.as_ref()) =>
                {
                    Resolved::Ambiguous(other.into_iter().chain([*only]).collect())
                }
                _ => Resolved::Found(vec![*only]),
            },
            several => self.choose(acting, several, title.as_ref(), relation.kind),
        }
    }

    /// Which of several documents of one number is meant, by the title beside it.
    fn choose(
        &self,
        acting: usize,
        several: &[usize],
        title: Option<&TitleKey>,
        kind: ActKind,
    ) -> Resolved {
        let exact = |at: &usize| {
            let entry = self.index.get(*at);
            entry.zip(title).is_some_and(|(entry, title)| entry.title.plain == title.plain)
        };
        let named: Vec<usize> = several.iter().copied().filter(exact).collect();
        let named = if named.is_empty() {
            several.iter().copied().filter(|at| self.is_called(*at, title)).collect()
        } else {
            named
        };
        match self.one(acting, named, kind) {
            Resolved::Nobody => Resolved::Ambiguous(several.to_vec()),
            found => found,
        }
    }

    fn with_title(
        &self,
        acting: usize,
        title: &TitleKey,
        number: Option<&NumberKey>,
        relation: &Relation,
    ) -> Resolved {
        let fits = |at: &usize| self.index.get(*at).is_some_and(|entry| !clashes(entry, number));
        let of_others = |found: &[usize]| -> Vec<usize> {
            let earlier = self.earlier(acting, found, relation);
            earlier.into_iter().filter(fits).collect()
        };
        let exact = of_others(self.index.with_title(&title.plain));
        if !exact.is_empty() {
            return self.one(acting, exact, relation.kind);
        }
        let mut aliases = of_others(self.index.with_alias(&title.plain));
        for alias in &title.aliases {
            aliases.extend(of_others(self.index.with_title(alias)));
            aliases.extend(of_others(self.index.with_alias(alias)));
        }
        // Another organ may well have issued a notice on the same matter.
        aliases.retain(|at| self.power(acting, *at) != Power::None);
        aliases.sort_unstable();
        aliases.dedup();
        self.one(acting, aliases, relation.kind)
    }

    /// The one that is meant, or the versions of one rule: all that end, the newest to amend.
    fn one(&self, acting: usize, mut found: Vec<usize>, kind: ActKind) -> Resolved {
        let own: Vec<usize> =
            found.iter().copied().filter(|at| self.shares_organ(acting, *at)).collect();
        if found.len() > 1 && !own.is_empty() {
            found = own;
        }
        match found.as_slice() {
            [] => Resolved::Nobody,
            [_] => Resolved::Found(found),
            _ if !self.families.are_one(&found) => Resolved::Ambiguous(found),
            _ if kind == ActKind::Amends => {
                let day = |at: usize| self.index.get(at).and_then(|e| e.document.worded_from());
                let newest = found.iter().copied().max_by_key(|at| (day(*at), *at));
                Resolved::Found(newest.into_iter().collect())
            }
            _ => Resolved::Found(found),
        }
    }

    /// Those that were not made after the acting document, and not that one itself.
    fn earlier(&self, acting: usize, found: &[usize], relation: &Relation) -> Vec<usize> {
        let earlier = |at: &usize| *at != acting && !self.is_later(*at, acting, relation);
        found.iter().copied().filter(earlier).collect()
    }

    /// Whether a document was made after the one that acts on it, or after that act's first day,
    /// as far as their days tell. An amended text bears the day of its last amendment: what was in
    /// force by the first day of an amendment may well be what was amended.
    pub(super) fn is_later(&self, at: usize, acting: usize, relation: &Relation) -> bool {
        let document = |at: usize| self.index.get(at).map(|entry| &entry.document);
        let Some((target, acting)) = document(at).zip(document(acting)) else { return false };
        let from = acting.first_day(relation);
        if relation.kind == ActKind::Amends
            && target.effective_on.zip(from).is_some_and(|(effective, from)| effective <= from)
        {
            return false;
        }
        let after = |day: Option<NaiveDate>| {
            target.made_on().zip(day).is_some_and(|(made, day)| made > day)
        };
        after(acting.made_on()) || after(from)
    }

    /// Whether a document bears a title, be it among other names.
    fn is_called(&self, at: usize, title: Option<&TitleKey>) -> bool {
        let Some((entry, title)) = self.index.get(at).zip(title) else { return false };
        let names = |key: &TitleKey| -> Vec<String> {
            key.aliases.iter().chain([&key.plain]).cloned().collect()
        };
        let own = names(&entry.title);
        names(title).iter().any(|name| own.contains(name))
    }

    pub(super) fn power(&self, acting: usize, target: usize) -> Power {
        match self.index.get(acting).zip(self.index.get(target)) {
            Some((acting, target)) => power::power(&acting.organs, &target.organs),
            None => Power::Unclear,
        }
    }

    fn shares_organ(&self, acting: usize, target: usize) -> bool {
        let both = self.index.get(acting).zip(self.index.get(target));
        both.is_some_and(|(acting, target)| power::shares(&acting.organs, &target.organs))
    }
}

/// Whether a document has another number of the same organ's than the cited one: it is another
/// document of the same title.
fn clashes(entry: &Entry, cited: Option<&NumberKey>) -> bool {
    let Some(cited) = cited else { return false };
    let head = cited.yearly.as_ref();
    head.is_some()
        && entry.numbers.iter().any(|number| number.yearly.as_ref() == head)
        && !entry.numbers.contains(cited)
}
