//! Bad input through REST and gRPC: a clear error that names the field, and nothing else happens.

use std::future::Future;

use contracts::documents::{
    CreatePolicyRequest, PolicyContent, PublishPolicyRequest, TextFormat,
    policy_service_client::PolicyServiceClient,
};
use kit::testing::eventually;
use serde_json::{Value, json};
use tonic::{Code, Request, Status};

use crate::{
    console::Console,
    desk::{WORDS, content, desk, publish_content, text},
    harness::{Answer, Platform, Store},
};

/// Most bytes of a body, and sizes beyond it.
const MOST: usize = 5 << 20;
const OVER: usize = MOST + (MOST / 50);
const FAR_OVER: usize = 50 << 20;
/// What the program may grow by, in KiB, while it refuses a body that says how long it is, and
/// while it refuses a whole message, which is held as it came and as it was read.
const AT_THE_DOOR: u64 = 32 << 10;
const IN_THE_HOUSE: u64 = 256 << 10;

/// What REST says of one field.
fn fault<'a>(answer: &'a Answer, field: &str) -> &'a str {
    let errors = answer.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let named = errors.iter().find(|error| {
        error["field"].as_str().is_some_and(|name| name.rsplit('.').next() == Some(field))
    });
    named.map_or_else(|| panic!("{field} in {}", answer.body), |error| text(error, "detail"))
}

/// What gRPC says of one field.
fn grpc_fault(status: &Status, field: &str) -> String {
    let faults = kit::error::fields_of(status);
    let named = faults.iter().find(|fault| fault.field.rsplit('.').next() == Some(field));
    named.map_or_else(|| panic!("{field} in {status:?}"), |fault| fault.description.clone())
}

fn signed<T>(message: T, token: &str) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

fn wire(title: &str, body: String) -> CreatePolicyRequest {
    let content = PolicyContent {
        title: title.to_owned(),
        organ_code: "gov-office".to_owned(),
        category: "市政府其他文件".to_owned(),
        text: body,
        text_format: TextFormat::Plain.into(),
        issued_on: "2026-11-20".to_owned(),
        ..PolicyContent::default()
    };
    CreatePolicyRequest { content: Some(content), request_id: String::new() }
}

async fn policies(platform: &Platform, token: &str) -> u64 {
    let listed = platform.get("/api/v1/policies?draft_state=editing", token).await.ok();
    listed["total"].as_u64().expect("a total")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named_with_what_would_be_right() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let desk = desk(&platform).await;
    let wrong = |field: &str, value: Value| {
        let mut content = content("晴川市公园管理办法", "");
        content[field] = value;
        json!({ "content": content })
    };
    for (field, value, says) in [
        ("title", json!(" "), "标题"),
        ("issued_on", json!("2026-02-30"), "2026-02-30"),
        ("effective_on", json!("明天"), "应写作 2023-06-30"),
        ("organ_code", json!("no-such-organ"), "no-such-organ"),
        ("category", json!("市政府杂件"), "市政府其他文件"),
    ] {
        let refused = platform.post("/api/v1/policies", &desk.editor, wrong(field, value)).await;
        assert_eq!(refused.status, 400, "{field}: {}", refused.body);
        let told = fault(&refused, field);
        assert!(told.contains(says), "{field}: {told}");
    }
    let mut bare = content("晴川市公园管理办法", "");
    bare.as_object_mut().unwrap().remove("title");
    bare["issued_on"] = json!("2026-13-01");
    let refused = platform.post("/api/v1/policies", &desk.editor, json!({ "content": bare })).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    let typo = json!({ "content": { "titel": "x" } });
    let refused = platform.post("/api/v1/policies", &desk.editor, typo).await;
    assert_eq!(refused.status, 400);
    assert!(!fault(&refused, "titel").is_empty());
    assert_eq!(policies(&platform, &desk.editor).await, 0, "nothing was made of it");

    let mut client = PolicyServiceClient::new(platform.channel());
    let mut request = wire("", String::new());
    if let Some(content) = &mut request.content {
        content.issued_on = "2026-02-30".to_owned();
    }
    let refused = client.create_policy(signed(request, &desk.editor)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(grpc_fault(&refused, "issued_on").contains("2026-02-30"));
    let refused = client.create_policy(signed(wire("", String::new()), &desk.editor)).await;
    assert!(grpc_fault(&refused.unwrap_err(), "title").contains("标题"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_too_large_are_refused_and_not_kept() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let desk = desk(&platform).await;
    let body = |bytes: usize| {
        let mut content = content("晴川市年鉴", "");
        content["text"] = json!("a".repeat(bytes));
        json!({ "content": content })
    };
    let over = platform.post("/api/v1/policies", &desk.editor, body(OVER)).await;
    assert_eq!(over.status, 413, "{}", over.body);
    let told = fault(&over, "text");
    assert!(told.contains("5.1 MiB") && told.contains("最多 5 MiB"), "{told}");

    let mut client =
        PolicyServiceClient::new(platform.channel()).max_encoding_message_size(2 * FAR_OVER);
    let request = signed(wire("晴川市年鉴", "a".repeat(OVER)), &desk.editor);
    let over = client.create_policy(request).await.unwrap_err();
    assert_eq!(over.code(), Code::OutOfRange);
    assert!(grpc_fault(&over, "text").contains("最多 5 MiB"));

    let before = peak(&platform);
    let far = platform.post("/api/v1/policies", &desk.editor, body(FAR_OVER)).await;
    assert_eq!((far.status, text(&far.body, "reason")), (413, "BODY_TOO_LARGE"), "{}", far.body);
    assert!(text(&far.body, "detail").contains("6 MiB"), "the limit is told: {}", far.body);
    let grown = peak(&platform).saturating_sub(before);
    assert!(grown < AT_THE_DOOR, "refusing took {grown} KiB");
    let request = signed(wire("晴川市年鉴", "a".repeat(FAR_OVER)), &desk.editor);
    let far = client.create_policy(request).await.unwrap_err();
    assert_eq!(far.code(), Code::OutOfRange, "{far:?}");
    let grown = peak(&platform).saturating_sub(before);
    assert!(grown < IN_THE_HOUSE, "refusing took {grown} KiB");

    assert_eq!(policies(&platform, &desk.editor).await, 0);
    let fits = platform.post("/api/v1/policies", &desk.editor, body(MOST)).await.ok();
    assert_eq!(fits["draft"]["content"]["text"].as_str().map(str::len), Some(MOST));
}

/// The most memory that the program has held, in KiB.
fn peak(platform: &Platform) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", platform.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("VmHWM");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("KiB")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_publish_is_refused_at_every_door() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let desk = desk(&platform).await;
    let body = json!({ "content": content("晴川市公园管理办法", "") });
    let draft = platform.post("/api/v1/policies", &desk.editor, body).await.ok();
    let id = text(&draft, "id").to_owned();
    let path = format!("/api/v1/policies/{id}");
    let step = async |verb: &str, token: &str| {
        platform.post(&format!("{path}/{verb}"), token, json!({})).await
    };
    step("submit", &desk.editor).await.ok();
    step("approve", &desk.reviewer).await.ok();

    let refused = step("publish", &desk.editor).await;
    assert_eq!((refused.status, text(&refused.body, "reason")), (403, "ROLE_MISSING"));
    let mut client = PolicyServiceClient::new(platform.channel());
    let request = PublishPolicyRequest { policy_id: id.clone(), ..PublishPolicyRequest::default() };
    let refused = client.publish_policy(signed(request, &desk.editor)).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);

    let console = Console::sign_in(&platform, "lin", WORDS).await;
    let page = console.get(&format!("/console/policies/{id}")).await;
    assert!(!page.text.contains("/publish\""), "no form that would be refused");
    let refused = console.post(&format!("/console/policies/{id}/publish"), &[]).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let now = platform.get(&path, &desk.editor).await.ok();
    assert_eq!((text(&now, "state"), text(&now["draft"], "state")), ("unpublished", "approved"));

    let console = Console::sign_in(&platform, "zhou", WORDS).await;
    let done = console.post(&format!("/console/policies/{id}/publish"), &[]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(platform.get(&path, "").await.ok()["state"], "published");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_run_out_is_told_from_a_forged_one() {
    let short = [("identity.access_token_seconds", "10")];
    let Some(platform) = Platform::start(Store::Sqlite, &short).await else { return };
    let token = platform.admin().await;
    platform.get("/api/v1/accounts", &token).await.ok();
    let refused = refused(async || platform.get("/api/v1/accounts", &token).await).await;
    assert_eq!((refused.status, text(&refused.body, "reason")), (401, "TOKEN_EXPIRED"));
    assert!(text(&refused.body, "detail").contains("登录"), "{}", refused.body);
    let fresh = platform.admin().await;
    platform.get("/api/v1/accounts", &fresh).await.ok();
}

/// Asks until it is refused.
async fn refused<F: Future<Output = Answer>>(ask: impl Fn() -> F) -> Answer {
    eventually("a refusal", async || {
        let answer = ask().await;
        if answer.status == 200 { Err("it is still taken".to_owned()) } else { Ok(answer) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn script_in_a_document_is_never_served_as_script() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    let desk = desk(&platform).await;
    let admin = platform.admin().await;
    let subscriber = json!({ "email": "all@example.org", "kind": "all", "confirmed": true });
    platform.post("/api/v1/subscriptions", &admin, subscriber).await.ok();
    let mut hostile = content("停车<script>alert(1)</script>办法", "");
    hostile["summary"] = json!("<img src=x onerror=alert(2)>概述");
    hostile["text_format"] = json!("html");
    hostile["text"] = json!(
        "<p onclick=\"alert(3)\">第一条 停车</p><script>alert(4)</script>\
         <a href=\"javascript:alert(5)\">链接</a><iframe srcdoc=\"<b>x</b>\"></iframe>"
    );
    let policy = publish_content(&platform, &desk, hostile).await;
    let id = text(&policy, "id");
    crate::desk::completed_receipt(&platform, &desk.editor, id, 1).await;

    let kept = platform.get(&format!("/api/v1/policies/{id}"), "").await.ok();
    let body = text(&kept["content"], "text");
    assert!(body.contains("<p>第一条 停车</p>"), "{body}");
    for gone in ["script", "onclick", "alert", "iframe"] {
        assert!(!body.contains(gone), "{gone} in {body}");
    }
    let found = platform.get("/api/v1/search?q=%E5%81%9C%E8%BD%A6", "").await.ok();
    let hit = &found["items"][0];
    for (name, html) in [("title", &hit["title_html"]), ("extract", &hit["snippet"])] {
        let html = html.as_str().expect("HTML").replace("<mark>", "").replace("</mark>", "");
        assert!(!html.contains('<'), "{name}: {html}");
    }
    for path in [format!("/policies/{id}"), "/search?q=停车".to_owned(), "/".to_owned()] {
        harmless(&path, &Console::visitor(&platform).get(&path).await.text);
    }
    let console = Console::sign_in(&platform, "zhou", WORDS).await;
    for path in [format!("/console/policies/{id}"), format!("/console/policies/{id}/preview")] {
        harmless(&path, &console.get(&path).await.text);
    }
    let mails = std::fs::read_dir(platform.outbox()).unwrap().flatten();
    let mails: Vec<String> =
        mails.map(|mail| std::fs::read_to_string(mail.path()).unwrap()).collect();
    assert_eq!(mails.len(), 1);
    harmless("the mail", &decoded(&mails[0]));
}

/// A page may show what was typed, but neither run it nor load anything because of it.
fn harmless(place: &str, html: &str) {
    assert!(!html.is_empty(), "{place} is empty");
    for live in ["<script>alert", "<img src=x", "onclick=\"alert", "javascript:alert", "<iframe"] {
        assert!(!html.contains(live), "{place} has {live}");
    }
}

/// The HTML of a mail: plain text runs nowhere.
fn decoded(mail: &str) -> String {
    let mut text = String::new();
    for part in mail.split("\r\n--") {
        let Some((head, body)) = part.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        if !head.contains("text/html") {
            continue;
        }
        if head.contains("base64") {
            let body: String = body.split_whitespace().collect();
            let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, body).unwrap();
            text.push_str(&String::from_utf8(bytes).unwrap());
        } else {
            text.push_str(&body.replace("=\r\n", "").replace("=3D", "="));
        }
    }
    text
}
