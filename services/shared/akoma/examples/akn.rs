//! Writes a text as Akoma Ntoso: `cargo run -p akoma --example akn -- rule|other < TEXT > FILE`.

use std::io::{Read as _, Write as _};

use akoma::{Class, Force, Organ, Policy, Span, xml};
use chrono::NaiveDate;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let class = match std::env::args().nth(1).as_deref() {
        Some("rule") => Class::Rule,
        _ => Class::Other,
    };
    let day = NaiveDate::from_ymd_opt(2026, 6, 9).unwrap_or_default();
    let span = |from, force| Span { from, force, amended: false, by: String::new() };
    let policy = Policy {
        id: "example".to_owned(),
        address: "https://city.example/policies/example".to_owned(),
        class,
        title: text.lines().next().unwrap_or_default().to_owned(),
        document_number: String::new(),
        category: String::new(),
        keywords: Vec::new(),
        organ: Organ::default(),
        publisher: Organ::default(),
        issued_on: Some(day),
        published_on: day,
        revised_on: day,
        revision: 1,
        text,
        spans: vec![span(None, Force::NotYet), span(Some(day), Force::InForce)],
        cited: Vec::new(),
        files: Vec::new(),
    };
    std::io::stdout().write_all(xml(&policy).as_bytes())
}
