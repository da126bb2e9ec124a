//! Plain BM25 over pairs of characters, to compare with: k1 1.2, b 0.75, no words left out.
//!
//! Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.

use std::collections::HashMap;

use crate::figures::count_of;

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// Texts by the pairs in them.
#[derive(Default)]
pub struct Plain {
    postings: HashMap<String, Vec<(u32, f64)>>,
    lengths: Vec<f64>,
}

impl Plain {
    /// Adds the next text.
    pub fn add(&mut self, text: &str) {
        let number = u32::try_from(self.lengths.len()).unwrap_or(u32::MAX);
        let terms = terms(text);
        self.lengths.push(count_of(terms.len()));
        let mut counts: HashMap<String, f64> = HashMap::new();
        for term in terms {
            *counts.entry(term).or_default() += 1.0;
        }
        for (term, count) in counts {
            self.postings.entry(term).or_default().push((number, count));
        }
    }

    /// The numbers of the best texts, best first.
    pub fn search(&self, query: &str, limit: usize) -> Vec<usize> {
        let texts = count_of(self.lengths.len());
        let average = self.lengths.iter().sum::<f64>() / texts.max(1.0);
        let mut scores: HashMap<u32, f64> = HashMap::new();
        for term in terms(query) {
            let Some(postings) = self.postings.get(&term) else { continue };
            let found = count_of(postings.len());
            let rarity = ((texts - found + 0.5) / (found + 0.5)).ln_1p();
            for (number, count) in postings {
                let length = self.lengths.get(*number as usize).copied().unwrap_or(average);
                let norm = K1 * (1.0 - B + B * length / average);
                *scores.entry(*number).or_default() += rarity * count * (K1 + 1.0) / (count + norm);
            }
        }
        let mut best: Vec<(u32, f64)> = scores.into_iter().collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.into_iter().take(limit).map(|(number, _)| number as usize).collect()
    }
}

/// Pairs of neighbouring Han characters, and words of letters and digits.
fn terms(text: &str) -> Vec<String> {
    let han = |ch: char| matches!(ch, '\u{3400}'..='\u{9fff}');
    let mut terms = Vec::new();
    let mut run = String::new();
    let mut flush = |run: &mut String, is_han: bool| {
        let characters: Vec<char> = run.chars().collect();
        if !is_han || characters.len() == 1 {
            terms.extend(Some(run.clone()).filter(|run| !run.is_empty()));
        } else {
            terms.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
        }
        run.clear();
    };
    let mut is_han = false;
    for ch in text.chars() {
        if !ch.is_alphanumeric() || (han(ch) != is_han && !run.is_empty()) {
            flush(&mut run, is_han);
        }
        if ch.is_alphanumeric() {
            is_han = han(ch);
            run.extend(ch.to_lowercase());
        }
    }
    flush(&mut run, is_han);
    terms
}
