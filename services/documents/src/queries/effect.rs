//! The effect of a policy, as its page and lists tell it.

use chrono::NaiveDate;
use contracts::documents as wire;
use kit::clock::to_wire;

use crate::{
    domain::{
        day,
        effect::{self, Act, Effect, Grounds, Overrule, Span, Verdict},
    },
    error::Result,
    store::{policies::PolicyRow, relations::InboundRow},
};

/// What is told of a policy's effect.
#[derive(Debug, Default)]
pub(super) struct Standing {
    pub effect: wire::Effect,
    pub amended: bool,
    pub reason: String,
    pub timeline: Vec<wire::EffectSpan>,
    pub overrule: Option<wire::Overrule>,
}

/// The standing of a published policy on a day.
pub(super) fn standing(row: &PolicyRow, acts: &[InboundRow], on: NaiveDate) -> Result<Standing> {
    let spans = spans(row, acts)?;
    let current = spans.iter().rfind(|span| span.from.is_none_or(|from| from <= on));
    let verdict = current.map(|span| span.verdict.clone());
    Ok(Standing {
        effect: verdict.as_ref().map_or(wire::Effect::Unspecified, |verdict| wired(verdict.effect)),
        amended: verdict.as_ref().is_some_and(|verdict| verdict.amendments > 0),
        reason: verdict.map(|verdict| verdict.reason).unwrap_or_default(),
        timeline: spans.into_iter().map(span).collect(),
        overrule: row.overrule()?.map(overrule),
    })
}

/// The effect of a published policy on every day.
pub(crate) fn spans(row: &PolicyRow, inbound: &[InboundRow]) -> Result<Vec<Span>> {
    let known = |text: &str| day::read(text).ok().flatten();
    let acts: Vec<Act> = inbound.iter().filter_map(act).collect();
    let overrule = row.overrule()?;
    Ok(effect::timeline(&Grounds {
        source_status: &row.source_status,
        effective_on: known(&row.effective_on),
        expires_on: known(&row.expires_on),
        acts: &acts,
        overrule: overrule.as_ref(),
    }))
}

fn act(inbound: &InboundRow) -> Option<Act> {
    let articles = inbound.articles();
    let repeals = match inbound.kind.as_str() {
        "repeals" => articles.is_empty(),
        "amends" => false,
        _ => return None,
    };
    let number = match inbound.document_number.as_str() {
        "" => String::new(),
        number => format!("（{number}）"),
    };
    Some(Act {
        repeals,
        articles,
        starts_on: day::read(&inbound.starts_on).ok().flatten(),
        by: format!("《{}》{number}", inbound.title),
        policy_id: inbound.policy_id.to_string(),
    })
}

fn span(Span { from, verdict }: Span) -> wire::EffectSpan {
    let Verdict { effect, amendments, reason, by_policy_id } = verdict;
    wire::EffectSpan {
        from: day::write(from),
        effect: wired(effect).into(),
        amended: amendments > 0,
        reason,
        by_policy_id,
    }
}

fn overrule(word: Overrule) -> wire::Overrule {
    let Overrule { effect, from, reason, by, at } = word;
    wire::Overrule {
        effect: wired(effect).into(),
        from: day::write(Some(from)),
        reason,
        by: super::person(&by.account_id, &by.name),
        at: Some(to_wire(at)),
    }
}

fn wired(effect: Effect) -> wire::Effect {
    match effect {
        Effect::NotYetInForce => wire::Effect::NotYetInForce,
        Effect::InForce => wire::Effect::InForce,
        Effect::Lapsed => wire::Effect::Lapsed,
        Effect::Repealed => wire::Effect::Repealed,
    }
}

/// The effect that a request asks for, if it asks for one.
pub(crate) fn effect_of(effect: wire::Effect) -> Option<Effect> {
    match effect {
        wire::Effect::Unspecified => None,
        wire::Effect::NotYetInForce => Some(Effect::NotYetInForce),
        wire::Effect::InForce => Some(Effect::InForce),
        wire::Effect::Lapsed => Some(Effect::Lapsed),
        wire::Effect::Repealed => Some(Effect::Repealed),
    }
}
