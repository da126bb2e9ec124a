//! The wire: questions in, answers out.

use std::sync::Arc;

use contracts::documents::{self as library, Count};
use contracts::role;
use contracts::search::search_service_server::SearchService;
use contracts::search::{
    GetIndexStateRequest, GetIndexStateResponse, Hit, ListRelatedRequest, ListRelatedResponse,
    Passage, Piece, RebuildIndexRequest, RebuildIndexResponse, SearchOrder, SearchPolicyRequest,
    SearchPolicyResponse, SearchRequest, SearchResponse, SuggestRequest, SuggestResponse,
};
use gongwen::anchor::Anchor;
use kit::auth::Access;
use kit::clock::Clock;
use kit::page::Page;
use tonic::{Request, Response, Status};

use crate::engine::effect::{day, read_day};
use crate::engine::{self, Bucket, Day, Facets, Filter, Found};
use crate::error::Error;
use crate::indexer::{Indexer, PRODUCER};
use crate::library::{effect_from_wire, effect_to_wire};

/// Who may call what.
pub const ACCESS: &[Access] = &[
    Access::anyone("Search"),
    Access::anyone("SearchPolicy"),
    Access::anyone("ListRelated"),
    Access::anyone("Suggest"),
    Access::roles("RebuildIndex", &[role::OPS, role::SERVICE]),
    Access::roles("GetIndexState", &[role::OPS, role::OFFICE, role::SERVICE]),
];

const LONGEST_QUERY: usize = 200;
const LARGEST_PAGE: u32 = 100;
const MOST_SUGGESTIONS: u32 = 20;
const USUAL_SUGGESTIONS: u32 = 8;
const MOST_PASSAGES: u32 = 100;
const USUAL_PASSAGES: u32 = 20;
const MOST_RELATED: u32 = 20;
const USUAL_RELATED: u32 = 5;

/// Answers for the index of this replica.
pub struct Grpc {
    indexer: Arc<Indexer>,
    clock: Arc<dyn Clock>,
    replica: String,
    extract: usize,
}

impl Grpc {
    /// Answers with extracts of `extract` characters.
    pub fn new(
        indexer: Arc<Indexer>,
        clock: Arc<dyn Clock>,
        replica: String,
        extract: usize,
    ) -> Self {
        Self { indexer, clock, replica, extract }
    }

    /// The day that is asked for; today where none is.
    fn day(&self, as_of: &str) -> Result<Day, Error> {
        if as_of.is_empty() {
            return Ok(day(self.clock.today()));
        }
        read_day(as_of).ok_or_else(|| Error::Day(as_of.to_owned()))
    }

    fn request(&self, request: SearchRequest) -> Result<engine::Request, Error> {
        let effect = effect_from_wire(request.effect());
        let newest = request.order() == SearchOrder::Newest;
        let SearchRequest {
            query,
            organ_code,
            category,
            year,
            page_size,
            page_token,
            facets,
            as_of,
            ..
        } = request;
        check_length(&query)?;
        let page = Page::parse(page_size, &page_token, LARGEST_PAGE)?;
        let year = u64::try_from(year).map_err(|_| Error::Year(year))?;
        let today = self.day(&as_of)?;
        Ok(engine::Request {
            query,
            filter: Filter { organ: organ_code, category, year, effect, today },
            newest,
            offset: offset(&page)?,
            limit: usize::try_from(page.limit).unwrap_or(1),
            facets,
            extract: self.extract,
        })
    }
}

#[tonic::async_trait]
impl SearchService for Grpc {
    async fn search(
        &self,
        request: Request<SearchRequest>,
    ) -> Result<Response<SearchResponse>, Status> {
        let request = request.into_inner();
        let as_of = match request.as_of.as_str() {
            "" => self.clock.today().to_string(),
            day => day.to_owned(),
        };
        let question = self.request(request)?;
        let index = self.indexer.living();
        let asked = tokio::task::spawn_blocking(move || index.search(&question));
        let found = asked.await.map_err(Error::from)?.map_err(Error::from)?;
        Ok(Response::new(SearchResponse { as_of, ..answer(found) }))
    }

    async fn search_policy(
        &self,
        request: Request<SearchPolicyRequest>,
    ) -> Result<Response<SearchPolicyResponse>, Status> {
        let SearchPolicyRequest { policy_id, query, limit } = request.into_inner();
        check_length(&query)?;
        let limit = limited(limit, USUAL_PASSAGES, MOST_PASSAGES);
        let index = self.indexer.living();
        let asked =
            tokio::task::spawn_blocking(move || index.search_within(&policy_id, &query, limit));
        let within = asked.await.map_err(Error::from)?.map_err(Error::from)?;
        let within = within.ok_or(Error::UnknownPolicy)?;
        Ok(Response::new(SearchPolicyResponse {
            title: within.title,
            total: within.total as u64,
            passages: within.passages.into_iter().map(passage).collect(),
        }))
    }

    async fn list_related(
        &self,
        request: Request<ListRelatedRequest>,
    ) -> Result<Response<ListRelatedResponse>, Status> {
        let ListRelatedRequest { policy_id, limit } = request.into_inner();
        let limit = limited(limit, USUAL_RELATED, MOST_RELATED);
        let today = day(self.clock.today());
        let index = self.indexer.living();
        let asked = tokio::task::spawn_blocking(move || index.related(&policy_id, limit, today));
        let related = asked.await.map_err(Error::from)?.map_err(Error::from)?;
        let related = related.ok_or(Error::UnknownPolicy)?;
        Ok(Response::new(ListRelatedResponse { policies: related.into_iter().map(hit).collect() }))
    }

    async fn suggest(
        &self,
        request: Request<SuggestRequest>,
    ) -> Result<Response<SuggestResponse>, Status> {
        let SuggestRequest { prefix, limit } = request.into_inner();
        check_length(&prefix)?;
        let limit = limited(limit, USUAL_SUGGESTIONS, MOST_SUGGESTIONS);
        let index = self.indexer.living();
        let asked = tokio::task::spawn_blocking(move || index.suggest(&prefix, limit));
        let suggestions = asked.await.map_err(Error::from)?.map_err(Error::from)?;
        Ok(Response::new(SuggestResponse { suggestions }))
    }

    async fn rebuild_index(
        &self,
        _: Request<RebuildIndexRequest>,
    ) -> Result<Response<RebuildIndexResponse>, Status> {
        // Who asked may lose patience; the building goes on.
        let indexer = Arc::clone(&self.indexer);
        let building = tokio::spawn(async move { indexer.rebuild().await });
        let policies = building.await.map_err(Error::from)??;
        Ok(Response::new(RebuildIndexResponse { policies }))
    }

    async fn get_index_state(
        &self,
        _: Request<GetIndexStateRequest>,
    ) -> Result<Response<GetIndexStateResponse>, Status> {
        let index = self.indexer.living();
        Ok(Response::new(GetIndexStateResponse {
            policies: index.policies().map_err(Error::from)?,
            bytes: index.bytes().map_err(Error::from)?,
            position: index.mark(PRODUCER).position,
            rebuilding: self.indexer.is_rebuilding(),
            replica: self.replica.clone(),
            trouble: self.indexer.trouble().unwrap_or_default(),
        }))
    }
}

/// How many are asked for: so many as usual, or as wanted up to the most.
fn limited(wanted: u32, usual: u32, most: u32) -> usize {
    let limit = if wanted == 0 { usual } else { wanted.min(most) };
    usize::try_from(limit).unwrap_or(1)
}

fn check_length(query: &str) -> Result<(), Error> {
    let found = query.chars().count();
    if found > LONGEST_QUERY {
        return Err(Error::QueryTooLong { most: LONGEST_QUERY, found });
    }
    Ok(())
}

/// The page token holds how many hits came before.
fn offset(page: &Page) -> Result<usize, Error> {
    let Some([offset]) = page.after::<1>()? else { return Ok(0) };
    let read = offset.parse().ok();
    Ok(read.ok_or_else(|| kit::Error::field("page_token", "翻页标记无效，请从第一页重新开始"))?)
}

fn answer(found: Found) -> SearchResponse {
    let Found { hits, total, complete, next, facets, instead, corrected } = found;
    let Facets { organs, categories, years, effects } = facets.unwrap_or_default();
    let token = |offset: usize| kit::page::PageToken(vec![offset.to_string()]).encode();
    SearchResponse {
        hits: hits.into_iter().map(hit).collect(),
        total,
        next_page_token: next.map(token).unwrap_or_default(),
        organs: counts(organs),
        categories: counts(categories),
        years: counts(years),
        effects: effects.into_iter().map(effect_count).collect(),
        suggestions: instead,
        complete,
        corrected,
        as_of: String::new(),
    }
}

fn hit(hit: engine::Hit) -> Hit {
    let engine::Hit { record, effect, title, extract, anchor } = hit;
    let (anchor, anchor_label) = named(anchor);
    Hit {
        policy_id: record.id,
        revision: record.revision,
        title: record.title,
        document_number: record.number,
        organ_code: record.organ_code,
        organ_name: record.organ_name,
        category: record.category,
        issued_on: record.issued_on,
        published_on: record.published_on,
        effect: effect_to_wire(effect).into(),
        source_id: record.source_id,
        title_pieces: pieces(title),
        snippet: pieces(extract),
        anchor,
        anchor_label,
    }
}

fn named(anchor: Option<Anchor>) -> (String, String) {
    anchor.map(|Anchor { id, label }| (id, label)).unwrap_or_default()
}

fn passage(passage: engine::Passage) -> Passage {
    let (anchor, anchor_label) = named(passage.anchor);
    Passage { anchor, anchor_label, pieces: pieces(passage.pieces) }
}

fn pieces(pieces: Vec<engine::Piece>) -> Vec<Piece> {
    let piece = |engine::Piece { text, marked }| Piece { text, marked };
    pieces.into_iter().map(piece).collect()
}

fn counts(buckets: Vec<Bucket>) -> Vec<Count> {
    let count = |Bucket { key, label, count }| Count { key, label, count };
    buckets.into_iter().map(count).collect()
}

fn effect_count((effect, count): (engine::Effect, u64)) -> Count {
    let (key, label) = match effect_to_wire(effect) {
        library::Effect::NotYetInForce => ("not_yet_in_force", "尚未施行"),
        library::Effect::InForce => ("in_force", "现行有效"),
        library::Effect::Lapsed => ("lapsed", "失效"),
        library::Effect::Repealed => ("repealed", "废止"),
        library::Effect::Unspecified => ("", ""),
    };
    Count { key: key.to_owned(), label: label.to_owned(), count }
}

#[cfg(test)]
mod tests {
    use kit::error::Fault as _;

    use super::*;

    #[test]
    fn a_query_that_is_too_long_names_its_field() {
        assert!(check_length(&"税".repeat(200)).is_ok());
        let error = check_length(&"税".repeat(201)).unwrap_err();
        assert_eq!(error.fields().first().unwrap().field, "query");
    }

    #[test]
    fn a_page_goes_on_behind_the_hits_before() {
        let found = Found { next: Some(20), ..Found::default() };
        let token = answer(found).next_page_token;
        assert_eq!(offset(&Page::parse(20, &token, 100).unwrap()).unwrap(), 20);
        assert_eq!(offset(&Page::parse(20, "", 100).unwrap()).unwrap(), 0);
        let other = kit::page::PageToken(vec!["x".to_owned()]).encode();
        assert!(offset(&Page::parse(20, &other, 100).unwrap()).is_err());
    }
}
