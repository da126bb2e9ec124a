//! A library of a size that a city has after decades: what its readers wait for, and what a search
//! costs beside bare tantivy and PostgreSQL's own full text.
//!
//! `bench library` and `bench search` measure it, on PostgreSQL, and only where they are named: the
//! library is filled first, which takes minutes. `YANGGUANG_BENCH_DOCUMENTS` says how large it is.

mod fill;
mod floor;
mod fulltext;
mod library;
mod raw;
mod readers;
mod recall;
mod search;
mod sql;
mod words;

use anyhow::{Context as _, Result};
use fill::Filled;
use floor::Floor;
pub use floor::{MODE, run};

use crate::{
    figures::{Goal, Table, count_of},
    machine::{Database, Place, mebibytes, quiet},
    product::Product,
};

/// How many documents the library is to hold.
const SIZE: &str = "YANGGUANG_BENCH_DOCUMENTS";
const USUAL_SIZE: usize = 205_000;
/// The smaller library, that growth is measured from, is so many times smaller.
const GROWTH: usize = 10;
/// Seconds that a whole index may take to be built anew.
const REBUILD_SECONDS: f64 = 120.0;
/// What the library does by the clock is none of what is measured.
const SETTINGS: [(&str, &str); 3] = [
    ("YANGGUANG__DOCUMENTS__RENDITIONS_EVERY_SECONDS", "86400"),
    ("YANGGUANG__DOCUMENTS__LAPSES_EVERY_SECONDS", "86400"),
    ("YANGGUANG__GATEWAY__LIMITS__REQUESTS_PER_SECOND", "100000"),
];
const CACHE_OFF: (&str, &str) = ("YANGGUANG__GATEWAY__CACHE__ENTRIES", "0");

/// Which of the two is asked for.
#[derive(Clone, Copy)]
pub struct Parts {
    library: bool,
    search: bool,
}

impl Parts {
    /// Those that are named, if one is.
    pub fn named(arguments: &[String]) -> Option<Self> {
        let named = |part: &str| arguments.iter().any(|argument| argument == part);
        let parts = Self { library: named("library"), search: named("search") };
        (parts.library || parts.search).then_some(parts)
    }
}

/// Fills a library in a database of its own, measures, and removes it.
pub async fn measure(parts: Parts, table: &mut Table) -> Result<()> {
    let size = match std::env::var(SIZE) {
        Ok(size) => size.parse().with_context(|| format!("{SIZE}: {size}"))?,
        Err(_) => USUAL_SIZE,
    };
    let place = Database::Postgres.create().await.context("a database on PostgreSQL")?;
    let measured = at(&place, size, parts, table).await;
    place.drop().await?;
    measured
}

async fn at(place: &Place, size: usize, parts: Parts, table: &mut Table) -> Result<()> {
    load(table, "at the beginning");
    let product = Product::start(place, &SETTINGS).await.context("the product")?;
    product.desk().await.context("accounts")?;
    let mut filled = Filled::begin(&product, place).await.context("the corpora")?;
    let mut small = None;
    if parts.search {
        let size = grown(&product, &mut filled, size / GROWTH, table).await?;
        small = Some(search(&product, place, &filled, size, table).await?);
    }
    let size = grown(&product, &mut filled, size, table).await?;
    let resident = mebibytes(product.pid(), "VmRSS");
    let own = mebibytes(product.pid(), "RssAnon");
    let shown = format!("{resident:.0} MiB, {own:.0} of them its own");
    table.add(&format!("{size}: resident memory"), &shown, "", own, Goal::None);
    let paths = library::Paths::choose(&filled).await?;
    let floor = Floor::start(place, &product).await.context("the floor")?;
    if parts.library {
        eprintln!("bench: {size}: 50 readers");
        library::lists(&product, &floor, size, &paths, table).await.context("lists")?;
        library::searches(&product, &floor, size, &paths, table).await.context("searches")?;
        let cached = format!("{size}: policy page, cache on");
        library::policies(&cached, &product, &floor, &paths, table).await.context("policies")?;
    }
    if let Some(small) = small {
        let large = search(&product, place, &filled, size, table).await?;
        search::growth(&small, &large, table);
    }
    product.stop().await;
    if parts.library {
        let [renditions, lapses, requests] = SETTINGS;
        let settings = [renditions, lapses, requests, CACHE_OFF];
        let product = Product::start(place, &settings).await?;
        quiet(&product.pids()).await;
        let plain = format!("{size}: policy page, cache off");
        library::policies(&plain, &product, &floor, &paths, table).await.context("policies")?;
        product.stop().await;
    }
    floor.stop();
    load(table, "at the end");
    Ok(())
}

/// Grows the library and builds its index anew, which answers meanwhile; answers with its size.
async fn grown(
    product: &Product,
    filled: &mut Filled,
    size: usize,
    table: &mut Table,
) -> Result<usize> {
    eprintln!("bench: {size}: filling");
    filled.grow(size).await.context("copies")?;
    quiet(&product.pids()).await;
    eprintln!("bench: {size}: the index");
    let rebuilt = fill::rebuild(product).await.context("the index")?;
    let seconds = rebuilt.took.as_secs_f64();
    let figure = format!("{}: whole index built anew", rebuilt.policies);
    let shown = format!("{seconds:.1} s, {:.0}/s", rebuilt.rate());
    table.add(&figure, &shown, "", seconds, Goal::AtMost(REBUILD_SECONDS));
    let figure = format!("{}: … searches meanwhile that were not answered", rebuilt.policies);
    let unanswered = count_of(rebuilt.failed);
    table.add(&figure, &rebuilt.answers(), "", unanswered, Goal::AtMost(0.0));
    fill::settle(product, rebuilt.policies).await.context("the index in its folder")?;
    Ok(rebuilt.policies)
}

async fn search(
    product: &Product,
    place: &Place,
    filled: &Filled,
    size: usize,
    table: &mut Table,
) -> Result<search::Costs> {
    eprintln!("bench: {size}: PostgreSQL full text");
    fulltext::build(filled.db()).await.context("full text")?;
    let floor = Floor::start(place, product).await.context("the floor")?;
    eprintln!("bench: {size}: searches");
    let costs = search::measure(product, &floor, filled.db(), size, table).await?;
    floor.stop();
    let recall = recall::of(product, filled.db()).await.context("recall")?;
    let figure = format!("{size}: recall of common words, one year of issue");
    table.add(&figure, &recall.text(), "", recall.share, Goal::AtLeast(0.99));
    Ok(costs)
}

fn load(table: &mut Table, when: &str) {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let average = load.split_whitespace().next().and_then(|it| it.parse().ok());
    let shown = load.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    let figure = format!("load of the machine {when}, 1, 5 and 15 minutes");
    table.add(&figure, &shown, "", average.unwrap_or(0.0), Goal::None);
}
