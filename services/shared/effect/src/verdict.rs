//! The effect of a policy on a day, and the reason.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::act::{Act, ActKind};
use crate::grounds::Overrule;
use crate::period::LastDay;
use crate::words;

/// The effect of a policy on a day. The words written by serde are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// 尚未施行.
    NotYetInForce,
    /// 有效.
    InForce,
    /// 失效.
    Lapsed,
    /// 废止.
    Repealed,
}

impl Effect {
    /// All effects.
    pub const ALL: [Self; 4] = [Self::NotYetInForce, Self::InForce, Self::Lapsed, Self::Repealed];

    /// The stable word, which counts and filters use too.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotYetInForce => "not_yet_in_force",
            Self::InForce => "in_force",
            Self::Lapsed => "lapsed",
            Self::Repealed => "repealed",
        }
    }

    /// As a reader calls it.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::NotYetInForce => "尚未施行",
            Self::InForce => "现行有效",
            Self::Lapsed => "失效",
            Self::Repealed => "废止",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.chinese())
    }
}

/// The answer for one day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Verdict {
    /// The effect.
    pub effect: Effect,
    /// Whether it was amended or partly repealed by then.
    pub amended: bool,
    /// What decided.
    pub reason: Reason,
}

impl Verdict {
    /// The clerk's decision, where one decided.
    pub fn overrule(&self) -> Option<&Overrule> {
        match &self.reason {
            Reason::Overruled(overruled) => Some(&overruled.overrule),
            _ => None,
        }
    }

    /// How many acts changed the policy without ending it.
    pub fn changes(&self) -> usize {
        self.acts().iter().filter(|act| !act.ends()).count()
    }

    /// The acts that decided: what ended the policy, or what changed it.
    pub fn acts(&self) -> &[Act] {
        self.reason.acts()
    }
}

/// What decided, in parts that a page can link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reason {
    /// Nothing speaks against it.
    InForce {
        /// The first day in force, where known.
        since: Option<NaiveDate>,
        /// The last one, where there is one.
        last_day: Option<LastDay>,
        /// The amendments and partial repeals so far, the earliest first.
        changes: Vec<Act>,
    },
    /// Its first day is yet to come.
    NotYet {
        /// The first day in force.
        from: NaiveDate,
    },
    /// Its last day is over.
    Lapsed {
        /// The last day in force.
        last_day: LastDay,
    },
    /// Another policy declares it to have lapsed.
    DeclaredLapsed {
        /// How.
        act: Act,
    },
    /// Another policy repeals or replaces it.
    Repealed {
        /// How.
        act: Act,
    },
    /// A later version of it is in force (已修改).
    Superseded {
        /// The later version.
        act: Act,
    },
    /// Its source says 失效.
    LapsedAtSource,
    /// Its source says 废止.
    RepealedAtSource,
    /// A clerk decided.
    Overruled(Box<Overruled>),
}

/// A clerk's decision and what it overrules.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Overruled {
    /// The decision.
    pub overrule: Overrule,
    /// The effect without it.
    pub computed: Effect,
    /// The reason without it.
    pub because: Reason,
}

impl Reason {
    /// The reason that an act which ended the policy makes.
    pub(crate) fn of(act: Act) -> Self {
        match act.kind {
            ActKind::NewVersion => Self::Superseded { act },
            ActKind::DeclaresLapsed => Self::DeclaredLapsed { act },
            _ => Self::Repealed { act },
        }
    }

    /// The acts that decided, or would have without a clerk's decision.
    pub fn acts(&self) -> &[Act] {
        match self {
            Self::InForce { changes, .. } => changes,
            Self::DeclaredLapsed { act } | Self::Repealed { act } | Self::Superseded { act } => {
                std::slice::from_ref(act)
            }
            Self::Overruled(overruled) => overruled.because.acts(),
            Self::NotYet { .. }
            | Self::Lapsed { .. }
            | Self::LapsedAtSource
            | Self::RepealedAtSource => &[],
        }
    }
}

/// One sentence in Chinese, without a full stop. It names no clerk.
impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InForce { since, last_day, changes } => {
                match (since, last_day) {
                    (Some(since), Some(last)) => {
                        write!(out, "自{}起施行，{last}", words::day(*since))?;
                    }
                    (Some(since), None) => write!(out, "自{}起施行", words::day(*since))?,
                    (None, Some(last)) => write!(out, "{last}")?,
                    (None, None) => out.write_str("没有废止、失效的记录")?,
                }
                changes.iter().try_for_each(|act| write!(out, "；{act}"))
            }
            Self::NotYet { from } => write!(out, "自{}起施行", words::day(*from)),
            Self::Lapsed { last_day } => write!(out, "{last_day}，已届满"),
            Self::DeclaredLapsed { act } | Self::Repealed { act } | Self::Superseded { act } => {
                write!(out, "{act}")
            }
            Self::LapsedAtSource => out.write_str("来源标明已失效"),
            Self::RepealedAtSource => out.write_str("来源标明已废止"),
            Self::Overruled(overruled) => {
                let Overruled { overrule, computed, because } = &**overruled;
                write!(out, "自{}起", words::day(overrule.from))?;
                if let Some(until) = overrule.until {
                    write!(out, "至{}", words::day(until))?;
                }
                write!(out, "经人工认定为{}：{}", overrule.effect, overrule.reason)?;
                write!(out, "（系统判断为{computed}：{because}）")
            }
        }
    }
}
