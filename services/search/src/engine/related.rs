//! Policies about the same matter: those that share what is telling in a policy's title and text.
//!
//! Its words weighed by how often it says them and how few others do (Salton and Buckley,
//! Term-Weighting Approaches in Automatic Text Retrieval, 1988) are a query of their own.

use std::collections::HashMap;

use tantivy::collector::TopDocs;
use tantivy::{DocAddress, Searcher, Term};

use super::Error;
use super::effect::Day;
use super::fold::fold;
use super::highlight::mark;
use super::index::Index;
use super::query::alike;
use super::record::Record;
use super::search::Hit;
use super::tokenizer::runs;
use super::weights::rarity;
use super::words::Words;

/// So much of a text says what it is about.
const READ: usize = 12_000;
/// What the title says counts like so many times in the text.
const IN_TITLE: f32 = 8.0;
/// So many words stand for a policy.
const MOST_WORDS: usize = 25;
/// In a smaller library every word tells something.
const FEW: u64 = 20;
/// So many are compared for each that is shown.
const COMPARED: usize = 4;
/// What the same organ issued, or belongs to the same class, is a little nearer.
const SAME_ORGAN: f32 = 1.1;
const SAME_CATEGORY: f32 = 1.05;

impl Index {
    /// The policies nearest to one, nearest first; nothing where it is not known.
    pub fn related(&self, id: &str, limit: usize, today: Day) -> Result<Option<Vec<Hit>>, Error> {
        let searcher = self.searcher();
        let Some(record) = self.records([id])?.into_iter().find(|record| !record.gone) else {
            return Ok(None);
        };
        let words = self.telling(&searcher, &record)?;
        if words.is_empty() || limit == 0 {
            return Ok(Some(Vec::new()));
        }
        let query = alike(&self.fields, &words);
        let top = TopDocs::with_limit(limit * COMPARED + 1).order_by_score();
        let mut near: Vec<(f32, DocAddress, Record)> = Vec::new();
        for (score, at) in searcher.search(&*query, &top)? {
            let other = self.record(&searcher, at)?;
            if other.id == record.id {
                continue;
            }
            let mut score = score;
            score *= if other.organ_code == record.organ_code { SAME_ORGAN } else { 1.0 };
            score *= if other.category == record.category { SAME_CATEGORY } else { 1.0 };
            near.push((score, at, other));
        }
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.id.cmp(&b.2.id)));
        let hit = |(_, _, record): (f32, DocAddress, Record)| Hit {
            effect: record.effect_on(today),
            title: mark(&record.title, &[]),
            extract: Vec::new(),
            anchor: None,
            record,
        };
        Ok(Some(near.into_iter().take(limit).map(hit).collect()))
    }

    /// The words that tell a policy from others, and by how much.
    fn telling(&self, searcher: &Searcher, record: &Record) -> Result<Vec<(String, f32)>, Error> {
        let text = self.bodies.read(record.text_at, record.text_length).unwrap_or_default();
        let text: String = text.chars().take(READ).collect();
        let mut counts: HashMap<String, f32> = HashMap::new();
        for (part, worth) in [(&record.title, IN_TITLE), (&text, 1.0)] {
            for run in runs(part).into_iter().filter(|run| run.han) {
                let slice = part.get(run.from..run.to).unwrap_or_default();
                let characters: Vec<char> = slice.chars().map(fold).collect();
                let mut at = 0;
                for length in self.words.divide(slice) {
                    let word: String =
                        characters.get(at..at + length).unwrap_or_default().iter().collect();
                    at += length;
                    if length > 1 && !Words::is_of_asking(&word) {
                        *counts.entry(word).or_default() += worth;
                    }
                }
            }
        }
        let policies = searcher.num_docs();
        let mut telling: Vec<(String, f32)> = Vec::new();
        for (word, count) in counts {
            let found = searcher.doc_freq(&Term::from_field_text(self.fields.text, &word))?;
            // What nobody else says, or everybody, brings no one nearer.
            if found > 1 && found * 2 < policies.max(FEW) {
                telling.push((word, count.sqrt() * rarity(policies, found)));
            }
        }
        telling.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        telling.truncate(MOST_WORDS);
        Ok(telling)
    }
}
