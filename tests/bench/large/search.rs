//! The same questions to the product's end point, to bare tantivy over its segments behind the same
//! kind of end point, and to PostgreSQL's full text; one after the other, on one connection each.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use contracts::search::SearchRequest;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use search::engine::Words;

use super::{
    floor::Floor,
    fulltext::{MARKED, RANKED},
    sql::statement,
    words::{self, Question},
};
use crate::{
    figures::{Goal, Table, count_of, ms, percentile, rate, ratio},
    product::Product,
};

const ROUNDS: usize = 2;
/// The fast ones are asked everything so many times in a round.
const REPEATED: usize = 4;
const PAGE: u32 = 10;
/// Above so many documents the library counts as large.
const LARGE: usize = 100_000;
/// Times what PostgreSQL answers a second, in a small and in a large library.
const SMALL_GOAL: f64 = 5.0;
const LARGE_GOAL: f64 = 100.0;
/// A query with extracts takes no longer than so many times one without.
const MARKING: f64 = 2.0;
/// How many times slower each kind may become in a library ten times as large.
const GROWTH: [f64; 3] = [1.5, 3.0, 6.0];

/// How long each kind of question takes the product at the middle.
pub struct Costs(Vec<(&'static str, Duration)>);

#[derive(Default)]
struct Asked {
    ours: Vec<Duration>,
    bare: Vec<Duration>,
    ranked: Vec<Duration>,
    marked: Vec<Duration>,
}

fn per_second(took: &[Duration]) -> f64 {
    rate(took.len(), took.iter().sum())
}

/// All kinds of question, in rounds.
pub async fn measure(
    product: &Product,
    floor: &Floor,
    db: &DatabaseConnection,
    size: usize,
    table: &mut Table,
) -> Result<Costs> {
    let words = tokio::task::spawn_blocking(Words::load).await??;
    let kinds = words::questions(&words);
    let mut all: [Asked; 3] = Default::default();
    for round in 0..=ROUNDS {
        for ((_, questions), asked) in kinds.iter().zip(&mut all) {
            let mut these = Asked::default();
            ask(product, floor, db, questions, &mut these).await?;
            // The first round warms what there is to warm.
            if round > 0 {
                asked.ours.append(&mut these.ours);
                asked.bare.append(&mut these.bare);
                asked.ranked.append(&mut these.ranked);
                asked.marked.append(&mut these.marked);
            }
        }
    }
    let mut costs = Vec::new();
    let (mut ranked, mut marked) = (1.0, 1.0);
    for ((kind, questions), asked) in kinds.iter().zip(&mut all) {
        let (our, bare) = (percentile(&mut asked.ours, 0.5), percentile(&mut asked.bare, 0.5));
        let figure =
            format!("{size}: {kind} ({}), p50 marked, tantivy's unmarked", questions.len());
        let compared = ratio(our.as_secs_f64(), bare.as_secs_f64());
        table.add(&figure, &ms(our), &ms(bare), compared, Goal::AtMost(MARKING));
        let (our_late, late) =
            (percentile(&mut asked.ours, 0.99), percentile(&mut asked.bare, 0.99));
        let compared = ratio(our_late.as_secs_f64(), late.as_secs_f64());
        table.add(&format!("{size}: … p99"), &ms(our_late), &ms(late), compared, Goal::None);
        let (ours, theirs) = (per_second(&asked.ours), per_second(&asked.ranked));
        let shown = |rate: f64| format!("{rate:.1}/s");
        let figure = format!(
            "{size}: … against PostgreSQL ranked, p50 {}",
            ms(percentile(&mut asked.ranked, 0.5))
        );
        table.add(&figure, &shown(ours), &shown(theirs), ratio(ours, theirs), Goal::None);
        ranked *= ratio(ours, theirs);
        let theirs = per_second(&asked.marked);
        let figure = format!(
            "{size}: … against PostgreSQL ranked and marked, p50 {}",
            ms(percentile(&mut asked.marked, 0.5))
        );
        table.add(&figure, &shown(ours), &shown(theirs), ratio(ours, theirs), Goal::None);
        marked *= ratio(ours, theirs);
        costs.push((*kind, our));
    }
    let goal = Goal::AtLeast(if size > LARGE { LARGE_GOAL } else { SMALL_GOAL });
    let figure = format!("{size}: answers a second against PostgreSQL ranked, mean of the kinds");
    table.add(&figure, "", "", mean(ranked), goal);
    let figure = format!("{size}: … ranked and marked");
    table.add(&figure, "", "", mean(marked), Goal::None);
    Ok(Costs(costs))
}

/// The geometric mean of three.
fn mean(product: f64) -> f64 {
    product.powf(1.0 / count_of(GROWTH.len()))
}

async fn ask(
    product: &Product,
    floor: &Floor,
    db: &DatabaseConnection,
    questions: &[Question],
    asked: &mut Asked,
) -> Result<()> {
    for _ in 0..REPEATED {
        for Question { terms, .. } in questions {
            let at = Instant::now();
            floor.search(terms, PAGE).await?;
            asked.bare.push(at.elapsed());
        }
        for Question { written, .. } in questions {
            let query = written.clone();
            let request = SearchRequest { query, page_size: PAGE, ..SearchRequest::default() };
            let at = Instant::now();
            product.search(request).await?;
            asked.ours.push(at.elapsed());
        }
    }
    for Question { tsquery, .. } in questions {
        for (text, took) in [(RANKED, &mut asked.ranked), (MARKED, &mut asked.marked)] {
            let at = Instant::now();
            db.query_all_raw(statement(text, vec![tsquery.as_str().into()]))
                .await
                .with_context(|| tsquery.clone())?;
            took.push(at.elapsed());
        }
    }
    Ok(())
}

/// How much slower the product became.
pub fn growth(small: &Costs, large: &Costs, table: &mut Table) {
    for (((kind, before), (_, after)), most) in small.0.iter().zip(&large.0).zip(GROWTH) {
        let figure = format!("growth of {kind}, p50 in a library ten times as large");
        let shown = format!("{} from {}", ms(*after), ms(*before));
        let compared = ratio(after.as_secs_f64(), before.as_secs_f64());
        table.add(&figure, &shown, "", compared, Goal::AtMost(most));
    }
}
