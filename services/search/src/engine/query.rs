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
use super::plan::{Piece, Plan};
use super::schema::{Fields, Key};

/// A word in the title counts so many times what it counts in the text.
const TITLE_BOOST: f32 = 3.0;
/// A title that is just what was asked comes before all other titles.
const WHOLE_TITLE_SCORE: f32 = 100.0;
/// The policy with the number that was asked comes before everything.
const NUMBER_SCORE: f32 = 10_000.0;
/// Where nothing has all pieces, this share of them is enough.
const ENOUGH: (usize, usize) = (3, 4);

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
        parts.extend(self.effect.into_iter().flat_map(|effect| self.effect_parts(fields, effect)));
        parts.into_iter().map(|part| (Occur::Must, part)).collect()
    }

    fn effect_parts(&self, fields: &Fields, effect: Effect) -> Vec<Box<dyn Query>> {
        let today = self.today;
        let repealed = |it: u64| range(fields.repealed, Bound::Included(it), Bound::Included(it));
        let lapsed = || range(fields.expires, Bound::Unbounded, Bound::Excluded(today));
        let lasting = || range(fields.expires, Bound::Included(today), Bound::Unbounded);
        match effect {
            Effect::Repealed => vec![repealed(1)],
            Effect::Lapsed => vec![repealed(0), lapsed()],
            Effect::NotYetInForce => {
                let ahead = range(fields.effective, Bound::Excluded(today), Bound::Unbounded);
                vec![repealed(0), lasting(), ahead]
            }
            Effect::InForce => {
                let begun = range(fields.effective, Bound::Unbounded, Bound::Included(today));
                vec![repealed(0), lasting(), begun]
            }
        }
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
    relaxed: bool,
) -> Result<Box<dyn Query>, Error> {
    let words = pieces(fields, plan, relaxed, IndexRecordOption::Basic)?;
    let mut parts = filter.parts(fields);
    match with_number(fields, plan, words) {
        Some(asked) => parts.push((Occur::Must, asked)),
        // Punctuation alone: a title may be just that.
        None if !plan.whole.is_empty() && !relaxed => {
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
    relaxed: bool,
) -> Result<Box<dyn Query>, Error> {
    let filters = filter.parts(fields);
    let titles = title_parts(fields, plan);
    if let ([piece @ Piece::Term(_)], [], true) =
        (plan.pieces.as_slice(), filters.as_slice(), plan.numbers.is_empty())
    {
        // Titles are part of the text: a union of terms finds the same and can skip blocks.
        let text = piece.query(fields.text, IndexRecordOption::WithFreqs)?;
        return Ok(Box::new(BooleanQuery::new(
            titles.into_iter().chain([(Occur::Should, text)]).collect(),
        )));
    }
    let words = pieces(fields, plan, relaxed, IndexRecordOption::WithFreqs)?;
    let Some(asked) = with_number(fields, plan, words) else {
        return counted(fields, plan, filter, relaxed);
    };
    let mut parts = filters;
    parts.push((Occur::Must, asked));
    parts.extend(titles);
    Ok(all_of(parts))
}

fn title_parts(fields: &Fields, plan: &Plan) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for text in plan.pieces.iter().flat_map(Piece::title_terms) {
        let query = term(fields.title, text, IndexRecordOption::WithFreqs);
        parts.push((Occur::Should, Box::new(BoostQuery::new(query, TITLE_BOOST))));
    }
    if !plan.whole.is_empty() {
        let query = Box::new(fields.with(Key::Title(&plan.whole)));
        parts.push((Occur::Should, Box::new(BoostQuery::new(query, WHOLE_TITLE_SCORE))));
    }
    parts
}

/// All pieces, or enough of them.
fn pieces(
    fields: &Fields,
    plan: &Plan,
    relaxed: bool,
    option: IndexRecordOption,
) -> Result<Option<Box<dyn Query>>, Error> {
    if plan.pieces.is_empty() {
        return Ok(None);
    }
    let queries: Vec<Box<dyn Query>> = plan
        .pieces
        .iter()
        .map(|piece| piece.query(fields.text, option))
        .collect::<Result<_, _>>()?;
    if relaxed {
        let enough = enough(queries.len());
        return Ok(Some(Box::new(BooleanQuery::union_with_minimum_required_clauses(
            queries, enough,
        ))));
    }
    Ok(Some(all_of(queries.into_iter().map(|query| (Occur::Must, query)).collect())))
}

/// How many of so many pieces are enough.
pub(super) fn enough(pieces: usize) -> usize {
    (pieces * ENOUGH.0).div_ceil(ENOUGH.1)
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
