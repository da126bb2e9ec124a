//! Completing what a person has begun to type.

use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, RegexQuery, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::Error;
use super::fold::{bare, fold, is_han};
use super::index::Index;
use super::schema::Key;
use super::tokenizer::{Run, runs};

/// Titles repeat: more are looked at than given.
const LOOKED_AT: usize = 4;

impl Index {
    /// Titles and document numbers that go on from what was typed, best first.
    pub fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<String>, Error> {
        let begun = bare(typed);
        let runs = runs(typed);
        if begun.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut titles: Vec<Box<dyn Query>> = Vec::new();
        for (at, run) in runs.iter().enumerate() {
            titles.extend(self.title_part(typed, *run, at + 1 == runs.len())?);
        }
        let pattern = format!("{}.*", Key::Number(&begun).word());
        let number = RegexQuery::from_pattern(&pattern, self.fields.keys)?;
        let query = BooleanQuery::new(vec![
            (Occur::Should, Box::new(number)),
            (Occur::Should, Box::new(BooleanQuery::intersection(titles))),
        ]);
        let searcher = self.searcher();
        let top = TopDocs::with_limit(limit * LOOKED_AT).order_by_score();
        let mut suggestions = self.heard(&searcher, typed)?;
        suggestions.truncate(limit);
        for (_, place) in searcher.search(&query, &top)? {
            let record = self.record(&searcher, place)?;
            let numbered = bare(&record.number).starts_with(&begun);
            if suggestions.len() >= limit {
                break;
            }
            let suggestion = if numbered { record.number } else { record.title };
            if !suggestions.contains(&suggestion) {
                suggestions.push(suggestion);
            }
        }
        Ok(suggestions)
    }

    /// The terms of a run in titles; the last run may be only begun.
    fn title_part(&self, typed: &str, run: Run, last: bool) -> Result<Vec<Box<dyn Query>>, Error> {
        let field = self.fields.title;
        let slice = typed.get(run.from..run.to).unwrap_or_default();
        let characters: Vec<char> = slice.chars().map(fold).collect();
        let whole: String = characters.iter().collect();
        let begun = last && !run.han || run.length == 1 && characters.iter().all(|ch| is_han(*ch));
        if begun {
            return Ok(vec![Box::new(RegexQuery::from_pattern(&format!("{whole}.*"), field)?)]);
        }
        let term = |text: &str| -> Box<dyn Query> {
            let term = Term::from_field_text(field, text);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        };
        if !run.han {
            return Ok(vec![term(&whole)]);
        }
        let pairs = characters.windows(2).map(|pair| pair.iter().collect::<String>());
        Ok(pairs.map(|pair| term(&pair)).collect())
    }
}
