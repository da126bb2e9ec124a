//! A publication that is called off in time, and a revision that two people blank.

use serde_json::json;

use crate::{
    console::Console,
    desk::{WORDS, content, desk, publish, text},
    harness::{Platform, Store},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_set_minute_can_be_taken_back() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let desk = desk(&platform).await;
    let body = json!({ "content": content("晴川市公园管理办法", "") });
    let draft = platform.post("/api/v1/policies", &desk.editor, body).await.ok();
    let id = text(&draft, "id").to_owned();
    let step = async |verb: &str, token: &str, body| {
        platform.post(&format!("/api/v1/policies/{id}/{verb}"), token, body).await
    };
    step("submit", &desk.editor, json!({})).await.ok();
    step("approve", &desk.reviewer, json!({})).await.ok();
    let early = step("unschedule", &desk.reviewer, json!({})).await;
    assert_eq!((early.status, text(&early.body, "reason")), (409, "DRAFT_STATE"));
    let minute = json!({ "publish_at": "2199-01-01T01:00:00Z" });
    step("publish", &desk.reviewer, minute.clone()).await.ok();
    let refused = step("unschedule", &desk.editor, json!({})).await;
    assert_eq!(refused.status, 403, "who may not publish may not call it off: {}", refused.body);
    let approved = step("unschedule", &desk.reviewer, json!({})).await.ok();
    assert_eq!(text(&approved["draft"], "state"), "approved");

    step("publish", &desk.reviewer, minute).await.ok();
    let console = Console::sign_in(&platform, "zhou", WORDS).await;
    let own = format!("/console/policies/{id}");
    assert!(console.get(&own).await.text.contains("取消定时"));
    let done = console.post(&format!("{own}/unschedule"), &[]).await;
    assert_eq!((done.status, done.location), (303, format!("{own}?done=unscheduled")));
    let page = console.get(&own).await.text;
    assert!(page.contains("取消定时发布") && page.contains("待发布"), "the trail tells of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_person_finds_the_expunge_that_waits() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let desk = desk(&platform).await;
    let policy = publish(&platform, &desk, "晴川市停车管理办法", "晴府办〔2026〕7号").await;
    let id = text(&policy, "id");
    let path = format!("/api/v1/policies/{id}/revisions/1/expunge");
    let ground = json!({ "ground": "含公民身份号码，个人信息保护法第四十七条" });
    let made = platform.post(&path, &desk.editor, ground).await.ok();
    let expunge = text(&made, "expunge_id");

    assert_eq!(platform.get("/api/v1/expunges", "").await.status, 401);
    let waiting = platform.get("/api/v1/expunges", &desk.reviewer).await.ok();
    let [request] = waiting["items"].as_array().unwrap().as_slice() else { panic!("{waiting}") };
    assert_eq!((text(request, "id"), text(request, "policy_id")), (expunge, id));
    assert_eq!(text(&request["requested_by"], "name"), "林编辑");

    let console = Console::sign_in(&platform, "zhou", WORDS).await;
    assert!(console.get("/console").await.text.contains("待确认清除"), "it is among the tasks");
    let page = console.get("/console/expunges").await.text;
    assert!(page.contains("身份号码") && page.contains(&format!("/console/expunges/{expunge}")));
    let done = console.post(&format!("/console/expunges/{expunge}"), &[]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let waiting = platform.get("/api/v1/expunges", &desk.reviewer).await.ok();
    assert_eq!(waiting["total"], 0);
}
