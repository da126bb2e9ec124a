//! The effect of one policy on a day.

use chrono::NaiveDate;

use crate::act::{Act, ActKind};
use crate::grounds::{Grounds, SourceWord};
use crate::verdict::{Effect, Overruled, Reason, Verdict};

/// The effect of a policy on a day, and what decided.
///
/// A clerk's decision weighs more than a repeal, that more than a lapse, that more than the day
/// of entry into force. Of several repeals the earliest decides, whatever their order. Nothing
/// that counts on a day ceases to count later but a clerk's decision: a policy once repealed
/// does not come back when the policy that repealed it goes.
pub fn on(day: NaiveDate, grounds: &Grounds) -> Verdict {
    let changes = changes(day, grounds);
    let amended = !changes.is_empty();
    let (effect, reason) = computed(day, grounds, changes);
    match grounds.overrule.as_ref().filter(|overrule| overrule.counts_on(day)) {
        Some(overrule) => {
            let overruled =
                Overruled { overrule: overrule.clone(), computed: effect, because: reason };
            let reason = Reason::Overruled(Box::new(overruled));
            Verdict { effect: overrule.effect, amended, reason }
        }
        None => Verdict { effect, amended, reason },
    }
}

/// The acts that changed it by a day without ending it, the earliest first.
fn changes(day: NaiveDate, grounds: &Grounds) -> Vec<&Act> {
    let mut changes: Vec<&Act> =
        grounds.acts.iter().filter(|act| !act.ends() && act.counts_on(day)).collect();
    changes.sort_by_key(|act| rank(act));
    changes.dedup();
    changes
}

/// What of two acts comes first; it does not depend on the order in which they are given.
fn rank(act: &Act) -> (Option<NaiveDate>, &Act) {
    (act.from, act)
}

fn computed(day: NaiveDate, grounds: &Grounds, changes: Vec<&Act>) -> (Effect, Reason) {
    if let Some(act) = earliest(day, grounds, |kind| kind != ActKind::DeclaresLapsed) {
        return (Effect::Repealed, Reason::of(act.clone()));
    }
    let at_source = source(day, grounds);
    if at_source == Some(SourceWord::Repealed) {
        return (Effect::Repealed, Reason::RepealedAtSource);
    }
    if let Some(reason) = lapse(day, grounds) {
        return (Effect::Lapsed, reason);
    }
    if at_source == Some(SourceWord::Lapsed) {
        return (Effect::Lapsed, Reason::LapsedAtSource);
    }
    if let Some(from) = grounds.effective_on.filter(|from| *from > day) {
        return (Effect::NotYetInForce, Reason::NotYet { from });
    }
    let reason = Reason::InForce {
        since: grounds.effective_on,
        last_day: grounds.last_day(),
        changes: changes.into_iter().cloned().collect(),
    };
    (Effect::InForce, reason)
}

/// The act that first ended it by a day.
fn earliest(day: NaiveDate, grounds: &Grounds, of: impl Fn(ActKind) -> bool) -> Option<&Act> {
    let ended = |act: &&Act| act.ends() && of(act.kind) && act.counts_on(day);
    grounds.acts.iter().filter(ended).min_by_key(|act| rank(act))
}

/// How it lapsed: its last day is over, or a declaration says so, whichever came first.
fn lapse(day: NaiveDate, grounds: &Grounds) -> Option<Reason> {
    let over = grounds.last_day().filter(|last| last.day() < day);
    let declared = earliest(day, grounds, |kind| kind == ActKind::DeclaresLapsed);
    match (over, declared) {
        (Some(last_day), Some(act)) if act.from.is_some_and(|from| last_day.day() < from) => {
            Some(Reason::Lapsed { last_day })
        }
        (_, Some(act)) => Some(Reason::of(act.clone())),
        (Some(last_day), None) => Some(Reason::Lapsed { last_day }),
        (None, None) => None,
    }
}

/// What the source says on a day, unless a dated ground had it say so.
fn source(day: NaiveDate, grounds: &Grounds) -> Option<SourceWord> {
    let source = grounds.source?;
    let Some(seen_on) = source.seen_on else { return Some(source.word) };
    let acted = |of: fn(ActKind) -> bool| earliest(seen_on, grounds, of).is_some();
    let echo = match source.word {
        SourceWord::Repealed => acted(|kind| kind != ActKind::DeclaresLapsed),
        // Sources also write 失效 on what was repealed.
        SourceWord::Lapsed => acted(|_| true) || lapse(seen_on, grounds).is_some(),
    };
    (seen_on <= day && !echo).then_some(source.word)
}

#[cfg(test)]
mod tests;
