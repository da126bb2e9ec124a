//! Asking an index.

use gongwen::anchor::Anchor;
use tantivy::collector::DocSetCollector;
use tantivy::query::Query;
use tantivy::{DocAddress, Searcher, Term};

use super::Error;
use super::effect::{Day, Effect};
use super::facets::{Facets, Tallying};
use super::highlight::{Piece, extract, mark};
use super::index::Index;
use super::passages::anchor_at;
use super::plan::Plan;
use super::query::{Filter, Scope, counted, effective_between};
use super::rank::Question;
use super::record::Record;
use super::schema::Key;
use super::weights::rarity;

/// Nobody pages further than this; who needs more asks more closely.
const DEEPEST: usize = 10_000;
/// With fewer hits than this, other questions are proposed.
const LITTLE: usize = 1;
/// So many words are asked for to the letter; more say what somebody wants.
const SHORT: usize = 2;
/// No more terms of a question are looked for.
const MOST_TERMS: usize = 64;
const PROPOSALS: usize = 5;

/// A question.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What the person wrote.
    pub query: String,
    /// What the person chose.
    pub filter: Filter,
    /// Newest first instead of best first.
    pub newest: bool,
    /// How many hits to leave out.
    pub offset: usize,
    /// How many hits to give.
    pub limit: usize,
    /// Whether to count by organ, class, year and effect.
    pub facets: bool,
    /// Length of extracts in characters.
    pub extract: usize,
}

/// A policy that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What is kept of it.
    pub record: Record,
    /// Its effect today.
    pub effect: Effect,
    /// Its title, marked.
    pub title: Vec<Piece>,
    /// An extract of its text, marked.
    pub extract: Vec<Piece>,
    /// The article or heading that the extract stands under.
    pub anchor: Option<Anchor>,
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// All hits.
    pub total: u64,
    /// Those of them that have all that was asked.
    pub complete: u64,
    /// Where the next page begins.
    pub next: Option<usize>,
    /// Counts, where asked for.
    pub facets: Option<Facets>,
    /// What to try instead.
    pub instead: Vec<String>,
    /// The query as it was understood, where something in it was misspelt.
    pub corrected: String,
}

/// Whether what has only some of the words is looked for too.
fn asks_for_more(plan: &Plan, complete: usize) -> bool {
    if plan.is_empty() || !plan.numbers.is_empty() {
        return complete == 0;
    }
    plan.is_question || plan.asked.len() > SHORT
}

impl Index {
    /// Answers a question. Where few policies have all that was asked, and for whole questions,
    /// some of it is enough, and what has most comes first.
    pub fn search(&self, request: &Request) -> Result<Found, Error> {
        let searcher = self.searcher();
        let found = self.find(&searcher, request)?;
        if found.complete > 0 {
            return Ok(found);
        }
        let Some(meant) = self.corrected(&searcher, &request.query)? else { return Ok(found) };
        let right = Request { query: meant.clone(), ..request.clone() };
        let better = self.find(&searcher, &right)?;
        if better.complete == 0 && found.total > 0 {
            return Ok(found);
        }
        Ok(Found { corrected: meant, ..better })
    }

    fn find(&self, searcher: &Searcher, request: &Request) -> Result<Found, Error> {
        let mut plan = Plan::new(&self.words, &request.query);
        self.keep_known_numbers(searcher, &mut plan)?;
        let mut count = counted(&self.fields, &plan, &request.filter, &Scope::All)?;
        let complete = count.count(searcher)?;
        let (mut total, mut scope) = (complete, Scope::All);
        if plan.can_relax() && asks_for_more(&plan, complete) {
            scope = Scope::Some(self.weigh(searcher, &plan)?);
            count = counted(&self.fields, &plan, &request.filter, &scope)?;
            total = count.count(searcher)?;
        }
        let relaxed = scope != Scope::All;
        let question = Question { request, plan: &plan, scope: &scope, complete };
        let places = if request.offset >= total.min(DEEPEST) || request.limit == 0 {
            Vec::new()
        } else {
            self.places(searcher, &question, &*count)?
        };
        let end = request.offset + places.len();
        if relaxed {
            plan.needles.append(&mut plan.near);
        }
        let worth = self.worth(searcher, &plan)?;
        let hits = places
            .into_iter()
            .map(|place| self.hit(searcher, request, (&plan, &worth), place))
            .collect::<Result<_, _>>()?;
        let facets = if request.facets {
            Some(self.facets(searcher, &*count, request.filter.today)?)
        } else {
            None
        };
        let little = complete < LITTLE;
        Ok(Found {
            hits,
            total: total as u64,
            complete: complete as u64,
            next: (end < total.min(DEEPEST) && end > request.offset).then_some(end),
            facets,
            instead: if little { self.instead(searcher, &plan)? } else { Vec::new() },
            corrected: String::new(),
        })
    }

    /// Digits that are no number of any policy are words like others.
    fn keep_known_numbers(&self, searcher: &Searcher, plan: &mut Plan) -> Result<(), Error> {
        let mut known = Vec::new();
        for number in std::mem::take(&mut plan.numbers) {
            if searcher.doc_freq(&self.fields.key(Key::Number(&number)))? > 0 {
                known.push(number);
            }
        }
        plan.numbers = known;
        Ok(())
    }

    /// The terms that tell policies apart best, and by how much each counts.
    fn weigh(&self, searcher: &Searcher, plan: &Plan) -> Result<Vec<(String, f32)>, Error> {
        let policies = searcher.num_docs();
        let mut weighed = Vec::new();
        for (text, weight) in plan.weights.terms() {
            let found = searcher.doc_freq(&Term::from_field_text(self.fields.text, text))?;
            if found > 0 {
                weighed.push((weight * rarity(policies, found), text, weight));
            }
        }
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
        weighed.truncate(MOST_TERMS);
        Ok(weighed.into_iter().map(|(_, text, weight)| (text.to_owned(), weight)).collect())
    }

    /// The policies whose effect is changed by one that begins to hold on a day after `last`, up
    /// to `today`.
    pub fn affected_between(&self, last: Day, today: Day) -> Result<Vec<String>, Error> {
        let searcher = self.searcher();
        let beginning = effective_between(&self.fields, last, today);
        let mut affected = Vec::new();
        for place in searcher.search(&*beginning, &DocSetCollector)? {
            affected.extend(self.record(&searcher, place)?.affects);
        }
        Ok(affected)
    }

    fn hit(
        &self,
        searcher: &Searcher,
        request: &Request,
        (plan, worth): (&Plan, &[f32]),
        place: DocAddress,
    ) -> Result<Hit, Error> {
        let record = self.record(searcher, place)?;
        let from_text = || {
            let text = self.bodies.read(record.text_at, record.text_length)?;
            let (pieces, at) = extract(&text, &plan.needles, worth, request.extract)?;
            Some((pieces, anchor_at(&text, at)))
        };
        let extract = if plan.needles.is_empty() { None } else { from_text() };
        let (extract, anchor) =
            extract.unwrap_or_else(|| (mark(&record.excerpt, &plan.needles), None));
        let title = mark(&record.title, &plan.needles);
        let effect = record.effect_on(request.filter.today);
        Ok(Hit { record, effect, title, extract, anchor })
    }

    fn facets(&self, searcher: &Searcher, query: &dyn Query, today: Day) -> Result<Facets, Error> {
        let tally = searcher.search(query, &Tallying(today))?;
        let organ_name = |example| {
            let name = self.record(searcher, example).ok()?.organ_name;
            (!name.is_empty()).then_some(name)
        };
        Ok(tally.into_facets(organ_name))
    }

    /// The words of the question that are found by themselves, the rarest first.
    fn instead(&self, searcher: &Searcher, plan: &Plan) -> Result<Vec<String>, Error> {
        let mut words: Vec<(u64, &String)> = Vec::new();
        for word in &plan.words {
            let term = Term::from_field_text(self.fields.text, word);
            let policies = searcher.doc_freq(&term)?;
            if policies > 0 && !words.contains(&(policies, word)) {
                words.push((policies, word));
            }
        }
        words.sort_by_key(|(policies, _)| *policies);
        let alone = plan.words.len() == 1;
        Ok(words
            .into_iter()
            .filter(|_| !alone)
            .take(PROPOSALS)
            .map(|(_, word)| word.clone())
            .collect())
    }
}
