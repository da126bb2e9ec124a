//! The engine with real folders and small documents.

mod answers;
mod recall;

use super::effect::{NEVER, Validity, read_day, span};
use super::words::tests::WORDS;
use super::*;

const MEMORY: usize = 30_000_000;
const TODAY: &str = "2026-11-22";

fn today() -> Day {
    read_day(TODAY).unwrap()
}

/// A public policy.
pub(super) fn entry(id: &str, number: &str, title: &str, text: &str) -> Entry {
    let record = Record {
        id: id.to_owned(),
        revision: 1,
        title: title.to_owned(),
        number: number.to_owned(),
        organ_code: "HN01".to_owned(),
        organ_name: "淮江市人民政府办公室".to_owned(),
        category: "行政规范性文件".to_owned(),
        excerpt: opening(text, 300),
        spans: vec![span(0, Effect::InForce)],
        ..Record::default()
    };
    Entry { record, text: text.to_owned(), year: 2023, newest: 1, ..Entry::default() }
}

fn put(entry: Entry) -> Change {
    Change::Put(Box::new(entry))
}

fn library() -> Vec<Entry> {
    let mut housing = entry(
        "a",
        "淮府办〔2023〕12号",
        "关于印发住房公积金提取管理办法的通知",
        "第一条 为规范住房公积金提取。\n第二条 职工购买住房的，可以提取。",
    );
    housing.newest = 3;
    let mut elders = entry(
        "b",
        "淮民〔2022〕7号",
        "高龄津贴发放办法",
        "八十周岁以上老年人可以申请高龄津贴。住房困难的另行规定。",
    );
    elders.record.organ_code = "HN02".to_owned();
    elders.record.organ_name = "淮江市民政局".to_owned();
    let expires = read_day("2025-12-31").unwrap();
    elders.record.spans = Validity { effective: 0, expires, repealed: false }.spans();
    elders.year = 2022;
    elders.newest = 2;
    let mut business = entry(
        "c",
        "淮府〔2024〕3号",
        "优化营商环境若干措施",
        "依照淮府办〔2023〕12号文件，为企业提供住房公积金服务。",
    );
    business.record.spans = Validity { effective: 0, expires: NEVER, repealed: true }.spans();
    business.year = 2024;
    vec![housing, elders, business]
}

pub(super) struct Fixture {
    pub(super) index: Index,
    folder: tempfile::TempDir,
}

pub(super) fn indexed(entries: Vec<Entry>) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path(), &WORDS, MEMORY).unwrap();
    let changes: Vec<Change> = entries.into_iter().map(put).collect();
    index.apply(&changes, Some(("documents", Mark { epoch: 1, position: 3 }))).unwrap();
    Fixture { index, folder }
}

fn ask(query: &str) -> Request {
    Request {
        query: query.to_owned(),
        limit: 10,
        extract: 120,
        filter: Filter { today: today(), ..Filter::default() },
        ..Request::default()
    }
}

fn ids(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.record.id.as_str()).collect()
}

fn found(index: &Index, query: &str) -> Vec<String> {
    ids(&index.search(&ask(query)).unwrap()).into_iter().map(str::to_owned).collect()
}

#[test]
fn words_are_found_in_title_and_text_titles_first() {
    let Fixture { index, folder: _folder } = indexed(library());
    assert_eq!(found(&index, "住房公积金"), ["a", "c"]);
    assert_eq!(found(&index, "老人 津贴"), Vec::<String>::new());
    assert_eq!(found(&index, "怎么申请高龄津贴"), ["b"]);
    assert_eq!(found(&index, "“住房困难”"), ["b"]);
    assert_eq!(found(&index, "“困难住房”"), Vec::<String>::new());
    assert_eq!(found(&index, "金").len(), 2);
    assert_eq!(found(&index, "第二条"), ["a"]);
    assert_eq!(found(&index, "").len(), 3);
}

#[test]
fn a_number_is_found_first_in_every_writing() {
    let Fixture { index, folder: _folder } = indexed(library());
    for query in [
        "淮府办〔2023〕12号",
        "淮府办[2023]12",
        "淮府办（2023）第12号",
        "淮府办〔２０２３〕１２号",
        "淮府办【2023】12号",
        "淮府办202312号",
    ] {
        assert_eq!(found(&index, query).first().map(String::as_str), Some("a"), "{query}");
    }
    assert_eq!(found(&index, "淮府办〔2023〕12号"), ["a", "c"]);
}

#[test]
fn filters_and_facets_agree() {
    let Fixture { index, folder: _folder } = indexed(library());
    let all = index.search(&Request { facets: true, ..ask("住房") }).unwrap();
    let facets = all.facets.unwrap();
    assert_eq!(all.total, 3);
    let of_organs: Vec<_> =
        facets.organs.iter().map(|it| (it.key.as_str(), it.label.as_str(), it.count)).collect();
    assert_eq!(of_organs, [("HN01", "淮江市人民政府办公室", 2), ("HN02", "淮江市民政局", 1)]);
    assert_eq!(
        facets.years.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(),
        ["2024", "2023", "2022"]
    );
    assert_eq!(facets.effects, [(Effect::InForce, 1), (Effect::Lapsed, 1), (Effect::Repealed, 1)]);
    for (effect, expected) in [
        (Effect::InForce, vec!["a"]),
        (Effect::Lapsed, vec!["b"]),
        (Effect::Repealed, vec!["c"]),
        (Effect::NotYetInForce, vec![]),
    ] {
        let mut request = ask("住房");
        request.filter.effect = Some(effect);
        assert_eq!(ids(&index.search(&request).unwrap()), expected, "{effect:?}");
    }
    let mut request = ask("");
    request.filter.organ = "HN02".to_owned();
    assert_eq!(ids(&index.search(&request).unwrap()), ["b"]);
    request.filter.year = 2023;
    assert_eq!(index.search(&request).unwrap().total, 0);
}

#[test]
fn what_a_policy_changes_when_it_begins_to_hold_is_known() {
    let mut repealing = library().remove(0);
    repealing.record.effective = today();
    repealing.record.affects = vec!["b".to_owned()];
    let Fixture { index, folder: _folder } = indexed(vec![repealing]);
    assert_eq!(index.affected_between(today() - 1, today()).unwrap(), ["b"]);
    assert!(index.affected_between(today(), today() + 1).unwrap().is_empty());
}

#[test]
fn hits_are_marked() {
    let Fixture { index, folder: _folder } = indexed(library());
    let found = index.search(&ask("提取 职工")).unwrap();
    let hit = found.hits.first().unwrap();
    let marked = |pieces: &[Piece]| -> Vec<String> {
        pieces.iter().filter(|it| it.marked).map(|it| it.text.clone()).collect()
    };
    assert_eq!(marked(&hit.title), ["提取"]);
    assert_eq!(marked(&hit.extract), ["职工", "提取"]);
}

#[test]
fn newest_first_goes_through_pages() {
    let Fixture { index, folder: _folder } = indexed(library());
    let mut request = Request { newest: true, limit: 2, ..ask("住房") };
    let first = index.search(&request).unwrap();
    assert_eq!((ids(&first), first.next), (vec!["a", "b"], Some(2)));
    request.offset = 2;
    let second = index.search(&request).unwrap();
    assert_eq!((ids(&second), second.next), (vec!["c"], None));
    request.offset = 99;
    assert!(index.search(&request).unwrap().hits.is_empty());
}

#[test]
fn where_nothing_has_all_words_most_are_enough() {
    let Fixture { index, folder: _folder } = indexed(library());
    let found = index.search(&ask("职工 购买 住房 飞机")).unwrap();
    assert_eq!(ids(&found), ["a", "b", "c"], "those with most of them first");
    assert_eq!((found.total, found.complete), (3, 0));
    assert!(found.instead.contains(&"购买".to_owned()), "{:?}", found.instead);
    assert_eq!(index.search(&ask("飞机 轮船")).unwrap().total, 0);
}

#[test]
fn a_title_without_words_is_found_by_itself() {
    let mut policies = library();
    policies.push(entry("slash", "", "/", "正文"));
    let index = indexed(policies).index;
    assert_eq!(found(&index, " ／ "), ["slash"]);
    assert_eq!(found(&index, "，").len(), 4, "else it asks for nothing in particular");
}

#[test]
fn no_query_is_an_error() {
    let Fixture { index, folder: _folder } = indexed(library());
    for query in ["\"", "title:(", "a AND", "*", "\\", "〔〕", "“的”", "的", "1", "＂", "[", "？"]
    {
        index.search(&ask(query)).unwrap();
        index.suggest(query, 5).unwrap();
    }
}

#[test]
fn suggestions_go_on_from_what_was_typed() {
    let Fixture { index, folder: _folder } = indexed(library());
    assert_eq!(index.suggest("高龄津", 5).unwrap(), ["高龄津贴发放办法"]);
    assert_eq!(index.suggest("淮府办〔2023", 5).unwrap(), ["淮府办〔2023〕12号"]);
    assert_eq!(index.suggest("优", 5).unwrap(), ["优化营商环境若干措施"]);
    assert!(index.suggest("", 5).unwrap().is_empty());
}

#[test]
fn nothing_late_brings_a_forgotten_policy_back() {
    let Fixture { index, folder: _folder } = indexed(library());
    let forget = Change::Forget { id: "a".to_owned(), revision: 2 };
    index.apply(&[forget], None).unwrap();
    assert!(!found(&index, "提取").contains(&"a".to_owned()));
    index.apply(&[put(library().remove(0))], None).unwrap();
    assert_eq!(index.policies().unwrap(), 2);
    let mut newer = library().remove(0);
    newer.record.revision = 3;
    index.apply(&[put(newer)], None).unwrap();
    assert_eq!(found(&index, "提取"), ["a"]);
    let mut older = library().remove(0);
    older.record.title = "旧标题".to_owned();
    older.record.revision = 2;
    index.apply(&[put(older)], None).unwrap();
    assert!(found(&index, "旧标题").is_empty());
}

#[test]
fn a_purged_policy_leaves_nothing_on_the_disk() {
    let Fixture { index, folder: _folder } = indexed(library());
    index.apply(&[Change::Forget { id: "b".to_owned(), revision: 2 }], None).unwrap();
    index.purge().unwrap();
    for file in std::fs::read_dir(index.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let secret = "高龄津贴".as_bytes();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret));
    }
    assert_eq!(index.policies().unwrap(), 2);
}

#[test]
fn an_index_opens_with_its_policies_and_mark() {
    let Fixture { index, folder } = indexed(library());
    index.flush().unwrap();
    let late = [put(entry("d", "", "暂住登记办法", "居住证"))];
    index.apply(&late, Some(("documents", Mark { epoch: 1, position: 4 }))).unwrap();
    assert_eq!(found(&index, "居住证"), ["d"]);
    // As after the death of the process: what was not flushed is heard again from its mark on.
    drop(index);
    let index = Index::open(folder.path(), &WORDS, MEMORY).unwrap();
    assert!(found(&index, "居住证").is_empty());
    assert_eq!(index.mark("documents"), Mark { epoch: 1, position: 3 });
    assert_eq!(index.mark("others"), Mark::default());
    assert_eq!(found(&index, "高龄津贴"), ["b"]);
    assert!(index.bytes().unwrap() > 0);
}

#[test]
fn a_failed_commit_changes_nothing_and_the_next_goes_through() {
    let Fixture { index, folder } = indexed(library());
    let away = folder.path().with_extension("away");
    std::fs::rename(folder.path(), &away).unwrap();
    let new = put(entry("d", "", "暂住登记办法", "居住证"));
    let mark = Some(("documents", Mark { epoch: 1, position: 4 }));
    // The reader's lock is a file of the folder.
    assert!(index.apply(std::slice::from_ref(&new), mark).is_err());
    assert_eq!(index.mark("documents").position, 3);
    assert_eq!(found(&index, "高龄津贴"), ["b"]);
    std::fs::rename(&away, folder.path()).unwrap();
    index.apply(&[new], mark).unwrap();
    assert_eq!(found(&index, "居住证"), ["d"]);
    assert_eq!(index.mark("documents").position, 4);
}

#[test]
fn a_failed_flush_can_be_repeated_and_nothing_is_missing() {
    let Fixture { index, folder } = indexed(library());
    let away = folder.path().with_extension("away");
    std::fs::rename(folder.path(), &away).unwrap();
    assert!(index.flush().is_err());
    assert_eq!(found(&index, "高龄津贴"), ["b"]);
    std::fs::rename(&away, folder.path()).unwrap();
    index.flush().unwrap();
    drop(index);
    let index = Index::open(folder.path(), &WORDS, MEMORY).unwrap();
    assert_eq!(found(&index, "高龄津贴"), ["b"]);
}

#[test]
fn many_small_commits_stay_few_segments() {
    let Fixture { index, folder: _folder } = indexed(Vec::new());
    for number in 0..60 {
        let title = format!("第{number}号公告");
        index.apply(&[put(entry(&number.to_string(), "", &title, "公告正文"))], None).unwrap();
    }
    assert_eq!(index.policies().unwrap(), 60);
    assert!(index.searcher().segment_readers().len() < 30);
    assert_eq!(found(&index, "第42号公告").first().map(String::as_str), Some("42"));
}

#[test]
fn a_shelf_swaps_and_survives_damage() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::open(folder.path(), WORDS.clone(), MEMORY).unwrap();
    shelf.living().apply(&[put(library().remove(0))], None).unwrap();
    let beside = std::sync::Arc::new(shelf.begin().unwrap());
    beside.apply(&[put(library().remove(1))], None).unwrap();
    assert_eq!(found(&shelf.living(), "住房"), ["a"]);
    let before = shelf.living();
    beside.flush().unwrap();
    shelf.swap(beside).unwrap();
    assert_eq!(found(&shelf.living(), "住房"), ["b"]);
    assert_eq!(found(&before, "住房"), ["a"]);
    let path = shelf.living().path().to_owned();
    drop((before, shelf));
    let shelf = Shelf::open(folder.path(), WORDS.clone(), MEMORY).unwrap();
    assert_eq!(found(&shelf.living(), "住房"), ["b"]);
    drop(shelf);
    std::fs::write(path.join("meta.json"), "{").unwrap();
    let shelf = Shelf::open(folder.path(), WORDS.clone(), MEMORY).unwrap();
    assert_eq!(shelf.living().policies().unwrap(), 0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}
