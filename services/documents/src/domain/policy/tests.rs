use chrono::TimeZone as _;
use proptest::prelude::*;

use super::*;

fn person(name: &str) -> Person {
    Person { account_id: name.to_owned(), name: name.to_owned() }
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 5, 6, 4, 0, 0).unwrap()
}

fn drafted() -> Policy {
    Policy::new(Content { title: "通知".to_owned(), ..Content::default() }, person("甲"), noon())
}

fn approved() -> Policy {
    let mut policy = drafted();
    policy.submit(noon()).unwrap();
    policy.approve(person("乙"), noon()).unwrap();
    policy
}

fn published() -> Policy {
    let mut policy = approved();
    policy.publish().unwrap();
    policy
}

#[test]
fn two_people_make_a_policy_public() {
    let mut policy = approved();
    let (draft, change) = policy.publish().unwrap();
    assert_eq!(change, Change { occasion: Occasion::Published, revision: 1 });
    assert_eq!((policy.state, policy.draft), (State::Published, None));
    assert!(draft.reviewer.is(&person("乙")));
}

#[test]
fn nobody_reviews_what_they_began_or_changed_last() {
    let mut policy = drafted();
    policy.edit(Content::default(), "", person("乙"), noon()).unwrap();
    policy.submit(noon()).unwrap();
    for own in ["甲", "乙"] {
        assert_eq!(policy.approve(person(own), noon()), Err(Refusal::SelfReview));
        assert_eq!(policy.send_back(person(own), "不行", noon()), Err(Refusal::SelfReview));
    }
    policy.approve(person("丙"), noon()).unwrap();
}

#[test]
fn a_draft_that_nobody_approved_is_not_published() {
    let mut policy = drafted();
    assert!(matches!(policy.publish(), Err(Refusal::DraftState { .. })));
    assert!(policy.draft.is_some(), "a refusal leaves the draft");
    policy.submit(noon()).unwrap();
    assert!(matches!(policy.publish(), Err(Refusal::DraftState { .. })));
}

#[test]
fn an_approved_draft_changes_only_after_it_was_sent_back() {
    let mut policy = approved();
    let edit = policy.edit(Content::default(), "", person("甲"), noon());
    assert!(matches!(edit, Err(Refusal::DraftState { .. })));
    let silent = policy.send_back(person("乙"), "  ", noon());
    assert!(matches!(silent, Err(Refusal::ReasonMissing("reason", _))));
    policy.send_back(person("乙"), "缺附件", noon()).unwrap();
    policy.edit(Content::default(), "", person("甲"), noon()).unwrap();
}

#[test]
fn revising_what_is_public_needs_a_reason() {
    let mut policy = published();
    let silent = policy.edit(Content::default(), " ", person("甲"), noon());
    assert!(matches!(silent, Err(Refusal::ReasonMissing("revision_reason", _))));
    policy.edit(Content::default(), "更正日期", person("甲"), noon()).unwrap();
    policy.submit(noon()).unwrap();
    policy.approve(person("乙"), noon()).unwrap();
    let (_, change) = policy.publish().unwrap();
    assert_eq!(change, Change { occasion: Occasion::Corrected, revision: 2 });
}

#[test]
fn a_withdrawn_policy_comes_back_only_through_review() {
    let mut policy = published();
    assert!(matches!(policy.withdraw(""), Err(Refusal::ReasonMissing("reason", _))));
    let (_, change) = policy.withdraw("内容有误").unwrap();
    assert_eq!(change, Change { occasion: Occasion::Withdrawn, revision: 2 });
    assert_eq!(policy.withdraw("再次"), Err(Refusal::NotPublished));
    assert_eq!(policy.publish().unwrap_err(), Refusal::NoDraft);
    policy.edit(Content::default(), "已改正", person("甲"), noon()).unwrap();
    policy.submit(noon()).unwrap();
    policy.approve(person("乙"), noon()).unwrap();
    assert_eq!(policy.publish().unwrap().1.revision, 3);
    assert_eq!(policy.state, State::Published);
}

#[test]
fn the_set_minute_is_whole_and_in_the_future() {
    let mut policy = approved();
    let minute = noon() + chrono::TimeDelta::minutes(5);
    for wrong in [noon(), minute + chrono::TimeDelta::seconds(1)] {
        assert_eq!(policy.schedule(wrong, person("乙"), noon()), Err(Refusal::BadMinute));
    }
    policy.schedule(minute, person("乙"), noon()).unwrap();
    policy.publish().unwrap();
}

#[test]
fn a_set_minute_can_be_taken_back() {
    let mut policy = approved();
    assert!(matches!(policy.unschedule(noon()), Err(Refusal::DraftState { .. })));
    let before = policy.clone();
    policy.schedule(noon() + chrono::TimeDelta::minutes(5), person("乙"), noon()).unwrap();
    policy.unschedule(noon()).unwrap();
    assert_eq!(policy, before, "approved as it was");
    assert_eq!(published().unschedule(noon()), Err(Refusal::NoDraft));
}

#[test]
fn one_operator_publishes_only_with_a_reason() {
    let mut policy = drafted();
    assert!(policy.publish_alone(" ").is_err());
    assert_eq!(policy.publish_alone("历史文件入库").unwrap().1.revision, 1);
}

#[test]
fn words_are_read_back() {
    for state in DraftState::ALL {
        assert_eq!(DraftState::read(state.word()), Some(state));
    }
    for state in [State::Unpublished, State::Published, State::Withdrawn] {
        assert_eq!(State::read(state.word()), Some(state));
    }
    assert_eq!(State::read("gone"), None);
}

#[derive(Clone, Debug)]
enum Act {
    Edit(u8, bool),
    Submit,
    Return(u8, bool),
    Approve(u8),
    Discard,
    Schedule(u8),
    Unschedule,
    Publish,
    Withdraw(bool),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let who = 0..4_u8;
    let act = prop_oneof![
        (who.clone(), any::<bool>()).prop_map(|(who, reason)| Act::Edit(who, reason)),
        Just(Act::Submit),
        (who.clone(), any::<bool>()).prop_map(|(who, reason)| Act::Return(who, reason)),
        who.clone().prop_map(Act::Approve),
        Just(Act::Discard),
        who.prop_map(Act::Schedule),
        Just(Act::Unschedule),
        Just(Act::Publish),
        any::<bool>().prop_map(Act::Withdraw),
    ];
    proptest::collection::vec(act, 0..60)
}

fn someone(who: u8) -> Person {
    person(&who.to_string())
}

fn perform(policy: &mut Policy, act: &Act) -> Result<Option<(Option<Draft>, Change)>, Refusal> {
    let reason = |given: bool| if given { "理由" } else { "" };
    let minute = noon() + chrono::TimeDelta::minutes(1);
    match act {
        Act::Edit(who, why) => policy.edit(Content::default(), reason(*why), someone(*who), noon()),
        Act::Submit => policy.submit(noon()),
        Act::Return(who, why) => policy.send_back(someone(*who), reason(*why), noon()),
        Act::Approve(who) => policy.approve(someone(*who), noon()),
        Act::Discard => policy.discard().map(|_| ()),
        Act::Schedule(who) => policy.schedule(minute, someone(*who), noon()),
        Act::Unschedule => policy.unschedule(noon()),
        Act::Publish => return policy.publish().map(|(draft, c)| Some((Some(draft), c))),
        Act::Withdraw(why) => return policy.withdraw(reason(*why)).map(|(_, c)| Some((None, c))),
    }
    .map(|()| None)
}

proptest! {
    #[test]
    fn whatever_people_do_the_rules_hold(acts in acts()) {
        let mut policy = Policy::new(Content::default(), person("0"), noon());
        for act in acts {
            let before = policy.clone();
            match perform(&mut policy, &act) {
                Err(_) => prop_assert_eq!(&policy, &before, "a refusal changes nothing"),
                Ok(Some((draft, change))) => {
                    prop_assert_eq!(change.revision, before.revision + 1);
                    prop_assert_eq!(policy.public_revision, change.revision);
                    if let Some(draft) = draft {
                        prop_assert!(draft.reviewer.is_someone());
                        prop_assert!(!draft.is_by(&draft.reviewer), "two people");
                        prop_assert!(
                            before.public_revision == 0 || !draft.revision_reason.is_empty()
                        );
                    }
                }
                Ok(None) => {
                    prop_assert_eq!(policy.revision, before.revision);
                    prop_assert_eq!(policy.state, before.state);
                }
            }
        }
    }
}
