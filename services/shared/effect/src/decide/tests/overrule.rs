//! What clerks decide.

use super::*;
use crate::grounds::Overrule;

fn overrule(effect: Effect, until: Option<&str>) -> Overrule {
    Overrule {
        effect,
        reason: "文号有误".to_owned(),
        by: "王某".to_owned(),
        from: day("2024-01-01"),
        until: until.map(day),
    }
}

#[test]
fn a_clerks_decision_wins_and_is_seen() {
    let grounds = Grounds {
        overrule: Some(overrule(Effect::InForce, None)),
        ..acted([act(ActKind::Repeals, "2020-01-01")])
    };
    assert_eq!(effect("2023-12-31", &grounds), Effect::Repealed);
    let verdict = on(day("2024-01-01"), &grounds);
    assert_eq!(verdict.effect, Effect::InForce);
    assert_eq!(verdict.overrule().unwrap().by, "王某");
    assert_eq!(verdict.acts().len(), 1, "what it overrules can still be linked");
    assert_eq!(
        verdict.reason.to_string(),
        "自2024年1月1日起经人工认定为现行有效：文号有误（系统判断为废止：自2020年1月1日起被《新办法》（某府〔2024〕3号）废止）"
    );
}

#[test]
fn readers_do_not_learn_which_clerk_decided() {
    let grounds = Grounds { overrule: Some(overrule(Effect::Lapsed, None)), ..Grounds::default() };
    assert!(!reason("2024-01-01", &grounds).contains('王'));
}

#[test]
fn a_clerks_decision_may_end() {
    let grounds = Grounds {
        overrule: Some(overrule(Effect::Lapsed, Some("2024-03-31"))),
        ..Grounds::default()
    };
    assert_eq!(effect("2024-03-31", &grounds), Effect::Lapsed);
    assert!(
        reason("2024-03-31", &grounds).starts_with("自2024年1月1日起至2024年3月31日经人工认定")
    );
    assert_eq!(effect("2024-04-01", &grounds), Effect::InForce);
    assert!(on(day("2024-04-01"), &grounds).overrule().is_none());
}
