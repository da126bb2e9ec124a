//! Documents as the library takes them.

use chrono::NaiveDate;

use crate::act::{ActKind, Policy, first_day};
use crate::grounds::{Overrule, SourceStatement};
use crate::period::{DefaultValidity, Reading};

/// A document of the library. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Document {
    /// Unique in the library.
    pub id: String,
    /// As it is titled.
    pub title: String,
    /// Its document numbers (发文字号), the lead organ's first, in any writing.
    pub numbers: Vec<String>,
    /// The organs that issued it, in full, the lead organ first.
    pub organs: Vec<String>,
    /// Its category, as [`DefaultValidity::categories`] name it.
    pub category: String,
    /// The day of signing (成文日期); of an amended text that of the last amendment.
    pub signed_on: Option<NaiveDate>,
    /// The first day in force.
    pub effective_on: Option<NaiveDate>,
    /// The last day in force, as stated.
    pub expires_on: Option<NaiveDate>,
    /// The period of validity that it states, in years.
    pub validity_years: Option<u32>,
    /// What the source of an import says.
    pub source: Option<SourceStatement>,
    /// What it does to others.
    pub relations: Vec<Relation>,
    /// Whether it was issued with the consent of an organ above (经…同意), which then decided.
    pub with_consent: bool,
    /// Whether it is public; what is not or was withdrawn does nothing to others, and only an id
    /// can name it.
    pub published: bool,
    /// What a clerk decided.
    pub overrule: Option<Overrule>,
}

impl Document {
    /// A public document of which nothing else is known.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            numbers: Vec::new(),
            organs: Vec::new(),
            category: String::new(),
            signed_on: None,
            effective_on: None,
            expires_on: None,
            validity_years: None,
            source: None,
            relations: Vec::new(),
            with_consent: false,
            published: true,
            overrule: None,
        }
    }

    /// As others name it.
    pub fn policy(&self) -> Policy {
        Policy::new(&self.id, &self.title, self.numbers.first().map(String::as_str))
    }

    /// The first day on which what it does to another counts.
    pub(super) fn first_day(&self, relation: &Relation) -> Option<NaiveDate> {
        first_day(relation.effective_on, self.effective_on, self.signed_on)
    }

    /// The day it was made, by which documents are put in order.
    pub(super) fn made_on(&self) -> Option<NaiveDate> {
        self.signed_on.or(self.effective_on)
    }

    /// The day its present wording begins: an amended text keeps the day on which it first took
    /// effect, but holds from its amendment on.
    pub(super) fn worded_from(&self) -> Option<NaiveDate> {
        self.signed_on.max(self.effective_on)
    }
}

/// What a document does to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation {
    /// What is done.
    pub kind: ActKind,
    /// To whom.
    pub target: Target,
    /// The articles concerned, as in `第三条`; empty if it is the whole document.
    pub articles: Vec<String>,
    /// The provision that does it, where known.
    pub article: Option<String>,
    /// The first day on which it counts, where stated.
    pub effective_on: Option<NaiveDate>,
}

impl Relation {
    /// A relation to a whole document.
    pub const fn new(kind: ActKind, target: Target) -> Self {
        Self { kind, target, articles: Vec::new(), article: None, effective_on: None }
    }
}

/// How a document names another: by its id in the library, its number, its title.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// Its id; weighs more than the number, that more than the title.
    pub id: Option<String>,
    /// Its title, with or without 《》.
    pub title: Option<String>,
    /// Its document number, in any writing.
    pub number: Option<String>,
}

impl Target {
    /// The document with an id.
    pub fn id(id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..Self::default() }
    }

    /// The document with a title.
    pub fn title(title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..Self::default() }
    }

    /// The document with a number.
    pub fn number(number: impl Into<String>) -> Self {
        Self { number: Some(number.into()), ..Self::default() }
    }
}

/// As it is named, for a person.
impl std::fmt::Display for Target {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let policy = Policy {
            id: self.id.clone().unwrap_or_default(),
            title: self.title.clone().unwrap_or_default(),
            number: self.number.clone(),
        };
        policy.fmt(out)
    }
}

/// What of a library is for the city to set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// How periods that documents state are counted.
    pub reading: Reading,
    /// The rules for documents that state no period, the first that holds; by default none.
    pub default_validity: Vec<DefaultValidity>,
}
