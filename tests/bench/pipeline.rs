//! From the command to publish until a search finds it.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures::{StreamExt as _, TryStreamExt as _};

use crate::{
    corpus::{self, Document},
    figures::{Goal, Table, count_of, ms, percentile, rate, ratio},
    floor::Floor,
    machine::{cpu, quiet},
    product::Product,
    subject::{Item, Subject},
};

const ROUNDS: usize = 3;
/// Published one after the other in a round.
const SINGLE: usize = 50;
/// Published by all writers together in a round.
const MANY: usize = 384;
const WRITERS: usize = 64;
/// Between two questions whether it is found.
const POLL: Duration = Duration::from_micros(500);
const PATIENCE: Duration = Duration::from_secs(60);

/// What one subject needed in all rounds.
#[derive(Default)]
struct Cost {
    single: Vec<Duration>,
    many: Duration,
    cpu: Duration,
}

/// Product and floor in turn.
pub async fn measure(
    name: &str,
    product: &Product,
    floor: &Floor,
    table: &mut Table,
) -> Result<()> {
    let documents = corpus::generated(SINGLE + MANY)?;
    let (mut ours, mut theirs) = (Cost::default(), Cost::default());
    for round in 0..ROUNDS {
        let desk = product.signed_in().await?;
        run(Subject::Floor(floor), round, &documents, &mut theirs).await?;
        run(Subject::Product(product, &desk), round, &documents, &mut ours).await?;
    }
    for (what, share, most) in [("p50", 0.5, 1.3), ("p99", 0.99, 1.5)] {
        let (our, their) =
            (percentile(&mut ours.single, share), percentile(&mut theirs.single, share));
        let compared = ratio(our.as_secs_f64(), their.as_secs_f64());
        let figure = format!("{name}: publish → searchable, 1 in flight, {what}");
        table.add(&figure, &ms(our), &ms(their), compared, Goal::AtMost(most));
    }
    let all = MANY * ROUNDS;
    let (our, their) = (rate(all, ours.many), rate(all, theirs.many));
    let figure = format!("{name}: … {WRITERS} writers");
    let compared = ratio(our, their);
    table.add(
        &figure,
        &format!("{our:.0}/s"),
        &format!("{their:.0}/s"),
        compared,
        Goal::AtLeast(0.6),
    );
    let each = |cost: Duration| cost.as_secs_f64() * 1000.0 / count_of(all);
    let (our, their) = (each(ours.cpu), each(theirs.cpu));
    let figure = format!("{name}: … CPU a document there");
    let shown = |each: f64| format!("{each:.2} ms");
    table.add(&figure, &shown(our), &shown(their), ratio(our, their), Goal::None);
    Ok(())
}

async fn run(
    subject: Subject<'_>,
    round: usize,
    documents: &[Document],
    cost: &mut Cost,
) -> Result<()> {
    let (few, many) = documents.split_at(SINGLE);
    let batch = format!("s{round}");
    let items = subject.prepare(&batch, few).await?;
    quiet(&subject.pids()).await;
    for item in &items {
        cost.single.push(one(subject, item).await?);
    }
    let batch = format!("m{round}");
    let items = subject.prepare(&batch, many).await?;
    quiet(&subject.pids()).await;
    let before = cpu(&subject.pids());
    cost.many += together(subject, &batch, &items).await?;
    // What the product does behind the answer is part of its price.
    quiet(&subject.pids()).await;
    cost.cpu += cpu(&subject.pids()).saturating_sub(before);
    Ok(())
}

async fn one(subject: Subject<'_>, item: &Item) -> Result<Duration> {
    let started = Instant::now();
    subject.publish(item).await?;
    found(subject, &item.word, 1, started).await?;
    Ok(started.elapsed())
}

async fn together(subject: Subject<'_>, batch: &str, items: &[Item]) -> Result<Duration> {
    let started = Instant::now();
    let publishing = futures::stream::iter(items)
        .map(|item| subject.publish(item))
        .buffer_unordered(WRITERS)
        .try_collect::<()>();
    publishing.await?;
    found(subject, batch, items.len() as u64, started).await?;
    Ok(started.elapsed())
}

async fn found(subject: Subject<'_>, word: &str, count: u64, started: Instant) -> Result<()> {
    loop {
        let found = subject.count(word).await?;
        if found == count {
            return Ok(());
        }
        anyhow::ensure!(started.elapsed() < PATIENCE, "{word}: {found} of {count} are found");
        tokio::time::sleep(POLL).await;
    }
}
