//! Asking an index.

use tantivy::collector::{DocSetCollector, TopDocs};
use tantivy::query::Query;
use tantivy::{DocAddress, Order, Searcher};

use super::Error;
use super::effect::{Day, Effect};
use super::facets::{Facets, Tallying};
use super::highlight::{Piece, extract, mark};
use super::index::Index;
use super::plan::Plan;
use super::query::{Filter, counted, effective_between, scored};
use super::record::Record;
use super::schema::column;

/// Nobody pages further than this; who needs more asks more closely.
const DEEPEST: usize = 10_000;
/// With fewer hits than this, other questions are proposed.
const LITTLE: u64 = 1;
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
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// All hits.
    pub total: u64,
    /// Where the next page begins.
    pub next: Option<usize>,
    /// Counts, where asked for.
    pub facets: Option<Facets>,
    /// What to try instead.
    pub instead: Vec<String>,
}

impl Index {
    /// Answers a question. Where no policy has all that was asked, most of it is enough.
    pub fn search(&self, request: &Request) -> Result<Found, Error> {
        let plan = Plan::new(&self.words, &request.query);
        let searcher = self.searcher();
        let mut relaxed = false;
        let mut count = counted(&self.fields, &plan, &request.filter, relaxed)?;
        let mut total = count.count(&searcher)?;
        if total == 0 && plan.can_relax() {
            relaxed = true;
            count = counted(&self.fields, &plan, &request.filter, relaxed)?;
            total = count.count(&searcher)?;
        }
        let places = self.page(&searcher, request, &plan, relaxed, total, &*count)?;
        let end = request.offset + places.len();
        let hits = places
            .into_iter()
            .map(|place| self.hit(&searcher, request, &plan, place))
            .collect::<Result<_, _>>()?;
        let facets = if request.facets {
            Some(self.facets(&searcher, &*count, request.filter.today)?)
        } else {
            None
        };
        let little = relaxed || (total as u64) < LITTLE;
        Ok(Found {
            hits,
            total: total as u64,
            next: (end < total.min(DEEPEST) && end > request.offset).then_some(end),
            facets,
            instead: if little { self.instead(&searcher, &plan)? } else { Vec::new() },
        })
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

    fn page(
        &self,
        searcher: &Searcher,
        request: &Request,
        plan: &Plan,
        relaxed: bool,
        total: usize,
        count: &dyn Query,
    ) -> Result<Vec<DocAddress>, Error> {
        if request.offset >= total.min(DEEPEST) || request.limit == 0 {
            return Ok(Vec::new());
        }
        let top = TopDocs::with_limit(request.limit).and_offset(request.offset);
        if request.newest || plan.is_empty() {
            let top = top.order_by_fast_field::<u64>(column::NEWEST, Order::Desc);
            return Ok(searcher.search(count, &top)?.into_iter().map(|(_, at)| at).collect());
        }
        let scored = scored(&self.fields, plan, &request.filter, relaxed)?;
        let top = searcher.search(&*scored, &top.order_by_score())?;
        Ok(top.into_iter().map(|(_, at)| at).collect())
    }

    fn hit(
        &self,
        searcher: &Searcher,
        request: &Request,
        plan: &Plan,
        place: DocAddress,
    ) -> Result<Hit, Error> {
        let record = self.record(searcher, place)?;
        let from_text = || {
            let text = self.bodies.read(record.text_at, record.text_length)?;
            extract(&text, &plan.needles, request.extract)
        };
        let extract = if plan.needles.is_empty() { None } else { from_text() };
        let extract = extract.unwrap_or_else(|| mark(&record.excerpt, &plan.needles));
        let title = mark(&record.title, &plan.needles);
        let effect = record.validity().on(request.filter.today);
        Ok(Hit { record, effect, title, extract })
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
            let term = tantivy::Term::from_field_text(self.fields.text, word);
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
