//! What cannot be true, or is left for a person to see.

use std::fmt;

use chrono::NaiveDate;

use super::document::Target;
use crate::act::{ActKind, Policy};
use crate::words;

/// What is wrong with documents of a library, or with what they say of one another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flaw {
    /// Several documents have one id; one of them is kept.
    SharedId {
        /// The id.
        id: String,
    },
    /// Several public documents have one number.
    SharedNumber {
        /// The number, as the first of them writes it.
        number: String,
        /// Who has it, by id.
        documents: Vec<Policy>,
    },
    /// Its last day is before its first.
    ExpiresBeforeEffect {
        /// Which document.
        document: Policy,
        /// Its first day.
        effective_on: NaiveDate,
        /// Its last day.
        expires_on: NaiveDate,
    },
    /// It acts on itself, which does not count.
    ActsOnItself {
        /// Which document.
        document: Policy,
        /// What it does.
        kind: ActKind,
    },
    /// Documents repeal or amend one another in a circle. Of those that repeal one another, the
    /// earlier repeal counts; on one day, neither.
    Circle {
        /// Who, by id.
        documents: Vec<Policy>,
    },
    /// The library has no document that could be meant.
    Unresolved {
        /// Who acts.
        by: Policy,
        /// What it does.
        kind: ActKind,
        /// On whom.
        target: Target,
    },
    /// Several documents could be meant; the act counts for none.
    Ambiguous {
        /// Who acts.
        by: Policy,
        /// What it does.
        kind: ActKind,
        /// On whom.
        target: Target,
        /// Who could be meant, by id.
        candidates: Vec<Policy>,
    },
    /// The organ has no power over the document; the act does not count. A clerk can overrule it.
    NoPower {
        /// Who acts.
        by: Policy,
        /// What it does.
        kind: ActKind,
        /// On whom.
        document: Policy,
    },
    /// What acts was no longer in force when its act should begin; the act does not count.
    ActorEnded {
        /// Who acts.
        by: Policy,
        /// On whom.
        document: Policy,
        /// The first day on which it was no longer in force.
        ended_on: NaiveDate,
    },
    /// It acts, by id, on what was made after it; the act counts.
    ActsOnLater {
        /// Who acts.
        by: Policy,
        /// On whom.
        document: Policy,
    },
}

impl Flaw {
    /// The ids of the documents that it is told of.
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Self::SharedId { id } => vec![id],
            Self::SharedNumber { documents, .. } | Self::Circle { documents } => {
                documents.iter().map(|policy| policy.id.as_str()).collect()
            }
            Self::ExpiresBeforeEffect { document, .. } | Self::ActsOnItself { document, .. } => {
                vec![&document.id]
            }
            Self::Unresolved { by, .. } | Self::Ambiguous { by, .. } => vec![&by.id],
            Self::NoPower { by, document, .. }
            | Self::ActorEnded { by, document, .. }
            | Self::ActsOnLater { by, document } => vec![&by.id, &document.id],
        }
    }
}

fn list(documents: &[Policy]) -> String {
    documents.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}

fn verb(kind: ActKind) -> &'static str {
    match kind {
        ActKind::Repeals | ActKind::PartlyRepeals => "废止",
        ActKind::Replaces => "代替",
        ActKind::NewVersion => "修订",
        ActKind::DeclaresLapsed => "宣布失效",
        ActKind::Amends => "修改",
    }
}

/// One sentence in Chinese, without a full stop.
impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SharedId { id } => write!(out, "编号{id}重复，只保留一件"),
            Self::SharedNumber { number, documents } => {
                write!(out, "{number}为{}共用", list(documents))
            }
            Self::ExpiresBeforeEffect { document, effective_on, expires_on } => write!(
                out,
                "{document}有效期至{}，早于施行日期{}",
                words::day(*expires_on),
                words::day(*effective_on)
            ),
            Self::ActsOnItself { document, kind } => {
                write!(out, "{document}{}自身，不予计算", verb(*kind))
            }
            Self::Circle { documents } => write!(out, "{}相互废止或者修改", list(documents)),
            Self::Unresolved { by, kind, target } => {
                write!(out, "{by}{}的{target}不在库中", verb(*kind))
            }
            Self::Ambiguous { by, kind, target, candidates } => {
                write!(out, "{by}{}的{target}可能是{}，不予计算", verb(*kind), list(candidates))
            }
            Self::NoPower { by, kind, document } => {
                write!(out, "{by}的制定机关无权{}{document}，不予计算", verb(*kind))
            }
            Self::ActorEnded { by, document, ended_on } => write!(
                out,
                "{by}自{}起已不再有效，其对{document}的规定不予计算",
                words::day(*ended_on)
            ),
            Self::ActsOnLater { by, document } => write!(out, "{document}的制定晚于{by}"),
        }
    }
}
