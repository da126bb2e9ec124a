//! How far the computed effect agrees with what sources say:
//! `cargo run --release --example measure -- 2025-04-19 laws.jsonl.gz`.
//!
//! The sources' `status` is taken away before, and only compared afterwards. Prints every
//! disagreement with its reason, then the table of status and effect.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

use effect::library::{Flaw, Library, Rules};
use effect::records::{Record, Records};
use flate2::read::GzDecoder;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let as_of: chrono::NaiveDate = arguments.next().ok_or("a day and files, please")?.parse()?;
    let mut records = Records::default();
    let mut labels = Vec::new();
    for file in arguments {
        for line in BufReader::new(GzDecoder::new(File::open(file)?)).lines() {
            let mut record: Record = serde_json::from_str(&line?)?;
            labels.push(record.status.take().unwrap_or_else(|| "（无）".to_owned()));
            records.add(record);
        }
    }
    told(&Library::of(records.documents().cloned().collect()));
    let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (label, judged) in labels.into_iter().zip(records.judge(as_of, &Rules::default())) {
        let how = judged.by.first().filter(|_| judged.effect == effect::Effect::Repealed);
        let how = how.map_or("", |by| by.kind.as_str());
        let amended = if judged.amended { "+amended" } else { "" };
        let effect = format!("{} {how}{amended}", judged.effect.word());
        *table.entry((label.clone(), effect)).or_default() += 1;
        let in_force = judged.effect == effect::Effect::InForce;
        // Where the source says nothing, what ended is what is worth a look.
        let expected = label != "失效";
        if in_force != expected {
            let title = judged.title.unwrap_or_default();
            println!("{label} | {} | {title} | {}", judged.id, judged.reason);
        }
    }
    for ((label, effect), count) in table {
        println!("{count:>6} {label} {effect}");
    }
    Ok(())
}

/// The flaws by kind.
fn told(library: &Library) {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let mut acting = BTreeSet::new();
    for flaw in library.flaws() {
        let name = match flaw {
            Flaw::SharedId { .. } => "shared id",
            Flaw::SharedNumber { .. } => "shared number",
            Flaw::ExpiresBeforeEffect { .. } => "expires before effect",
            Flaw::ActsOnItself { .. } => "acts on itself",
            Flaw::Circle { .. } => "circle",
            Flaw::Unresolved { .. } => "unresolved",
            Flaw::Ambiguous { .. } => "ambiguous",
            Flaw::NoPower { .. } => "no power",
            Flaw::ActorEnded { .. } => "actor ended",
            Flaw::ActsOnLater { .. } => "acts on later",
        };
        *count.entry(name).or_default() += 1;
        if std::env::var_os("ALL").is_some()
            || !matches!(flaw, Flaw::Unresolved { .. } | Flaw::SharedNumber { .. })
        {
            println!("{name} | {flaw}");
        }
        acting.extend(flaw.ids().first().map(|id| (*id).to_owned()));
    }
    let relations: usize = library.iter().map(|(document, _)| document.relations.len()).sum();
    let acts: usize = library.iter().map(|(_, grounds)| grounds.acts.len()).sum();
    println!("{relations} relations, {acts} acts that count; flaws: {count:?}");
}
