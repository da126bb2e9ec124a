//! Words by how they sound: for who types pinyin, or writes another character of the same sound.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use pinyin::{Pinyin, ToPinyin as _};

use super::words::Words;

/// Words of the dictionary that are used less often are not what somebody misspelt.
const USED: u64 = 20;
/// Longer words are phrases.
const LONGEST: usize = 8;
/// Fewer initials than these stand for too many words.
const FEWEST_INITIALS: usize = 3;
/// How much more a word of the field is worth than how often the dictionary says it is used.
const OF_THE_FIELD: u64 = 1_000_000;

/// A word and how likely it is meant.
pub(super) type Weighed = (String, u64);

/// The words that can be found by their sound, known from the first time that one is asked for.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    of_the_field: Vec<String>,
    known: OnceLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    spelled: HashMap<String, Vec<Weighed>>,
    initials: HashMap<String, Vec<String>>,
    longest: usize,
}

impl Sounds {
    /// The dictionary's words, and these before all others.
    pub(super) fn new(of_the_field: Vec<String>) -> Self {
        Self { of_the_field, known: OnceLock::new() }
    }

    /// The words that are spelled so, the likeliest first.
    pub(super) fn spelled(&self, letters: &str) -> &[Weighed] {
        self.known().spelled.get(letters).map_or(&[], Vec::as_slice)
    }

    /// The words of the field with these initials: 公积金 for gjj.
    pub(super) fn initials(&self, letters: &str) -> &[String] {
        if letters.len() < FEWEST_INITIALS {
            return &[];
        }
        self.known().initials.get(letters).map_or(&[], Vec::as_slice)
    }

    /// The words of the field whose spelling goes on from these letters.
    pub(super) fn begun(&self, letters: &str) -> Vec<&str> {
        let begins = |word: &&String| spelling(word).is_some_and(|it| it.starts_with(letters));
        self.of_the_field.iter().filter(begins).map(String::as_str).collect()
    }

    /// Most letters that a known word is spelled by.
    pub(super) fn longest(&self) -> usize {
        self.known().longest
    }

    fn known(&self) -> &Known {
        self.known.get_or_init(|| self.learn())
    }

    fn learn(&self) -> Known {
        let mut known = Known::default();
        let mut seen = HashSet::new();
        let field = self.of_the_field.iter().map(|word| (word.clone(), OF_THE_FIELD));
        for (word, used) in field.chain(Words::listed().filter(|(_, used)| *used >= USED)) {
            let length = word.chars().count();
            if !(2..=LONGEST).contains(&length) || !seen.insert(word.clone()) {
                continue;
            }
            let Some(letters) = spelling(&word) else { continue };
            if used == OF_THE_FIELD
                && let Some(initials) = initials(&word)
            {
                known.initials.entry(initials).or_default().push(word.clone());
            }
            known.longest = known.longest.max(letters.len());
            known.spelled.entry(letters).or_default().push((word, used));
        }
        for words in known.spelled.values_mut() {
            words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        known
    }
}

/// A word in pinyin without tones; nothing where a character has none.
pub(super) fn spelling(word: &str) -> Option<String> {
    word.to_pinyin().map(|sound| sound.map(|sound| sound.plain().replace('ü', "v"))).collect()
}

fn initials(word: &str) -> Option<String> {
    word.to_pinyin().map(|sound| sound.map(Pinyin::first_letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::WORDS;
    use super::*;

    #[test]
    fn a_word_is_found_by_its_sound() {
        let words: Vec<&str> =
            WORDS.sounds().spelled("gongjijin").iter().map(|(word, _)| word.as_str()).collect();
        assert!(words.contains(&"公积金"), "{words:?}");
        assert!(WORDS.sounds().initials("gjj").contains(&"公积金".to_owned()));
        assert!(WORDS.sounds().initials("gj").is_empty());
        assert!(WORDS.sounds().begun("yanglaobaox").contains(&"养老保险"));
        assert_eq!(spelling("绿化").as_deref(), Some("lvhua"));
        assert_eq!(spelling("WTO"), None);
    }
}
