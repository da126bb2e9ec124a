//! Fills a library quickly: the corpora through the product, the rest by copies in the database.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use contracts::search::SearchRequest;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};

use super::sql;
use crate::{
    corpus,
    figures::{ms, percentile, rate},
    import,
    machine::{Place, quiet},
    product::{self, ORGAN, Product},
    recall::WORDS,
};

const ORGANS: &str = "services/sample/organs.json";
/// Documents that are made where no corpora are named.
const GENERATED: usize = 3000;
/// Between two searches while the index is built anew.
const PAUSE: Duration = Duration::from_millis(20);
/// How often it is waited, half a minute at most, for merges to end.
const MERGING: usize = 4;
const PATIENCE: Duration = Duration::from_secs(60);
const TABLES: [&str; 3] = ["policies", "revisions", "relations"];

/// A library that grows.
pub struct Filled {
    db: DatabaseConnection,
    originals: usize,
    organs: usize,
    /// The next round of copies.
    round: usize,
}

impl Filled {
    /// Imports the corpora and the organs of the sample city.
    pub async fn begin(product: &Product, place: &Place) -> Result<Self> {
        organs(product).await?;
        let mut files = corpus::files()?;
        if files.is_empty() {
            eprintln!("bench: no corpora: YANGGUANG_CORPUS names no folder");
            let file = place.path("originals.jsonl");
            corpus::write(&file, &corpus::generated(GENERATED)?)?;
            files.push(file);
        }
        let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
        import::import(product, &paths, &["--create-organs", "--organ", ORGAN]).await?;
        quiet(&product.pids()).await;
        let mut options = ConnectOptions::new(&place.url);
        options.max_connections(4).sqlx_logging(false);
        let db = Database::connect(options).await?;
        db.execute_unprepared(sql::ORIGINALS).await?;
        let originals = count(&db, "SELECT count(*) AS value FROM bench.originals").await?;
        let organs = count(&db, "SELECT count(*) AS value FROM bench.organs").await?;
        anyhow::ensure!(originals > 0 && organs > 0, "nothing to copy");
        Ok(Self { db, originals, organs, round: 1 })
    }

    /// Copies until so many policies are public.
    pub async fn grow(&mut self, size: usize) -> Result<()> {
        let mut missing = size.saturating_sub(count(&self.db, sql::PUBLIC).await?);
        while missing > 0 {
            let rows = missing.min(self.originals);
            let copies = sql::copies(self.round, self.originals, self.organs, rows);
            for statement in copies {
                self.db.execute_unprepared(&statement).await?;
            }
            missing -= rows;
            self.round += 1;
        }
        for table in TABLES {
            self.db.execute_unprepared(&format!("VACUUM ANALYZE documents.{table}")).await?;
        }
        Ok(())
    }

    /// The database that the library lies in.
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }
}

async fn organs(product: &Product) -> Result<()> {
    let mut command = Command::new(product::program()?);
    command.args(["import", "organs", ORGANS, "--data"]).arg(product.data());
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let ended = tokio::task::spawn_blocking(move || command.output()).await??;
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    anyhow::ensure!(ended.status.success(), "import of organs: {said}");
    Ok(())
}

async fn count(db: &DatabaseConnection, text: &str) -> Result<usize> {
    let row = db.query_one_raw(sql::statement(text, vec![])).await?.context("a count")?;
    Ok(usize::try_from(row.try_get::<i64>("", "value")?)?)
}

/// The folder in which a product keeps its index.
pub fn shelf(product: &Product) -> PathBuf {
    product.data().join("search/index")
}

/// Waits until the segments that a product has merged in memory lie in its folder as well, so that
/// the floor reads the same: it writes them with the next change, which is made here.
pub async fn settle(product: &Product, policies: usize) -> Result<()> {
    for _ in 0..MERGING {
        quiet(&product.pids()).await;
    }
    let metas = shelf(product);
    let metas = metas.join(std::fs::read_to_string(metas.join("current"))?.trim());
    let written = || metas.join("meta.json").metadata().and_then(|file| file.modified());
    let before = written()?;
    let desk = product.signed_in().await?;
    let title = format!("关于编写{policies}件文件索引的通知");
    let (id, etag) = desk.approved(&title, &format!("{policies}件文件的索引已经编写。")).await?;
    desk.publish(&id, &etag).await?;
    let deadline = Instant::now() + PATIENCE;
    while written()? == before {
        anyhow::ensure!(Instant::now() < deadline, "the index is not written");
        tokio::time::sleep(PAUSE).await;
    }
    quiet(&product.pids()).await;
    Ok(())
}

/// How an index was built anew.
pub struct Rebuilt {
    /// How long it took.
    pub took: Duration,
    /// What it holds.
    pub policies: usize,
    /// Searches meanwhile that came to nothing.
    pub failed: usize,
    asked: Vec<Duration>,
}

impl Rebuilt {
    /// Policies a second.
    pub fn rate(&self) -> f64 {
        rate(self.policies, self.took)
    }

    /// How the searches meanwhile were answered.
    pub fn answers(&self) -> String {
        let mut asked = self.asked.clone();
        let (middle, late) = (percentile(&mut asked, 0.5), percentile(&mut asked, 0.99));
        let (middle, late) = (ms(middle), ms(late));
        format!("{} answered, p50 {middle}, p99 {late}; {} failed", asked.len(), self.failed)
    }
}

/// Builds the index anew and goes on searching meanwhile.
pub async fn rebuild(product: &Product) -> Result<Rebuilt> {
    let started = Instant::now();
    let building = product.rebuild_index();
    tokio::pin!(building);
    let (mut asked, mut failed) = (Vec::new(), 0);
    for word in WORDS.iter().cycle() {
        let query = (*word).to_owned();
        let request = SearchRequest { query, page_size: 10, ..SearchRequest::default() };
        let at = Instant::now();
        match product.search(request).await {
            Ok(found) if found.total > 0 => asked.push(at.elapsed()),
            _ => failed += 1,
        }
        tokio::select! {
            done = &mut building => {
                let policies = usize::try_from(done?)?;
                return Ok(Rebuilt { took: started.elapsed(), policies, failed, asked });
            }
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    anyhow::bail!("no words to search for")
}
