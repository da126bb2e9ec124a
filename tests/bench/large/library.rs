//! What fifty readers wait for: lists with their facets, policies, searches.

use anyhow::{Context as _, Result};
use sea_orm::ConnectionTrait as _;
use search::engine::Words;

use super::{
    fill::Filled,
    floor::Floor,
    readers::{READERS, Seen, read},
    sql::statement,
    words,
};
use crate::{
    figures::{Goal, Table, ms, percentile, ratio},
    machine::quiet,
    pages::Connection,
    product::Product,
};

const ROUNDS: usize = 2;
/// The slowest hundredth of the readers wait no longer than so many times the floor's.
const TIMES_FLOOR: f64 = 2.0;
const POLICIES: &str = "SELECT id::text AS value FROM documents.policies \
    WHERE state = 'published' AND NOT expunged ORDER BY md5(id::text) LIMIT 400";

/// What is read.
pub struct Paths {
    lists: Vec<String>,
    policies: Vec<String>,
    /// As the product and as the floor are asked.
    searches: Vec<(String, String)>,
}

impl Paths {
    /// Lists by the usual filters, policies from everywhere, words and pairs of words.
    pub async fn choose(filled: &Filled) -> Result<Self> {
        let common = |column: &str, most: usize| {
            format!(
                "SELECT {column} AS value FROM documents.policies WHERE {column} <> '' \
                 GROUP BY {column} ORDER BY count(*) DESC, {column} LIMIT {most}"
            )
        };
        let organs = strings(filled, &common("organ_code", 6)).await?;
        let categories = strings(filled, &common("category", 4)).await?;
        let mut lists = vec![
            address("/policies", &[])?,
            address("/policies", &[("sort", "issued")])?,
            address("/policies", &[("effect", "in_force")])?,
            address("/policies", &[("effect", "lapsed")])?,
        ];
        for year in ["2024", "2020", "2015", "2008"] {
            lists.push(address("/policies", &[("year", year)])?);
        }
        for category in &categories {
            lists.push(address("/policies", &[("category", category)])?);
            lists.push(address("/policies", &[("category", category), ("effect", "in_force")])?);
        }
        for organ in &organs {
            lists.push(address("/policies", &[("organ", organ)])?);
            lists.push(address("/policies", &[("organ", organ), ("year", "2020")])?);
        }
        let policies = strings(filled, POLICIES).await?;
        let policies = policies.into_iter().map(|id| format!("/policies/{id}")).collect();
        let words = tokio::task::spawn_blocking(Words::load).await??;
        let [(_, one), (_, two), _] = words::questions(&words);
        let both = |question: words::Question| {
            let ours = address("/search", &[("q", &question.written)])?;
            anyhow::Ok((ours, address("/search", &[("q", &question.terms)])?))
        };
        let searches = one.into_iter().chain(two.into_iter().step_by(3));
        let searches = searches.map(both).collect::<Result<_>>()?;
        Ok(Self { lists, policies, searches })
    }
}

fn address(path: &str, parameters: &[(&str, &str)]) -> Result<String> {
    let url = reqwest::Url::parse_with_params(&format!("http://bench{path}"), parameters)?;
    Ok(url
        .query()
        .filter(|query| !query.is_empty())
        .map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
}

async fn strings(filled: &Filled, text: &str) -> Result<Vec<String>> {
    let rows = filled.db().query_all_raw(statement(text, vec![])).await?;
    rows.iter().map(|row| row.try_get("", "value").context("a value")).collect()
}

/// Pages of lists with facets.
pub async fn lists(
    product: &Product,
    floor: &Floor,
    size: usize,
    paths: &Paths,
    table: &mut Table,
) -> Result<()> {
    let both: Vec<_> = paths.lists.iter().map(|path| (path.clone(), path.clone())).collect();
    compare(&format!("{size}: list with facets"), product, floor, &both, table).await
}

/// Pages of policies.
pub async fn policies(
    name: &str,
    product: &Product,
    floor: &Floor,
    paths: &Paths,
    table: &mut Table,
) -> Result<()> {
    let both: Vec<_> = paths.policies.iter().map(|path| (path.clone(), path.clone())).collect();
    compare(name, product, floor, &both, table).await
}

/// Pages of finds.
pub async fn searches(
    product: &Product,
    floor: &Floor,
    size: usize,
    paths: &Paths,
    table: &mut Table,
) -> Result<()> {
    compare(&format!("{size}: search page"), product, floor, &paths.searches, table).await
}

/// Product and floor in turn, the floor's pages being filled up to the size of the product's.
async fn compare(
    name: &str,
    product: &Product,
    floor: &Floor,
    both: &[(String, String)],
    table: &mut Table,
) -> Result<()> {
    let (mut our_paths, mut their_paths, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut ours = Connection::open(&product.http).await?;
    let mut theirs = Connection::open(&floor.http).await?;
    for (our, their) in both {
        let size = ours.get(our).await?;
        let bare = theirs.get(their).await?;
        let joint = if their.contains('?') { '&' } else { '?' };
        their_paths.push(format!("{their}{joint}fill={}", size.saturating_sub(bare)));
        our_paths.push(our.clone());
        bytes += size;
    }
    let (mut ours, mut theirs) = (Seen::default(), Seen::default());
    quiet(&product.pids()).await;
    for _ in 0..ROUNDS {
        read(&floor.http, &their_paths, &[floor.pid()], &mut theirs).await?;
        read(&product.http, &our_paths, &[product.pid()], &mut ours).await?;
    }
    let size = bytes / both.len().max(1) / 1024;
    let figure = format!("{name} of {size} KiB, {READERS} readers, p99");
    let goal = Goal::AtMost(TIMES_FLOOR);
    let (our, their) = (percentile(&mut ours.took, 0.99), percentile(&mut theirs.took, 0.99));
    let compared = ratio(our.as_secs_f64(), their.as_secs_f64());
    table.add(&figure, &ms(our), &ms(their), compared, goal);
    let (our, their) = (percentile(&mut ours.took, 0.5), percentile(&mut theirs.took, 0.5));
    let compared = ratio(our.as_secs_f64(), their.as_secs_f64());
    table.add(&format!("{name}: … p50"), &ms(our), &ms(their), compared, Goal::None);
    let (our, their) = (ours.rate(), theirs.rate());
    let shown = |seen: &Seen| {
        let (rate, each, failed) = (seen.rate(), seen.cpu_each(), seen.failed);
        format!("{rate:.0}/s, {each:.2} ms CPU each, {failed} failed")
    };
    let figure = format!("{name}: … pages a second");
    table.add(&figure, &shown(&ours), &shown(&theirs), ratio(our, their), Goal::None);
    Ok(())
}
