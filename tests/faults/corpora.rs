//! Real libraries through the public command: what follows equals what the files and rules say.

use std::{path::PathBuf, time::Instant};

use serde_json::Value;

use crate::{
    harness::{Platform, Store},
    library::{self, Library},
    portal::Portal,
    standing::{self, Standing},
};

/// Also the laws, which an unoptimised build takes minutes for.
const FULL: &str = "YANGGUANG_FULL";

/// The search of each title is more than a person asks for.
pub const NO_LIMITS: [(&str, &str); 2] =
    [("gateway.limits.requests_per_second", "100000"), ("gateway.limits.request_burst", "100000")];

fn files(corpora: &std::path::Path) -> Vec<PathBuf> {
    let policies = ["statecouncil", "hebei", "hebei-titles", "city-housing"];
    let mut files: Vec<PathBuf> =
        policies.iter().map(|name| corpora.join(format!("policies/{name}.jsonl.gz"))).collect();
    files.push(corpora.join("city-policies/documents.jsonl.gz"));
    if std::env::var_os(FULL).is_some() {
        files.push(corpora.join("laws/laws.jsonl.gz"));
    } else {
        println!("without the laws, which {FULL}=1 adds");
    }
    files
}

/// Ids and fields of the records that were refused.
fn refusals(report: &std::path::Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(report).unwrap_or_default();
    let entries = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    entries.map(|entry| (text(&entry, "id"), text(&entry, "field"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_corpus_sets_going_what_the_rules_say() {
    let Some(corpora) = library::corpora() else { return };
    let files = files(&corpora);
    let library = Library::read(&files);
    let platform = Platform::start(Store::Sqlite, &NO_LIMITS).await.unwrap();
    let portal = Portal::at(&platform.url(""));
    standing::prepare(&portal).await;

    let report = platform.data().join("refused.jsonl");
    let arguments = standing::import_arguments(&files, &report);
    let begun = Instant::now();
    let output = platform.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let imported = begun.elapsed();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let expected: Vec<_> =
        library.refused.iter().map(|id| (id.clone(), "title".to_owned())).collect();
    assert_eq!(refusals(&report), expected, "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(if expected.is_empty() { 0 } else { 3 }), "{said}");

    standing::settled(&portal, library.taken.len()).await;
    let followed = begun.elapsed();
    let standing = Standing::read(&portal, &platform.outbox()).await;
    standing.equals(&library);
    let searching = Instant::now();
    let searches = standing::each_is_found(&portal, &library).await;
    println!(
        "{}, {} refused; imported in {:.1} s, all followed after {:.1} s; \
         {searches} searches by title or number in {:.1} s, each found",
        standing.figures(),
        expected.len(),
        imported.as_secs_f64(),
        followed.as_secs_f64(),
        searching.elapsed().as_secs_f64()
    );
}
