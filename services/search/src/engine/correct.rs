//! What somebody probably meant who wrote pinyin, or a character that sounds like another.

use tantivy::{Searcher, Term};

use super::Error;
use super::fold::{fold, is_han};
use super::index::Index;
use super::sounds::{Weighed, spelling};
use super::tokenizer::{Run, runs};

/// Shorter ones are abbreviations or English.
const FEWEST_LETTERS: usize = 3;
/// A misspelling is so many times rarer than what was meant.
const RARER: u64 = 50;
/// Longest stretch of characters that is looked at for one word.
const LONGEST: usize = 6;
/// So many words of one sound are compared.
const COMPARED: usize = 8;

impl Index {
    /// The query with what is misspelt put right; nothing where nothing is, or nobody can tell.
    pub(super) fn corrected(
        &self,
        searcher: &Searcher,
        query: &str,
    ) -> Result<Option<String>, Error> {
        let mut right = String::with_capacity(query.len());
        let (mut changed, mut last) = (false, 0);
        for run in together(query) {
            right.push_str(query.get(last..run.from).unwrap_or_default());
            let written = query.get(run.from..run.to).unwrap_or_default();
            let meant = if run.han {
                self.homophones(searcher, written)?
            } else {
                self.letters_meant(searcher, written)?
            };
            changed |= meant.is_some();
            right.push_str(meant.as_deref().unwrap_or(written));
            last = run.to;
        }
        right.push_str(query.get(last..).unwrap_or_default());
        Ok(changed.then_some(right))
    }

    /// The words that pinyin or initials stand for.
    fn letters_meant(&self, searcher: &Searcher, written: &str) -> Result<Option<String>, Error> {
        let letters: String = written.chars().map(fold).filter(|ch| !ch.is_whitespace()).collect();
        let is_pinyin = letters.len() >= FEWEST_LETTERS
            && letters.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_pinyin || self.policies_with(searcher, &letters)? > 0 {
            return Ok(None);
        }
        let sounds = self.words.sounds();
        if let [only] = self.living(searcher, sounds.initials(&letters).iter().cloned())?.as_slice()
        {
            return Ok(Some(only.clone()));
        }
        self.spell(searcher, &letters)
    }

    /// The words in a row that are spelled so, the longest first.
    fn spell(&self, searcher: &Searcher, letters: &str) -> Result<Option<String>, Error> {
        let sounds = self.words.sounds();
        let mut found = String::new();
        let mut rest = letters;
        while !rest.is_empty() {
            let mut next = None;
            for length in (FEWEST_LETTERS..=rest.len().min(sounds.longest())).rev() {
                let part = rest.get(..length).unwrap_or_default();
                if let Some(word) = self.likeliest(searcher, sounds.spelled(part))? {
                    next = Some((word, length));
                    break;
                }
            }
            let Some((word, length)) = next else { return Ok(None) };
            found.push_str(&word);
            rest = rest.get(length..).unwrap_or_default();
        }
        Ok(Some(found).filter(|found| !found.is_empty()))
    }

    /// A run of Han characters with those of the right sound in the place of the wrong ones.
    fn homophones(&self, searcher: &Searcher, written: &str) -> Result<Option<String>, Error> {
        let mut characters: Vec<char> = written.chars().collect();
        let mut changed = false;
        let mut from = 0;
        while from + 1 < characters.len() {
            let mut step = 1;
            for length in (2..=LONGEST.min(characters.len() - from)).rev() {
                let stretch: String = characters.iter().skip(from).take(length).collect();
                if self.words.has(&stretch) {
                    step = length;
                    break;
                }
                if let Some(word) = self.meant(searcher, &stretch)? {
                    characters.splice(from..from + length, word.chars());
                    changed = true;
                    step = length;
                    break;
                }
            }
            from += step;
        }
        Ok(changed.then(|| characters.into_iter().collect()))
    }

    /// A word that sounds like a stretch which itself is hardly ever written.
    fn meant(&self, searcher: &Searcher, stretch: &str) -> Result<Option<String>, Error> {
        let Some(letters) = spelling(stretch) else { return Ok(None) };
        let length = stretch.chars().count();
        let fitting: Vec<Weighed> = (self.words.sounds().spelled(&letters).iter())
            .filter(|(word, _)| word.chars().count() == length)
            .cloned()
            .collect();
        let Some(word) = self.likeliest(searcher, &fitting)? else { return Ok(None) };
        let written = self.rarest_pair(searcher, stretch)?;
        let meant = self.policies_with(searcher, &word)?;
        Ok((written.saturating_mul(RARER) < meant || written == 0).then_some(word))
    }

    fn rarest_pair(&self, searcher: &Searcher, stretch: &str) -> Result<u64, Error> {
        let characters: Vec<char> = stretch.chars().filter(|ch| is_han(*ch)).collect();
        let mut rarest = u64::MAX;
        for pair in characters.windows(2) {
            let pair: String = pair.iter().collect();
            rarest = rarest.min(self.policies_with(searcher, &pair)?);
        }
        Ok(rarest)
    }

    /// Of words of one sound that which most policies have.
    fn likeliest(&self, searcher: &Searcher, words: &[Weighed]) -> Result<Option<String>, Error> {
        let mut best: Option<(u64, &String)> = None;
        for (word, _) in words.iter().take(COMPARED) {
            let policies = self.policies_with(searcher, word)?;
            if policies > 0 && best.is_none_or(|(most, _)| policies > most) {
                best = Some((policies, word));
            }
        }
        Ok(best.map(|(_, word)| word.clone()))
    }

    /// Those of some words that stand in policies.
    fn living(
        &self,
        searcher: &Searcher,
        words: impl Iterator<Item = String>,
    ) -> Result<Vec<String>, Error> {
        let mut living = Vec::new();
        for word in words {
            if self.policies_with(searcher, &word)? > 0 && !living.contains(&word) {
                living.push(word);
            }
        }
        Ok(living)
    }

    fn policies_with(&self, searcher: &Searcher, word: &str) -> Result<u64, Error> {
        Ok(searcher.doc_freq(&Term::from_field_text(self.fields.text, word))?)
    }

    /// What people may mean who have typed these letters, to complete it.
    pub(super) fn heard(&self, searcher: &Searcher, typed: &str) -> Result<Vec<String>, Error> {
        let letters: String = typed.trim().chars().map(fold).collect();
        let is_pinyin = letters.len() >= FEWEST_LETTERS
            && letters.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_pinyin {
            return Ok(Vec::new());
        }
        let sounds = self.words.sounds();
        let initials = sounds.initials(&letters).iter().cloned();
        let begun = sounds.begun(&letters).into_iter().map(str::to_owned);
        let mut heard = self.living(searcher, initials.chain(begun))?;
        if let Some(spelled) = self.spell(searcher, &letters)?
            && !heard.contains(&spelled)
        {
            heard.insert(0, spelled);
        }
        Ok(heard)
    }
}

/// The runs of a query; words of letters with only spaces between them are one.
fn together(query: &str) -> Vec<Run> {
    let mut together: Vec<Run> = Vec::new();
    for run in runs(query) {
        match together.last_mut() {
            Some(last)
                if !last.han
                    && !run.han
                    && query.get(last.to..run.from).is_some_and(|gap| gap.trim().is_empty()) =>
            {
                last.to = run.to;
            }
            _ => together.push(run),
        }
    }
    together
}

#[cfg(test)]
mod tests {
    use super::super::tests::{entry, indexed};

    #[test]
    fn pinyin_and_characters_of_the_same_sound_are_understood() {
        let fixture = indexed(vec![
            entry("a", "", "住房公积金提取办法", "公积金贷款、公积金提取，适用本办法。"),
            entry("b", "", "养犬管理条例", "养犬登记，加强管理。WTO"),
        ]);
        let searcher = fixture.index.searcher();
        for (written, meant) in [
            ("gongjijin", Some("公积金")),
            ("gongjijintiqu", Some("公积金提取")),
            ("gjj", Some("公积金")),
            ("gongjijin ti qu", Some("公积金提取")),
            ("公基金提取", Some("公积金提取")),
            ("养犬管里", Some("养犬管理")),
            ("公积金提取", None),
            ("wto", None),
            ("xyzxyz", None),
        ] {
            let corrected = fixture.index.corrected(&searcher, written).unwrap();
            assert_eq!(corrected.as_deref(), meant, "{written}");
        }
        assert!(fixture.index.heard(&searcher, "gongji").unwrap().contains(&"公积金".to_owned()));
    }
}
