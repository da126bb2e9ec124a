//! What is found besides what was said, in which order, and where in a text.

use super::*;

fn policy(id: &str, title: &str, text: &str) -> Entry {
    entry(id, "", title, text)
}

#[test]
fn another_word_for_the_same_thing_counts_below_the_word() {
    let fixture = indexed(vec![
        policy("a", "最低生活保障办法", "申请最低生活保障，应当提交材料。"),
        policy("b", "低保办法", "申请低保，应当提交材料。"),
        policy("c", "停车办法", "停车收费。"),
    ]);
    let found = fixture.index.search(&ask("低保")).unwrap();
    assert_eq!((ids(&found), found.total, found.complete), (vec!["b", "a"], 2, 2));
    assert!(found.hits[1].title.iter().any(|it| it.marked && it.text == "最低生活保障"));
    let quoted = fixture.index.search(&ask("“低保”")).unwrap();
    assert_eq!(
        (ids(&quoted), quoted.total),
        (vec!["b"], 1),
        "what is quoted is meant to the letter"
    );
}

#[test]
fn a_word_of_everyday_helps_to_rank_and_finds_nothing_by_itself() {
    let fixture = indexed(vec![
        policy("a", "工资支付条例", "用人单位拖欠劳动报酬的，责令支付。"),
        policy("b", "停车办法", "停车收费，逾期不支付的，责令支付。"),
    ]);
    assert_eq!(fixture.index.search(&ask("老板")).unwrap().total, 0);
    let found = fixture.index.search(&ask("老板一直不支付工资怎么办")).unwrap();
    assert_eq!(ids(&found).first(), Some(&"a"));
}

#[test]
fn of_more_than_two_words_some_are_enough_and_most_are_best() {
    let fixture = indexed(vec![
        policy("a", "养犬登记办法", "养犬登记。"),
        policy("b", "婚姻登记办法", "登记登记登记登记。"),
        policy("c", "犬只免疫办法", "养犬免疫。"),
    ]);
    let exact = fixture.index.search(&ask("养犬 登记")).unwrap();
    assert_eq!((ids(&exact), exact.total), (vec!["a"], 1), "two words are asked for to the letter");
    let query = "养犬 登记 办法";
    let found = fixture.index.search(&ask(query)).unwrap();
    assert_eq!(ids(&found).first(), Some(&"a"));
    assert_eq!((found.total, found.complete), (3, 1));
    let first = fixture.index.search(&Request { limit: 2, ..ask(query) }).unwrap();
    let rest = Request { limit: 2, offset: first.next.unwrap(), ..ask(query) };
    let rest = fixture.index.search(&rest).unwrap();
    assert_eq!([ids(&first), ids(&rest)].concat(), ids(&found), "pages go on where they stopped");
}

#[test]
fn what_is_in_force_comes_first_unless_a_title_is_just_what_was_asked() {
    let mut old = policy("old", "养犬管理办法（2015年）", "养犬管理，养犬登记。");
    old.record.spans = vec![span(0, Effect::Repealed)];
    let new = policy("new", "养犬管理条例（2024年）", "养犬管理，养犬登记，养犬免疫，另行规定。");
    let fixture = indexed(vec![old, new]);
    assert_eq!(found(&fixture.index, "养犬管理"), ["new", "old"]);
    assert_eq!(found(&fixture.index, "养犬管理办法（2015年）"), ["old", "new"]);
}

#[test]
fn effects_are_those_of_the_day_that_is_asked_for() {
    let day = |text| read_day(text).unwrap();
    let mut changing = policy("a", "停车办法", "停车收费。");
    changing.record.spans = vec![
        span(0, Effect::NotYetInForce),
        span(day("2020-01-01"), Effect::InForce),
        span(day("2024-07-01"), Effect::Repealed),
    ];
    let fixture = indexed(vec![changing, policy("b", "停车场办法", "停车收费。")]);
    for (on, effect, expected) in [
        ("2019-12-31", Effect::InForce, vec!["b"]),
        ("2019-12-31", Effect::NotYetInForce, vec!["a"]),
        ("2020-01-01", Effect::InForce, vec!["a", "b"]),
        ("2024-06-30", Effect::InForce, vec!["a", "b"]),
        ("2024-07-01", Effect::InForce, vec!["b"]),
        ("2024-07-01", Effect::Repealed, vec!["a"]),
        ("2024-07-01", Effect::Lapsed, vec![]),
    ] {
        let filter = Filter { today: day(on), effect: Some(effect), ..Filter::default() };
        let mut found =
            fixture.index.search(&Request { filter, facets: true, ..ask("停车") }).unwrap();
        found.hits.sort_by(|a, b| a.record.id.cmp(&b.record.id));
        assert_eq!(ids(&found), expected, "{on} {effect:?}");
        assert!(found.hits.iter().all(|hit| hit.effect == effect));
        let counted: Vec<_> = found.facets.unwrap().effects;
        let count = expected.len() as u64;
        assert_eq!(counted, if count == 0 { vec![] } else { vec![(effect, count)] });
    }
}

#[test]
fn what_was_misspelt_is_put_right_and_said() {
    let fixture = indexed(library());
    for query in ["gongjijin", "gjj", "公基金"] {
        let found = fixture.index.search(&ask(query)).unwrap();
        assert_eq!((found.corrected.as_str(), found.total), ("公积金", 2), "{query}");
    }
    assert!(fixture.index.search(&ask("公积金")).unwrap().corrected.is_empty());
    assert!(fixture.index.suggest("gaolingjintie", 5).unwrap().contains(&"高龄津贴".to_owned()));
}

#[test]
fn a_hit_names_the_article_that_answers() {
    let fixture = indexed(library());
    let found = fixture.index.search(&ask("职工购买住房可以提取吗")).unwrap();
    let anchor = found.hits.first().unwrap().anchor.clone().unwrap();
    assert_eq!((anchor.id.as_str(), anchor.label.as_str()), ("art-2", "第二条"));
}

#[test]
fn within_a_policy_its_paragraphs_are_found() {
    let fixture = indexed(library());
    let within = fixture.index.search_within("a", "购买住房", 10).unwrap().unwrap();
    assert_eq!(within.total, 2, "住房 stands in both articles");
    assert_eq!(within.passages[1].anchor.as_ref().unwrap().id, "art-2");
    let best = fixture.index.search_within("a", "购买住房", 1).unwrap().unwrap();
    assert_eq!(best.passages[0].anchor.as_ref().unwrap().id, "art-2");
    assert!(best.passages[0].pieces.iter().any(|piece| piece.marked && piece.text == "购买住房"));
    assert_eq!(fixture.index.search_within("a", "飞机", 10).unwrap().unwrap().total, 0);
    assert_eq!(fixture.index.search_within("none", "住房", 10).unwrap(), None);
}

#[test]
fn related_policies_are_about_the_same_and_never_the_policy_itself() {
    let fixture = indexed(vec![
        policy("a", "养犬管理条例", "养犬登记，犬只免疫，遛犬应当牵绳。"),
        policy("b", "犬只免疫办法", "犬只免疫，由兽医实施。"),
        policy("c", "停车收费办法", "停车收费，由物价部门核定。"),
    ]);
    let related = fixture.index.related("a", 5, today()).unwrap().unwrap();
    let near: Vec<&str> = related.iter().map(|hit| hit.record.id.as_str()).collect();
    assert_eq!(near.first(), Some(&"b"));
    assert!(!near.contains(&"a"));
    assert!(fixture.index.related("none", 5, today()).unwrap().is_none());
}
