use super::*;

fn old() -> Document {
    made("a", "河道办法", "2010-01-01").by("某市人民政府").no("某府〔2010〕3号")
}

#[test]
fn a_target_is_found_by_id_number_or_title() {
    for target in [
        Target::id("a"),
        Target::number("某府[2010]03号"),
        Target::title("《河道办法》"),
        Target::title("河道 办法（2009年修订）"),
    ] {
        assert_eq!(repealed(vec![old(), repealer(target.clone())]), ["a"], "{target}");
    }
}

#[test]
fn the_act_says_who_what_and_from_when() {
    let mut acting = repealer(Target::id("a")).no("某府〔2024〕9号");
    acting.relations[0].article = Some("第九条".to_owned());
    let library = Library::of(vec![acting, old()]);
    assert_eq!(library.on(day("2024-06-30"), "a").unwrap().effect, Effect::InForce);
    assert_eq!(
        library.on(day("2024-07-01"), "a").unwrap().reason.to_string(),
        "自2024年7月1日起被《新规定》（某府〔2024〕9号）第九条废止"
    );
}

#[test]
fn a_stated_day_weighs_more_than_the_acting_documents() {
    let mut acting = repealer(Target::id("a"));
    acting.relations[0].effective_on = Some(day("2025-01-01"));
    let library = Library::of(vec![acting, old()]);
    assert_eq!(library.on(day("2024-12-31"), "a").unwrap().effect, Effect::InForce);
    assert_eq!(library.on(day("2025-01-01"), "a").unwrap().effect, Effect::Repealed);
}

#[test]
fn an_id_weighs_more_than_a_number_and_that_more_than_a_title() {
    let other = made("b", "湖泊办法", "2011-01-01").no("某府〔2011〕4号");
    let target = Target { number: Some("某府〔2011〕4号".to_owned()), ..Target::id("a") };
    assert_eq!(repealed(vec![old(), other.clone(), repealer(target)]), ["a"]);
    let target =
        Target { title: Some("旧名".to_owned()), ..Target::number("某府〔2010〕3号") };
    assert_eq!(repealed(vec![old(), other, repealer(target)]), ["a"]);
}

#[test]
fn a_number_and_a_title_that_disagree_are_ambiguous() {
    let other = made("b", "湖泊办法", "2011-01-01");
    let target =
        Target { title: Some("湖泊办法".to_owned()), ..Target::number("某府〔2010〕3号") };
    assert!(repealed(vec![old(), other, repealer(target)]).is_empty());
}

#[test]
fn what_is_made_later_is_not_meant() {
    let later = made("b", "河道办法", "2026-01-01").by("某市人民政府");
    let library = Library::of(vec![later, repealer(Target::title("河道办法"))]);
    assert_eq!(library.on(day("2030-01-01"), "b").unwrap().effect, Effect::InForce);
    assert_eq!(library.flaws().len(), 1, "unresolved");
}

#[test]
fn of_two_documents_of_a_title_that_of_the_acting_organ_is_meant() {
    let other = made("b", "河道办法", "2011-01-01").by("邻市人民政府");
    let acting = repealer(Target::title("河道办法")).by("某市人民政府");
    assert_eq!(repealed(vec![old(), other, acting]), ["a"]);
}

#[test]
fn a_title_of_two_organs_is_ambiguous() {
    let other = made("b", "河道办法", "2011-01-01").by("邻市人民政府");
    assert!(repealed(vec![old(), other, repealer(Target::title("河道办法"))]).is_empty());
}

#[test]
fn another_number_of_the_organ_is_another_document() {
    let target =
        Target { title: Some("河道办法".to_owned()), ..Target::number("某府〔2005〕1号") };
    assert!(repealed(vec![old(), repealer(target)]).is_empty());
    let order = Target {
        title: Some("河道办法".to_owned()),
        ..Target::number("某市人民政府令第5号")
    };
    assert_eq!(repealed(vec![old(), repealer(order)]), ["a"], "orders say nothing of years");
}

#[test]
fn a_notice_is_found_by_what_it_issues() {
    let notice =
        made("a", "某市人民政府关于印发河道管理办法的通知", "2010-01-01").by("某市人民政府");
    let acting = repealer(Target::title("河道管理办法")).by("某市人民政府");
    assert_eq!(repealed(vec![notice.clone(), acting]), ["a"]);
    let acting = repealer(Target::title("关于印发〈河道管理办法〉的通知")).by("某市人民政府");
    assert_eq!(repealed(vec![notice.clone(), acting]), ["a"]);
    let acting = repealer(Target::title("河道管理办法")).by("江北省人民政府办公厅");
    assert!(!repealed(vec![notice.clone(), acting]).is_empty(), "names do not tell");
    let acting = repealer(Target::title("河道管理办法")).by("某市水利局");
    assert!(repealed(vec![notice, acting]).is_empty(), "another organ's notice");
}

#[test]
fn a_notice_and_its_annex_may_share_a_number() {
    let notice = made("b", "关于印发河道办法的通知", "2010-01-01").no("某府〔2010〕3号");
    let target =
        Target { title: Some("河道办法".to_owned()), ..Target::number("某府〔2010〕3号") };
    assert_eq!(repealed(vec![old(), notice.clone(), repealer(target)]), ["a"]);
    let bare = repealer(Target::number("某府〔2010〕3号"));
    assert!(repealed(vec![old(), notice, bare]).is_empty());
}

#[test]
fn what_is_not_public_does_nothing() {
    let acting = Document { published: false, ..repealer(Target::id("a")) };
    assert!(repealed(vec![old(), acting]).is_empty());
    let hidden = Document { published: false, ..old() };
    assert!(repealed(vec![hidden.clone(), repealer(Target::title("河道办法"))]).is_empty());
    assert_eq!(repealed(vec![hidden, repealer(Target::id("a"))]), ["a"]);
}

#[test]
fn a_repeal_is_not_undone_with_what_repealed() {
    let undoing = made("zz", "新新规定", "2026-01-01").does(ActKind::Repeals, Target::id("z"));
    let found = repealed(vec![undoing, old(), repealer(Target::id("a"))]);
    assert_eq!(found, ["a", "z"]);
}

#[test]
fn what_never_took_effect_repeals_nothing() {
    let mut acting = repealer(Target::id("a"));
    acting.effective_on = Some(day("2027-01-01"));
    let undoing = made("zz", "新新规定", "2026-01-01").does(ActKind::Repeals, Target::id("z"));
    assert_eq!(repealed(vec![undoing, old(), acting]), ["z"]);
}

#[test]
fn a_declaration_of_lapse_and_an_amendment_are_told_apart() {
    let acting = made("z", "决定", "2024-07-01")
        .does(ActKind::DeclaresLapsed, Target::id("a"))
        .does(ActKind::Amends, Target::id("b"));
    let library = Library::of(vec![acting, old(), made("b", "湖泊办法", "2011-01-01")]);
    assert_eq!(library.on(day("2024-07-01"), "a").unwrap().effect, Effect::Lapsed);
    let verdict = library.on(day("2024-07-01"), "b").unwrap();
    assert_eq!((verdict.effect, verdict.amended), (Effect::InForce, true));
}
