use super::*;
use crate::library::Flaw;

fn told(documents: Vec<Document>) -> Vec<String> {
    Library::of(documents).flaws().iter().map(ToString::to_string).collect()
}

#[test]
fn nobody_acts_on_itself() {
    let own = made("a", "河道办法", "2010-01-01").no("某府〔2010〕3号");
    for target in [Target::id("a"), Target::number("某府〔2010〕3号")] {
        let documents = vec![own.clone().does(ActKind::Repeals, target)];
        assert!(repealed(documents.clone()).is_empty());
        assert_eq!(told(documents), ["《河道办法》（某府〔2010〕3号）废止自身，不予计算"]);
    }
}

#[test]
fn a_new_rule_may_repeal_the_old_one_of_its_name() {
    let old = made("b", "河道办法", "2010-01-01");
    let new = made("a", "河道办法", "2020-01-01").does(ActKind::Repeals, Target::title("河道办法"));
    assert_eq!(repealed(vec![new.clone(), old]), ["b"]);
    assert_eq!(told(vec![new]), ["《河道办法》废止的《河道办法》不在库中"]);
}

#[test]
fn of_two_that_repeal_one_another_the_earlier_repeal_counts() {
    let a = made("a", "甲办法", "2010-01-01").does(ActKind::Repeals, Target::id("b"));
    let b = made("b", "乙办法", "2012-01-01").does(ActKind::Repeals, Target::id("a"));
    let library = Library::of(vec![a, b]);
    assert_eq!(library.on(day("2030-01-01"), "b").unwrap().effect, Effect::Repealed);
    assert_eq!(library.on(day("2030-01-01"), "a").unwrap().effect, Effect::InForce);
    assert!(library.flaws().iter().any(|flaw| matches!(flaw, Flaw::Circle { .. })));
    assert!(library.flaws().iter().any(|flaw| matches!(flaw, Flaw::ActorEnded { .. })));
    assert!(library.flaws().iter().any(|flaw| matches!(flaw, Flaw::ActsOnLater { .. })));
}

#[test]
fn on_one_day_neither_repeal_counts() {
    let a = made("a", "甲办法", "2010-01-01").does(ActKind::Repeals, Target::id("b"));
    let b = made("b", "乙办法", "2010-01-01").does(ActKind::Repeals, Target::id("a"));
    assert!(repealed(vec![a.clone(), b.clone()]).is_empty());
    assert_eq!(told(vec![a, b]), ["《甲办法》、《乙办法》相互废止或者修改"]);
}

#[test]
fn amendments_in_a_circle_count_and_are_told() {
    let a = made("a", "甲办法", "2010-01-01").does(ActKind::Amends, Target::id("b"));
    let b = made("b", "乙办法", "2010-01-01").does(ActKind::Amends, Target::id("a"));
    let library = Library::of(vec![a, b]);
    assert!(library.on(day("2030-01-01"), "a").unwrap().amended);
    assert_eq!(library.flaws().len(), 1);
}

#[test]
fn without_power_an_act_does_not_count() {
    let old = made("a", "河道办法", "2010-01-01").by("某市人民政府");
    let acting = repealer(Target::id("a")).by("某市水利局");
    assert!(repealed(vec![old.clone(), acting.clone()]).is_empty());
    assert_eq!(
        told(vec![old.clone(), acting.clone()]),
        ["《新规定》的制定机关无权废止《河道办法》，不予计算"]
    );
    let consented = Document { with_consent: true, ..acting };
    assert_eq!(repealed(vec![old.clone(), consented]), ["a"]);
    let joint = repealer(Target::id("a")).by("某市水利局").by("某市人民政府");
    assert_eq!(repealed(vec![old, joint]), ["a"]);
}

#[test]
fn unresolved_and_ambiguous_targets_are_told() {
    assert_eq!(
        told(vec![repealer(Target::title("湖泊办法"))]),
        ["《新规定》废止的《湖泊办法》不在库中"]
    );
    let notice = |id| made(id, "关于修路的通知", "2010-01-01");
    assert_eq!(
        told(vec![notice("a"), notice("b"), repealer(Target::title("关于修路的通知"))]),
        [
            "《新规定》废止的《关于修路的通知》可能是《关于修路的通知》、《关于修路的通知》，不予计算"
        ]
    );
}

#[test]
fn days_in_the_wrong_order_are_told() {
    let document =
        Document { expires_on: Some(day("2009-12-31")), ..made("a", "甲", "2010-01-01") };
    assert_eq!(told(vec![document]), ["《甲》有效期至2009年12月31日，早于施行日期2010年1月1日"]);
}

#[test]
fn shared_numbers_and_ids_are_told() {
    let a = made("a", "甲", "2010-01-01").no("某府〔2010〕3号");
    let b = made("b", "乙", "2010-01-01").no("某府[2010]003号");
    assert_eq!(
        told(vec![b, a.clone()]),
        ["某府〔2010〕3号为《甲》（某府〔2010〕3号）、《乙》（某府[2010]003号）共用"]
    );
    let again = Document { title: "丙".to_owned(), ..a.clone() };
    assert_eq!(effects(vec![again.clone(), a.clone()]).len(), 1);
    assert!(told(vec![again, a.clone()]).contains(&"编号a重复，只保留一件".to_owned()));
    assert!(told(vec![a.clone(), a]).is_empty(), "the same record twice");
}

#[test]
fn flaws_are_found_by_id() {
    let library =
        Library::of(vec![repealer(Target::title("湖泊办法")), made("a", "甲", "2010-01-01")]);
    assert_eq!(library.flaws_of("z").count(), 1);
    assert_eq!(library.flaws_of("a").count(), 0);
    assert_eq!(library.flaws_of("").count(), 0);
}
