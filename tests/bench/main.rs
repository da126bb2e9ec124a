//! `make bench`: the product and its floor, one after the other in rounds, on either database.
//!
//! The floor is the same path of real parts (tonic, database, JetStream, tantivy, axum, askama)
//! without the product. It runs as a process of its own, so that what either costs the machine can
//! be told apart. See `docs/performance.md`.
//!
//! `bench import pages pipeline start` measures some of its parts only, as they are named; `bench
//! library search` what is not part of it, over a library of 205,000 documents. `bench quality`
//! measures how well search answers, and nothing else; `bench quality each` names queries.

mod corpus;
mod figures;
mod floor;
mod import;
mod large;
mod machine;
mod pages;
mod pipeline;
mod product;
mod quality;
mod recall;
mod start;
mod subject;

use anyhow::{Context as _, Result};
use figures::{Goal, Table};
use machine::{Database, Nats, Place};
use product::Product;

/// The floor has the product's allocator, so that they differ in what they do.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Documents that are imported before anything else is measured.
const DOCUMENTS: usize = 3000;

#[tokio::main]
async fn main() -> Result<()> {
    // Fails only where a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, others)) = arguments.split_first()
        && first == floor::MODE
    {
        return floor::run(others.to_vec()).await;
    }
    if arguments.iter().any(|argument| argument == "quality") {
        return quality::measure();
    }
    let mut table = Table::default();
    if arguments.first().is_some_and(|first| first == large::MODE) {
        return large::run(arguments.split_off(1)).await;
    }
    if let Some(parts) = large::Parts::named(&arguments) {
        let measured = large::measure(parts, &mut table).await;
        table.print();
        return measured;
    }
    let parts = Parts(arguments);
    let documents = corpus::generated(DOCUMENTS)?;
    for database in Database::reachable().await {
        if let Err(error) = on(database, &parts, &documents, &mut table).await {
            table.failed(database.name(), &error);
        }
    }
    if parts.hold("start") {
        if let Err(error) = start::cold(&mut table).await {
            table.failed("cold start", &error);
        }
        if let Err(error) = start::corpora(&mut table).await {
            table.failed("corpora", &error);
        }
    }
    table.print();
    Ok(())
}

/// What is to be measured: the parts that were named, or all.
struct Parts(Vec<String>);

impl Parts {
    fn hold(&self, part: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|named| named == part)
    }
}

/// All that is measured on one database, which is removed however that ends.
async fn on(
    database: Database,
    parts: &Parts,
    documents: &[corpus::Document],
    table: &mut Table,
) -> Result<()> {
    eprintln!("bench: on {}", database.name());
    let place = database.create().await?;
    let measured = at(database, &place, parts, documents, table).await;
    place.drop().await?;
    measured
}

async fn at(
    database: Database,
    place: &Place,
    parts: &Parts,
    documents: &[corpus::Document],
    table: &mut Table,
) -> Result<()> {
    let name = database.name();
    let product = Product::start(place, &[]).await.context("the product")?;
    product.desk().await.context("accounts")?;

    if parts.hold("import") {
        eprintln!("bench: {name}: import");
        import::measure(&product, place, documents, table).await.context("import")?;
        if database == Database::Sqlite {
            eprintln!("bench: {name}: recall");
            let recall = recall::of(&product, documents).await.context("recall")?;
            let goal = Goal::AtLeast(0.99);
            table.add("recall, bench documents", &recall.text(), "", recall.share, goal);
        }
    }

    let nats = Nats::start().await.context("the floor's nats-server")?;
    let floor = floor::Floor::start(place, &nats).await.context("the floor")?;
    if parts.hold("pages") {
        eprintln!("bench: {name}: policy page");
        pages::measure(name, &product, &floor, documents, table).await.context("pages")?;
    }
    if parts.hold("pipeline") {
        eprintln!("bench: {name}: publish to searchable");
        pipeline::measure(name, &product, &floor, table).await.context("pipeline")?;
    }
    product.stop().await;
    if parts.hold("pages") {
        eprintln!("bench: {name}: policy page, nothing at hand");
        let settings = [("YANGGUANG__GATEWAY__CACHE__ENTRIES", "0")];
        let product = Product::start(place, &settings).await?;
        let named = format!("{name}, cache off");
        // Others than before, which the floor holds already.
        let others = documents.get(DOCUMENTS / 2..).unwrap_or_default();
        pages::measure(&named, &product, &floor, others, table).await.context("pages")?;
        product.stop().await;
    }
    floor.stop();
    nats.stop();
    Ok(())
}
