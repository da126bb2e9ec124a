//! The floor of a large library, a process of its own: axum, the product's statements, bare tantivy
//! over the product's segments, and templates. No services between them.

use std::{process::Command, sync::Arc};

use anyhow::{Context as _, Result};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use contracts::search::{Hit, SearchRequest, SearchResponse};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, FromQueryResult,
};
use search::engine::Record;
use serde::Deserialize;
use tokio::net::TcpListener;
use tonic::{Status, transport::Channel};

use super::{
    fill,
    raw::{Found, Raw},
    sql::{self, Narrowed, statement},
};
use crate::{
    floor::wire,
    machine::{Place, Process, free_port, wait_for},
    product::Product,
};

/// The argument that makes this program the floor of a large library.
pub const MODE: &str = "large-floor";
const SEARCH: &str = "/floor/Search";
/// As many as a service of the product has.
const CONNECTIONS: u32 = 12;
const PAGE: i64 = 20;
/// The same day for all: the floor has no calendar.
const TODAY: &str = "2026-01-01";
const TODAY_IN_DAYS: u64 = 20_454;

struct Parts {
    db: DatabaseConnection,
    raw: Raw,
}

/// The process that serves: database, index, and two ports.
pub async fn run(arguments: Vec<String>) -> Result<()> {
    let [database, shelf, grpc, http] = <[String; 4]>::try_from(arguments)
        .map_err(|given| anyhow::anyhow!("four arguments, not {given:?}"))?;
    let mut options = ConnectOptions::new(database);
    options.max_connections(CONNECTIONS).min_connections(CONNECTIONS).sqlx_logging(false);
    options.set_schema_search_path("documents");
    let db = Database::connect(options).await?;
    let parts = Arc::new(Parts { db, raw: Raw::open(shelf.as_ref())? });
    let pages = Router::new()
        .route("/policies", get(list))
        .route("/policies/{id}", get(policy))
        .route("/search", get(search))
        .with_state(Arc::clone(&parts));
    let listener = TcpListener::bind(&http).await?;
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, pages).await {
            eprintln!("floor: pages: {error}");
        }
    });
    let answer = move |request: SearchRequest| {
        let parts = Arc::clone(&parts);
        async move {
            let limit = usize::try_from(request.page_size).unwrap_or(1);
            let found = found(parts, request.query, limit, None).await;
            found.map(answer).map_err(|error| Status::internal(format!("{error:#}")))
        }
    };
    let router = Router::new().route(SEARCH, wire::unary(answer));
    let routes = tonic::service::Routes::from(router);
    let mut server = tonic::transport::Server::builder().tcp_nodelay(true);
    Ok(server.add_routes(routes).serve(grpc.parse()?).await?)
}

async fn found(
    parts: Arc<Parts>,
    asked: String,
    limit: usize,
    today: Option<u64>,
) -> Result<Found> {
    tokio::task::spawn_blocking(move || parts.raw.search(&asked, limit, today)).await?
}

fn answer(found: Found) -> SearchResponse {
    let hit = |record: Record| Hit {
        policy_id: record.id,
        revision: record.revision,
        title: record.title,
        document_number: record.number,
        organ_code: record.organ_code,
        organ_name: record.organ_name,
        category: record.category,
        issued_on: record.issued_on,
        published_on: record.published_on,
        source_id: record.source_id,
        ..Hit::default()
    };
    let hits = found.records.into_iter().map(hit).collect();
    SearchResponse { hits, total: found.total, ..SearchResponse::default() }
}

/// How many bytes a page is filled up with, to be as large as the product's.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Filling {
    fill: usize,
    q: String,
}

#[derive(Template)]
#[template(
    source = "<!doctype html><html lang=\"zh-CN\"><head><title>{{ title }}</title></head><body>\
              <h1>{{ title }}</h1>{% for (name, count) in counts %}<a>{{ name }} {{ count }}</a>\
              {% endfor %}{% for line in lines %}<p>{{ line }}</p>{% endfor %}\
              {{ filling }}</body></html>",
    ext = "html"
)]
struct Page {
    title: String,
    counts: Vec<(String, i64)>,
    lines: Vec<String>,
    filling: String,
}

type Answer = Result<Html<String>, StatusCode>;

fn shown(page: Result<Page>) -> Answer {
    let page = page.and_then(|page| Ok(page.render()?));
    page.map(Html).map_err(|error| {
        eprintln!("floor: {error:#}");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

async fn list(
    State(parts): State<Arc<Parts>>,
    Query(narrowed): Query<Narrowed>,
    Query(filling): Query<Filling>,
) -> Answer {
    shown(listed(&parts, &narrowed, filling.fill).await)
}

#[derive(FromQueryResult)]
struct Counted {
    facet: String,
    label: String,
    number: i64,
}

#[derive(FromQueryResult)]
struct Policy {
    title: String,
    organ_name: String,
    document_number: String,
    category: String,
    issued_on: String,
    body: Option<String>,
}

async fn listed(parts: &Parts, narrowed: &Narrowed, fill: usize) -> Result<Page> {
    let (counts, policies) =
        tokio::try_join!(counts(&parts.db, narrowed), rows(&parts.db, narrowed))?;
    let line = |it: Policy| {
        let Policy { title, organ_name, document_number, category, issued_on, .. } = it;
        format!("{title} {organ_name} {document_number} {category} {issued_on}")
    };
    let lines = policies.into_iter().map(line).collect();
    Ok(Page { title: "政策文件库".to_owned(), counts, lines, filling: "x".repeat(fill) })
}

async fn counts(db: &DatabaseConnection, narrowed: &Narrowed) -> Result<Vec<(String, i64)>> {
    let (clause, values) = narrowed.clause(TODAY);
    let mut all = Vec::new();
    let mut dated = values.clone();
    dated.push(TODAY.into());
    let effects = (sql::effects(&clause, dated.len()), dated);
    let facets = sql::facets(&clause).into_iter().map(|text| (text, values.clone()));
    for (text, values) in facets.chain([effects]) {
        for row in db.query_all_raw(statement(&text, values)).await? {
            let Counted { facet, label, number } = Counted::from_query_result(&row, "")?;
            all.push((format!("{facet} {label}"), number));
        }
    }
    Ok(all)
}

async fn rows(db: &DatabaseConnection, narrowed: &Narrowed) -> Result<Vec<Policy>> {
    let (clause, mut values) = narrowed.clause(TODAY);
    db.query_one_raw(statement(&sql::total(&clause), values.clone())).await?.context("a count")?;
    values.push((PAGE + 1).into());
    let order = narrowed.order();
    let clause = format!("{clause} ORDER BY {order} LIMIT ${}", values.len());
    let rows = db.query_all_raw(statement(&sql::whole(&clause, order, false), values)).await?;
    Ok(rows.iter().map(|row| Policy::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

async fn policy(
    State(parts): State<Arc<Parts>>,
    Path(id): Path<String>,
    Query(filling): Query<Filling>,
) -> Answer {
    let text = sql::whole("WHERE id = $1::uuid", "id", true);
    let read = async {
        let row = parts.db.query_one_raw(statement(&text, vec![id.into()])).await?;
        let Policy { title, body, .. } = Policy::from_query_result(&row.context("a policy")?, "")?;
        let lines = body.unwrap_or_default().lines().map(str::to_owned).collect();
        Ok(Page { title, counts: Vec::new(), lines, filling: "x".repeat(filling.fill) })
    };
    shown(read.await)
}

async fn search(State(parts): State<Arc<Parts>>, Query(asked): Query<Filling>) -> Answer {
    let limit = usize::try_from(PAGE).unwrap_or(1);
    let found = found(parts, asked.q, limit, Some(TODAY_IN_DAYS)).await;
    shown(found.map(|found| {
        let line = |it: Record| {
            let Record { title, organ_name, number, category, issued_on, excerpt, .. } = it;
            format!("{title} {organ_name} {number} {category} {issued_on} {excerpt}")
        };
        let count = |(key, count)| (key, i64::try_from(count).unwrap_or(i64::MAX));
        Page {
            title: found.total.to_string(),
            counts: found.facets.into_iter().map(count).collect(),
            lines: found.records.into_iter().map(line).collect(),
            filling: "x".repeat(asked.fill),
        }
    }))
}

/// The floor, seen from outside.
pub struct Floor {
    process: Process,
    client: tonic::client::Grpc<Channel>,
    /// Where its pages are.
    pub http: String,
}

impl Floor {
    /// Starts it over what a product has written, and waits until it answers.
    pub async fn start(place: &Place, product: &Product) -> Result<Self> {
        let (grpc, http) = (free_port()?, free_port()?);
        let (grpc, http) = (format!("127.0.0.1:{grpc}"), format!("127.0.0.1:{http}"));
        let process = Process::start(
            Command::new(std::env::current_exe()?)
                .args([MODE, &place.url])
                .arg(fill::shelf(product))
                .args([&grpc, &http]),
        )?;
        wait_for(&grpc).await?;
        let channel = Channel::from_shared(format!("http://{grpc}"))?.tcp_nodelay(true);
        let client = tonic::client::Grpc::new(channel.connect().await.context("its port")?);
        Ok(Self { process, client, http })
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// What its search finds.
    pub async fn search(&self, terms: &str, page_size: u32) -> Result<SearchResponse> {
        let query = terms.to_owned();
        let request = SearchRequest { query, page_size, ..SearchRequest::default() };
        wire::call(&self.client, SEARCH, request).await
    }

    /// Ends it.
    pub fn stop(self) {
        self.process.stop();
    }
}
