//! The days on which the effect of a policy changes.

use chrono::NaiveDate;
use serde::Serialize;

use crate::decide::on;
use crate::grounds::Grounds;
use crate::verdict::{Effect, Verdict};

/// Every day on which the verdict changes, with the verdict from that day on, in order.
///
/// The first one is that of [`NaiveDate::MIN`], so that [`at`] has an answer for any day. Two
/// verdicts that follow one another differ, be it only in the reason.
pub fn timeline(grounds: &Grounds) -> Vec<(NaiveDate, Verdict)> {
    let mut line: Vec<(NaiveDate, Verdict)> = Vec::new();
    for day in days(grounds) {
        let verdict = on(day, grounds);
        if line.last().is_none_or(|(_, last)| *last != verdict) {
            line.push((day, verdict));
        }
    }
    line
}

/// The verdict on a day, of a [`timeline`]; none only of an empty one.
pub fn at(timeline: &[(NaiveDate, Verdict)], day: NaiveDate) -> Option<&Verdict> {
    let next = timeline.partition_point(|(from, _)| *from <= day);
    timeline.get(next.checked_sub(1)?).map(|(_, verdict)| verdict)
}

/// The first day after a day on which the verdict changes, and the verdict from then on.
pub fn next_change(grounds: &Grounds, after: NaiveDate) -> Option<(NaiveDate, Verdict)> {
    let before = on(after, grounds);
    days(grounds)
        .into_iter()
        .filter(|day| *day > after)
        .map(|day| (day, on(day, grounds)))
        .find(|(_, verdict)| *verdict != before)
}

/// What happens to a policy on a day. The words written by serde are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It comes into force.
    CameIntoForce,
    /// It is amended or partly repealed, and stays in force.
    Amended,
    /// It lapses.
    Lapsed,
    /// It is repealed or replaced.
    Repealed,
    /// A clerk's decision, or its end, brings it back.
    Restored,
    /// A clerk's decision, or its end, puts it off.
    PutOff,
}

/// What happens to a policy, on which day, and the verdict from then on, in order.
///
/// What holds since [`NaiveDate::MIN`] is no event; a change of the reason alone is none either.
pub fn events(grounds: &Grounds) -> Vec<(NaiveDate, Event, Verdict)> {
    let line = timeline(grounds);
    let pairs = line.iter().zip(line.iter().skip(1));
    pairs
        .filter_map(|((_, before), (day, after))| {
            event(before, after).map(|event| (*day, event, after.clone()))
        })
        .collect()
}

/// What the change from one verdict to the next means.
fn event(before: &Verdict, after: &Verdict) -> Option<Event> {
    match (before.effect, after.effect) {
        (Effect::InForce, Effect::InForce) => {
            (after.changes() > before.changes()).then_some(Event::Amended)
        }
        (before, after) if before == after => None,
        (Effect::NotYetInForce, Effect::InForce) => Some(Event::CameIntoForce),
        (_, Effect::Lapsed) => Some(Event::Lapsed),
        (_, Effect::Repealed) => Some(Event::Repealed),
        (_, Effect::InForce) => Some(Event::Restored),
        (_, Effect::NotYetInForce) => Some(Event::PutOff),
    }
}

/// The days on which a verdict may change: no other day is named by the grounds.
fn days(grounds: &Grounds) -> Vec<NaiveDate> {
    let mut days = vec![NaiveDate::MIN];
    days.extend(grounds.effective_on);
    days.extend(grounds.last_day().and_then(|last| last.day().succ_opt()));
    days.extend(grounds.source.and_then(|source| source.seen_on));
    days.extend(grounds.acts.iter().filter_map(|act| act.from));
    if let Some(overrule) = &grounds.overrule {
        days.push(overrule.from);
        days.extend(overrule.until.and_then(|until| until.succ_opt()));
    }
    days.sort_unstable();
    days.dedup();
    days
}

#[cfg(test)]
mod tests;
