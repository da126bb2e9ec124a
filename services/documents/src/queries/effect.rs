//! The effect of a policy, as its page and lists tell it.

use chrono::NaiveDate;
use contracts::documents as wire;
use kit::clock::to_wire;

use crate::{
    domain::{
        day,
        effect::{self, Act, ActKind, Acting, Effect, Grounds, Overrule, Verdict, timeline},
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
    let spans = timeline(&grounds(row, acts)?);
    let verdict = spans.iter().rfind(|(from, _)| *from <= on).map(|(_, verdict)| verdict);
    Ok(Standing {
        effect: verdict.map_or(wire::Effect::Unspecified, |verdict| wired(verdict.effect)),
        amended: verdict.is_some_and(|verdict| verdict.amended),
        reason: verdict.map(|verdict| verdict.reason.to_string()).unwrap_or_default(),
        timeline: spans.iter().map(|(from, verdict)| span(*from, verdict)).collect(),
        overrule: row.overrule()?.map(overrule),
    })
}

/// What the effect of a published policy depends on.
pub(crate) fn grounds(row: &PolicyRow, inbound: &[InboundRow]) -> Result<Grounds> {
    let known = |text: &str| day::read(text).ok().flatten();
    Ok(Grounds {
        effective_on: known(&row.effective_on),
        expires_on: known(&row.expires_on),
        period: row.period()?,
        source: effect::at_source(&row.source_status),
        acts: inbound
            .iter()
            .filter(|act| act.has_power_over(&row.organ_name))
            .filter_map(act)
            .collect(),
        overrule: row.overrule()?.map(Into::into),
    })
}

fn act(inbound: &InboundRow) -> Option<Act> {
    let kind = ActKind::parse(&inbound.kind)?;
    let number = Some(inbound.document_number.as_str()).filter(|number| !number.is_empty());
    let by = Acting::new(inbound.policy_id.to_string(), &inbound.title, number);
    let from = day::read(&inbound.starts_on).ok().flatten();
    Some(Act::new(kind, by, from).on_articles(inbound.articles()))
}

fn span(from: NaiveDate, verdict: &Verdict) -> wire::EffectSpan {
    wire::EffectSpan {
        from: day::write(Some(from).filter(|from| *from != NaiveDate::MIN)),
        effect: wired(verdict.effect).into(),
        amended: verdict.amended,
        reason: verdict.reason.to_string(),
        by_policy_id: by_policy_id(verdict),
    }
}

/// The policy that decided, the last one where several did; empty where none did.
pub(crate) fn by_policy_id(verdict: &Verdict) -> String {
    verdict.acts().last().map(|act| act.by.id.clone()).unwrap_or_default()
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
