//! Versions of one document: the same rule, amended or made anew by the same organ.

use std::collections::BTreeMap;

use super::index::{Entry, Index};

/// For each document the family it belongs to; documents of one family are versions of one rule.
pub(super) struct Families {
    of: Vec<Option<usize>>,
    /// The versions of each family that have a day, the earliest first.
    pub(super) dated: Vec<Vec<usize>>,
}

impl Families {
    pub(super) fn of(index: &Index) -> Self {
        let mut families = Self { of: vec![None; index.entries.len()], dated: Vec::new() };
        for found in index.shared_titles() {
            let rule = |at: &usize| index.get(*at).is_some_and(|entry| entry.title.has_versions());
            let found: Vec<usize> = found.iter().copied().filter(rule).collect();
            for family in by_organ(index, &found) {
                families.add(index, family);
            }
        }
        families
    }

    fn add(&mut self, index: &Index, mut family: Vec<usize>) {
        for at in &family {
            if let Some(slot) = self.of.get_mut(*at) {
                *slot = Some(self.dated.len());
            }
        }
        let day = |at: usize| index.get(at).and_then(|entry| entry.document.worded_from());
        family.retain(|at| day(*at).is_some());
        family.sort_by_key(|at| (day(*at), *at));
        self.dated.push(family);
    }

    /// Whether documents are all versions of one rule.
    pub(super) fn are_one(&self, documents: &[usize]) -> bool {
        let family = |at: usize| self.of.get(at).copied().flatten();
        let mut rest = documents.iter().map(|at| family(*at));
        let first = rest.next().flatten();
        first.is_some() && rest.all(|family| family == first)
    }
}

/// Documents of one title by their lead organ. Those that name none belong to the only organ that
/// the others name; where these name several, each stands alone.
fn by_organ(index: &Index, found: &[usize]) -> Vec<Vec<usize>> {
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut unnamed = Vec::new();
    for at in found {
        let lead = index.get(*at).and_then(Entry::lead);
        match lead {
            None => unnamed.push(*at),
            Some(lead) => named.entry(lead).or_default().push(*at),
        }
    }
    let mut families: Vec<Vec<usize>> = named.into_values().collect();
    match families.as_mut_slice() {
        [] => families.push(unnamed),
        [only] => only.extend(unnamed),
        _ => {}
    }
    families
}

impl Entry {
    /// The lead organ's name; a congress and its standing committee are one legislator.
    fn lead(&self) -> Option<&str> {
        let name = self.organs.first()?.name();
        let congress = name.strip_suffix("常务委员会").filter(|name| name.ends_with("代表大会"));
        Some(congress.unwrap_or(name))
    }
}
