//! What the collections know besides title and text, compared with what was read. A value
//! counts where the text carries it; a date or number that only a web page's table had cannot be
//! read from the text.

use super::score::Scores;
use super::source::{analyzed, folder, found, joined, records, text};

/// A date as headers and signatures write it.
fn written(date: &str) -> String {
    let mut parts = date.split('-').map(|part| part.trim_start_matches('0'));
    let mut part = || parts.next().unwrap_or_default();
    format!("{}年{}月{}日", part(), part(), part())
}

/// Whether a text carries a date, in Arabic or in Chinese digits.
fn carries(text: &str, date: &str) -> bool {
    let text = plain(text).replace(['○', 'Ｏ', '零'], "〇");
    let digit = |ch: char| {
        ch.to_digit(10)
            .map_or(ch, |at| "〇一二三四五六七八九".chars().nth(at as usize).unwrap_or(ch))
    };
    let mut parts = date.split('-');
    let year: String = parts.next().unwrap_or_default().chars().map(digit).collect();
    let small = |part: &str| match part.parse::<usize>().unwrap_or_default() {
        ten @ 10..=99 => {
            let tens = if ten < 20 { String::new() } else { (ten / 10).to_string() };
            let ones = if ten % 10 == 0 { String::new() } else { (ten % 10).to_string() };
            format!("{tens}十{ones}").chars().map(digit).collect::<String>()
        }
        one => one.to_string().chars().map(digit).collect(),
    };
    let month = small(parts.next().unwrap_or_default());
    let day = small(parts.next().unwrap_or_default());
    text.contains(&written(date)) || text.contains(&format!("{year}年{month}月{day}日"))
}

/// A text without blanks.
fn plain(text: &str) -> String {
    text.chars().filter(|ch| !ch.is_whitespace()).collect()
}

#[test]
fn the_state_councils_documents_are_read() {
    let Some(folder) = folder() else { return };
    let mut scores = Scores::default();
    for record in records(&folder, "policies/statecouncil") {
        let (text, document) = analyzed(&record);
        let title = record["title"].as_str().unwrap_or_default();
        let mut add = |name, got: &str, wanted: &str| scores.add(name, title, got, wanted);
        let known = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        add("number", &found(&document, "document_number"), &known("doc_number"));
        add("organ", &joined(&document["issuing_organs"]), &known("issuing_body"));
        // One page's table gives another day than the document's own signature.
        if carries(&text, &known("issued_on")) {
            add("signed_on", &found(&document, "signed_on"), &known("issued_on"));
        }
        add("title", &found(&document, "title"), &known("title"));
    }
    scores.report("State Council");
    assert!(scores.rate("number") >= 0.99 && scores.rate("organ") >= 0.97);
    assert!(scores.rate("signed_on") >= 0.98 && scores.rate("title") >= 0.99);
}

/// Guangzhou's documents: number, organ and date were checked by those who collected them.
#[test]
fn the_documents_of_a_city_are_read() {
    let Some(folder) = folder() else { return };
    let mut scores = Scores::default();
    for record in records(&folder, "city-policies/documents") {
        let (text, document) = analyzed(&record);
        let title = record["title"].as_str().unwrap_or_default();
        let whole = plain(&format!("{title}{text}"));
        let number = record["doc_number"].as_str().filter(|number| whole.contains(&plain(number)));
        if let Some(number) = number {
            scores.add("number", title, &found(&document, "document_number"), number);
        }
        // A body that the text does not name cannot be read from it.
        let body = record["issuing_body"].as_str().unwrap_or_default();
        if body.split('、').all(|name| whole.contains(name)) {
            scores.add("organ", title, &joined(&document["issuing_organs"]), body);
        }
        let day = record["issued_on"].as_str().filter(|day| whole.contains(&written(day)));
        if let Some(day) = day {
            scores.add("signed_on", title, &found(&document, "signed_on"), day);
        }
    }
    // Few, and many are pages of advice: printed, not asserted.
    scores.report("Guangzhou");
}

/// Hebei's site tells the organ of two of its sections, and the number of government rules.
#[test]
fn the_documents_of_a_province_are_read() {
    let Some(folder) = folder() else { return };
    let mut scores = Scores::default();
    for record in records(&folder, "policies/hebei") {
        let (text, document) = analyzed(&record);
        let title = record["title"].as_str().unwrap_or_default();
        let whole = plain(&format!("{title}{text}"));
        if let Some(body) = record["issuing_body"].as_str().filter(|body| whole.contains(*body))
            && plain(title).starts_with(body)
        {
            scores.add("organ", title, &joined(&document["issuing_organs"]), body);
        }
        let page = record["issued_on"].as_str().filter(|day| text.contains(&written(day)));
        if let Some(day) = page {
            scores.add("signed_on (the page's date)", title, &found(&document, "signed_on"), day);
        }
    }
    scores.report("Hebei");
    assert!(scores.rate("organ") >= 0.97);
}

/// Laws whose text carries the day that the collection gives; others cannot be read from it.
#[test]
fn the_dates_of_laws_are_read() {
    let Some(folder) = folder() else { return };
    let mut scores = Scores::default();
    for record in records(&folder, "laws/laws") {
        let (text, document) = analyzed(&record);
        let title = record["title"].as_str().unwrap_or_default();
        let plain = plain(&text);
        let header = plain.split("<!--INFOEND").next().unwrap_or_default();
        let issued = record["issued_on"].as_str().filter(|day| header.contains(&written(day)));
        if let Some(day) = issued {
            scores.add("signed_on", title, &found(&document, "signed_on"), day);
        }
        let takes_effect = |day: &&str| {
            ["起施行", "施行", "起实施"]
                .iter()
                .any(|verb| plain.contains(&format!("{}{verb}", written(day))))
        };
        if let Some(day) = record["effective_on"].as_str().filter(takes_effect) {
            scores.add("effective_on", title, &found(&document, "effective_on"), day);
        }
        let category = match record["category"].as_str().unwrap_or_default() {
            "法律" | "宪法" => "law",
            "行政法规" => "administrative_regulation",
            "司法解释" => "judicial_interpretation",
            "地方性法规" => "local_regulation",
            _ => "department_rule",
        };
        scores.add("category", title, &found(&document, "category"), category);
    }
    scores.report("laws");
    assert!(scores.rate("signed_on") >= 0.985 && scores.rate("effective_on") >= 0.99);
    assert!(scores.rate("category") >= 0.95);
}

/// Every sentence with a full citation right before 同时废止 gives a relation.
#[test]
fn plain_repeals_are_found() {
    let Some(folder) = folder() else { return };
    let mut scores = Scores::default();
    for record in records(&folder, "laws/laws") {
        let (text, document) = analyzed(&record);
        let relations = document["relations"].as_array().unwrap();
        for (at, _) in text.match_indices("》同时废止") {
            let open = text[..at].rfind('《').unwrap();
            let wanted = plain(&text[open + 3..at]);
            let hit = relations.iter().any(|relation| {
                relation["type"] == "repeals"
                    && relation["title"].as_str().is_some_and(|title| title.ends_with(&wanted))
            });
            let got = if hit { wanted.as_str() } else { "" };
            scores.add("repeals", record["title"].as_str().unwrap(), got, &wanted);
        }
    }
    scores.report("laws");
    assert!(scores.rate("repeals") >= 0.98);
}

#[test]
fn damaged_documents_are_read() {
    let Some(folder) = folder() else { return };
    for name in ["policies/hebei", "policies/city-housing"] {
        for (index, record) in records(&folder, name).iter().enumerate() {
            let text = text(record);
            // Every so many characters one is lost, doubled or swapped with the next.
            let step = 3 + index % 11;
            let mut damaged = String::new();
            for (at, ch) in text.chars().take(6000).enumerate() {
                match (at % step, at % 3) {
                    (0, 0) => {}
                    (0, 1) => damaged.extend([ch, ch]),
                    (0, _) => damaged.extend(['》', ch]),
                    _ => damaged.push(ch),
                }
            }
            let _ = gongwen::analyze(record["title"].as_str(), &damaged);
        }
    }
}
