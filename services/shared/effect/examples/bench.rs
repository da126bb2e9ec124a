//! How long a library takes: `cargo run --release --example bench -- 200000`.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use effect::library::{Document, Library, Relation, Target};
use effect::{ActKind, timeline};

fn main() -> Result<(), Box<dyn Error>> {
    let count: u64 = std::env::args().nth(1).unwrap_or_else(|| "200000".to_owned()).parse()?;
    let first = NaiveDate::from_ymd_opt(1990, 1, 1).ok_or("no day")?;
    let documents: Vec<Document> = (0..count).map(|at| document(at, count, first)).collect();
    let relations: usize = documents.iter().map(|document| document.relations.len()).sum();
    let start = Instant::now();
    let library = Library::of(documents);
    let built = start.elapsed();
    let day = first + Days::new(12_000);
    let start = Instant::now();
    let ended = library.verdicts(day).filter(|(_, v)| v.effect != effect::Effect::InForce).count();
    let judged = start.elapsed();
    let start = Instant::now();
    let days: usize = library.iter().map(|(_, grounds)| black_box(timeline(grounds)).len()).sum();
    let lined = start.elapsed();
    println!("{count} documents, {relations} relations, {} flaws", library.flaws().len());
    println!(
        "built {built:?}; verdicts {judged:?} ({ended} not in force); timelines {lined:?} ({days} entries)"
    );
    Ok(())
}

/// A document that is like a city's: every second one acts on two earlier ones, by number or
/// title; some are versions, some state a period.
fn document(at: u64, count: u64, first: NaiveDate) -> Document {
    let day = first + Days::new(at * 12_500 / count);
    let number = |at: u64| format!("某府〔{}〕{}号", 1990 + at * 34 / count, at % 9_973 + 1);
    let title = |at: u64| match at % 7 {
        0 | 1 => format!("某市第{}类事项管理办法", at - at % 7),
        _ => format!("某市人民政府关于印发某市第{at}类事项实施方案的通知"),
    };
    let mut document = Document {
        numbers: vec![number(at)],
        organs: vec![format!("某市第{}局", at % 50)],
        signed_on: Some(day),
        effective_on: Some(day + Days::new(30)),
        validity_years: (at.is_multiple_of(5)).then_some(5),
        ..Document::new(format!("{at:08}"), title(at))
    };
    if at % 2 == 1 && at > 100 {
        for (kind, back) in
            [(ActKind::Repeals, at * 7 % 97 + 1), (ActKind::Amends, at * 13 % 89 + 1)]
        {
            let other = at - back;
            let target = if at % 4 == 1 {
                Target::number(number(other))
            } else {
                Target::title(title(other))
            };
            document.relations.push(Relation::new(kind, target));
        }
    }
    document
}
