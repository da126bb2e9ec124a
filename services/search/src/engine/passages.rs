//! Articles and paragraphs: where in a text something stands, and what one text says about it.

use gongwen::anchor::{Anchor, Anchors};
use tantivy::{Searcher, Term};

use super::Error;
use super::highlight::{Piece, extract, mark, standing};
use super::index::Index;
use super::plan::Plan;
use super::weights::rarity;

/// A paragraph is shown up to so many characters.
const LONGEST: usize = 400;

/// A paragraph of a policy that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The article or heading that it stands under.
    pub anchor: Option<Anchor>,
    /// The paragraph, marked.
    pub pieces: Vec<Piece>,
}

/// What a policy says about something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Within {
    /// Its title.
    pub title: String,
    /// The best paragraphs, in the order of the text.
    pub passages: Vec<Passage>,
    /// How many paragraphs have any of the words.
    pub total: usize,
}

/// The article or heading that a place stands under, by byte.
pub(super) fn anchor_at(text: &str, place: usize) -> Option<Anchor> {
    let mut anchors = Anchors::default();
    let mut last = None;
    let mut begins = 0;
    for line in text.split('\n') {
        if begins > place {
            break;
        }
        last = anchors.next(line).or(last);
        begins += line.len() + 1;
    }
    last
}

impl Index {
    /// The paragraphs of a policy that have most of the words; nothing where it is not known.
    pub fn search_within(
        &self,
        id: &str,
        query: &str,
        limit: usize,
    ) -> Result<Option<Within>, Error> {
        let searcher = self.searcher();
        let Some(record) = self.records([id])?.into_iter().find(|record| !record.gone) else {
            return Ok(None);
        };
        let mut plan = Plan::new(&self.words, query);
        plan.needles.append(&mut plan.near);
        let worth = self.worth(&searcher, &plan)?;
        let text = self.bodies.read(record.text_at, record.text_length).unwrap_or_default();
        let mut anchors = Anchors::default();
        let mut under = None;
        let mut found: Vec<(f32, usize, Passage)> = Vec::new();
        for (place, line) in text.split('\n').enumerate() {
            under = anchors.next(line).or(under);
            let stands = standing(line, &plan.needles);
            if stands.is_empty() {
                continue;
            }
            let score = stands.iter().filter_map(|needle| worth.get(*needle)).sum();
            let line = line.trim();
            let pieces = match extract(line, &plan.needles, &worth, LONGEST) {
                Some((pieces, _)) if line.chars().count() > LONGEST => pieces,
                _ => mark(line, &plan.needles),
            };
            found.push((score, place, Passage { anchor: under.clone(), pieces }));
        }
        let total = found.len();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(limit);
        found.sort_by_key(|(_, place, _)| *place);
        let passages = found.into_iter().map(|(_, _, passage)| passage).collect();
        Ok(Some(Within { title: record.title, passages, total }))
    }

    /// By how much each needle tells texts apart.
    pub(super) fn worth(&self, searcher: &Searcher, plan: &Plan) -> Result<Vec<f32>, Error> {
        let policies = searcher.num_docs();
        let worth = |needle: &Vec<char>| {
            let word: String = needle.iter().collect();
            let term = Term::from_field_text(self.fields.text, &word);
            Ok(rarity(policies, searcher.doc_freq(&term)?))
        };
        plan.needles.iter().map(worth).collect()
    }
}
