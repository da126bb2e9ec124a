//! Text taken apart so that whatever a dictionary word or a pair of characters occurs in is found.
//!
//! Dividing a text into its likeliest words loses every word that the division cut through. So
//! nothing is divided here: each pair of neighbouring Han characters is a term, and so is each
//! longer word of the dictionary at every place where its characters stand. A question can then
//! be answered by few terms (its own words), and none of its places is missed. The first and
//! last character of a run of Han characters are terms too, which makes 3条 findable.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::fold::{fold, is_han};
use super::words::Words;

/// No word of letters and digits is longer; what is longer is cut.
const LONGEST_WORD: usize = 64;

/// A stretch of one kind: Han characters, or letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Whether it is of Han characters.
    pub han: bool,
    /// Byte offset of its first character.
    pub from: usize,
    /// Byte offset behind its last character.
    pub to: usize,
    /// How many characters of the text stand before it.
    pub position: usize,
    /// How many characters it has.
    pub length: usize,
}

/// The stretches of a text that can be looked for, in order; all else separates.
pub fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for (position, (at, ch)) in text.char_indices().enumerate() {
        let folded = fold(ch);
        let han = is_han(folded);
        if !han && !folded.is_alphanumeric() {
            open = false;
            continue;
        }
        let to = at + ch.len_utf8();
        match runs.last_mut() {
            Some(run) if open && run.han == han && (han || run.length < LONGEST_WORD) => {
                run.to = to;
                run.length += 1;
            }
            _ => runs.push(Run { han, from: at, to, position, length: 1 }),
        }
        open = true;
    }
    runs
}

/// One term of a text: where it stands, in bytes and in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Byte offset of its first character.
    pub from: usize,
    /// Byte offset behind its last character.
    pub to: usize,
    /// How many characters of the text stand before it.
    pub position: usize,
}

/// Every term of a text, by place.
pub fn spans(words: &Words, text: &str) -> Vec<Span> {
    let mut spans = Vec::with_capacity(text.len() / 2);
    let mut edges = Vec::new();
    for run in runs(text) {
        let Some(slice) = text.get(run.from..run.to) else { continue };
        if run.han {
            han_spans(words, slice, run, &mut edges, &mut spans);
        } else {
            spans.push(Span { from: run.from, to: run.to, position: run.position });
        }
    }
    spans
}

fn han_spans(words: &Words, slice: &str, run: Run, edges: &mut Vec<usize>, spans: &mut Vec<Span>) {
    edges.clear();
    edges.extend(slice.char_indices().map(|(at, _)| run.from + at));
    edges.push(run.to);
    let mut push = |first: usize, length: usize| {
        if let (Some(from), Some(to)) = (edges.get(first), edges.get(first + length)) {
            spans.push(Span { from: *from, to: *to, position: run.position + first });
        }
    };
    push(0, 1);
    for first in 0..run.length.saturating_sub(1) {
        push(first, 2);
    }
    if run.length > 2 {
        words.each_within(slice, |first, length| {
            if length > 2 {
                push(first, length);
            }
        });
    }
    if run.length > 1 {
        push(run.length - 1, 1);
    }
    // The index wants places in order; the sort is stable and the list nearly sorted.
    let begun = spans.iter().rposition(|span| span.from < run.from).map_or(0, |at| at + 1);
    if let Some(of_this_run) = spans.get_mut(begun..) {
        of_this_run.sort_by_key(|span| span.position);
    }
}

/// The tokenizer that the index uses for titles and texts.
#[derive(Clone)]
pub struct Terms(pub Words);

impl Tokenizer for Terms {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream { text, spans: spans(&self.0, text).into_iter(), token: Token::default() }
    }
}

/// The terms of one text, one after the other.
pub struct Stream<'a> {
    text: &'a str,
    spans: std::vec::IntoIter<Span>,
    token: Token,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(Span { from, to, position }) = self.spans.next() else { return false };
        self.token.offset_from = from;
        self.token.offset_to = to;
        self.token.position = position;
        self.token.text.clear();
        if let Some(slice) = self.text.get(from..to) {
            self.token.text.extend(slice.chars().map(fold));
        }
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::words::tests::WORDS;
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut tokenizer = Terms(WORDS.clone());
        let mut stream = tokenizer.token_stream(text);
        let mut terms = Vec::new();
        while stream.advance() {
            terms.push(stream.token().text.clone());
        }
        terms
    }

    #[test]
    fn pairs_long_words_and_edges_are_terms() {
        assert_eq!(
            terms("住房公积金"),
            ["住", "住房", "住房公积金", "房公", "公积", "公积金", "积金", "金"]
        );
        assert_eq!(terms("第3条 ＷＴＯ"), ["第", "3", "条", "wto"]);
        assert!(terms("  ，。").is_empty());
    }

    #[test]
    fn a_word_that_a_division_would_cut_through_is_a_term() {
        assert!(terms("本市住房保障房源").contains(&"住房保障".to_owned()));
    }

    proptest! {
        #[test]
        fn offsets_lie_on_characters_and_in_order(text in "\\PC*|[住房公积金保障a-zＡ１ ，\u{20000}\n]{0,60}") {
            let characters: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let mut last = 0;
            for Span { from, to, position } in spans(&WORDS, &text) {
                prop_assert!(from < to && text.get(from..to).is_some());
                prop_assert_eq!(characters[position], from);
                prop_assert!(position >= last);
                last = position;
            }
        }

        #[test]
        fn a_word_of_the_dictionary_is_found_in_any_surroundings(
            before in "[的市区房公土地民政，a]{0,6}",
            word in prop::sample::select(vec!["土地使用权", "住房公积金", "信息公开", "中华人民共和国", "老年人"]),
            after in "[的市区房公土地民政，a]{0,6}",
        ) {
            let terms = terms(&format!("{before}{word}{after}"));
            prop_assert!(terms.contains(&word.to_owned()));
        }
    }
}
