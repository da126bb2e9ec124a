//! Two revisions side by side, cut to what is worth reading.

use compare::{Kind, Piece, Stretch};
use contracts::documents::{PolicyContent, Revision};

use super::{days, policy::relation_word};

/// Paragraphs without a change that are shown before and behind a change.
const AROUND: usize = 1;
/// Characters of text that one part of the page has; the page stays light.
const PART: usize = 9_000;

/// A row of the comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// `same`, `fold`, `changed`, `deleted` or `inserted`.
    pub kind: &'static str,
    /// Of a fold: which paragraphs; else the text in pieces.
    pub pieces: Vec<Mark>,
    /// Of a fold: how many paragraphs.
    pub folded: usize,
}

/// A stretch of text: `same`, `del` or `ins`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    pub kind: &'static str,
    pub text: String,
}

impl Mark {
    fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

impl From<Piece> for Mark {
    fn from(piece: Piece) -> Self {
        let kind = match piece.kind {
            Kind::Same => "same",
            Kind::Deleted => "del",
            Kind::Inserted => "ins",
        };
        Self { kind, text: piece.text }
    }
}

impl Row {
    fn of(kind: &'static str, mark: &'static str, line: &str) -> Self {
        Self { kind, pieces: vec![Mark::new(mark, line)], folded: 0 }
    }

    fn fold(folded: usize) -> Self {
        Self { kind: "fold", pieces: Vec::new(), folded }
    }

    /// Characters that it adds to the page; two columns show what was changed twice.
    fn weight(&self) -> usize {
        let chars: usize = self.pieces.iter().map(|mark| mark.text.chars().count()).sum();
        if self.kind == "same" { chars + 40 } else { 2 * chars + 80 }
    }
}

/// How many paragraphs were changed, came and went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub changed: usize,
    pub inserted: usize,
    pub deleted: usize,
}

/// Two texts side by side, and what happened in all of them.
pub fn rows(before: &str, after: &str) -> (Vec<Row>, Tally) {
    let (old, new) = (compare::paragraphs(before), compare::paragraphs(after));
    let (mut rows, mut tally) = (Vec::new(), Tally::default());
    let stretches = compare::compare(&old, &new);
    let last = stretches.len().saturating_sub(1);
    for (place, stretch) in stretches.into_iter().enumerate() {
        match stretch {
            Stretch::Same { after, .. } => {
                let lines = new.get(after).unwrap_or_default();
                same(&mut rows, lines, place == 0, place == last);
            }
            Stretch::Changed { pieces, .. } => {
                tally.changed += 1;
                let pieces = pieces.into_iter().map(Mark::from).collect();
                rows.push(Row { kind: "changed", pieces, folded: 0 });
            }
            Stretch::Deleted(before) => {
                tally.deleted += before.len();
                let lines = old.get(before).unwrap_or_default().iter();
                rows.extend(lines.map(|line| Row::of("deleted", "del", line)));
            }
            Stretch::Inserted(after) => {
                tally.inserted += after.len();
                let lines = new.get(after).unwrap_or_default().iter();
                rows.extend(lines.map(|line| Row::of("inserted", "ins", line)));
            }
        }
    }
    (rows, tally)
}

/// Paragraphs without a change, folded save those next to a change.
fn same(rows: &mut Vec<Row>, lines: &[&str], first: bool, last: bool) {
    let head = if first { 0 } else { AROUND };
    let tail = if last { 0 } else { AROUND };
    let shown = |lines: &[&str]| -> Vec<Row> {
        lines.iter().map(|line| Row::of("same", "same", line)).collect()
    };
    // To fold one paragraph saves nothing.
    if lines.len() <= head + tail + 1 {
        rows.extend(shown(lines));
        return;
    }
    let (before, rest) = lines.split_at_checked(head).unwrap_or((&[], lines));
    let (folded, behind) = rest.split_at_checked(rest.len() - tail).unwrap_or((rest, &[]));
    rows.extend(shown(before));
    rows.push(Row::fold(folded.len()));
    rows.extend(shown(behind));
}

/// The rows in parts, of which a page shows one; at least one part.
pub fn parts(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let (mut parts, mut weight) = (vec![Vec::new()], 0);
    for row in rows {
        let more = row.weight();
        if weight > 0 && weight + more > PART {
            parts.push(Vec::new());
            weight = 0;
        }
        weight += more;
        if let Some(part) = parts.last_mut() {
            part.push(row);
        }
    }
    parts
}

/// A field in which two revisions differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldChange {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// The fields in which two revisions differ, with what both say; nothing is 未标注.
pub fn fields(before: &Revision, after: &Revision) -> Vec<FieldChange> {
    let (old, new) = (told(before), told(after));
    let differs = |((name, before), (_, after)): ((&str, String), (&str, String))| {
        let shown = |text: String| if text.is_empty() { "未标注".to_owned() } else { text };
        (before != after).then(|| FieldChange {
            name: name.to_owned(),
            before: shown(before),
            after: shown(after),
        })
    };
    old.into_iter().zip(new).filter_map(differs).collect()
}

fn told(revision: &Revision) -> [(&'static str, String); 12] {
    let content = revision.content.clone().unwrap_or_default();
    let files = revision.attachments.iter();
    // A file of the same name with another content is another file.
    let file = |file: &contracts::documents::Attachment| {
        let sum = file.sha256.get(..8).unwrap_or_default();
        format!("{}（{}，校验值 {sum}…）", file.file_name, days::size(file.size))
    };
    let relations = relations(&content);
    let PolicyContent {
        title,
        document_number,
        category,
        summary,
        issued_on,
        effective_on,
        expires_on,
        keywords,
        source,
        source_url,
        ..
    } = content;
    [
        ("标题", title),
        ("发文字号", document_number),
        ("发布机关", revision.organ_name.clone()),
        ("文件类别", category),
        ("成文日期", days::spoken_day(&issued_on)),
        ("实施日期", days::spoken_day(&effective_on)),
        ("失效日期", days::spoken_day(&expires_on)),
        ("内容概述", summary),
        ("关键词", keywords.join("、")),
        ("文件关系", relations),
        ("信息来源", [source, source_url].join(" ").trim().to_owned()),
        ("附件", files.map(file).collect::<Vec<_>>().join("；")),
    ]
}

fn relations(content: &PolicyContent) -> String {
    let one = |relation: &contracts::documents::Relation| {
        let title = match relation.target_title.as_str() {
            "" => String::new(),
            title => format!("《{title}》"),
        };
        format!(
            "{}{title}{}{}",
            relation_word(&relation.r#type, false),
            relation.target_document_number,
            relation.articles.join("、")
        )
    };
    content.relations.iter().map(one).collect::<Vec<_>>().join("；")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(rows: &[Row]) -> Vec<&'static str> {
        rows.iter().map(|row| row.kind).collect()
    }

    #[test]
    fn what_did_not_change_is_folded_around_the_changes() {
        let before: Vec<String> = (1..=9).map(|n| format!("第{n}段，原文照旧。")).collect();
        let mut after = before.clone();
        after[4] = "第5段，原文改了。".to_owned();
        let (rows, tally) = rows(&before.join("\n"), &after.join("\n"));
        assert_eq!(kinds(&rows), ["fold", "same", "changed", "same", "fold"]);
        assert_eq!((rows[0].folded, rows[4].folded), (3, 3));
        assert_eq!(tally, Tally { changed: 1, ..Tally::default() });
    }

    #[test]
    fn the_same_text_is_one_fold_and_a_short_one_is_shown() {
        assert_eq!(kinds(&rows("一\n二\n三", "一\n二\n三").0), ["fold"]);
        assert_eq!(kinds(&rows("一", "一").0), ["same"]);
        assert!(rows("", "").0.is_empty());
    }

    #[test]
    fn a_long_comparison_has_parts_that_lose_nothing() {
        let row = Row::of("inserted", "ins", &"字".repeat(2000));
        let parts = parts(vec![row; 7]);
        assert!(parts.len() > 2 && parts.iter().all(|part| part.len() <= 2));
        assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), 7);
        assert_eq!(super::parts(Vec::new()).len(), 1);
    }

    #[test]
    fn fields_that_differ_are_named_with_both_values() {
        let revision = |title: &str, effective_on: &str| Revision {
            content: Some(PolicyContent {
                title: title.to_owned(),
                effective_on: effective_on.to_owned(),
                ..PolicyContent::default()
            }),
            ..Revision::default()
        };
        let found = fields(&revision("办法", ""), &revision("办法", "2026-03-01"));
        assert_eq!(found.len(), 1);
        let [FieldChange { name, before, after }] = found.as_slice() else { panic!() };
        assert_eq!((&**name, &**before, &**after), ("实施日期", "未标注", "2026年3月1日"));
    }
}
