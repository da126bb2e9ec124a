//! Gathers relations: one per target and type, none to the document itself.

use std::ops::Range;

use chrono::NaiveDate;

use super::{Relation, RelationType};
use crate::cite::Citation;
use crate::document::{Fields, KINDS, Page};
use crate::lines;

/// Evidence is shortened to this many characters.
const LONGEST_EVIDENCE: usize = 300;

/// A relation that is being recorded.
pub(super) struct Claim<'c> {
    pub(super) kind: RelationType,
    pub(super) target: &'c Citation,
    pub(super) articles: Vec<String>,
    pub(super) effective_on: Option<NaiveDate>,
    pub(super) evidence: Range<usize>,
    pub(super) confidence: u8,
}

/// The relations of one page so far.
pub(super) struct Collector<'p, 't> {
    pub(super) page: &'p Page<'t>,
    pub(super) fields: &'p Fields,
    found: Vec<(String, Relation)>,
    own_title: String,
    own_numbers: Vec<String>,
    /// Whether the document is put out for comment.
    pub(super) is_draft: bool,
    /// Whether it explains another one and reports what that does.
    tells: bool,
}

impl<'p, 't> Collector<'p, 't> {
    pub(super) fn new(page: &'p Page<'t>, fields: &'p Fields) -> Self {
        let own_numbers = fields.document_numbers.iter().map(|field| field.value.key()).collect();
        let title = page.title_text();
        let any = |words: &[&str]| words.iter().any(|word| title.contains(word));
        Self {
            page,
            fields,
            found: Vec::new(),
            own_title: plain(title),
            own_numbers,
            is_draft: any(&["征求意见", "公开征集", "草案", "征集意见"]),
            tells: any(&["解读", "问答", "答记者问", "读懂", "图解"]) || is_report(page),
        }
    }

    /// Records what a sentence says of a cited document.
    pub(super) fn add(&mut self, claim: Claim) {
        self.record(claim, false);
    }

    /// Records what is done to an earlier document of the document's own name.
    pub(super) fn add_namesake(&mut self, claim: Claim) {
        self.record(claim, true);
    }

    fn record(&mut self, claim: Claim, namesake: bool) {
        let Claim { kind, target, articles, effective_on, evidence, confidence } = claim;
        if self.is_impossible(kind, target) {
            return;
        }
        let target = super::alias::resolved(self.page, target).unwrap_or(target);
        let evidence =
            lines::head(self.page.slice(evidence), 0, LONGEST_EVIDENCE).trim().to_owned();
        let span = self.page.span(target.range.clone());
        let number = target.number.as_ref();
        let own = number.is_some_and(|number| self.own_numbers.contains(&number.key()))
            || (!namesake
                && self.is_own(target)
                && !(kind == RelationType::Repeals && self.is_earlier(target)));
        if own {
            return;
        }
        self.push(Relation {
            kind,
            title: target.title.clone(),
            number: number.map(ToString::to_string),
            articles,
            effective_on,
            evidence,
            span: Some(span),
            confidence,
        });
    }

    /// Records a relation, or adds to the one that is there already.
    pub(super) fn push(&mut self, relation: Relation) {
        let key = relation.title.as_deref().map(plain).unwrap_or_default();
        if key.is_empty() && relation.number.is_none() || KINDS.contains(&key.as_str()) {
            return;
        }
        let known = self.found.iter_mut().find(|(other_key, other)| {
            let same_title = !key.is_empty() && *other_key == key;
            let numbers = (&other.number, &relation.number);
            let same_number = matches!(numbers, (Some(one), Some(two)) if one == two);
            let other_number = matches!(numbers, (Some(one), Some(two)) if one != two);
            other.kind == relation.kind && (same_number || same_title && !other_number)
        });
        match known {
            Some((_, known)) => {
                known.number = known.number.take().or(relation.number);
                known.title = known.title.take().or(relation.title);
                known.effective_on = known.effective_on.or(relation.effective_on);
                for article in relation.articles {
                    if !known.articles.contains(&article) {
                        known.articles.push(article);
                    }
                }
            }
            None => self.found.push((key, relation)),
        }
    }

    /// Whether a relation of a type is recorded.
    pub(super) fn has(&self, kind: RelationType) -> bool {
        self.found.iter().any(|(_, relation)| relation.kind == kind)
    }

    /// The relations of a type, each with its title as it is compared.
    pub(super) fn of(&mut self, kind: RelationType) -> impl Iterator<Item = (&str, &mut Relation)> {
        let of_kind = self.found.iter_mut().filter(move |(_, relation)| relation.kind == kind);
        of_kind.map(|(key, relation)| (key.as_str(), relation))
    }

    pub(super) fn finish(self) -> Vec<Relation> {
        self.found.into_iter().map(|(_, relation)| relation).collect()
    }

    /// Licences are voided and drafts or interpretations change nothing: no relation of documents.
    fn is_impossible(&self, kind: RelationType, target: &Citation) -> bool {
        let changes = matches!(kind, RelationType::Repeals | RelationType::Amends);
        let title = target.title.as_deref();
        let paper = ["证", "证书", "书", "许可", "执照", "表", "单", "卡", "票", "发票", "合同"];
        let document = title.is_none_or(|title| !paper.iter().any(|word| title.ends_with(word)));
        let tells = self.tells && kind != RelationType::Interprets;
        changes && (!document || self.is_draft) || tells
    }

    fn is_own(&self, target: &Citation) -> bool {
        target.title.as_deref().is_some_and(|title| plain(title) == self.own_title)
    }

    /// Whether the words before a citation say that it is an earlier document of the name.
    fn is_earlier(&self, target: &Citation) -> bool {
        let before = lines::tail(self.page.text, target.range.start, 8).trim_end();
        target.number.is_some() || before.ends_with(['原', '的']) || before.contains('原')
    }
}

/// Whether a text is news or an account of a document, by how it begins or what it announces.
fn is_report(page: &Page) -> bool {
    let first = page.lines.first().map_or("", |line| page.slice(line.clone()));
    let first = lines::head(first, 0, 60);
    let issued =
        ["发布《", "出台《", "印发《", "公布《"].iter().filter_map(|verb| first.find(verb)).min();
    let dated =
        |before: &str| ["日,", "日，", "近日", "日前"].iter().any(|word| before.contains(word));
    let head = lines::head(page.text, 0, 400);
    issued.is_some_and(|at| dated(lines::until(first, at)))
        || ["修订内容如下", "政策背景", "起草背景"].iter().any(|word| head.contains(word))
}

/// A title as it is compared: without brackets, blanks and the country's name.
pub(super) fn plain(title: &str) -> String {
    let kept: String = title
        .chars()
        .filter(|ch| !crate::glyph::is_blank(*ch) && !"《》〈〉<>“”\"".contains(*ch))
        .map(|ch| match ch {
            '(' => '（',
            ')' => '）',
            other => other,
        })
        .collect();
    kept.replace("中华人民共和国", "")
}
