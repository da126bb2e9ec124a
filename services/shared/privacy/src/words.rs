//! The words that say what stands beside them, and where they stand in a text.
//!
//! All of them are looked for at once (Aho-Corasick, leftmost-longest), so that a text is
//! read once however many words there are.

mod lists;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::glyph::{is_blank, is_hyphen};
use lists::CLASSES;

/// What a word announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// An identity number.
    Identity,
    /// The telephone of a person.
    PrivatePhone,
    /// A telephone.
    Phone,
    /// The telephone of an organ.
    PublicPhone,
    /// Somebody is asked to call: whose number follows is public.
    Call,
    /// An account or card number.
    Account,
    /// The holder of an account.
    Holder,
    /// A passport.
    Passport,
    /// A travel permit.
    Permit,
    /// A number plate.
    Plate,
    /// A WeChat id.
    Wechat,
    /// A QQ number.
    Qq,
    /// A chat account that is open to the public.
    PublicChat,
    /// An e-mail address.
    Mail,
    /// The e-mail address of a person.
    PrivateMail,
    /// The e-mail address of an organ.
    PublicMail,
    /// Where a person lives.
    Home,
    /// An address.
    Address,
    /// The address of an organ.
    PublicAddress,
    /// A house, building, unit or room; part of an address.
    Detail,
    /// A name.
    Name,
    /// A private person in a role.
    Person,
    /// Somebody to turn to, often an official.
    Contact,
    /// A number that is none of ours: of an order, a project, a document.
    Code,
    /// Nothing: words that hold one of the others by chance.
    Other,
    /// A unified social credit code or an organisation code.
    Credit,
}

/// A word where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Byte offset of its first character.
    pub(crate) start: usize,
    /// Byte offset behind its last character.
    pub(crate) end: usize,
    /// What it announces.
    pub(crate) word: Word,
}

/// The words of a text in order.
#[derive(Debug, Default)]
pub(crate) struct Marks(Vec<Mark>);

static WORDS: LazyLock<(Option<AhoCorasick>, Vec<Word>)> = LazyLock::new(|| {
    let words: Vec<Word> =
        CLASSES.iter().flat_map(|(word, list)| list.split('、').map(|_| *word)).collect();
    let patterns = CLASSES.iter().flat_map(|(_, list)| list.split('、'));
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(patterns);
    (automaton.ok(), words)
});

impl Marks {
    /// Finds all words of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let (automaton, words) = &*WORDS;
        let Some(automaton) = automaton else { return Self::default() };
        let marks = automaton.find_iter(text).filter_map(|found| {
            let word = *words.get(found.pattern().as_usize())?;
            // 号, 室 and their like are details of an address only behind a number.
            let is_word = word != Word::Detail || is_numbered(text, found.start());
            is_word.then_some(Mark { start: found.start(), end: found.end(), word })
        });
        Self(marks.collect())
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Mark] {
        &self.0
    }

    /// Those that lie within a range.
    pub(crate) fn within(&self, from: usize, to: usize) -> &[Mark] {
        let first = self.0.partition_point(|mark| mark.start < from);
        let last = self.0.partition_point(|mark| mark.end <= to);
        self.0.get(first..last).unwrap_or_default()
    }

    /// The word before `at` with nothing but glue between: `手机号：`, `编号 No.`.
    pub(crate) fn label(&self, text: &str, at: usize) -> Option<Word> {
        let mut end = at;
        for mark in self.within(at.saturating_sub(96), at).iter().rev() {
            if !is_glue(text.get(mark.end..end).unwrap_or_default()) {
                return None;
            }
            // 手机号（号码）: the details and the names within a label say nothing.
            if !matches!(mark.word, Word::Detail | Word::Name) {
                return Some(mark.word);
            }
            end = mark.start;
        }
        None
    }

    /// Whether one of the words stands in a range.
    pub(crate) fn has(&self, from: usize, to: usize, words: &[Word]) -> bool {
        self.within(from, to).iter().any(|mark| words.contains(&mark.word))
    }
}

fn is_numbered(text: &str, at: usize) -> bool {
    crate::glyph::before(text, at).is_some_and(|ch| {
        crate::glyph::is_alphanumeric(ch) || "一二三四五六七八九十零〇百甲乙丙丁#".contains(ch)
    })
}

/// Whether a gap between a label and its value is only what belongs to writing it.
pub(crate) fn is_glue(gap: &str) -> bool {
    const GLUE: &str = ":：;；为是系即号码及和与或（）()[]【】〔〕“”\"'/、|｜*＊=＝._＿#＃№+＋,，";
    let mut count = 0;
    gap.chars().all(|ch| {
        count += 1;
        count <= 12 && (is_blank(ch) || ch.is_whitespace() || is_hyphen(ch) || GLUE.contains(ch))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_counts() {
        let words = |text: &str| -> Vec<Word> {
            Marks::of(text).all().iter().map(|mark| mark.word).collect()
        };
        assert_eq!(words("投诉电话"), [Word::PublicPhone]);
        assert_eq!(words("投诉人电话"), [Word::PrivatePhone]);
        assert_eq!(words("微信公众号"), [Word::PublicChat]);
        assert_eq!(words("申报条件"), []);
    }

    #[test]
    fn a_label_is_joined_by_glue_only() {
        let label = |text: &str| Marks::of(text).label(text, text.len());
        assert_eq!(label("身份证号码："), Some(Word::Identity));
        assert_eq!(label("合同编号（No. "), Some(Word::Code));
        assert_eq!(label("编号一览表见附件，"), None);
        assert_eq!(label(""), None);
    }

    #[test]
    fn no_word_stands_twice() {
        let mut words: Vec<&str> = CLASSES.iter().flat_map(|(_, list)| list.split('、')).collect();
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(!words.contains(&""));
    }

    #[test]
    fn details_need_a_number() {
        let count = |text: &str| Marks::of(text).all().len();
        assert_eq!(count("办公室"), 0);
        assert_eq!(count("501室"), 1);
    }
}
