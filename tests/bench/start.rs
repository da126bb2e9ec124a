//! How soon the platform is there, and how much memory it takes.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{
    corpus,
    figures::{Goal, Table, count_of, ratio},
    import,
    machine::{Database, mebibytes, quiet},
    product::Product,
    recall,
};

const STARTS: usize = 3;
/// What a platform does right after its start is no rest yet.
const SETTLING: Duration = Duration::from_secs(5);
const SECONDS: f64 = 1.5;
const AT_REST: f64 = 150.0;
const WITH_CORPORA: f64 = 300.0;

/// The embedded default over an empty folder, to the first page that is served.
pub async fn cold(table: &mut Table) -> Result<()> {
    eprintln!("bench: cold start");
    let mut slowest = Duration::ZERO;
    let mut largest: f64 = 0.0;
    for _ in 0..STARTS {
        let place = Database::Sqlite.create().await?;
        let product = Product::start(&place, &[]).await?;
        slowest = slowest.max(product.first_page);
        tokio::time::sleep(SETTLING).await;
        quiet(&product.pids()).await;
        largest = largest.max(mebibytes(product.pid(), "VmRSS"));
        product.stop().await;
    }
    let seconds = slowest.as_secs_f64();
    let figure = format!("cold start to the first page, slowest of {STARTS}");
    table.add(&figure, &format!("{seconds:.2} s"), "", seconds, Goal::AtMost(SECONDS));
    let figure = "resident memory of all services at rest";
    table.add(figure, &format!("{largest:.0} MiB"), "", largest, Goal::AtMost(AT_REST));
    Ok(())
}

/// The corpora, where there are any: import, recall, memory.
pub async fn corpora(table: &mut Table) -> Result<()> {
    let files = corpus::files()?;
    if files.is_empty() {
        eprintln!("bench: no corpora: YANGGUANG_CORPUS names no folder");
        return Ok(());
    }
    eprintln!("bench: corpora");
    let place = Database::Sqlite.create().await?;
    let product = Product::start(&place, &[]).await?;
    product.desk().await?;
    let started = Instant::now();
    let paths: Vec<&Path> = files.iter().map(std::path::PathBuf::as_path).collect();
    import::import(&product, &paths, &["--create-organs", "--organ", crate::product::ORGAN])
        .await?;
    let took = started.elapsed();
    quiet(&product.pids()).await;
    let mut documents = Vec::new();
    for file in &files {
        documents.extend(corpus::read(file)?);
    }
    let each = ratio(count_of(documents.len()), took.as_secs_f64());
    let figure = format!("import of the corpora, {} documents", documents.len());
    table.add(&figure, &format!("{each:.0}/s"), "", each, Goal::None);
    let recall = recall::of(&product, &documents).await?;
    table.add("recall, corpora", &recall.text(), "", recall.share, Goal::AtLeast(0.99));
    quiet(&product.pids()).await;
    let resident = mebibytes(product.pid(), "VmRSS");
    let own = mebibytes(product.pid(), "RssAnon");
    let shown = format!("{resident:.0} MiB, {own:.0} of them its own");
    let figure = "resident memory with the corpora indexed";
    table.add(figure, &shown, "", resident, Goal::AtMost(WITH_CORPORA));
    product.stop().await;
    Ok(())
}
