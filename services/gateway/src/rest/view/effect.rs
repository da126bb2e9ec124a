//! The effect of policies on every day, in JSON.

use chrono::{DateTime, Utc};
use contracts::documents as wire;
use serde::Serialize;
use utoipa::ToSchema;

use super::{instant, word};

/// The effect from a day on, until the next span begins.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectSpan {
    /// First day as YYYY-MM-DD; empty: from the beginning.
    pub from: String,
    /// not_yet_in_force, in_force, lapsed or repealed.
    pub effect: String,
    /// Whether another policy has amended it by then.
    pub amended: bool,
    /// Why, in Chinese.
    pub reason: String,
    /// The policy that does it, where one does.
    pub by_policy_id: String,
}

impl From<wire::EffectSpan> for EffectSpan {
    fn from(span: wire::EffectSpan) -> Self {
        let effect = word(span.effect().as_str_name(), "EFFECT_");
        let wire::EffectSpan { from, effect: _, amended, reason, by_policy_id } = span;
        Self { from, effect, amended, reason, by_policy_id }
    }
}

/// A clerk's word on the effect of a policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct Overrule {
    /// not_yet_in_force, in_force, lapsed or repealed.
    pub effect: String,
    /// First day on which it counts, as YYYY-MM-DD.
    pub from: String,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

impl From<wire::Overrule> for Overrule {
    fn from(overrule: wire::Overrule) -> Self {
        let effect = word(overrule.effect().as_str_name(), "EFFECT_");
        let wire::Overrule { effect: _, from, reason, by, at } = overrule;
        Self { effect, from, reason, by: by.unwrap_or_default().name, at: instant(at) }
    }
}
