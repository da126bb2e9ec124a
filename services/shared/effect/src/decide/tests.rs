mod overrule;
mod source;

use super::*;
use crate::grounds::SourceStatement;
use crate::period::{LastDay, Period, Reading};
use crate::{Policy, first_day};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn act(kind: ActKind, from: &str) -> Act {
    Act::new(kind, Policy::new("p2", "新办法", Some("某府〔2024〕3号")), from.parse().ok())
}

fn acted(acts: impl Into<Vec<Act>>) -> Grounds {
    Grounds { acts: acts.into(), ..Grounds::default() }
}

fn from(text: &str) -> Grounds {
    Grounds { effective_on: Some(day(text)), ..Grounds::default() }
}

fn until(text: &str) -> Grounds {
    Grounds { expires_on: Some(day(text)), ..Grounds::default() }
}

fn said(word: SourceWord, seen_on: Option<&str>) -> SourceStatement {
    SourceStatement { word, seen_on: seen_on.map(day) }
}

fn effect(text: &str, grounds: &Grounds) -> Effect {
    on(day(text), grounds).effect
}

fn reason(text: &str, grounds: &Grounds) -> String {
    on(day(text), grounds).reason.to_string()
}

#[test]
fn without_any_ground_a_policy_is_in_force() {
    assert_eq!(effect("2024-06-30", &Grounds::default()), Effect::InForce);
    assert_eq!(reason("2024-06-30", &Grounds::default()), "没有废止、失效的记录");
}

#[test]
fn the_first_day_is_in_force() {
    assert_eq!(effect("2024-06-30", &from("2024-06-30")), Effect::InForce);
    assert_eq!(reason("2024-06-30", &from("2024-06-30")), "自2024年6月30日起施行");
}

#[test]
fn before_its_first_day_a_policy_is_not_yet_in_force() {
    let verdict = on(day("2024-06-29"), &from("2024-06-30"));
    assert_eq!(verdict.effect, Effect::NotYetInForce);
    assert_eq!(verdict.reason, Reason::NotYet { from: day("2024-06-30") });
}

#[test]
fn the_last_day_counts() {
    assert_eq!(effect("2024-06-30", &until("2024-06-30")), Effect::InForce);
    assert_eq!(reason("2024-06-30", &until("2024-06-30")), "有效期至2024年6月30日");
    assert_eq!(effect("2024-07-01", &until("2024-06-30")), Effect::Lapsed);
    assert_eq!(reason("2024-07-01", &until("2024-06-30")), "有效期至2024年6月30日，已届满");
}

#[test]
fn both_days_are_told() {
    let grounds = Grounds { effective_on: Some(day("2020-01-01")), ..until("2024-12-31") };
    assert_eq!(reason("2024-01-01", &grounds), "自2020年1月1日起施行，有效期至2024年12月31日");
}

#[test]
fn a_repeal_counts_from_its_day_on() {
    let grounds = acted([act(ActKind::Repeals, "2024-07-01").in_article("第三十条")]);
    assert_eq!(effect("2024-06-30", &grounds), Effect::InForce);
    assert_eq!(effect("2024-07-01", &grounds), Effect::Repealed);
    assert_eq!(
        reason("2024-07-01", &grounds),
        "自2024年7月1日起被《新办法》（某府〔2024〕3号）第三十条废止"
    );
}

#[test]
fn a_repeal_without_a_day_counts_always() {
    let grounds = acted([act(ActKind::Repeals, "")]);
    assert_eq!(effect("1949-10-01", &grounds), Effect::Repealed);
    assert_eq!(reason("1949-10-01", &grounds), "被《新办法》（某府〔2024〕3号）废止");
}

#[test]
fn the_parts_of_a_reason_can_be_linked() {
    let act = act(ActKind::Repeals, "2024-07-01").in_article("第三十条");
    let verdict = on(day("2024-07-01"), &acted([act.clone()]));
    assert_eq!(verdict.acts(), [act]);
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["effect"], "repealed");
    assert_eq!(json["reason"]["type"], "repealed");
    assert_eq!(json["reason"]["act"]["by"]["id"], "p2");
    assert_eq!(json["reason"]["act"]["article"], "第三十条");
    assert_eq!(json["reason"]["act"]["from"], "2024-07-01");
}

#[test]
fn a_repeal_before_the_first_day_ends_what_never_began() {
    let grounds = Grounds {
        effective_on: Some(day("2025-01-01")),
        ..acted([act(ActKind::Repeals, "2024-07-01")])
    };
    assert_eq!(effect("2024-06-30", &grounds), Effect::NotYetInForce);
    assert_eq!(effect("2025-06-30", &grounds), Effect::Repealed);
}

#[test]
fn the_earliest_repeal_decides() {
    let late = act(ActKind::Repeals, "2024-07-01");
    let early =
        Act { by: Policy::new("p1", "旧办法", None), ..act(ActKind::Repeals, "2020-01-01") };
    for acts in [[late.clone(), early.clone()], [early.clone(), late]] {
        assert_eq!(on(day("2025-01-01"), &acted(acts)).acts(), std::slice::from_ref(&early));
    }
}

#[test]
fn a_repeal_weighs_more_than_a_lapse() {
    let grounds = Grounds {
        expires_on: Some(day("2021-01-01")),
        source: Some(said(SourceWord::Lapsed, None)),
        ..acted([act(ActKind::Repeals, "2020-01-01")])
    };
    assert_eq!(effect("2024-06-30", &grounds), Effect::Repealed);
}

#[test]
fn what_has_lapsed_can_still_be_repealed() {
    let grounds = Grounds {
        expires_on: Some(day("2020-12-31")),
        ..acted([act(ActKind::Repeals, "2023-01-01")])
    };
    assert_eq!(effect("2022-06-30", &grounds), Effect::Lapsed);
    assert_eq!(effect("2023-01-01", &grounds), Effect::Repealed);
}

#[test]
fn a_replacement_is_a_repeal_by_another_name() {
    let grounds = acted([act(ActKind::Replaces, "2024-07-01")]);
    assert_eq!(effect("2024-07-01", &grounds), Effect::Repealed);
    assert_eq!(
        reason("2024-07-01", &grounds),
        "自2024年7月1日起被《新办法》（某府〔2024〕3号）代替"
    );
}

#[test]
fn a_later_version_supersedes() {
    let grounds = acted([act(ActKind::NewVersion, "2024-07-01")]);
    let verdict = on(day("2024-07-01"), &grounds);
    assert_eq!(verdict.effect, Effect::Repealed);
    assert!(matches!(verdict.reason, Reason::Superseded { .. }));
    assert_eq!(
        verdict.reason.to_string(),
        "自2024年7月1日起已修改，适用新修订的《新办法》（某府〔2024〕3号）"
    );
}

#[test]
fn a_declaration_of_lapse_lapses() {
    let grounds = acted([act(ActKind::DeclaresLapsed, "2024-07-01")]);
    let verdict = on(day("2024-07-01"), &grounds);
    assert_eq!(verdict.effect, Effect::Lapsed);
    assert!(verdict.reason.to_string().ends_with("宣布失效"));
}

#[test]
fn of_two_lapses_the_first_decides() {
    let grounds = |last: &str| Grounds {
        expires_on: Some(day(last)),
        ..acted([act(ActKind::DeclaresLapsed, "2024-07-01")])
    };
    let decided = |last| on(day("2025-01-01"), &grounds(last)).reason;
    assert!(matches!(decided("2024-06-30"), Reason::Lapsed { .. }));
    assert!(matches!(decided("2024-07-01"), Reason::DeclaredLapsed { .. }));
}

#[test]
fn an_amended_policy_stays_in_force() {
    let grounds = acted([act(ActKind::Amends, "2020-01-01")]);
    let verdict = on(day("2024-06-30"), &grounds);
    assert!(verdict.amended);
    assert_eq!(verdict.effect, Effect::InForce);
    assert_eq!(
        verdict.reason.to_string(),
        "没有废止、失效的记录；自2020年1月1日起被《新办法》（某府〔2024〕3号）修改"
    );
    assert!(!on(day("2019-12-31"), &grounds).amended);
}

#[test]
fn a_repeal_of_single_articles_is_partial() {
    let partial = act(ActKind::Repeals, "2024-07-01").on_articles(["第三条", "第五条第二款"]);
    let verdict = on(day("2024-07-01"), &acted([partial]));
    assert_eq!((verdict.effect, verdict.amended), (Effect::InForce, true));
    assert_eq!(
        verdict.reason.to_string(),
        "没有废止、失效的记录；第三条、第五条第二款自2024年7月1日起被《新办法》（某府〔2024〕3号）废止"
    );
}

#[test]
fn long_lists_of_articles_are_shortened() {
    let articles = (1..9).map(|number| format!("第{number}条"));
    let text = act(ActKind::Amends, "").on_articles(articles).to_string();
    assert_eq!(text, "第1条、第2条、第3条、第4条、第5条等条款被《新办法》（某府〔2024〕3号）修改");
}

#[test]
fn a_partial_repeal_may_name_no_article() {
    let verdict = on(day("2024-07-01"), &acted([act(ActKind::PartlyRepeals, "2024-07-01")]));
    assert_eq!((verdict.effect, verdict.amended), (Effect::InForce, true));
    assert!(verdict.reason.to_string().ends_with("部分废止"));
}

#[test]
fn articles_may_be_declared_lapsed_or_replaced() {
    for kind in [ActKind::DeclaresLapsed, ActKind::Replaces, ActKind::PartlyRepeals] {
        let verdict =
            on(day("2024-07-01"), &acted([act(kind, "2024-07-01").on_articles(["第二条"])]));
        assert_eq!((verdict.effect, verdict.amended), (Effect::InForce, true), "{kind:?}");
    }
}

#[test]
fn changes_are_told_in_the_order_of_their_days() {
    let first = act(ActKind::Amends, "2020-01-01");
    let second = act(ActKind::Amends, "2022-01-01");
    let verdict = on(day("2024-01-01"), &acted([second.clone(), first.clone(), second.clone()]));
    assert_eq!(verdict.acts(), [first, second]);
}

#[test]
fn an_amended_policy_can_be_repealed() {
    let grounds = acted([act(ActKind::Amends, "2020-01-01"), act(ActKind::Repeals, "2024-01-01")]);
    let verdict = on(day("2024-01-01"), &grounds);
    assert_eq!((verdict.effect, verdict.amended), (Effect::Repealed, true));
}

#[test]
fn a_stated_last_day_weighs_more_than_a_computed_one() {
    let period = Period::stated(day("2018-07-01"), 5, Reading::CorrespondingDay);
    let computed = Grounds { period, ..from("2018-07-01") };
    assert_eq!(effect("2023-07-01", &computed), Effect::InForce);
    assert_eq!(effect("2023-07-02", &computed), Effect::Lapsed);
    assert_eq!(reason("2023-07-02", &computed), "有效期5年，按对应日推算至2023年7月1日，已届满");
    let stated = Grounds { expires_on: Some(day("2023-06-30")), ..computed };
    assert_eq!(stated.last_day(), Some(LastDay::Stated(day("2023-06-30"))));
    assert_eq!(effect("2023-07-01", &stated), Effect::Lapsed);
}

#[test]
fn a_trial_does_not_lapse_by_itself() {
    assert_eq!(effect("2034-01-01", &from("1994-01-01")), Effect::InForce);
}

#[test]
fn acts_begin_on_their_own_day_else_with_the_policy_else_when_it_was_signed() {
    let (stated, effective, signed) =
        (Some(day("2024-03-01")), Some(day("2024-02-01")), Some(day("2024-01-01")));
    assert_eq!(first_day(stated, effective, signed), stated);
    assert_eq!(first_day(None, effective, signed), effective);
    assert_eq!(first_day(None, None, signed), signed);
    assert_eq!(first_day(None, None, None), None);
}

#[test]
fn policies_without_a_title_are_named_by_number_or_id() {
    assert_eq!(Policy::new("p1", "", Some("某府〔2024〕3号")).to_string(), "某府〔2024〕3号");
    assert_eq!(Policy::new("p1", " ", None).to_string(), "p1");
}

#[test]
fn kinds_of_acts_have_stable_words() {
    for word in
        ["repeals", "replaces", "new_version", "declares_lapsed", "partly_repeals", "amends"]
    {
        let kind = ActKind::parse(word).unwrap();
        assert_eq!(serde_json::to_value(kind).unwrap(), word);
    }
    assert_eq!(ActKind::parse("based_on"), None);
}

#[test]
fn effects_have_stable_words() {
    for effect in Effect::ALL {
        assert_eq!(serde_json::to_value(effect).unwrap(), effect.word());
    }
}
