use super::*;
use crate::library::Rules;
use crate::{DefaultValidity, Reading, Reason};

fn version(id: &str, on: &str) -> Document {
    made(id, "某市河道条例", on).by("某市人民代表大会常务委员会")
}

#[test]
fn a_later_version_supersedes_from_its_day_on() {
    let mut later = version("b", "2020-03-01");
    later.effective_on = Some(day("2020-05-01"));
    later.title = "某市河道条例（2020年修订）".to_owned();
    let library = Library::of(vec![later, version("a", "2010-01-01")]);
    let before = library.on(day("2020-04-30"), "a").unwrap();
    assert_eq!(before.effect, Effect::InForce);
    let after = library.on(day("2020-05-01"), "a").unwrap();
    assert_eq!(after.effect, Effect::Repealed);
    assert!(matches!(after.reason, Reason::Superseded { .. }));
    assert_eq!(after.acts()[0].by.id, "b");
    assert_eq!(library.on(day("2020-05-01"), "b").unwrap().effect, Effect::InForce);
    assert!(library.flaws().is_empty());
}

#[test]
fn an_amended_text_holds_from_its_amendment_on() {
    // It still says `自2010年1月1日起施行`.
    let amended = Document { effective_on: Some(day("2010-01-01")), ..version("b", "2020-03-01") };
    let library = Library::of(vec![amended, version("a", "2010-01-01")]);
    assert_eq!(library.on(day("2020-02-29"), "a").unwrap().effect, Effect::InForce);
    assert_eq!(library.on(day("2020-03-01"), "a").unwrap().effect, Effect::Repealed);
}

#[test]
fn the_next_version_supersedes_not_the_last() {
    let versions =
        vec![version("c", "2020-01-01"), version("b", "2015-01-01"), version("a", "2010-01-01")];
    let library = Library::of(versions);
    let by = |id| library.on(day("2024-01-01"), id).unwrap().acts()[0].by.id.clone();
    assert_eq!((by("a"), by("b")), ("b".to_owned(), "c".to_owned()));
}

#[test]
fn copies_of_one_day_do_not_supersede_one_another() {
    assert!(repealed(vec![version("a", "2010-01-01"), version("b", "2010-01-01")]).is_empty());
}

#[test]
fn copies_of_one_number_do_not_supersede_one_another() {
    let copies = vec![
        version("a", "2010-01-01").no("某府〔2010〕3号"),
        version("b", "2012-01-01").no("某府〔2010〕3号"),
    ];
    assert!(repealed(copies).is_empty());
}

#[test]
fn the_repeal_of_a_title_ends_all_earlier_versions() {
    let versions =
        vec![version("a", "2010-01-01"), version("b", "2010-01-01"), version("c", "2026-01-01")];
    let acting = repealer(Target::title("某市河道条例")).by("某市人民代表大会");
    let documents: Vec<_> = versions.into_iter().chain([acting]).collect();
    let library = Library::of(documents);
    for id in ["a", "b"] {
        let verdict = library.on(day("2024-07-01"), id).unwrap();
        assert!(matches!(verdict.reason, Reason::Repealed { .. }), "{id}");
    }
    assert_eq!(library.on(day("2030-01-01"), "c").unwrap().effect, Effect::InForce);
}

#[test]
fn an_amendment_concerns_the_newest_version() {
    let acting =
        made("z", "决定", "2024-07-01").does(ActKind::Amends, Target::title("某市河道条例"));
    let library = Library::of(vec![version("a", "2010-01-01"), version("b", "2015-01-01"), acting]);
    assert!(!library.on(day("2030-01-01"), "a").unwrap().amended);
    assert!(library.on(day("2030-01-01"), "b").unwrap().amended);
}

#[test]
fn notices_of_one_title_are_no_versions() {
    let notice = |id, on| made(id, "关于清理结果的通知", on).by("某市人民政府");
    assert!(repealed(vec![notice("a", "2010-01-01"), notice("b", "2015-01-01")]).is_empty());
}

#[test]
fn rules_of_one_title_by_two_organs_are_no_versions() {
    let other = made("b", "河道办法", "2015-01-01").by("邻市人民政府");
    let unknown = made("c", "河道办法", "2016-01-01");
    let own = made("a", "河道办法", "2010-01-01").by("某市人民政府");
    assert!(repealed(vec![own, other, unknown]).is_empty());
}

#[test]
fn a_trial_is_followed_but_not_superseded() {
    let trial = made("a", "河道办法（试行）", "2010-01-01");
    assert!(repealed(vec![trial, made("b", "河道办法", "2015-01-01")]).is_empty());
}

#[test]
fn stated_periods_lapse_and_default_ones_only_by_rule() {
    let category = "市政府行政规范性文件".to_owned();
    let stated = Document { validity_years: Some(2), ..made("a", "甲通知", "2020-01-01") };
    let silent = Document { category: category.clone(), ..made("b", "乙通知", "2020-01-01") };
    let off = Library::of(vec![stated.clone(), silent.clone()]);
    let effect = |library: &Library, on, id| library.on(day(on), id).unwrap().effect;
    assert_eq!(effect(&off, "2022-01-01", "a"), Effect::InForce);
    assert_eq!(effect(&off, "2022-01-02", "a"), Effect::Lapsed);
    assert_eq!(effect(&off, "2050-01-01", "b"), Effect::InForce);
    let rule = DefaultValidity {
        rule: "《规定》第七条".to_owned(),
        years: 5,
        reading: Reading::DayBefore,
        holds_from: day("2003-03-01"),
        categories: vec![category],
        organs: Vec::new(),
    };
    let rules = Rules { default_validity: vec![rule], ..Rules::default() };
    let under = Library::under(&rules, vec![stated, silent]);
    assert_eq!(effect(&under, "2024-12-31", "b"), Effect::InForce);
    assert_eq!(effect(&under, "2025-01-01", "b"), Effect::Lapsed);
}

#[test]
fn an_amended_text_bears_the_day_of_its_amendment() {
    let acting =
        made("z", "决定", "2020-03-01").does(ActKind::Amends, Target::title("某市河道条例"));
    let consolidated =
        Document { signed_on: Some(day("2020-03-10")), ..version("a", "2010-01-01") };
    let library = Library::of(vec![consolidated, acting.clone()]);
    assert!(library.on(day("2030-01-01"), "a").unwrap().amended);
    let library = Library::of(vec![version("a", "2020-03-10"), acting]);
    assert!(!library.on(day("2030-01-01"), "a").unwrap().amended, "a new rule of the title");
}

#[test]
fn an_amended_text_does_not_repeal_its_last_version_once_more() {
    // Both say `1998年的《某市河道条例》同时废止`, from 2001 on.
    let text = |id, signed| {
        let document = Document { signed_on: Some(day(signed)), ..version(id, "2001-07-01") };
        document.does(ActKind::Repeals, Target::title("某市河道条例"))
    };
    let library = Library::of(vec![text("a", "2010-01-09"), text("b", "2023-12-11")]);
    let verdict = library.on(day("2030-01-01"), "a").unwrap();
    assert!(matches!(verdict.reason, Reason::Superseded { .. }));
}
