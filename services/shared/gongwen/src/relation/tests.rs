use super::RelationType::{Amends, BasedOn, Forwards, Interprets, Issues, Repeals};
use super::*;

fn seen(title: Option<&str>, text: &str) -> Vec<(RelationType, String, Option<String>)> {
    find(title, text)
        .into_iter()
        .map(|found| (found.kind, found.title.unwrap_or_default(), found.number))
        .collect()
}

fn is(kind: RelationType, title: &str) -> (RelationType, String, Option<String>) {
    (kind, title.to_owned(), None)
}

fn numbered(
    kind: RelationType,
    title: &str,
    number: &str,
) -> (RelationType, String, Option<String>) {
    (kind, title.to_owned(), Some(number.to_owned()))
}

#[test]
fn a_final_article_repeals() {
    let text = "第九条 本办法自2020年5月1日起施行。2010年3月2日市政府公布的《河道管理办法》（淮府〔2010〕3号）和《湖泊管理办法》同时废止。";
    assert_eq!(
        seen(None, text),
        [numbered(Repeals, "河道管理办法", "淮府〔2010〕3号"), is(Repeals, "湖泊管理办法")],
    );
    let found = find(None, text);
    assert_eq!(found[0].effective_on, NaiveDate::from_ymd_opt(2020, 5, 1));
    assert!(found[0].evidence.contains("同时废止"));
}

#[test]
fn the_day_the_other_took_effect_is_not_that_of_its_repeal() {
    let found = find(None, "自1997年2月5日起施行的《河道管理办法》予以废止。");
    assert_eq!(found[0].effective_on, None);
}

#[test]
fn repeal_has_many_words() {
    for text in [
        "《河道管理办法》予以废止。",
        "《河道管理办法》停止执行。",
        "自本通知印发之日起，《河道管理办法》（以下简称《办法》）不再执行。",
        "市政府决定废止《河道管理办法》。",
        "市政府决定，自2024年1月1日起废止《河道管理办法》。",
        "根据《立法法》的规定，经研究，决定对《河道管理办法》予以废止。",
        "《河道管理办法》宣布失效。",
    ] {
        let repealed: Vec<_> =
            seen(None, text).into_iter().filter(|found| found.0 == Repeals).collect();
        assert_eq!(repealed, [is(Repeals, "河道管理办法")], "{text}");
    }
}

#[test]
fn a_document_may_be_repealed_by_its_number() {
    assert_eq!(
        seen(None, "原淮府〔2010〕3号文件同时废止。"),
        [(Repeals, String::new(), Some("淮府〔2010〕3号".to_owned()))]
    );
    assert_eq!(
        seen(None, "2001年淮南市人民政府令第15号公布的《燃气管理办法》同时废止。"),
        [numbered(Repeals, "燃气管理办法", "淮南市人民政府令第15号")],
    );
}

#[test]
fn single_articles_may_be_repealed() {
    let found = find(None, "《河道管理办法》第三条、第五条第二款同时废止。");
    assert_eq!(found[0].articles, ["第三条", "第五条第二款"]);
}

#[test]
fn reports_and_bans_repeal_nothing() {
    for text in [
        "按照已被废止的《河道管理办法》办理的，继续有效。",
        "《河道管理办法》已于2018年废止。",
        "未经同意，不得擅自将《河道管理办法》废止。",
        "制定机关应当及时修改或者废止《河道管理办法》。",
        "《河道管理办法》与本办法不一致的规定同时废止。",
        "《市政府关于废止〈河道管理办法〉的决定》已经公布。",
        "《采砂许可证》作废。",
        "拟对《河道管理办法》予以废止。",
        "对在建的河道，不再执行《河道管理办法》中关于宽度的限制。",
    ] {
        assert_eq!(seen(None, text), [], "{text}");
    }
}

#[test]
fn drafts_and_interpretations_repeal_nothing() {
    let text = "《河道管理办法》同时废止。";
    assert_eq!(seen(Some("湖泊管理办法（征求意见稿）"), text), []);
    assert_eq!(seen(Some("《湖泊管理办法》解读"), text), [is(Interprets, "湖泊管理办法")]);
}

#[test]
fn no_document_relates_to_itself() {
    assert_eq!(seen(Some("河道管理办法"), "《河道管理办法》自2020年5月1日起施行。"), []);
    assert_eq!(
        seen(Some("河道管理办法"), "2003年市政府发布的《河道管理办法》同时废止。"),
        [is(Repeals, "河道管理办法")],
    );
}

#[test]
fn every_row_of_a_list_is_repealed() {
    let text = "经研究，决定废止一批文件。\n附件\n决定废止的文件目录\n序号\n1.关于修路的通知（淮府〔2001〕1号）\n2.《关于修桥的通知》（淮府〔2002〕2号）\n3\n关于修坝的意见\n淮府〔2003〕3号";
    assert_eq!(
        seen(None, text),
        [
            numbered(Repeals, "关于修路的通知", "淮府〔2001〕1号"),
            numbered(Repeals, "关于修桥的通知", "淮府〔2002〕2号"),
            numbered(Repeals, "关于修坝的意见", "淮府〔2003〕3号"),
        ],
    );
    let text = "予以废止的文件目录\n十里长堤管理办法\n2.二级河道管理办法";
    assert_eq!(
        seen(None, text),
        [is(Repeals, "十里长堤管理办法"), is(Repeals, "二级河道管理办法")]
    );
    let text = "下列规章予以废止：\n一、《修路办法》\n二、《修桥办法》\n特此公告。";
    assert_eq!(seen(None, text), [is(Repeals, "修路办法"), is(Repeals, "修桥办法")]);
}

#[test]
fn amendments_name_their_articles() {
    let found = find(None, "一、将《河道管理办法》第三条修改为：“依照《水法》管理河道。”");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, Amends);
    assert_eq!(found[0].title.as_deref(), Some("河道管理办法"));
    assert_eq!(found[0].articles, ["第三条"]);
    assert_eq!(
        seen(None, "市政府决定对《河道管理办法》作如下修改："),
        [is(Amends, "河道管理办法")]
    );
    assert_eq!(
        seen(Some("淮南市人民政府关于修改《河道管理办法》的决定"), "现予公布。"),
        [is(Amends, "河道管理办法")],
    );
}

#[test]
fn a_decision_names_the_articles_it_changes() {
    let text =
        "一、第三条修改为：“河道由县管理。第九条修改。”\n二、将第五条第一款中的“市”修改为“县”。";
    let found = find(Some("淮南市人民政府关于修改《河道管理办法》的决定"), text);
    assert_eq!(found[0].articles, ["第三条", "第五条第一款"]);
}

#[test]
fn a_decision_may_amend_several() {
    let text = "一、修改《河道管理办法》\n第三条修改为：“县管河道。”\n二、《湖泊管理办法》\n第五条修改为：“市管湖泊。”";
    let seen = seen(Some("淮南市人民政府关于修改部分规章的决定"), text);
    assert_eq!(seen, [is(Amends, "河道管理办法"), is(Amends, "湖泊管理办法")]);
}

#[test]
fn a_basis_is_named_with_a_purpose() {
    assert_eq!(
        seen(None, "第一条 为了管理河道，根据《水法》、《防洪法》和有关规定，制定本办法。"),
        [is(BasedOn, "水法"), is(BasedOn, "防洪法")],
    );
    assert_eq!(seen(None, "根据2018年《关于修改〈水法〉的决定》第一次修正"), []);
    assert_eq!(seen(None, "第八条 违反本办法的，依照《水法》的规定处罚。"), []);
}

#[test]
fn documents_are_issued_and_forwarded() {
    assert_eq!(
        seen(
            Some("市政府办公室关于印发《河道管理办法》的通知"),
            "现将《河道管理办法》印发给你们，请遵照执行。"
        ),
        [is(Issues, "河道管理办法")],
    );
    assert_eq!(
        seen(Some("市政府办公室关于印发河道管理办法的通知"), "请遵照执行。"),
        [is(Issues, "河道管理办法")],
    );
    assert_eq!(
        seen(None, "现将《省政府关于修坝的通知》（皖政〔2020〕1号）转发给你们，请贯彻执行。"),
        [numbered(Forwards, "省政府关于修坝的通知", "皖政〔2020〕1号")],
    );
}

#[test]
fn relations_have_stable_names() {
    let found = find(None, "《河道管理办法》（淮府〔2010〕3号）同时废止。");
    let json = serde_json::to_value(&found[0]).unwrap();
    assert_eq!(json["type"], "repeals");
    assert_eq!(json["title"], "河道管理办法");
    assert_eq!(json["number"], "淮府〔2010〕3号");
    for name in ["articles", "effective_on", "evidence"] {
        assert!(json.get(name).is_some(), "{name}");
    }
}

#[test]
fn an_alias_stands_for_its_document() {
    let text = "根据《河道管理办法》（淮府〔2010〕3号，以下简称《办法》）办理。自本通知印发之日起，《办法》停止执行。";
    let repealed: Vec<_> = seen(None, text).into_iter().filter(|one| one.0 == Repeals).collect();
    assert_eq!(repealed, [numbered(Repeals, "河道管理办法", "淮府〔2010〕3号")]);
    for end in ["原办法同时废止。", "2015年发布的同名文件废止。"] {
        let text = format!("第九条 本办法自2020年5月1日起施行，{end}");
        assert_eq!(seen(Some("河道管理办法"), &text), [is(Repeals, "河道管理办法")], "{end}");
    }
}

#[test]
fn a_list_may_have_lost_its_line_breaks() {
    let text = "现将清理结果公布如下。附件予以修改的政府文件（2件）一、某市人民政府关于修坝的意见（淮府〔2011〕28号）1.将“甲”修改为“乙”。二、某市人民政府关于修路的决定（淮府〔2011〕99号）1.将第三条修改为“丙”。";
    let found = find(Some("某市人民政府关于公布规范性文件清理结果的通知"), text);
    let numbers: Vec<_> = found.iter().map(|one| (one.kind, one.number.as_deref())).collect();
    assert_eq!(numbers, [(Amends, Some("淮府〔2011〕28号")), (Amends, Some("淮府〔2011〕99号"))]);
    assert_eq!(found[1].articles, ["第三条"]);
}

#[test]
fn each_document_has_its_own_articles() {
    let text = "一、修改《河道管理办法》\n1.将第三条修改为：\n“县管河道。”\n2.删去第七条。\n二、修改《湖泊管理办法》\n将第五条修改为：\n“市管湖泊。”";
    let found = find(Some("某市人民政府关于修改部分规章的决定"), text);
    assert_eq!(found[0].articles, ["第三条", "第七条"]);
    assert_eq!(found[1].articles, ["第五条"]);
}
