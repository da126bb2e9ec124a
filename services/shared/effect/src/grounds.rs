//! What the effect of a policy depends on.

use chrono::NaiveDate;
use serde::Serialize;

use crate::act::Act;
use crate::period::{LastDay, Period};
use crate::verdict::Effect;

/// What the effect of one policy depends on. The default knows nothing: such a policy is in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Grounds {
    /// The first day in force.
    pub effective_on: Option<NaiveDate>,
    /// The last day in force, as stated; it weighs more than a period.
    pub expires_on: Option<NaiveDate>,
    /// A last day that was computed from a period of validity.
    pub period: Option<Period>,
    /// What the source of an import says.
    pub source: Option<SourceStatement>,
    /// What other published policies do to it, in any order.
    pub acts: Vec<Act>,
    /// What a clerk decided against all that.
    pub overrule: Option<Overrule>,
}

impl Grounds {
    /// The last day in force: as stated, else as computed.
    pub fn last_day(&self) -> Option<LastDay> {
        let stated = self.expires_on.map(LastDay::Stated);
        stated.or_else(|| self.period.clone().map(LastDay::Computed))
    }
}

/// By which a source says that a document is no longer in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceWord {
    /// 失效.
    Lapsed,
    /// 废止.
    Repealed,
}

impl SourceWord {
    /// Reads a source's label: 失效, 已失效, 宣布失效, 废止, 已废止, and the words of [`Effect`].
    ///
    /// 有效 is no ground, for dates and repeals say more; nor is 已修改, which some sources write
    /// on the old version of a law and others on an amended one that is in force.
    pub fn read(label: &str) -> Option<Self> {
        match label.trim() {
            "失效" | "已失效" | "宣布失效" | "lapsed" => Some(Self::Lapsed),
            "废止" | "已废止" | "repealed" => Some(Self::Repealed),
            _ => None,
        }
    }
}

/// What the source of an import says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SourceStatement {
    /// Its word.
    pub word: SourceWord,
    /// The day on which it was read, before which it proves nothing; where a dated ground ended
    /// the policy by then, the word is that ground's echo and adds nothing. None: the word counts
    /// on every day.
    pub seen_on: Option<NaiveDate>,
}

/// What a clerk decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Overrule {
    /// The effect in place of the computed one.
    pub effect: Effect,
    /// Why, in the clerk's words; shown to readers.
    pub reason: String,
    /// Who; not shown to readers.
    pub by: String,
    /// The first day on which it counts.
    pub from: NaiveDate,
    /// The last day on which it counts; none: for good.
    pub until: Option<NaiveDate>,
}

impl Overrule {
    /// Whether it counts on a day.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}
