//! A policy in all its forms: files, comparison, machines, the week's changes, the report.

use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use serde_json::{Value, json};

use crate::{
    console::Console,
    desk::{Desk, LONG_TOKENS, WORDS, content, desk, publish, text},
    harness::{Platform, Store},
};

/// Puts another text into the place of a policy's, through review.
async fn revise(platform: &Platform, desk: &Desk, policy: &Value, words: &str) {
    let path = format!("/api/v1/policies/{}", text(policy, "id"));
    let now = platform.get(&path, &desk.editor).await.ok();
    let body = json!({
        "content": { "text": words, "text_format": "plain", "title": "晴川市停车管理办法",
            "document_number": "晴府办〔2026〕7号", "organ_code": "gov-office",
            "category": "市政府行政规范性文件", "issued_on": "2026-11-20",
            "effective_on": "2027-01-01" },
        "revision_reason": "调整收费时段", "etag": now["etag"],
    });
    let draft = format!("{path}/draft");
    let drafted = platform.call(reqwest::Method::PUT, &draft, &desk.editor, Some(body)).await;
    let mut policy = drafted.ok();
    for (verb, token) in
        [("submit", &desk.editor), ("approve", &desk.reviewer), ("publish", &desk.reviewer)]
    {
        let body = json!({ "etag": policy["etag"] });
        policy = platform.post(&format!("{path}/{verb}"), token, body).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_had_in_all_its_forms() {
    let Some(platform) = Platform::start(Store::Sqlite, &[LONG_TOKENS]).await else { return };
    let desk = desk(&platform).await;
    let policy = publish(&platform, &desk, "晴川市停车管理办法", "晴府办〔2026〕7号").await;
    let id = text(&policy, "id");
    let http = reqwest::Client::new();
    let get = async |path: &str, etag: &str| {
        let request = http.get(platform.url(path)).header(IF_NONE_MATCH, etag);
        request.send().await.expect("an answer")
    };

    let file = get(&format!("/policies/{id}/revisions/1.docx"), "").await;
    assert_eq!(file.status(), 200);
    let header = |name| file.headers()[name].to_str().unwrap_or_default().to_owned();
    assert!(header(CONTENT_TYPE).contains("wordprocessingml"));
    assert!(header(CONTENT_DISPOSITION).contains("filename*=UTF-8''%E6%99%B4%E5%B7%9D"));
    let etag = header(ETAG);
    assert!(file.bytes().await.expect("a file").starts_with(b"PK"));
    assert_eq!(get(&format!("/policies/{id}.docx"), &etag).await.status(), 304);
    let listed = platform.get(&format!("/api/v1/policies/{id}/renditions"), "").await.ok();
    for file in listed["items"].as_array().expect("files") {
        let path = format!("/api/v1/policies/{id}/renditions/{}", text(file, "format"));
        assert_eq!(get(&path, "").await.status(), 200, "{path}");
    }
    assert_eq!(get(&format!("/api/v1/policies/{id}/renditions/exe"), "").await.status(), 400);

    let akn = get(&format!("/policies/{id}.akn.xml"), "").await.text().await.expect("XML");
    assert!(akn.contains("eId=\"art_2\"") && akn.contains("/zho@"), "{akn}");
    let about = platform.get(&format!("/api/v1/policies/{id}/legislation"), "").await.ok();
    assert_eq!(about["@type"], "Legislation");
    assert_eq!(about["legislationIdentifier"], "晴府办〔2026〕7号");

    let page = get(&format!("/policies/{id}"), "").await.text().await.expect("a page");
    assert!(page.contains(&format!("/policies/{id}/revisions/1.docx")), "{page}");
    assert!(page.contains("《晴川市停车管理办法》（晴府办〔2026〕7号，"), "{page}");
    let week = get("/changes", "").await.text().await.expect("a page");
    assert!(week.contains("晴川市停车管理办法"), "{week}");
    let organ = get("/organs/gov-office", "").await.text().await.expect("a page");
    assert!(organ.contains("晴川市人民政府办公室") && organ.contains("停车管理办法"), "{organ}");
    assert_eq!(get("/organs/nowhere", "").await.status(), 404);

    let path = format!("/api/v1/policies/{id}");
    let now = platform.get(&path, &desk.reviewer).await.ok();
    let body = json!({ "etag": now["etag"], "reason": "文本有误" });
    platform.post(&format!("{path}/withdraw"), &desk.reviewer, body).await.ok();
    for gone in [format!("/policies/{id}/revisions/1.docx"), format!("/policies/{id}.akn.xml")] {
        // The page of the policy may be kept for a moment; a file never is.
        kit::testing::eventually("that it is gone", async || {
            let status = get(&gone, "").await.status();
            if status == 404 { Ok(()) } else { Err(status.to_string()) }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_revisions_are_compared_and_an_expunged_one_is_not() {
    let Some(platform) = Platform::start(Store::Sqlite, &[LONG_TOKENS]).await else { return };
    let desk = desk(&platform).await;
    let policy = publish(&platform, &desk, "晴川市停车管理办法", "晴府办〔2026〕7号").await;
    let id = text(&policy, "id");
    let words =
        "第一条 为了方便市民停车，制定本办法。\n第二条 路侧泊位按次收费。\n第三条 夜间免费。";
    revise(&platform, &desk, &policy, words).await;
    let visitor = Console::visitor(&platform);
    let path = format!("/policies/{id}/compare?from=1&to=2");
    let page = visitor.get(&path).await;
    for wanted in [
        "<del>",
        "<ins>",
        "（新增）</span>次<span",
        "第三条 夜间免费。",
        "2027年1月1日",
        "修改 <strong",
    ] {
        assert!(page.text.contains(wanted), "{wanted} not in {}", page.text);
    }
    let made = format!("/api/v1/policies/{id}/revisions/1/expunge");
    let body = json!({ "ground": "含有不应公开的个人信息" });
    let made = platform.post(&made, &desk.editor, body).await.ok();
    let approve = format!("/api/v1/expunges/{}/approve", text(&made, "expunge_id"));
    platform.post(&approve, &desk.reviewer, json!({})).await.ok();
    let page = visitor.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("不能比较") && page.text.contains("含有不应公开的个人信息"));
    assert!(!page.text.contains("<del>"), "{}", page.text);
    let file = visitor.get(&format!("/policies/{id}/revisions/1.docx")).await;
    assert_eq!(file.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn clerks_see_what_is_to_be_completed() {
    let Some(platform) = Platform::start(Store::Sqlite, &[LONG_TOKENS]).await else { return };
    let desk = desk(&platform).await;
    let policy = publish(&platform, &desk, "晴川市公园管理办法", "").await;
    let kind = "kind=number_missing";
    let refused = platform.get(&format!("/api/v1/quality-findings?{kind}"), "").await;
    assert_eq!(refused.status, 401);
    let found = platform.get(&format!("/api/v1/quality-findings?{kind}"), &desk.editor).await.ok();
    assert_eq!(found["items"][0]["policy_id"], policy["id"]);
    let console = Console::sign_in(&platform, "lin", WORDS).await;
    let page = console.get(&format!("/console/quality?{kind}")).await.text;
    assert!(page.contains(&format!("/console/policies/{}/edit", text(&policy, "id"))), "{page}");
    let table = console.get("/console/quality.csv").await.text;
    assert!(table.starts_with("\u{feff}问题,") && table.contains("晴川市公园管理办法"), "{table}");
    // What is complete is no finding.
    let whole = content("晴川市绿化条例", "晴府办〔2026〕9号");
    assert!(!page.contains(text(&whole, "title")));
}
