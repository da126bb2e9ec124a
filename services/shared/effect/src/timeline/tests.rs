use super::*;
use crate::grounds::{Overrule, SourceStatement, SourceWord};
use crate::{Act, ActKind, Policy};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn act(kind: ActKind, from: &str) -> Act {
    Act::new(kind, Policy::new("p2", "新办法", None), from.parse().ok())
}

fn life() -> Grounds {
    Grounds {
        effective_on: Some(day("2020-01-01")),
        expires_on: Some(day("2024-12-31")),
        acts: vec![act(ActKind::Repeals, "2026-01-01"), act(ActKind::Amends, "2022-01-01")],
        ..Grounds::default()
    }
}

fn seen(grounds: &Grounds) -> Vec<(String, Event)> {
    events(grounds).into_iter().map(|(day, event, _)| (day.to_string(), event)).collect()
}

#[test]
fn what_never_changes_has_one_entry() {
    let line = timeline(&Grounds::default());
    assert_eq!(line.len(), 1);
    assert_eq!(line[0].0, NaiveDate::MIN);
    assert_eq!(next_change(&Grounds::default(), day("2024-01-01")), None);
}

#[test]
fn a_life_has_its_days() {
    let effects: Vec<_> =
        timeline(&life()).into_iter().skip(1).map(|(day, verdict)| (day, verdict.effect)).collect();
    assert_eq!(
        effects,
        [
            (day("2020-01-01"), Effect::InForce),
            (day("2022-01-01"), Effect::InForce),
            (day("2025-01-01"), Effect::Lapsed),
            (day("2026-01-01"), Effect::Repealed),
        ]
    );
}

#[test]
fn events_fire_on_their_days() {
    assert_eq!(
        seen(&life()),
        [
            ("2020-01-01".to_owned(), Event::CameIntoForce),
            ("2022-01-01".to_owned(), Event::Amended),
            ("2025-01-01".to_owned(), Event::Lapsed),
            ("2026-01-01".to_owned(), Event::Repealed),
        ]
    );
}

#[test]
fn the_next_change_is_found() {
    let next = |after| next_change(&life(), day(after)).map(|(day, verdict)| (day, verdict.effect));
    assert_eq!(next("2019-12-31"), Some((day("2020-01-01"), Effect::InForce)));
    assert_eq!(next("2022-01-01"), Some((day("2025-01-01"), Effect::Lapsed)));
    assert_eq!(next("2026-01-01"), None);
}

#[test]
fn a_later_repeal_changes_nothing() {
    let acts = vec![act(ActKind::Repeals, "2020-01-01"), act(ActKind::Repeals, "2021-01-01")];
    let grounds = Grounds { acts, ..Grounds::default() };
    assert_eq!(seen(&grounds), [("2020-01-01".to_owned(), Event::Repealed)]);
}

#[test]
fn what_always_held_is_no_event() {
    let source = Some(SourceStatement { word: SourceWord::Repealed, seen_on: None });
    assert_eq!(seen(&Grounds { source, ..Grounds::default() }), []);
}

#[test]
fn a_second_amendment_is_an_event_too() {
    let acts = vec![act(ActKind::Amends, "2020-01-01"), act(ActKind::Amends, "2021-01-01")];
    assert_eq!(seen(&Grounds { acts, ..Grounds::default() }).len(), 2);
}

#[test]
fn a_decision_that_ends_restores() {
    let overrule = Some(Overrule {
        effect: Effect::Lapsed,
        reason: "暂停执行".to_owned(),
        by: "王某".to_owned(),
        from: day("2024-01-01"),
        until: Some(day("2024-03-31")),
    });
    let grounds = Grounds { overrule, ..Grounds::default() };
    assert_eq!(
        seen(&grounds),
        [("2024-01-01".to_owned(), Event::Lapsed), ("2024-04-01".to_owned(), Event::Restored),]
    );
}

#[test]
fn days_at_the_ends_of_the_calendar_are_no_trouble() {
    let grounds = Grounds {
        effective_on: Some(NaiveDate::MIN),
        expires_on: Some(NaiveDate::MAX),
        acts: vec![Act { from: Some(NaiveDate::MAX), ..act(ActKind::Repeals, "") }],
        ..Grounds::default()
    };
    assert_eq!(timeline(&grounds).len(), 2);
    assert_eq!(next_change(&grounds, NaiveDate::MAX), None);
    assert!(at(&[], NaiveDate::MIN).is_none());
}
