//! What a document does to others: it repeals or amends them, rests on them, forwards, issues
//! or interprets them (立改废释).
//!
//! A relation is what the document itself does. What it tells of — `已被废止的`, `不得废止`,
//! another document's title `《关于废止…的决定》` — is none, and no document relates to itself.

mod alias;
mod amend;
mod basis;
mod collect;
mod list;
mod pass_on;
mod repeal;
mod run_in;
mod sentence;
mod title;

use chrono::NaiveDate;
use serde::Serialize;

use crate::document::{Fields, Page};
use crate::span::Span;

/// What one document does to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationType {
    /// It ends the other's validity: 废止, 失效, 停止执行.
    Repeals,
    /// It changes the other: 修改, 修订.
    Amends,
    /// It is made on the authority of the other: 根据, 依据.
    BasedOn,
    /// It passes on a document of another organ: 转发, 批转.
    Forwards,
    /// It puts out the document annexed to it: 印发, 发布.
    Issues,
    /// It explains the other: 解读, 解释.
    Interprets,
}

/// A relation to one other document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Relation {
    /// What is done.
    #[serde(rename = "type")]
    pub kind: RelationType,
    /// The other's title as cited, without 《》; none if only a number is given.
    pub title: Option<String>,
    /// The other's document number in canonical form, if cited.
    pub number: Option<String>,
    /// The articles concerned, as in `第三条`; empty if it is the whole document.
    pub articles: Vec<String>,
    /// From when, where the sentence or the document says so.
    pub effective_on: Option<NaiveDate>,
    /// The sentence that says it, or the title.
    pub evidence: String,
    /// Where the other is cited; none if the relation stands in the given title only.
    pub span: Option<Span>,
    /// How sure the reading is, 0 to 100.
    pub confidence: u8,
}

/// The relations of a document, in the order of the text; see [`crate::analyze`], which finds
/// them together with everything else.
pub fn find(title: Option<&str>, text: &str) -> Vec<Relation> {
    crate::analyze(title, text).relations
}

/// The relations of a page whose fields are read.
pub(crate) fn on_page(page: &Page, fields: &Fields) -> Vec<Relation> {
    let mut found = collect::Collector::new(page, fields);
    let words = sentence::words(page);
    title::with_citations(&mut found);
    for sentence in sentence::sentences(page, &words) {
        repeal::read(&sentence, &mut found);
        amend::read(&sentence, &mut found);
        basis::read(&sentence, &mut found);
        pass_on::read(&sentence, &mut found);
    }
    list::repealed(&words, &mut found);
    list::amended(&mut found);
    run_in::read(&mut found);
    alias::earlier(&words, &mut found);
    title::without_citations(&mut found);
    amend::articles_of_decision(&words, &mut found);
    found.finish()
}

#[cfg(test)]
mod tests;
