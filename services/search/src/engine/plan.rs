//! What a person wrote, understood: no writing is an error.

use std::collections::HashSet;

use gongwen::number;

use super::fold::{fold, is_han, whole};
use super::schema::number_keys;
use super::synonyms::Match;
use super::tokenizer::{Run, runs};
use super::weights::Weights;
use super::words::Words;

const OPENING: [char; 4] = ['"', '“', '「', '『'];
const CLOSING: [char; 4] = ['"', '”', '」', '』'];

/// One thing that a policy must have to be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// A term.
    Term(String),
    /// Terms at these distances from each other, in characters.
    Phrase(Vec<(usize, String)>),
    /// Any term that begins so: a Han character all by itself.
    Begins(char),
}

/// One word of the query, and what else stands for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// What it is asked by: all of these, or one of the others.
    pub pieces: Vec<Piece>,
    /// Other words for the same thing.
    pub same: Vec<Piece>,
}

/// A query taken apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// All of them are asked for.
    pub asked: Vec<Asked>,
    /// Keys of the document number that was written, if one was.
    pub numbers: Vec<String>,
    /// The query as a whole, for a title that is just this.
    pub whole: String,
    /// What is marked where it occurs, folded.
    pub needles: Vec<Vec<char>>,
    /// What is marked besides where not all is asked for.
    pub near: Vec<Vec<char>>,
    /// The words asked for, to try one by one.
    pub words: Vec<String>,
    /// What was in quotation marks: nothing without it is found.
    pub quoted: Vec<Piece>,
    /// By how much each term counts where not all is asked for.
    pub weights: Weights,
    /// Whether words of asking stand in it.
    pub is_question: bool,
}

impl Plan {
    /// Understands a query.
    pub fn new(words: &Words, query: &str) -> Self {
        let mut plan = Self { whole: whole(query), ..Self::default() };
        if query.chars().map(fold).any(|ch| ch.is_ascii_digit()) {
            plan.numbers = number_keys(query);
            let cited = number::find_in(query).into_iter().map(|(_, number)| number.key());
            plan.numbers.extend(cited);
            plan.numbers.dedup();
        }
        for (text, quoted) in quotations(query) {
            if quoted {
                plan.add_phrase(words, text, true);
            } else {
                plan.add_words(words, text);
            }
        }
        if plan.asked.is_empty() {
            // Nothing but words of asking: then they are what is asked for.
            plan.add_phrase(words, query, false);
        }
        plan.asked.sort();
        plan.asked.dedup();
        plan
    }

    /// Whether it asks for nothing in particular.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty() && self.numbers.is_empty()
    }

    /// Whether less than all of it may be asked for.
    pub fn can_relax(&self) -> bool {
        (self.asked.len() > 1 && !self.weights.is_empty())
            || (self.is_empty() && !self.whole.is_empty())
    }

    fn add_phrase(&mut self, words: &Words, text: &str, quoted: bool) {
        let all = runs(text);
        for run in &all {
            let characters = characters(text, *run);
            self.needle(&characters);
        }
        if let Some(piece) = phrase(words, text, &all) {
            if quoted {
                self.quoted.push(piece.clone());
            }
            self.asked.push(Asked { pieces: vec![piece], same: Vec::new() });
        }
        let word: String = text.chars().map(fold).collect();
        if !word.trim().is_empty() {
            self.words.push(word.trim().to_owned());
        }
    }

    fn add_words(&mut self, words: &Words, text: &str) {
        let all = runs(text);
        for (run, neighbours) in with_neighbours(&all) {
            let characters = characters(text, run);
            if run.han && run.length == 1 && !neighbours {
                let Some(only) = characters.first() else { continue };
                if all.len() == 1 || !Words::is_of_asking(&only.to_string()) {
                    self.ask(vec![Piece::Begins(*only)], Vec::new());
                    self.needle(&characters);
                }
                continue;
            }
            self.add_run(words, text, run, &characters);
        }
    }

    fn add_run(&mut self, words: &Words, text: &str, run: Run, characters: &[char]) {
        let slice = text.get(run.from..run.to).unwrap_or_default();
        let division = if run.han { words.divide(slice) } else { vec![run.length] };
        self.is_question |= self.weights.add_run(characters, run.han, &division);
        let mut terms = cover(words, text, run, true);
        for (_, term) in &terms {
            self.needle(&term.chars().collect::<Vec<_>>());
            self.words.push(term.clone());
        }
        let mut edges = HashSet::from([0]);
        edges.extend(division.iter().scan(0, |end, length| {
            *end += length;
            Some(*end)
        }));
        for Match { from, to, ways } in
            words.synonyms().within(characters, |at| edges.contains(&at))
        {
            self.weights.add_ways(ways);
            let marks = |ways: &[String]| -> Vec<Vec<char>> {
                ways.iter().map(|way| way.chars().collect()).collect()
            };
            self.near.extend(marks(&ways.near));
            if ways.same.is_empty() {
                continue;
            }
            let inside =
                |(at, term): &(usize, String)| *at >= from && at + term.chars().count() <= to;
            let (its_own, others) = terms.into_iter().partition(inside);
            terms = others;
            // What the dictionary does not know as a word is one only as it stands.
            let said: String = characters.get(from..to).unwrap_or_default().iter().collect();
            let its_own = match (its_own.len(), phrase(words, &said, &runs(&said))) {
                (2.., Some(phrase)) => vec![phrase],
                _ => its_own
                    .into_iter()
                    .map(|(_, term): (usize, String)| Piece::Term(term))
                    .collect(),
            };
            self.ask_with(words, its_own, &ways.same);
            for way in marks(&ways.same) {
                self.needle(&way);
            }
        }
        for (_, term) in terms {
            self.ask(vec![Piece::Term(term)], Vec::new());
        }
    }

    fn ask_with(&mut self, words: &Words, pieces: Vec<Piece>, same: &[String]) {
        if pieces.is_empty() {
            return;
        }
        let same = same.iter().filter_map(|way| phrase(words, way, &runs(way))).collect();
        self.ask(pieces, same);
    }

    fn ask(&mut self, pieces: Vec<Piece>, same: Vec<Piece>) {
        self.asked.push(Asked { pieces, same });
    }

    fn needle(&mut self, characters: &[char]) {
        if !characters.is_empty() && !self.needles.iter().any(|known| known == characters) {
            self.needles.push(characters.to_vec());
        }
    }
}

/// What a text as it stands is asked by; nothing where it has no letter.
fn phrase(words: &Words, text: &str, all: &[Run]) -> Option<Piece> {
    let start = all.first().map_or(0, |run| run.position);
    let mut terms: Vec<(usize, String)> = Vec::new();
    for (run, neighbours) in with_neighbours(all) {
        if run.han && run.length == 1 && !neighbours {
            if all.len() == 1 {
                return characters(text, run).first().map(|ch| Piece::Begins(*ch));
            }
        } else {
            let cover = cover(words, text, run, false);
            terms.extend(cover.into_iter().map(|(at, term)| (run.position - start + at, term)));
        }
    }
    match terms.len() {
        0 => None,
        1 => terms.pop().map(|(_, term)| Piece::Term(term)),
        _ => Some(Piece::Phrase(terms)),
    }
}

/// The folded characters of a run.
fn characters(text: &str, run: Run) -> Vec<char> {
    text.get(run.from..run.to).unwrap_or_default().chars().map(fold).collect()
}

/// Each run, and whether another touches it.
fn with_neighbours(all: &[Run]) -> impl Iterator<Item = (Run, bool)> + '_ {
    all.iter().enumerate().map(|(at, run)| {
        let before = at.checked_sub(1).and_then(|at| all.get(at));
        let after = all.get(at + 1);
        let touched = before.is_some_and(|other| other.to == run.from)
            || after.is_some_and(|other| other.from == run.to);
        (*run, touched)
    })
}

/// Few terms that each stand wherever the run stands, by place. Together they cover all of its
/// characters, save words of asking where these are let go.
fn cover(words: &Words, text: &str, run: Run, let_go: bool) -> Vec<(usize, String)> {
    let slice = text.get(run.from..run.to).unwrap_or_default();
    let all = characters(text, run);
    let term = |at: usize, length: usize| -> Option<(usize, String)> {
        all.get(at..at + length).map(|part| (at, part.iter().collect()))
    };
    if !run.han || run.length <= 2 {
        return term(0, run.length).into_iter().collect();
    }
    let mut terms: Vec<(usize, String)> = Vec::new();
    let mut covered = 0;
    let mut at = 0;
    for length in words.divide(slice) {
        let next = at + length;
        let word: String = all.get(at..next).unwrap_or_default().iter().collect();
        if let_go && Words::is_of_asking(&word) {
            covered = covered.max(next);
        } else if length == 2 || (length > 2 && words.has(&word)) {
            terms.push((at, word));
            covered = next;
        } else {
            // Pairs that reach over what no word covers, the last one reaching back if need be.
            let mut from = at.max(covered);
            while from < next {
                let pair = from.min(run.length - 2);
                terms.extend(term(pair, 2));
                from = pair + 2;
            }
            covered = covered.max(from);
        }
        at = next;
    }
    terms
}

/// The parts of a query, and which of them stand in quotation marks. A mark without its partner
/// is a space.
fn quotations(query: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = query;
    while let Some((at, mark)) = rest.char_indices().find(|(_, ch)| OPENING.contains(ch)) {
        let (before, from) = rest.split_at(at);
        let inner = from.get(mark.len_utf8()..).unwrap_or_default();
        parts.push((before, false));
        match inner.char_indices().find(|(_, ch)| CLOSING.contains(ch)) {
            Some((end, closing)) => {
                parts.push((inner.get(..end).unwrap_or_default(), true));
                rest = inner.get(end + closing.len_utf8()..).unwrap_or_default();
            }
            None => rest = inner,
        }
    }
    parts.push((rest, false));
    parts.retain(|(part, _)| part.chars().any(|ch| is_han(ch) || ch.is_alphanumeric()));
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::words::tests::WORDS;
    use super::*;

    fn pieces(query: &str) -> Vec<Piece> {
        Plan::new(&WORDS, query).asked.into_iter().flat_map(|asked| asked.pieces).collect()
    }

    fn term(text: &str) -> Piece {
        Piece::Term(text.to_owned())
    }

    #[test]
    fn a_question_is_asked_by_its_words() {
        assert_eq!(pieces("住房公积金 提取"), [term("住房公积金"), term("提取")]);
        assert_eq!(pieces("请问怎么申请高龄津贴"), [term("申请"), term("高龄津贴")]);
        assert_eq!(pieces("税"), [Piece::Begins('税')]);
        assert_eq!(pieces("怎么办").len(), 1);
        assert_eq!(pieces("第3条"), [term("3"), term("条"), term("第")]);
    }

    #[test]
    fn quotation_marks_ask_for_the_very_words() {
        let phrase = pieces("“优化营商环境办法”");
        let [Piece::Phrase(terms)] = phrase.as_slice() else { panic!("{phrase:?}") };
        assert_eq!(terms.first().unwrap(), &(0, "优化".to_owned()));
        assert_eq!(pieces("\"公积金\""), [term("公积金")]);
        assert_eq!(pieces("“公积金"), [term("公积金")]);
    }

    #[test]
    fn a_document_number_is_recognised_within_a_question() {
        for query in ["淮府办〔2023〕12号", "淮府办[2023]12", "查 淮府办〔2023〕12号 全文"]
        {
            let plan = Plan::new(&WORDS, query);
            assert!(plan.numbers.contains(&"淮府办/2023/12".to_owned()), "{query}: {plan:?}");
        }
    }

    #[test]
    fn empty_and_bad_writing_is_understood_too() {
        for query in ["", "   ", "（）“”", "\"\"", "AND OR NOT", "title:( ^~* ", "”“"] {
            Plan::new(&WORDS, query);
        }
        assert!(Plan::new(&WORDS, "，。！").is_empty());
    }

    proptest! {
        #[test]
        fn no_query_stops_it(query in "\\PC*|[“”\"的怎么办住房公积金管理条例〔〕0-9号a ]{0,40}") {
            Plan::new(&WORDS, &query);
        }

        #[test]
        fn a_cover_leaves_no_character_out(run in "[住房公积金管理条例的土地使用权甲乙丙]{1,12}") {
            let all = runs(&run);
            let mut covered = vec![false; run.chars().count()];
            for (at, term) in cover(&WORDS, &run, all[0], false) {
                covered[at..at + term.chars().count()].fill(true);
            }
            prop_assert!(covered.iter().all(|it| *it), "{:?}", cover(&WORDS, &run, all[0], false));
        }
    }
}
