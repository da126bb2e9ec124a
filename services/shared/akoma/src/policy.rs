//! What is written: a policy at one of its revisions.

use chrono::NaiveDate;

/// What kind of act a policy is; it decides the element and the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// 地方性法规 (《立法法》 article 80).
    Regulation,
    /// 政府规章 (《立法法》 article 93).
    Rule,
    /// 行政规范性文件 (国办发〔2018〕37号).
    Normative,
    /// Everything else.
    Other,
}

impl Class {
    /// The class that a library's category (文件类别) is of.
    pub fn of_category(category: &str) -> Self {
        if category.contains("法规") {
            Self::Regulation
        } else if category.contains("规章") {
            Self::Rule
        } else if category.contains("规范性") {
            Self::Normative
        } else {
            Self::Other
        }
    }

    /// The element of the document and its subtype.
    pub(crate) fn element(self) -> (&'static str, &'static str) {
        match self {
            Self::Regulation => ("act", "regulation"),
            Self::Rule => ("act", "rule"),
            Self::Normative => ("doc", "normative"),
            Self::Other => ("doc", "policy"),
        }
    }
}

/// Who issued it, or who publishes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organ {
    /// Its code in the library.
    pub code: String,
    /// Its full name.
    pub name: String,
}

/// Whether it is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Force {
    /// 尚未施行.
    NotYet,
    /// 现行有效.
    InForce,
    /// 失效: its time is over.
    Lapsed,
    /// 废止.
    Repealed,
}

/// Its force from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day; unset: from the beginning.
    pub from: Option<NaiveDate>,
    /// The force.
    pub force: Force,
    /// Whether it was amended by then.
    pub amended: bool,
    /// Address of the policy that does it, among [`Policy::cited`]; empty where none does.
    pub by: String,
}

/// Which of two documents speaks of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Citing {
    /// This one: it repeals, amends, is based on the other.
    Active,
    /// The other one: it repeals, amends this one.
    Passive,
}

/// A document to which there is a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// Which speaks of which.
    pub citing: Citing,
    /// Permanent address of the other; empty where it is not known.
    pub address: String,
    /// The relation and the title, as in `废止：《停车管理办法》`.
    pub shown: String,
}

/// A file that belongs to the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// A policy at one of its revisions. Text that is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its id in the library.
    pub id: String,
    /// Permanent address of its page.
    pub address: String,
    /// What kind of act it is.
    pub class: Class,
    /// Full title (标题).
    pub title: String,
    /// 发文字号.
    pub document_number: String,
    /// 文件类别.
    pub category: String,
    /// 关键词.
    pub keywords: Vec<String>,
    /// Who issued it.
    pub organ: Organ,
    /// Who publishes the library.
    pub publisher: Organ,
    /// 成文日期.
    pub issued_on: Option<NaiveDate>,
    /// When it first became public.
    pub published_on: NaiveDate,
    /// When this revision became public.
    pub revised_on: NaiveDate,
    /// Number of the revision, from 1.
    pub revision: i64,
    /// The body as lines of plain text.
    pub text: String,
    /// Its force on every day, oldest first.
    pub spans: Vec<Span>,
    /// What it speaks of, and what speaks of it.
    pub cited: Vec<Cited>,
    /// Its files.
    pub files: Vec<File>,
}

impl Policy {
    /// The day that names the work: of issue, else of publication.
    pub(crate) fn dated(&self) -> NaiveDate {
        self.issued_on.unwrap_or(self.published_on)
    }
}
