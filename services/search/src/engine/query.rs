//! A plan as the index asks it: once for the ranking, once, without scores, for the count.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::Error;
use super::effect::{Day, Effect};
use super::on_day::OnDay;
use super::plan::{Asked, Piece, Plan};
use super::schema::{Fields, Key};
use super::weights::Weights;

/// A word in the title counts so many times what it counts in the text.
const TITLE_BOOST: f32 = 3.0;
/// A title that is just what was asked comes before all other titles.
const WHOLE_TITLE_SCORE: f32 = 100.0;
/// The policy with the number that was asked comes before everything.
const NUMBER_SCORE: f32 = 10_000.0;
/// Another word for the same thing counts this share of the word itself.
const SAME_SHARE: f32 = 0.6;
/// Where not all is asked for, a term in the title counts this much beside the same in the text.
const TITLE_SHARE: f32 = 0.35;

/// What the person chose besides words; empty and 0: any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Code of the organ.
    pub organ: String,
    /// Class in the library.
    pub category: String,
    /// Year of issue.
    pub year: u64,
    /// Effect on `today`.
    pub effect: Option<Effect>,
    /// The day on which it is asked.
    pub today: Day,
}

/// How much of the words is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Scope {
    /// All of them.
    All,
    /// Any of these terms; by how much each counts.
    Some(Vec<(String, f32)>),
}

type Part = (Occur, Box<dyn Query>);

fn term(field: Field, text: &str, option: IndexRecordOption) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

fn silent(query: impl Query) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

fn range(field: Field, from: Bound<u64>, to: Bound<u64>) -> Box<dyn Query> {
    let of = |value| Term::from_field_u64(field, value);
    silent(RangeQuery::new(from.map(of), to.map(of)))
}

fn all_of(mut parts: Vec<Part>) -> Box<dyn Query> {
    match (parts.len(), parts.pop()) {
        (1, Some((Occur::Must | Occur::Should, only))) => only,
        (_, last) => Box::new(BooleanQuery::new(parts.into_iter().chain(last).collect())),
    }
}

impl Filter {
    fn parts(&self, fields: &Fields) -> Vec<Part> {
        let keys = [
            (!self.organ.is_empty()).then_some(Key::Organ(&self.organ)),
            (!self.category.is_empty()).then_some(Key::Category(&self.category)),
            (self.year != 0).then_some(Key::Year(self.year)),
        ];
        let mut parts: Vec<Box<dyn Query>> =
            keys.into_iter().flatten().map(|key| silent(fields.with(key))).collect();
        if let Some(effect) = self.effect {
            parts.push(Box::new(OnDay { effect, day: self.today }));
        }
        parts.into_iter().map(|part| (Occur::Must, part)).collect()
    }
}

impl Piece {
    fn query(&self, field: Field, option: IndexRecordOption) -> Result<Box<dyn Query>, Error> {
        Ok(match self {
            Self::Term(text) => term(field, text, option),
            Self::Phrase(terms) => {
                let terms =
                    terms.iter().map(|(at, text)| (*at, Term::from_field_text(field, text)));
                Box::new(PhraseQuery::new_with_offset(terms.collect()))
            }
            Self::Begins(ch) => Box::new(RegexQuery::from_pattern(&format!("{ch}.*"), field)?),
        })
    }

    /// How the title is asked for the same piece: by its terms, as it holds no places.
    fn title_terms(&self) -> Vec<&str> {
        match self {
            Self::Term(text) => vec![text],
            Self::Phrase(terms) => terms.iter().map(|(_, text)| text.as_str()).collect(),
            Self::Begins(_) => Vec::new(),
        }
    }
}

/// What begins to hold on a day after `last`, up to `today`.
pub(super) fn effective_between(fields: &Fields, last: Day, today: Day) -> Box<dyn Query> {
    range(fields.effective, Bound::Excluded(last), Bound::Included(today))
}

/// The query that finds and counts, without scores.
pub(super) fn counted(
    fields: &Fields,
    plan: &Plan,
    filter: &Filter,
    scope: &Scope,
) -> Result<Box<dyn Query>, Error> {
    let mut parts = filter.parts(fields);
    if let (Scope::Some(terms), false) = (scope, plan.is_empty()) {
        let each = |(text, _): &(String, f32)| term(fields.text, text, IndexRecordOption::Basic);
        parts.push((Occur::Must, any_of(terms.iter().map(each).collect())));
        parts.extend(quoted(fields, plan)?);
        return Ok(all_of(parts));
    }
    match with_number(fields, plan, words(fields, plan, IndexRecordOption::Basic)?) {
        Some(asked) => parts.push((Occur::Must, asked)),
        // Punctuation alone: a title may be just that.
        None if !plan.whole.is_empty() && *scope == Scope::All => {
            parts.push((Occur::Must, Box::new(fields.with(Key::Title(&plan.whole)))));
        }
        None => parts.push((Occur::Must, silent(fields.with(Key::Public)))),
    }
    Ok(all_of(parts))
}

/// The query that ranks: the same policies, those first that bear it in number or title.
pub(super) fn scored(
    fields: &Fields,
    plan: &Plan,
    filter: &Filter,
    scope: &Scope,
) -> Result<Box<dyn Query>, Error> {
    let mut parts = filter.parts(fields);
    if let Scope::Some(terms) = scope {
        let mut union = Vec::with_capacity(terms.len() * 2);
        for (text, weight) in terms {
            let in_text = term(fields.text, text, IndexRecordOption::WithFreqs);
            union.push(boosted(in_text, *weight));
            if Weights::is_said(*weight) {
                let in_title = term(fields.title, text, IndexRecordOption::WithFreqs);
                union.push(boosted(in_title, weight * TITLE_SHARE));
            }
        }
        let quoted = quoted(fields, plan)?;
        if parts.is_empty() && quoted.is_empty() {
            // A plain union of terms can skip blocks.
            return Ok(any_of(union));
        }
        parts.push((Occur::Must, any_of(union)));
        parts.extend(quoted);
        return Ok(all_of(parts));
    }
    let titles = title_parts(fields, plan);
    if let ([Asked { pieces, same }], true, true) =
        (plan.asked.as_slice(), parts.is_empty(), plan.numbers.is_empty())
        && let ([piece @ Piece::Term(_)], []) = (pieces.as_slice(), same.as_slice())
    {
        // Titles are part of the text: a union of terms finds the same and can skip blocks.
        let text = piece.query(fields.text, IndexRecordOption::WithFreqs)?;
        return Ok(Box::new(BooleanQuery::new(
            titles.into_iter().chain([(Occur::Should, text)]).collect(),
        )));
    }
    let words = words(fields, plan, IndexRecordOption::WithFreqs)?;
    let Some(asked) = with_number(fields, plan, words) else {
        return counted(fields, plan, filter, scope);
    };
    parts.push((Occur::Must, asked));
    parts.extend(titles);
    Ok(all_of(parts))
}

/// What has any of these words, which count by these weights.
pub(super) fn alike(fields: &Fields, words: &[(String, f32)]) -> Box<dyn Query> {
    let mut union = Vec::with_capacity(words.len() * 2);
    for (word, weight) in words {
        for field in [fields.text, fields.title] {
            union.push(boosted(term(field, word, IndexRecordOption::WithFreqs), *weight));
        }
    }
    any_of(union)
}

/// What bears the very number or title that was asked.
pub(super) fn exact(fields: &Fields, plan: &Plan, filter: &Filter) -> Box<dyn Query> {
    let numbers = plan.numbers.iter().map(|number| Key::Number(number));
    let title = (!plan.whole.is_empty()).then_some(Key::Title(&plan.whole));
    let keys = numbers.chain(title).map(|key| silent(fields.with(key)));
    let mut parts = filter.parts(fields);
    parts.push((Occur::Must, any_of(keys.collect())));
    all_of(parts)
}

fn boosted(query: Box<dyn Query>, boost: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, boost))
}

fn any_of(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(queries.into_iter().map(|it| (Occur::Should, it)).collect()))
}

/// What stood in quotation marks must be there in any case.
fn quoted(fields: &Fields, plan: &Plan) -> Result<Vec<Part>, Error> {
    let must = |piece: &Piece| {
        let query = piece.query(fields.text, IndexRecordOption::Basic)?;
        Ok((Occur::Must, Box::new(ConstScoreQuery::new(query, 0.0)) as Box<dyn Query>))
    };
    plan.quoted.iter().map(must).collect()
}

fn title_parts(fields: &Fields, plan: &Plan) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for Asked { pieces, same } in &plan.asked {
        let own = pieces.iter().flat_map(Piece::title_terms).map(|text| (text, TITLE_BOOST));
        let other = same.iter().flat_map(Piece::title_terms);
        for (text, boost) in own.chain(other.map(|text| (text, TITLE_BOOST * SAME_SHARE))) {
            let query = term(fields.title, text, IndexRecordOption::WithFreqs);
            parts.push((Occur::Should, boosted(query, boost)));
        }
    }
    if !plan.whole.is_empty() {
        let query = Box::new(fields.with(Key::Title(&plan.whole)));
        parts.push((Occur::Should, boosted(query, WHOLE_TITLE_SCORE)));
    }
    parts
}

/// All words, each by itself or by another for the same thing.
fn words(
    fields: &Fields,
    plan: &Plan,
    option: IndexRecordOption,
) -> Result<Option<Box<dyn Query>>, Error> {
    let mut parts: Vec<Part> = Vec::new();
    for Asked { pieces, same } in &plan.asked {
        let own: Vec<Part> = pieces
            .iter()
            .map(|piece| Ok((Occur::Must, piece.query(fields.text, option)?)))
            .collect::<Result<_, Error>>()?;
        if same.is_empty() {
            parts.extend(own);
            continue;
        }
        let mut ways = vec![all_of(own)];
        for piece in same {
            ways.push(boosted(piece.query(fields.text, option)?, SAME_SHARE));
        }
        parts.push((Occur::Must, any_of(ways)));
    }
    Ok((!parts.is_empty()).then(|| all_of(parts)))
}

/// What has the number, or else the words.
fn with_number(
    fields: &Fields,
    plan: &Plan,
    words: Option<Box<dyn Query>>,
) -> Option<Box<dyn Query>> {
    if plan.numbers.is_empty() {
        return words;
    }
    let mut parts: Vec<Part> = Vec::new();
    for number in &plan.numbers {
        let query = Box::new(fields.with(Key::Number(number)));
        parts.push((Occur::Should, Box::new(ConstScoreQuery::new(query, NUMBER_SCORE))));
    }
    parts.extend(words.map(|words| (Occur::Should, words)));
    Some(Box::new(BooleanQuery::new(parts)))
}
