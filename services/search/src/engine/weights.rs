//! By how much the terms of a question count, where a policy need not have them all.
//!
//! Sums of BM25 over pairs of characters serve Chinese questions as well as a division into words
//! does, and miss nothing (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009;
//! Nie, Gao, Zhang and Zhou, On the Use of Words and N-grams for Chinese Information Retrieval,
//! 2000). A pair within a word counts more than one that reaches from word to word, and other
//! words for a word count less than the word itself.

use super::fold::is_han;
use super::synonyms::Ways;
use super::tokenizer::runs;
use super::words::Words;

/// What a document is called says little about what it is for.
const OF_FORM: [&str; 16] = [
    "规定", "办法", "条例", "通知", "政策", "文件", "要求", "标准", "条件", "流程", "程序", "手续",
    "意见", "细则", "措施", "方案",
];
const FORM: f32 = 0.5;
/// A word of two characters, or of letters and digits.
const WORD: f32 = 1.0;
/// A pair within a longer word.
const WITHIN: f32 = 0.85;
/// A pair that reaches from one word to the next.
const ACROSS: f32 = 0.6;
/// Another word for the same thing.
const SAME: f32 = 0.7;
/// All words together that are said elsewhere about the matter of a word; each of several counts
/// by the root of their number less.
const NEAR: f32 = 0.65;
/// However often a term is said.
const MOST: f32 = 1.5;
/// A term of this weight or less was not said: in a title it says nothing.
const HINT: f32 = 0.66;

/// How well a term that `found` of so many policies have tells them apart.
#[expect(clippy::cast_precision_loss, reason = "a logarithm of a proportion")]
pub(super) fn rarity(policies: u64, found: u64) -> f32 {
    (1.0 + policies as f32 / found.max(1) as f32).ln()
}

/// Terms and weights, each term once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights(Vec<(String, f32)>);

impl Weights {
    /// Whether no term counts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The terms and by how much they count.
    pub fn terms(&self) -> impl Iterator<Item = (&str, f32)> {
        self.0.iter().map(|(term, weight)| (term.as_str(), *weight))
    }

    /// Whether a weight is that of something that was said.
    pub fn is_said(weight: f32) -> bool {
        weight > HINT
    }

    /// Weighs a run of folded characters that is divided into words of these lengths; answers
    /// whether words of asking are among them.
    pub fn add_run(&mut self, run: &[char], han: bool, division: &[usize]) -> bool {
        if !han {
            self.add(run, WORD);
            return false;
        }
        let mut asks = false;
        let mut at = 0;
        let mut before_counts = false;
        for length in division {
            let word = run.get(at..at + length).unwrap_or_default();
            let counts = !Words::is_of_asking(&word.iter().collect::<String>());
            asks |= !counts;
            if counts && before_counts {
                self.add(run.get(at - 1..=at).unwrap_or_default(), ACROSS);
            }
            if counts {
                let is_form = OF_FORM.contains(&word.iter().collect::<String>().as_str());
                let weight = match length {
                    2 if is_form => FORM,
                    2 => WORD,
                    _ => WITHIN,
                };

                word.windows(2).for_each(|pair| self.add(pair, weight));
            }
            before_counts = counts;
            at += length;
        }
        asks
    }

    /// Weighs other words for a word of the query.
    pub fn add_ways(&mut self, ways: &Ways) {
        let several = u16::try_from(ways.near.len().max(1)).map_or(f32::MAX, f32::from);
        let near = NEAR / several.sqrt();
        ways.same.iter().for_each(|way| self.add_way(way, SAME));
        ways.near.iter().for_each(|way| self.add_way(way, near));
    }

    fn add_way(&mut self, way: &str, weight: f32) {
        for run in runs(way) {
            let characters: Vec<char> =
                way.get(run.from..run.to).unwrap_or_default().chars().collect();
            if characters.iter().all(|ch| is_han(*ch)) && characters.len() > 2 {
                characters.windows(2).for_each(|pair| self.add(pair, weight * WITHIN));
            } else {
                self.add(&characters, weight);
            }
        }
    }

    fn add(&mut self, term: &[char], weight: f32) {
        let term: String = term.iter().collect();
        match self.0.iter_mut().find(|(known, _)| *known == term) {
            Some((_, known)) => *known = (*known + weight).min(MOST),
            None if !term.is_empty() => self.0.push((term, weight)),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_count_by_where_they_stand() {
        let mut weights = Weights::default();
        let run: Vec<char> = "养犬怎么办登记证".chars().collect();
        assert!(weights.add_run(&run, true, &[2, 3, 3]));
        weights.add_ways(&Ways { same: Vec::new(), near: vec!["犬类".to_owned()] });
        let terms: Vec<(&str, f32)> = weights.terms().collect();
        assert_eq!(
            terms,
            [("养犬", WORD), ("登记", WITHIN), ("记证", WITHIN), ("犬类", NEAR)],
            "what is said across a word of asking is nothing"
        );
    }

    #[test]
    fn nothing_counts_without_end() {
        let mut weights = Weights::default();
        let run: Vec<char> = "养犬养犬养犬".chars().collect();
        weights.add_run(&run, true, &[2, 2, 2]);
        assert!(weights.terms().all(|(_, weight)| weight <= MOST));
    }
}
