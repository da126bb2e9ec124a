//! How much is found, and how much of it rightly: written sentences with personal data set
//! into paragraphs, and paragraphs with none.
//!
//! With `YANGGUANG_CORPUS` set to a folder of real texts the paragraphs are real.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test proves by panicking")]

mod chance;
mod corpus;
mod templates;

use std::ops::Range;

use chance::Chance;
use privacy::{Finding, Kind, find, mask};
use templates::{NEGATIVE, POSITIVE, value};

const POSITIVE_TEXTS: usize = 4_000;
const NEGATIVE_TEXTS: usize = 12_800;

/// A text and where in it what must be found, in bytes.
struct Labelled {
    text: String,
    labels: Vec<(Range<usize>, Kind)>,
}

/// Fills a template; in a negative one nothing is to be found.
fn filled(template: &str, is_positive: bool, chance: &mut Chance) -> Labelled {
    let mut text = String::new();
    let mut labels = Vec::new();
    for (index, part) in template.split('{').enumerate() {
        let Some((word, rest)) = part.split_once('}').filter(|_| index > 0) else {
            text.push_str(part);
            continue;
        };
        let (value, kind) = value(word, chance);
        let start = text.len();
        text.push_str(&value);
        labels.extend(kind.filter(|_| is_positive).map(|kind| (start..text.len(), kind)));
        text.push_str(rest);
    }
    Labelled { text, labels }
}

/// Sets a filled template between two paragraphs.
fn set_into(inner: Labelled, paragraphs: &[String], chance: &mut Chance) -> Labelled {
    let mut part = || paragraphs[chance.below(paragraphs.len())].clone();
    let (mut before, behind) = (part(), part());
    let is_table = inner.text.contains(['\n', '\t', '|']);
    // Between two paragraphs, behind a sentence, or in the middle of one.
    let joint = match chance.below(3) {
        0 if !is_table => {
            let stop = before.rfind('。').map_or(before.len(), |stop| stop + '。'.len_utf8());
            before.truncate(stop);
            if before.ends_with('。') { "" } else { "\n" }
        }
        1 if !is_table => {
            let middle = before.chars().count() / 2;
            before = before.chars().take(middle).collect();
            "，"
        }
        _ => "\n",
    };
    let shift = before.len() + joint.len();
    let labels = inner
        .labels
        .into_iter()
        .map(|(range, kind)| (range.start + shift..range.end + shift, kind));
    Labelled { labels: labels.collect(), text: format!("{before}{joint}{}\n{behind}", inner.text) }
}

fn is_same(label: Kind, found: Kind) -> bool {
    let account = |kind| matches!(kind, Kind::BankCard | Kind::BankAccount);
    label == found || (account(label) && account(found))
}

#[derive(Default)]
struct Score {
    labels: usize,
    found: usize,
    exact: usize,
    findings: usize,
    right: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
    inexact: Vec<String>,
}

impl Score {
    fn count(&mut self, case: &Labelled) {
        let findings: Vec<Finding> = find(&case.text).into_iter().filter(|f| f.personal).collect();
        let meets = |finding: &Finding, range: &Range<usize>| {
            finding.bytes.start < range.end && range.start < finding.bytes.end
        };
        for (range, kind) in &case.labels {
            self.labels += 1;
            if findings.iter().any(|f| is_same(*kind, f.kind) && meets(f, range)) {
                self.found += 1;
                let exact = findings.iter().any(|f| f.bytes == *range);
                self.exact += usize::from(exact);
                if !exact {
                    self.inexact.push(format!("{kind}: {}", around(&case.text, range)));
                }
            } else {
                self.missed.push(format!("{kind}: {}", around(&case.text, range)));
            }
        }
        for finding in &findings {
            self.findings += 1;
            if case.labels.iter().any(|(range, _)| meets(finding, range)) {
                self.right += 1;
            } else {
                self.wrong.push(format!(
                    "{}: {}",
                    finding.kind,
                    around(&case.text, &finding.bytes)
                ));
            }
        }
    }
}

fn around(text: &str, range: &Range<usize>) -> String {
    let before: Vec<char> = text[..range.start].chars().rev().take(24).collect();
    let before: String = before.into_iter().rev().collect();
    let behind: String = text[range.end..].chars().take(12).collect();
    format!("{before}[{}]{behind}", &text[range.clone()]).replace(['\n', '\t'], "/")
}

#[test]
fn the_labelled_set_is_found() {
    let real = corpus::paragraphs();
    if real.is_none() {
        println!("skipped: YANGGUANG_CORPUS names no folder of real texts; using written ones");
    }
    let paragraphs = real.clone().unwrap_or_else(|| corpus::WRITTEN.map(str::to_owned).to_vec());
    let mut chance = Chance::new(20_230_101);
    let mut score = Score::default();
    for index in 0..POSITIVE_TEXTS {
        let inner = filled(POSITIVE[index % POSITIVE.len()], true, &mut chance);
        score.count(&set_into(inner, &paragraphs, &mut chance));
    }
    for index in 0..NEGATIVE_TEXTS {
        let inner = filled(NEGATIVE[index % NEGATIVE.len()], false, &mut chance);
        score.count(&set_into(inner, &paragraphs, &mut chance));
    }
    for text in real.into_iter().flatten() {
        score.count(&Labelled { text, labels: Vec::new() });
    }
    let share = |part: usize, whole: usize| {
        f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(whole).unwrap())
    };
    let (recall, precision) =
        (share(score.found, score.labels), share(score.right, score.findings));
    println!("missed {}:\n{}", score.missed.len(), list(&score.missed));
    println!("found, but in another place {}:\n{}", score.inexact.len(), list(&score.inexact));
    println!("wrong {}:\n{}", score.wrong.len(), list(&score.wrong));
    println!(
        "{} labels, recall {recall:.4}; {} findings, precision {precision:.4}",
        score.labels, score.findings
    );
    assert!(score.labels >= 2_000);
    assert!(share(score.exact, score.found) >= 0.99, "{} of {}", score.exact, score.found);
    assert!(recall >= 0.995, "recall {recall}");
    assert!(precision >= 0.98, "precision {precision}");
}

#[test]
fn mutated_texts_are_read() {
    const INSERTS: [&str; 16] = [
        "1",
        "９",
        "X",
        "@",
        "·",
        "\t",
        "|",
        "\n",
        "：",
        "-",
        " ",
        "申请人",
        "卡号",
        "13812345678",
        "皖D",
        "栋",
    ];
    let paragraphs =
        corpus::paragraphs().unwrap_or_else(|| corpus::WRITTEN.map(str::to_owned).to_vec());
    let mut chance = Chance::new(7);
    for index in 0..6_000 {
        let inner = filled(POSITIVE[index % POSITIVE.len()], true, &mut chance);
        let case = set_into(inner, &paragraphs, &mut chance);
        let mut text: Vec<char> = case.text.chars().take(400).collect();
        for _ in 0..=chance.below(8) {
            let at = chance.below(text.len());
            match chance.below(3) {
                0 => drop(text.remove(at)),
                1 => {
                    let middle = text.len() / 2;
                    text.swap(at, middle);
                }
                _ => drop(text.splice(at..at, chance.pick(&INSERTS).chars())),
            }
            if text.is_empty() {
                break;
            }
        }
        let text: String = text.into_iter().collect();
        let findings = find(&text);
        for pair in findings.windows(2) {
            assert!(pair[0].bytes.end <= pair[1].bytes.start, "{text}");
        }
        for finding in &findings {
            assert!(
                text.get(finding.bytes.clone()).is_some_and(|value| !value.is_empty()),
                "{text}"
            );
        }
        let _ = mask(&text, &findings);
    }
}

fn list(all: &[String]) -> String {
    all.iter().take(150).map(|line| format!("  {line}\n")).collect()
}
