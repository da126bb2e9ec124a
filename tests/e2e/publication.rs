//! One policy is published, and everything follows.

use reqwest::Method;
use serde_json::json;

use crate::{
    desk::{completed_receipt, content, desk, found, publish, text},
    harness::{Platform, Store},
};

async fn everything_follows(store: Store) {
    let Some(platform) = Platform::start(store, &[]).await else { return };
    let desk = desk(&platform).await;
    let policy = publish(&platform, &desk, "晴川市停车管理办法", "晴府办〔2026〕7号").await;
    let id = text(&policy, "id");

    let receipt = completed_receipt(&platform, &desk.editor, id, 1).await;
    let steps = receipt["steps"].as_array().expect("steps");
    for name in ["interpretation", "index", "notification", "page"] {
        let step = steps.iter().find(|s| s["name"] == name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(step["state"], "done", "{step}");
    }
    for query in ["停车管理", "晴府办[2026]7", "晴府办（２０２６）７号"] {
        assert_eq!(found(&platform, query).await, [id], "{query}");
    }
    let task = platform.get(&format!("/api/v1/policies/{id}/task"), &desk.editor).await.ok();
    assert_eq!(task["state"], "open");
    let page = platform.get(&format!("/policies/{id}"), "").await;
    assert_eq!(page.status, 200);

    let path = format!("/api/v1/policies/{id}");
    let now = platform.get(&path, &desk.reviewer).await.ok();
    let body = json!({ "etag": now["etag"], "reason": "文本有误，重新制定" });
    platform.post(&format!("{path}/withdraw"), &desk.reviewer, body).await.ok();
    completed_receipt(&platform, &desk.editor, id, 2).await;
    assert!(found(&platform, "停车管理").await.is_empty());
    let tombstone = platform.get(&path, "").await.ok();
    assert_eq!(tombstone["state"], "withdrawn");
    assert!(tombstone["content"]["text"].as_str().unwrap_or_default().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_policy_sets_everything_going_on_sqlite() {
    everything_follows(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_policy_sets_everything_going_on_postgres() {
    everything_follows(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_does_not_review_ones_own_draft() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let desk = desk(&platform).await;
    let admin = platform.admin().await;
    let body = json!({ "content": content("晴川市公园管理办法", "") });
    let draft = platform.post("/api/v1/policies", &admin, body).await.ok();
    let path = format!("/api/v1/policies/{}", text(&draft, "id"));
    let draft = platform
        .post(&format!("{path}/submit"), &admin, json!({ "etag": draft["etag"] }))
        .await
        .ok();
    let etag = json!({ "etag": draft["etag"] });
    let refused = platform.post(&format!("{path}/approve"), &admin, etag.clone()).await;
    assert_eq!((refused.status, &refused.body["reason"]), (409, &json!("SELF_REVIEW")));
    let refused = platform.post(&format!("{path}/approve"), &desk.editor, etag).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_etag_tells_what_changed() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let desk = desk(&platform).await;
    let body = json!({ "content": content("晴川市公园管理办法", "") });
    let first = platform.post("/api/v1/policies", &desk.editor, body).await.ok();
    let path = format!("/api/v1/policies/{}/draft", text(&first, "id"));
    let change = |title: &str| json!({ "content": content(title, ""), "etag": first["etag"] });
    platform.call(Method::PUT, &path, &desk.editor, Some(change("晴川市公园条例"))).await.ok();
    let late =
        platform.call(Method::PUT, &path, &desk.editor, Some(change("晴川市绿地办法"))).await;
    assert_eq!(late.status, 409, "{}", late.body);
    assert!(late.body.to_string().contains("title"), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_and_missing_tokens_are_told_apart() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let body = json!({ "content": content("晴川市公园管理办法", "") });
    let none = platform.post("/api/v1/policies", "", body.clone()).await;
    assert_eq!((none.status, &none.body["reason"]), (401, &json!("TOKEN_MISSING")));
    let mut token = platform.admin().await;
    let tail = if token.ends_with("AAAA") { "BBBB" } else { "AAAA" };
    token.truncate(token.len() - 4);
    let forged = platform.post("/api/v1/policies", &format!("{token}{tail}"), body).await;
    assert_eq!((forged.status, &forged.body["reason"]), (401, &json!("TOKEN_FORGED")));
}
