//! What one policy does to another.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use crate::words;

/// A policy as it is named and linked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Policy {
    /// The caller's id, opaque here.
    pub id: String,
    /// The title, with or without 《》.
    pub title: String,
    /// The document number (发文字号) in canonical form, where it has one.
    pub number: Option<String>,
}

impl Policy {
    /// A policy under its id.
    pub fn new(id: impl Into<String>, title: impl Into<String>, number: Option<&str>) -> Self {
        Self { id: id.into(), title: title.into(), number: number.map(str::to_owned) }
    }
}

/// As it is cited: `《X办法》（某府〔2024〕3号）`.
impl fmt::Display for Policy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.title.trim(), &self.number) {
            ("", Some(number)) => out.write_str(number),
            ("", None) => out.write_str(&self.id),
            (title, Some(number)) => write!(out, "{}（{number}）", words::title(title)),
            (title, None) => out.write_str(&words::title(title)),
        }
    }
}

/// What is done to a policy. The words written by serde are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// It is repealed (废止), or no longer carried out (停止执行, 不再执行).
    Repeals,
    /// Another one takes its place (代替).
    Replaces,
    /// A later version of the same policy is in force: 已修改 as the national database of laws
    /// calls it. [`crate::library`] finds these by itself.
    NewVersion,
    /// It is declared to have lapsed (宣布失效): it is spent, not rejected.
    DeclaresLapsed,
    /// Parts of it are repealed, without saying which; a repeal that names articles is one too.
    PartlyRepeals,
    /// It is changed (修改).
    Amends,
}

impl ActKind {
    /// The stable word, as serde writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repeals => "repeals",
            Self::Replaces => "replaces",
            Self::NewVersion => "new_version",
            Self::DeclaresLapsed => "declares_lapsed",
            Self::PartlyRepeals => "partly_repeals",
            Self::Amends => "amends",
        }
    }

    /// The kind of a stable word; those that do nothing to a policy's effect (`based_on`,
    /// `issues` …) have none.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Repeals,
            Self::Replaces,
            Self::NewVersion,
            Self::DeclaresLapsed,
            Self::PartlyRepeals,
            Self::Amends,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }

    /// As a sentence ends with it.
    const fn verb(self) -> &'static str {
        match self {
            Self::Repeals => "废止",
            Self::Replaces => "代替",
            Self::NewVersion => "修订",
            Self::DeclaresLapsed => "宣布失效",
            Self::PartlyRepeals => "部分废止",
            Self::Amends => "修改",
        }
    }
}

/// What a published policy does to the one whose effect is asked for.
///
/// Acts of policies that were withdrawn or are not public do not count: leave them out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Act {
    /// What is done.
    #[serde(rename = "type")]
    pub kind: ActKind,
    /// By whom.
    pub by: Policy,
    /// The provision of the acting policy that does it, as in `第三十条`, where known.
    pub article: Option<String>,
    /// The articles concerned, as in `第三条第二款`; empty if it is the whole policy.
    pub articles: Vec<String>,
    /// The first day on which it counts, see [`first_day`]; none: on every day.
    pub from: Option<NaiveDate>,
}

impl Act {
    /// An act on the whole policy.
    pub const fn new(kind: ActKind, by: Policy, from: Option<NaiveDate>) -> Self {
        Self { kind, by, article: None, articles: Vec::new(), from }
    }

    /// The same act, done by a provision.
    #[must_use]
    pub fn in_article(mut self, article: impl Into<String>) -> Self {
        self.article = Some(article.into());
        self
    }

    /// The same act, on single articles.
    #[must_use]
    pub fn on_articles<T: Into<String>>(mut self, articles: impl IntoIterator<Item = T>) -> Self {
        self.articles = articles.into_iter().map(Into::into).collect();
        self
    }

    /// Whether the whole policy ends by it. A repeal of single articles ends none.
    pub fn ends(&self) -> bool {
        match self.kind {
            ActKind::NewVersion => true,
            ActKind::Repeals | ActKind::Replaces | ActKind::DeclaresLapsed => {
                self.articles.is_empty()
            }
            ActKind::PartlyRepeals | ActKind::Amends => false,
        }
    }

    /// Whether it counts on a day.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day)
    }
}

/// `自2024年7月1日起被《X办法》第三十条废止`; of single articles `第三条自…起被…废止`.
impl fmt::Display for Act {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.articles.is_empty() {
            out.write_str(&named(&self.articles))?;
        }
        if let Some(from) = self.from {
            write!(out, "自{}起", words::day(from))?;
        }
        let article = self.article.as_deref().unwrap_or_default();
        let verb = match self.kind {
            // What is partly repealed needs no 部分 beside its articles.
            ActKind::PartlyRepeals if !self.articles.is_empty() => ActKind::Repeals.verb(),
            kind => kind.verb(),
        };
        match self.kind {
            ActKind::NewVersion => write!(out, "已修改，适用新修订的{}", self.by),
            _ => write!(out, "被{}{article}{verb}", self.by),
        }
    }
}

/// The first articles of a list, as a sentence names them.
fn named(articles: &[String]) -> String {
    const MOST: usize = 5;
    let more = if articles.len() > MOST { "等条款" } else { "" };
    let first: Vec<&str> = articles.iter().take(MOST).map(String::as_str).collect();
    format!("{}{more}", first.join("、"))
}

/// The first day on which an act counts: the day that is stated for it, else the day on which the
/// acting policy takes effect, else the day of its signing.
pub fn first_day(
    stated: Option<NaiveDate>,
    effective_on: Option<NaiveDate>,
    signed_on: Option<NaiveDate>,
) -> Option<NaiveDate> {
    stated.or(effective_on).or(signed_on)
}
