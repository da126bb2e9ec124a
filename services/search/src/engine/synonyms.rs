//! Words that people use beside the words of the documents, and the short forms of the field.
//!
//! A line is a list of words that find each other, `养狗 养犬`; or a short form and what it stands
//! for, `低保 => 最低生活保障`; or everyday words and what the law says where people say so,
//! `老板 雇主 ~> 用人单位`, which finds nothing by itself and only helps to put in order what a whole
//! question finds. `#` begins a remark. In a list of one's own a line `- 老板` takes away what is
//! known for a word. Words are folded as texts are.

use std::collections::HashMap;

use super::fold::{bare, fold};

const SHIPPED: &str = include_str!("../../synonyms.txt");
/// Between a word and others for the same thing.
const SAME: &str = "=>";
/// Between a word and what is said elsewhere about its matter.
const NEAR: &str = "~>";
/// Longer ones are sentences, not words.
const LONGEST_WORD: usize = 30;
/// So many ways to say one thing; more would make a search for a word one for a subject.
const MOST_WAYS: usize = 8;

/// Why a list cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadLine {
    /// Its line, counted from 1.
    pub line: usize,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

/// What is looked for beside a word.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    ways: HashMap<Vec<char>, Ways>,
    longest: usize,
}

/// Other words for a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// For the same thing: they count as found.
    pub same: Vec<String>,
    /// About the same matter: they help to rank.
    pub near: Vec<String>,
}

/// A word of the list within a query: where it stands, in characters, and what else is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'a> {
    /// Place of its first character.
    pub from: usize,
    /// Place behind its last character.
    pub to: usize,
    /// Other words for it.
    pub ways: &'a Ways,
}

impl Synonyms {
    /// The shipped list, changed and extended by one's own.
    ///
    /// # Errors
    ///
    /// [`BadLine`] names the first line that cannot be read.
    pub fn with(own: &str) -> Result<Self, BadLine> {
        let mut all = Self::default();
        all.take_in(SHIPPED)?;
        all.take_in(own)?;
        Ok(all)
    }

    fn take_in(&mut self, list: &str) -> Result<(), BadLine> {
        for (place, line) in list.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            let read = if line.is_empty() { Ok(()) } else { self.line(line) };
            read.map_err(|reason| BadLine { line: place + 1, reason })?;
        }
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some(word) = line.strip_prefix('-') {
            let gone = words(word)?;
            for word in gone {
                self.ways.remove(&word.chars().map(fold).collect::<Vec<char>>());
            }
            return Ok(());
        }
        let arrow = if line.contains(NEAR) { NEAR } else { SAME };
        match line.split_once(arrow) {
            Some((said, written)) => {
                let (said, written) = (words(said)?, words(written)?);
                if said.is_empty() || written.is_empty() {
                    return Err(format!(
                        "words on both sides of {arrow}, as in 低保 => 最低生活保障"
                    ));
                }
                said.iter().try_for_each(|word| self.add(word, &written, arrow == NEAR))
            }
            None => {
                let all = words(line)?;
                if all.len() < 2 {
                    return Err("two words or more, as in 养狗 养犬".to_owned());
                }
                all.iter().try_for_each(|word| self.add(word, &all, false))
            }
        }
    }

    fn add(&mut self, word: &str, ways: &[String], near: bool) -> Result<(), String> {
        let key: Vec<char> = word.chars().collect();
        self.longest = self.longest.max(key.len());
        let known = self.ways.entry(key).or_default();
        let known = if near { &mut known.near } else { &mut known.same };
        for way in ways {
            if way != word && !known.contains(way) {
                known.push(way.clone());
            }
        }
        if known.len() > MOST_WAYS {
            return Err(format!("at most {MOST_WAYS} other words for {word}"));
        }
        Ok(())
    }

    /// The words of the list that stand in a run of folded characters, the longest first wherever
    /// two overlap. `is_edge` tells where one word of the run may end and the next begin.
    pub fn within<'a>(&'a self, run: &[char], is_edge: impl Fn(usize) -> bool) -> Vec<Match<'a>> {
        let mut found = Vec::new();
        let mut from = 0;
        while from < run.len() {
            let longest = self.longest.min(run.len() - from);
            let known = (1..=longest).rev().find_map(|length| {
                let to = from + length;
                // 公司 within 公司法 is not what was said; what is long is no accident.
                let said = length > 2 || (is_edge(from) && is_edge(to));
                let ways = self.ways.get(run.get(from..to)?).filter(|_| said)?;
                Some(Match { from, to, ways })
            });
            match known {
                Some(known) => {
                    from = known.to;
                    found.push(known);
                }
                None => from += 1,
            }
        }
        found
    }

    /// All words on either side, to know how they sound.
    pub fn words(&self) -> impl Iterator<Item = String> + '_ {
        let said = self.ways.keys().map(|word| word.iter().collect::<String>());
        said.chain(self.ways.values().flat_map(|ways| ways.same.iter().chain(&ways.near)).cloned())
    }
}

fn words(text: &str) -> Result<Vec<String>, String> {
    let word = |word: &str| {
        let folded = bare(word);
        if folded.is_empty() {
            return Err(format!("{word} has no letter: words are parted by spaces"));
        }
        if folded.chars().count() > LONGEST_WORD {
            return Err(format!("{word} is longer than {LONGEST_WORD} characters"));
        }
        Ok(folded)
    };
    text.split([' ', '\u{3000}', '\t', ',', '，', '、'])
        .filter(|it| !it.is_empty())
        .map(word)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(list: &Synonyms, text: &str) -> Vec<String> {
        let run: Vec<char> = text.chars().collect();
        list.within(&run, |_| true)
            .into_iter()
            .flat_map(|it| [it.ways.same.clone(), it.ways.near.clone()].concat())
            .collect()
    }

    #[test]
    fn the_shipped_list_can_be_read() {
        let list = Synonyms::with("").unwrap();
        assert!(ways(&list, "低保").contains(&"最低生活保障".to_owned()));
        assert!(ways(&list, "老板").contains(&"用人单位".to_owned()));
        assert!(!ways(&list, "用人单位").contains(&"老板".to_owned()));
    }

    #[test]
    fn a_list_of_ones_own_adds_and_takes_away() {
        let list =
            Synonyms::with("- 老板\n摩的 ~> 摩托车 # 本地的说法\nＷＩＦＩ 无线网络\n").unwrap();
        assert!(ways(&list, "老板").is_empty());
        assert_eq!(ways(&list, "摩的"), ["摩托车"]);
        assert_eq!(ways(&list, "无线网络"), ["wifi"]);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (list, line) in [("# 甲\n老板 ~>\n", 2), ("低保\n", 1), ("甲 乙\n\n《》 乙\n", 3)]
        {
            assert_eq!(Synonyms::with(list).unwrap_err().line, line, "{list}");
        }
        let many: String = (0..12).map(|it| format!("词{it} ")).collect();
        assert!(Synonyms::with(&many).unwrap_err().reason.contains("at most"));
    }

    #[test]
    fn a_short_word_within_another_is_not_meant() {
        let list = Synonyms::with("").unwrap();
        let run: Vec<char> = "公司法".chars().collect();
        assert!(list.within(&run, |at| at == 0 || at == 3).is_empty());
    }
}
