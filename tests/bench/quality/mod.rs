//! `bench quality`: how well search answers, beside plain BM25, on the engine that the product has.
//!
//! Two sets, both from the folder that `YANGGUANG_CORPUS` names. `statute-retrieval`: questions as
//! lay people type them and the articles that answer (Su et al., STARD, arXiv 2406.15313); all of
//! what is relevant is known. `laws` and `policies`: the queries of `policies.jsonl` beside this
//! file, judged 3 (what was meant), 2 (answers), 1 (touches the matter) or not at all.

mod plain;

use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use flate2::read::GzDecoder;
use plain::Plain;
use search::engine::{
    Change, Entry, Filter, Index, Record, Request, Words, effect, opening, plain as plain_text,
};
use serde_json::Value;

use crate::figures::{count_of, ratio};

/// What is judged by hand.
const JUDGED: &str = include_str!("policies.jsonl");
/// Bytes in which documents are collected, as the product's default has it.
const MEMORY: usize = 30_000_000;
const BATCH: usize = 1000;
/// How deep a list of hits is looked at.
const DEEP: usize = 100;
/// Of blocks of so many questions each fourth was not looked at when the weights were chosen.
const BLOCK: u64 = 20;
const HELD_OUT: u64 = 4;
const FIRST_PAGE: usize = 10;

/// Measures and prints both sets.
pub fn measure() -> Result<()> {
    let Ok(folder) = std::env::var("YANGGUANG_CORPUS") else {
        eprintln!("bench: no quality without YANGGUANG_CORPUS");
        return Ok(());
    };
    let words = Words::load()?;
    statutes(&Path::new(&folder).join("statute-retrieval"), &words)?;
    policies(Path::new(&folder), &words)
}

/// One text, and under what it is known.
struct Text {
    id: String,
    number: String,
    title: String,
    text: String,
    ended: bool,
}

/// Both engines over the same texts.
struct Both {
    index: Index,
    plain: Plain,
    ids: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Both {
    fn of(texts: Vec<Text>, words: &Words) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let index = Index::open(folder.path(), words, MEMORY)?;
        let (mut plain, mut ids) = (Plain::default(), Vec::new());
        let mut changes = Vec::new();
        for text in texts {
            plain.add(&[&*text.title, &text.number, &text.text].join("\n"));
            ids.push(text.id.clone());
            changes.push(change(text));
            if changes.len() == BATCH {
                index.apply(&std::mem::take(&mut changes), None)?;
            }
        }
        index.apply(&changes, None)?;
        Ok(Self { index, plain, ids, _folder: folder })
    }

    /// The ids that the product finds, in its order, and how long that takes.
    fn product(&self, query: &str) -> Result<(Vec<String>, Duration)> {
        let request = Request {
            query: query.to_owned(),
            limit: DEEP,
            extract: 120,
            filter: Filter {
                today: effect::day(chrono::Local::now().date_naive()),
                ..Filter::default()
            },
            ..Request::default()
        };
        let began = Instant::now();
        let found = self.index.search(&request)?;
        let taken = began.elapsed();
        Ok((found.hits.into_iter().map(|hit| hit.record.id).collect(), taken))
    }

    fn plain(&self, query: &str) -> Vec<String> {
        let found = self.plain.search(query, DEEP);
        found.into_iter().filter_map(|number| self.ids.get(number).cloned()).collect()
    }
}

fn change(text: Text) -> Change {
    let ended = if text.ended { 0 } else { effect::NEVER };
    let validity = effect::Validity { effective: 0, expires: ended, repealed: false };
    let record = Record {
        id: text.id,
        number: text.number,
        revision: 1,
        title: text.title,
        excerpt: opening(&text.text, 300),
        spans: validity.spans(),
        ..Record::default()
    };
    Change::Put(Box::new(Entry { record, text: text.text, ..Entry::default() }))
}

/// Sums of figures by engine and part of a set.
#[derive(Default)]
struct Sums(BTreeMap<(String, &'static str), Vec<f64>>);

impl Sums {
    fn add(&mut self, part: &str, engine: &'static str, figures: &[f64]) {
        let sums = self.0.entry((part.to_owned(), engine)).or_default();
        sums.resize(figures.len() + 1, 0.0);
        for (sum, figure) in sums.iter_mut().zip(figures.iter().chain(&[1.0])) {
            *sum += figure;
        }
    }

    fn print(&self, names: &[&str]) {
        for ((part, engine), sums) in &self.0 {
            let count = sums.last().copied().unwrap_or(1.0);
            let figures =
                sums.iter().zip(names).map(|(sum, name)| format!("{name} {:.3}", sum / count));
            let figures: Vec<String> = figures.collect();
            println!("  {part:16} {engine:8} {}  ({count:.0} queries)", figures.join("  "));
        }
    }
}

fn statutes(folder: &Path, words: &Words) -> Result<()> {
    let texts = records(&folder.join("corpus.jsonl.gz"))?;
    let texts: Vec<Text> = texts.iter().map(|record| text(record, "aid", "name")).collect();
    println!("statute-retrieval: {} articles", texts.len());
    let both = Both::of(texts, words)?;
    let mut sums = Sums::default();
    let mut times = Vec::new();
    for question in records(&folder.join("queries.jsonl.gz"))? {
        let relevant: Vec<&str> = strings(&question, "relevant");
        let part = field(&question, "author_part");
        let query = field(&question, "query");
        let (found, taken) = both.product(&query.chars().take(200).collect::<String>())?;
        times.push(taken);
        let ours = retrieval(&found, &relevant);
        let theirs = retrieval(&both.plain(&query), &relevant);
        // Neighbouring questions are about one matter: whole blocks of them are held out.
        let block = question.get("qid").and_then(Value::as_u64).unwrap_or(0) / BLOCK;
        let held_out = block.is_multiple_of(HELD_OUT).then(|| format!("{part}, held out"));
        for part in Some(part).into_iter().chain(held_out) {
            sums.add(&part, "product", &ours);
            sums.add(&part, "plain", &theirs);
        }
    }
    sums.print(&["R@10", "R@100", "MRR@10"]);
    print_times(times);
    Ok(())
}

fn policies(folder: &Path, words: &Words) -> Result<()> {
    let mut texts = Vec::new();
    for set in ["laws", "policies"] {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder.join(set))?.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "gz"));
        files.sort();
        for file in files {
            texts.extend(records(&file)?.iter().map(|record| text(record, "id", "title")));
        }
    }
    println!("laws and policies: {} documents", texts.len());
    let both = Both::of(texts, words)?;
    let mut sums = Sums::default();
    let mut times = Vec::new();
    for line in JUDGED.lines() {
        let judged: Value = serde_json::from_str(line).context("policies.jsonl")?;
        let query = field(&judged, "query");
        let grades: HashMap<&str, f64> = judged
            .get("judged")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(id, grade)| Some((id.as_str(), grade.as_f64()?)))
            .collect();
        let (found, taken) = both.product(&query)?;
        times.push(taken);
        let (ours, theirs) = (gain(&found, &grades), gain(&both.plain(&query), &grades));
        if std::env::args().any(|argument| argument == "each") {
            println!("  {ours:.3} {theirs:.3} {query}");
        }
        for part in ["all".to_owned(), field(&judged, "kind")] {
            sums.add(&part, "product", &[ours]);
            sums.add(&part, "plain", &[theirs]);
        }
    }
    sums.print(&["nDCG@10"]);
    print_times(times);
    Ok(())
}

/// Recall at 10 and at 100, and the reciprocal rank of the first among ten.
fn retrieval(found: &[String], relevant: &[&str]) -> [f64; 3] {
    let is_relevant = |id: &&String| relevant.contains(&id.as_str());
    let recall = |depth: usize| {
        ratio(
            count_of(found.iter().take(depth).filter(is_relevant).count()),
            count_of(relevant.len()),
        )
    };
    let first = found.iter().take(FIRST_PAGE).position(|id| is_relevant(&id));
    [recall(FIRST_PAGE), recall(DEEP), first.map_or(0.0, |place| 1.0 / count_of(place + 1))]
}

/// nDCG@10 with gains of 2^grade - 1 (Burges et al., Learning to Rank using Gradient Descent, 2005).
fn gain(found: &[String], grades: &HashMap<&str, f64>) -> f64 {
    let discounted = |grades: &mut dyn Iterator<Item = f64>| -> f64 {
        grades
            .take(FIRST_PAGE)
            .zip(2_u32..)
            .map(|(grade, place)| (grade.exp2() - 1.0) / f64::from(place).log2())
            .sum()
    };
    let mut best: Vec<f64> = grades.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let ideal = discounted(&mut best.into_iter());
    let got = found.iter().map(|id| grades.get(id.as_str()).copied().unwrap_or(0.0));
    ratio(discounted(&mut got.into_iter()), ideal)
}

fn print_times(mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    println!("  {DEEP} hits with extracts: p50 {:.1?}, p95 {:.1?}", at(50), at(95));
}

fn text(record: &Value, id: &str, title: &str) -> Text {
    Text {
        id: field(record, id),
        number: field(record, "doc_number"),
        title: field(record, title),
        text: plain_text(&field(record, "text")),
        ended: field(record, "status") == "失效",
    }
}

fn field(record: &Value, name: &str) -> String {
    record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn strings<'a>(record: &'a Value, name: &str) -> Vec<&'a str> {
    let values = record.get(name).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn records(file: &Path) -> Result<Vec<Value>> {
    let open = std::fs::File::open(file).with_context(|| file.display().to_string())?;
    let reader: Box<dyn Read> = Box::new(GzDecoder::new(open));
    BufReader::new(reader).lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}
