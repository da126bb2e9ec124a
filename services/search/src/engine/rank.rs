//! The order of hits: by how well they answer, and within comparable answers by what is in force
//! and which norm stands above the other.

use std::collections::HashSet;

use tantivy::collector::{DocSetCollector, TopDocs};
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::{DocAddress, Order, Searcher};

use super::Error;
use super::effect::{Day, Effect, effect_on};
use super::index::Index;
use super::plan::Plan;
use super::query::{Scope, counted, exact, scored};
use super::schema::column;
use super::search::Request;

/// So many of the best are put in order by what the words do not tell.
const LOOKED_AT: usize = 200;
/// What is in force stands before what ended, unless that answers so many times better.
const ENDED: f32 = 0.6;
/// What is not in force yet comes a little later.
const AHEAD: f32 = 0.9;
/// By how much a norm is worth more for each level above the lowest.
const PER_LEVEL: f32 = 0.2;
/// What has all words is worth so many times more, where it can be told for so many at most.
const ALL_WORDS: f32 = 1.05;
const MOST_COMPLETE: usize = 2000;
/// More than any sum of words: what is exactly what was asked.
const EXACT: f32 = 100_000.0;

/// What is asked of an index, and how much of it.
pub(super) struct Question<'a> {
    pub(super) request: &'a Request,
    pub(super) plan: &'a Plan,
    pub(super) scope: &'a Scope,
    /// How many have all words.
    pub(super) complete: usize,
}

impl Index {
    /// The places of a page, best first or newest first.
    pub(super) fn places(
        &self,
        searcher: &Searcher,
        question: &Question<'_>,
        count: &dyn Query,
    ) -> Result<Vec<DocAddress>, Error> {
        let Question { request, plan, scope, .. } = question;
        let end = request.offset + request.limit;
        let newest = request.newest && *scope == &Scope::All;
        if newest || plan.is_empty() {
            let top = TopDocs::with_limit(request.limit).and_offset(request.offset);
            let top = top.order_by_fast_field::<u64>(column::NEWEST, Order::Desc);
            return Ok(searcher.search(count, &top)?.into_iter().map(|(_, at)| at).collect());
        }
        let scored = scored(&self.fields, plan, &request.filter, scope)?;
        let top = TopDocs::with_limit(end.max(LOOKED_AT)).order_by_score();
        let mut best = searcher.search(&*scored, &top)?;
        let rest = best.split_off(best.len().min(LOOKED_AT));
        let (exact, complete) = self.ahead(searcher, question)?;
        let missing = exact.iter();
        let missing: HashSet<DocAddress> =
            missing.filter(|at| !best.iter().any(|(_, known)| known == *at)).copied().collect();
        best.extend(missing.iter().map(|at| (0.0, *at)));
        let mut columns = Columns::default();
        for (score, at) in &mut best {
            *score *= columns.factor(searcher, *at, request.filter.today, *scope != &Scope::All)?;
            *score += if exact.contains(at) { EXACT } else { 0.0 };
            if complete.contains(at) {
                *score *= ALL_WORDS;
            }
        }
        best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if request.newest {
            let mut newest = Vec::with_capacity(best.len());
            for hit in best {
                newest.push((columns.newest(searcher, hit.1)?, hit));
            }
            newest.sort_by_key(|(newest, _)| std::cmp::Reverse(*newest));
            best = newest.into_iter().map(|(_, hit)| hit).collect();
        }
        let rest = rest.into_iter().filter(|(_, at)| !missing.contains(at));
        let all = best.into_iter().chain(rest).map(|(_, at)| at);
        Ok(all.skip(request.offset).take(request.limit).collect())
    }

    /// What is exactly what was asked, and what has all words.
    fn ahead(
        &self,
        searcher: &Searcher,
        question: &Question<'_>,
    ) -> Result<(HashSet<DocAddress>, HashSet<DocAddress>), Error> {
        let Question { request, plan, scope, complete, .. } = question;
        if *scope == &Scope::All {
            return Ok((HashSet::new(), HashSet::new()));
        }
        let exact = exact(&self.fields, plan, &request.filter);
        let exact = searcher.search(&*exact, &DocSetCollector)?;
        let complete = if *complete <= MOST_COMPLETE {
            let all = counted(&self.fields, plan, &request.filter, &Scope::All)?;
            searcher.search(&*all, &DocSetCollector)?
        } else {
            HashSet::new()
        };
        Ok((exact, complete))
    }
}

/// The columns of the segments that were looked into.
#[derive(Default)]
struct Columns(Vec<Option<OfSegment>>);

struct OfSegment {
    spans: Column<u64>,
    level: Column<u64>,
    newest: Column<u64>,
}

impl Columns {
    fn of(&mut self, searcher: &Searcher, at: DocAddress) -> Result<&OfSegment, Error> {
        let ordinal = at.segment_ord as usize;
        if self.0.len() <= ordinal {
            self.0.resize_with(ordinal + 1, || None);
        }
        let slot = self.0.get_mut(ordinal).ok_or_else(|| Error::Damaged("segments".to_owned()))?;
        if let Some(known) = slot {
            return Ok(known);
        }
        let fast = searcher.segment_reader(at.segment_ord).fast_fields();
        Ok(slot.insert(OfSegment {
            spans: fast.u64(column::SPANS)?,
            level: fast.u64(column::LEVEL)?,
            newest: fast.u64(column::NEWEST)?,
        }))
    }

    /// What a score is multiplied by.
    fn factor(
        &mut self,
        searcher: &Searcher,
        at: DocAddress,
        today: Day,
        by_level: bool,
    ) -> Result<f32, Error> {
        let columns = self.of(searcher, at)?;
        let effect = match effect_on(columns.spans.values_for_doc(at.doc_id), today) {
            Effect::InForce => 1.0,
            Effect::NotYetInForce => AHEAD,
            Effect::Lapsed | Effect::Repealed => ENDED,
        };
        let level = match columns.level.first(at.doc_id) {
            Some(2) => 2.0,
            Some(1) => 1.0,
            _ => 0.0,
        };
        Ok(if by_level { effect * PER_LEVEL.mul_add(level, 1.0) } else { effect })
    }

    /// Its order by novelty.
    fn newest(&mut self, searcher: &Searcher, at: DocAddress) -> Result<u64, Error> {
        Ok(self.of(searcher, at)?.newest.first(at.doc_id).unwrap_or(0))
    }
}
