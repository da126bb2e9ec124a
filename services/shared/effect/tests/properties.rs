//! What holds for any grounds and any library.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use effect::library::{Document, Library, Relation, Target};
use effect::{
    Act, ActKind, Effect, Grounds, Overrule, Policy, Reading, SourceStatement, SourceWord, at,
    events, next_change, on, proposed_expiry, timeline,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

fn day(offset: u16) -> NaiveDate {
    NaiveDate::default() + Days::new(offset.into())
}

fn days() -> impl Strategy<Value = NaiveDate> {
    (0..60_u16).prop_map(day)
}

fn kinds() -> impl Strategy<Value = ActKind> {
    prop_oneof![
        Just(ActKind::Repeals),
        Just(ActKind::Replaces),
        Just(ActKind::NewVersion),
        Just(ActKind::DeclaresLapsed),
        Just(ActKind::PartlyRepeals),
        Just(ActKind::Amends),
    ]
}

fn acts() -> impl Strategy<Value = Act> {
    (kinds(), 0..4_u8, any::<bool>(), of(days())).prop_map(|(kind, by, partial, from)| {
        let act = Act::new(kind, Policy::new(by.to_string(), "新办法", None), from);
        if partial { act.on_articles(["第三条"]) } else { act }
    })
}

fn sources() -> impl Strategy<Value = SourceStatement> {
    let words = prop_oneof![Just(SourceWord::Lapsed), Just(SourceWord::Repealed)];
    (words, of(days())).prop_map(|(word, seen_on)| SourceStatement { word, seen_on })
}

fn overrules() -> impl Strategy<Value = Overrule> {
    (select(Effect::ALL.to_vec()), days(), of(days())).prop_map(|(effect, from, until)| Overrule {
        effect,
        reason: "理由".to_owned(),
        by: "王某".to_owned(),
        from,
        until,
    })
}

fn grounds() -> impl Strategy<Value = Grounds> {
    (of(days()), of(days()), of(sources()), vec(acts(), 0..6), of(overrules())).prop_map(
        |(effective_on, expires_on, source, acts, overrule)| Grounds {
            effective_on,
            expires_on,
            period: None,
            source,
            acts,
            overrule,
        },
    )
}

/// Few titles, numbers and organs, so that documents meet; some point at nothing or themselves.
fn documents() -> impl Strategy<Value = Vec<Document>> {
    let target = (0..3_u8, 0..14_u8).prop_map(|(how, which)| match how {
        0 => Target::id(format!("d{which}")),
        1 => Target::number(format!("某府〔2020〕{}号", which % 9 + 1)),
        _ => Target::title(format!("第{}办法", which % 5)),
    });
    let relation = (kinds(), target, of(days())).prop_map(|(kind, target, effective_on)| {
        let kind = if kind == ActKind::NewVersion { ActKind::Repeals } else { kind };
        Relation { effective_on, ..Relation::new(kind, target) }
    });
    let organ = prop_oneof![
        Just(Vec::new()),
        Just(vec!["某市人民政府".to_owned()]),
        Just(vec!["某市财政局".to_owned()]),
    ];
    let document = (0..5_u8, 0..12_u8, organ, of(days()), of(days()), vec(relation, 0..3));
    vec(document, 1..12).prop_map(|documents| {
        (0..)
            .zip(documents)
            .map(|(id, (title, number, organs, signed_on, effective_on, relations))| Document {
                numbers: vec![format!("某府〔2020〕{}号", number + 1)],
                organs,
                signed_on,
                effective_on,
                relations,
                ..Document::new(format!("d{id}"), format!("第{title}办法"))
            })
            .collect()
    })
}

fn shuffled() -> impl Strategy<Value = (Vec<Document>, Vec<Document>)> {
    documents().prop_flat_map(|documents| (Just(documents.clone()), Just(documents).prop_shuffle()))
}

/// All that a library tells.
fn told(documents: Vec<Document>) -> (Vec<(String, Grounds)>, Vec<String>) {
    let library = Library::of(documents);
    let grounds = library.iter().map(|(document, grounds)| (document.id.clone(), grounds.clone()));
    (grounds.collect(), library.flaws().iter().map(ToString::to_string).collect())
}

proptest! {
    #[test]
    fn the_timeline_agrees_with_every_day(grounds in grounds(), offset in 0..80_u16) {
        let line = timeline(&grounds);
        prop_assert_eq!(at(&line, day(offset)), Some(&on(day(offset), &grounds)));
        prop_assert!(line.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
    }

    #[test]
    fn the_next_change_is_that_of_the_timeline(grounds in grounds(), offset in 0..80_u16) {
        let next = timeline(&grounds).into_iter().find(|(from, _)| *from > day(offset));
        prop_assert_eq!(next_change(&grounds, day(offset)), next);
    }

    #[test]
    fn what_ended_never_returns(grounds in grounds(), offset in 0..60_u16, later in 0..60_u16) {
        let grounds = Grounds { overrule: None, ..grounds };
        let before = on(day(offset), &grounds).effect;
        let after = on(day(offset + later), &grounds).effect;
        // Not yet in force, in force, lapsed, repealed: effects only go on.
        prop_assert!(before <= after, "{before:?} {after:?}");
    }

    #[test]
    fn amended_never_returns(grounds in grounds(), offset in 0..60_u16, later in 0..60_u16) {
        prop_assert!(on(day(offset), &grounds).amended <= on(day(offset + later), &grounds).amended);
    }

    #[test]
    fn the_order_of_acts_does_not_matter(grounds in grounds(), offset in 0..80_u16) {
        let mut turned = grounds.clone();
        turned.acts.reverse();
        prop_assert_eq!(on(day(offset), &grounds), on(day(offset), &turned));
    }

    #[test]
    fn an_overrule_wins_on_its_days_only(grounds in grounds(), overrule in overrules(), offset in 0..80_u16) {
        let with = Grounds { overrule: Some(overrule.clone()), ..grounds.clone() };
        let verdict = on(day(offset), &with);
        if overrule.counts_on(day(offset)) {
            prop_assert_eq!(verdict.effect, overrule.effect);
            prop_assert_eq!(verdict.overrule(), Some(&overrule));
        } else {
            prop_assert_eq!(verdict, on(day(offset), &Grounds { overrule: None, ..grounds }));
        }
    }

    #[test]
    fn events_end_with_the_effect_of_the_last_day(grounds in grounds()) {
        let line = timeline(&grounds);
        let last = events(&grounds).last().map(|(_, _, verdict)| verdict.effect);
        let first = line.first().map(|(_, verdict)| verdict.effect);
        prop_assert_eq!(last.or(first), line.last().map(|(_, verdict)| verdict.effect));
    }

    #[test]
    fn readings_of_a_period_differ_by_a_day_at_most(offset in any::<u16>(), years in 1..50_u32) {
        let [long, short] = [Reading::CorrespondingDay, Reading::DayBefore]
            .map(|reading| proposed_expiry(day(offset), years, reading).unwrap());
        prop_assert!(long == short || long.pred_opt() == Some(short));
    }

    #[test]
    fn the_order_of_import_does_not_matter((one, other) in shuffled()) {
        prop_assert_eq!(told(one), told(other));
    }

    #[test]
    fn acts_that_count_come_from_others(documents in documents()) {
        let public: BTreeSet<String> =
            documents.iter().filter(|d| d.published).map(|d| d.id.clone()).collect();
        for (id, grounds) in told(documents).0 {
            for act in grounds.acts {
                prop_assert!(act.by.id != id && public.contains(&act.by.id));
            }
        }
    }

    #[test]
    fn adding_what_is_not_public_changes_no_verdict(documents in documents(), offset in 0..80_u16) {
        let hidden = documents.iter().map(|document| Document {
            id: format!("x{}", document.id),
            published: false,
            ..document.clone()
        });
        let more = Library::of(documents.iter().cloned().chain(hidden).collect());
        let library = Library::of(documents);
        for (document, verdict) in library.verdicts(day(offset)) {
            prop_assert_eq!(more.on(day(offset), &document.id), Some(verdict));
        }
    }

    #[test]
    fn any_titles_and_numbers_are_taken(title in any::<String>(), number in any::<String>(), organ in "[某市省县区部局政府人大国务院]{0,9}") {
        let target = Target { title: Some(title.clone()), number: Some(number.clone()), id: None };
        let mut document = Document::new("a", title);
        document.numbers.push(number);
        document.organs.push(organ);
        document.relations.push(Relation::new(ActKind::Repeals, target));
        let other = Document { id: "b".to_owned(), ..document.clone() };
        let library = Library::of(vec![document, other]);
        for flaw in library.flaws() {
            prop_assert!(!flaw.to_string().is_empty());
        }
    }
}
