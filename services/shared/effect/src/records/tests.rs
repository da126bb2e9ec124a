use serde_json::json;

use super::*;

const TEXT: &str = "某市河湖办法\n第一条 为了管理河湖，制定本办法。\n第九条 本办法自2024年7月1日起施行，有效期5年。《某市湖泊办法》（某府〔2003〕5号）同时废止。";

fn judge(lines: &[Value], as_of: &str) -> Vec<Judged> {
    let mut records = Records::default();
    for line in lines {
        records.add(serde_json::from_value(line.clone()).unwrap());
    }
    records.judge(as_of.parse().unwrap(), &Rules::default())
}

fn old() -> Value {
    json!({"id": "old", "title": "某市湖泊办法", "document_number": "某府〔2003〕5号", "issued_on": "2003-05-01", "relations": []})
}

fn raw() -> Value {
    json!({"id": 7, "title": "某市河湖办法", "text": TEXT})
}

fn analyzed() -> Value {
    let mut value = serde_json::to_value(gongwen::analyze(Some("某市河湖办法"), TEXT)).unwrap();
    value["id"] = 7.into();
    value
}

#[test]
fn raw_and_analyzed_records_are_told_alike() {
    assert_eq!(judge(&[old(), raw()], "2024-12-01"), judge(&[old(), analyzed()], "2024-12-01"));
}

#[test]
fn what_is_told_has_its_parts() {
    let told = serde_json::to_value(judge(&[old(), raw()], "2024-12-01")).unwrap();
    assert_eq!(
        told[0],
        json!({
            "id": "old", "title": "某市湖泊办法", "as_of": "2024-12-01", "effect": "repealed",
            "amended": false, "reason": "自2024年7月1日起被《某市河湖办法》第九条废止",
            "by": [{
                "id": 7, "title": "某市河湖办法", "number": null, "type": "repeals",
                "article": "第九条", "articles": [], "from": "2024-07-01",
            }],
            "warnings": [],
        })
    );
    assert_eq!(told[1]["reason"], "自2024年7月1日起施行，有效期5年，按对应日推算至2029年7月1日");
}

#[test]
fn the_day_decides() {
    let effect = |as_of, at: usize| judge(&[old(), raw()], as_of)[at].effect;
    assert_eq!(effect("2024-06-30", 0), Effect::InForce);
    assert_eq!(effect("2024-06-30", 1), Effect::NotYetInForce);
    assert_eq!(effect("2029-07-01", 1), Effect::InForce);
    assert_eq!(effect("2029-07-02", 1), Effect::Lapsed);
}

#[test]
fn what_a_record_states_wins() {
    let mut record = raw();
    record["effective_on"] = "2025-01-01".into();
    record["expires_on"] = "2026-12-31".into();
    record["relations"] = json!([]);
    let judged = judge(&[old(), record], "2025-06-01");
    assert_eq!(judged[0].effect, Effect::InForce);
    assert_eq!(judged[1].reason, "自2025年1月1日起施行，有效期至2026年12月31日");
}

#[test]
fn an_empty_day_is_no_day() {
    let record = json!({"id": 1, "title": "甲", "effective_on": "", "expires_on": null});
    assert_eq!(judge(&[record], "2025-01-01")[0].warnings, [""; 0]);
}

#[test]
fn days_are_read_in_any_writing_or_told() {
    let record = json!({"id": 1, "expires_on": "2024年6月30日", "effective_on": "某日"});
    let judged = &judge(&[record], "2025-01-01")[0];
    assert_eq!(judged.effect, Effect::Lapsed);
    assert_eq!(judged.warnings, ["施行日期“某日”无法读取"]);
    let timed = json!({"id": 1, "expires_on": "2024-06-30 10:30"});
    assert_eq!(judge(&[timed], "2025-01-01")[0].effect, Effect::Lapsed);
}

#[test]
fn readings_below_fair_do_not_count() {
    let record = json!({
        "id": 1, "title": "甲办法", "expires_on": "2020-01-01",
        "fields": {"expires_on": {"value": "2020-01-01", "confidence": 50}},
        "relations": [{"type": "repeals", "title": "某市湖泊办法", "confidence": 50}],
    });
    let judged = judge(&[old(), record], "2025-01-01");
    assert_eq!((judged[0].effect, judged[1].effect), (Effect::InForce, Effect::InForce));
    assert_eq!(judged[1].warnings.len(), 2);
}

#[test]
fn relations_may_name_ids() {
    let repealing = json!({
        "id": 9, "title": "乙", "signed_on": "2020-01-01",
        "relations": [{"type": "declares_lapsed", "id": "old"}, {"type": "based_on", "title": "水法"}],
    });
    let judged = judge(&[old(), repealing], "2025-01-01");
    assert_eq!(judged[0].effect, Effect::Lapsed);
    assert!(judged[1].warnings.is_empty(), "a basis does nothing");
}

#[test]
fn a_declaration_of_lapse_is_read() {
    let text = "《某市湖泊办法》宣布失效。\n某市人民政府\n2024年5月1日";
    let declared = json!({"id": 2, "title": "某市人民政府公告", "text": text});
    assert_eq!(judge(&[old(), declared], "2025-01-01")[0].effect, Effect::Lapsed);
}

#[test]
fn the_sources_word_is_read() {
    let record = |status| json!({"id": 1, "title": "甲", "status": status, "relations": []});
    assert_eq!(judge(&[record("失效")], "2025-01-01")[0].effect, Effect::Lapsed);
    assert_eq!(judge(&[record("有效")], "2025-01-01")[0].effect, Effect::InForce);
}

#[test]
fn drafts_repeal_nothing() {
    let draft = json!({
        "id": 1, "title": "某市河湖办法（征求意见稿）",
        "relations": [{"type": "repeals", "id": "old"}],
    });
    let judged = judge(&[old(), draft], "2025-01-01");
    assert_eq!(judged[0].effect, Effect::InForce);
    assert_eq!(judged[1].warnings, ["征求意见稿，不是现行文件"]);
}

#[test]
fn consent_gives_power() {
    let old = json!({"id": "old", "title": "某市湖泊办法", "issuing_body": "某市人民政府", "relations": []});
    let acting = |text: &str| {
        json!({
            "id": 1, "title": "关于停止执行的通知", "issuing_organs": ["某市水利局"],
            "signed_on": "2020-01-01", "text": text,
            "relations": [{"type": "repeals", "id": "old"}],
        })
    };
    let judged = judge(&[old.clone(), acting("经研究，决定如下。")], "2025-01-01");
    assert_eq!(judged[0].effect, Effect::InForce);
    assert!(judged[0].warnings[0].contains("无权"));
    let judged = judge(&[old, acting("经市人民政府同意，决定如下。")], "2025-01-01");
    assert_eq!(judged[0].effect, Effect::Repealed);
}

#[test]
fn records_without_an_id_or_of_one_id_are_all_told() {
    let none = json!({"title": "甲"});
    let twice = json!({"id": "x", "title": "乙"});
    let again = json!({"id": "x", "title": "丙"});
    let judged = judge(&[none.clone(), none, twice, again], "2025-01-01");
    assert_eq!(judged.len(), 4);
    assert!(judged[0].id.is_null());
    assert!(judged[3].warnings[0].contains("重复"));
}

#[test]
fn any_object_is_a_record() {
    for line in [json!({}), json!({"id": [1], "text": ""}), json!({"id": null, "unknown": {}})] {
        assert_eq!(judge(&[line], "2025-01-01").len(), 1);
    }
}

#[test]
fn a_period_far_from_the_day_of_effect_is_another_things() {
    let middle = "河湖应当清洁。".repeat(20);
    let text = format!(
        "第一条 本办法规定备案。\n第二条 本办法规定的备案有效期为10年。\n第三条 {middle}\n第四条 本办法自2004年3月1日起施行。"
    );
    let judged =
        &judge(&[json!({"id": 1, "title": "某市备案办法", "text": text})], "2025-01-01")[0];
    assert_eq!(judged.effect, Effect::InForce);
    assert_eq!(judged.warnings, ["有效期10年是否指本文件存疑，不予计算"]);
}
