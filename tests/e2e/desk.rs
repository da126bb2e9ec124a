//! The desk at which policies are made: two people, and the steps from a draft to the public.

use kit::testing::eventually;
use serde_json::{Value, json};

use crate::harness::Platform;

/// Tokens that outlive a wait.
pub const LONG_TOKENS: (&str, &str) = ("identity.access_token_seconds", "300");

/// Two people of one organ, as the administrator makes them.
pub struct Desk {
    /// Access token of who writes.
    pub editor: String,
    /// Access token of who reviews and publishes.
    pub reviewer: String,
}

/// Everybody's password at the desk.
pub const WORDS: &str = "sunny-day-at-the-lake";

/// Makes them, and signs them in.
pub async fn desk(platform: &Platform) -> Desk {
    let admin = platform.admin().await;
    let organs = json!({ "organs": [
        { "code": "gov", "name": "晴川市人民政府", "short_name": "市政府", "kind": "government" },
        { "code": "gov-office", "name": "晴川市人民政府办公室", "short_name": "市政府办",
          "parent_code": "gov", "kind": "office" },
    ]});
    platform.post("/api/v1/organs/import", &admin, organs).await.ok();
    for (account, name, role) in [("lin", "林编辑", "editor"), ("zhou", "周审核", "reviewer")]
    {
        let body = json!({ "account": account, "name": name, "organ_code": "gov-office",
            "roles": [role], "password": WORDS });
        platform.post("/api/v1/accounts", &admin, body).await.ok();
    }
    Desk {
        editor: platform.token("lin", WORDS).await,
        reviewer: platform.token("zhou", WORDS).await,
    }
}

/// Sound content.
pub fn content(title: &str, number: &str) -> Value {
    json!({
        "title": title,
        "document_number": number,
        "organ_code": "gov-office",
        "category": "市政府行政规范性文件",
        "text": "第一条 为了方便市民停车，制定本办法。\n第二条 路侧泊位按时段收费。",
        "text_format": "plain",
        "issued_on": "2026-11-20",
        "effective_on": "2026-12-01",
    })
}

/// A text of a JSON object.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

/// Draft, review by a second person, publication; answers with the policy.
pub async fn publish(platform: &Platform, desk: &Desk, title: &str, number: &str) -> Value {
    publish_content(platform, desk, content(title, number)).await
}

/// As [`publish`], of any content.
pub async fn publish_content(platform: &Platform, desk: &Desk, content: Value) -> Value {
    let created =
        platform.post("/api/v1/policies", &desk.editor, json!({ "content": content })).await.ok();
    let path = format!("/api/v1/policies/{}", text(&created, "id"));
    let step = async |verb: &str, token: &str, policy: &Value| {
        let body = json!({ "etag": policy["etag"] });
        platform.post(&format!("{path}/{verb}"), token, body).await.ok()
    };
    let submitted = step("submit", &desk.editor, &created).await;
    let approved = step("approve", &desk.reviewer, &submitted).await;
    step("publish", &desk.reviewer, &approved).await
}

/// The receipt of a revision, once it is complete.
pub async fn completed_receipt(platform: &Platform, token: &str, id: &str, revision: i64) -> Value {
    eventually("a complete receipt", async || {
        let path = format!("/api/v1/policies/{id}/receipt?revision={revision}");
        let receipt = platform.get(&path, token).await.body;
        if receipt["completed_at"].is_string() { Ok(receipt) } else { Err(receipt.to_string()) }
    })
    .await
}

/// Policies that a search finds.
pub async fn found(platform: &Platform, query: &str) -> Vec<String> {
    let query: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let answer = platform.get(&format!("/api/v1/search?q={query}"), "").await.ok();
    let items = answer["items"].as_array().expect("items").clone();
    items.iter().map(|item| text(item, "policy_id").to_owned()).collect()
}

/// A receipt as it stands.
pub async fn receipt(platform: &Platform, token: &str, id: &str, revision: i64) -> Value {
    platform.get(&format!("/api/v1/policies/{id}/receipt?revision={revision}"), token).await.ok()
}

/// One step of a receipt.
pub fn step<'a>(receipt: &'a Value, name: &str) -> &'a Value {
    let steps = receipt["steps"].as_array().expect("steps");
    steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("{name} in {receipt}"))
}

/// Waits until a step is as it should be; answers with it.
pub async fn step_becomes(
    platform: &Platform,
    token: &str,
    id: &str,
    name: &str,
    is: impl Fn(&Value) -> bool,
) -> Value {
    eventually(&format!("the wanted state of {name}"), async || {
        let receipt = receipt(platform, token, id, 1).await;
        let step = step(&receipt, name);
        if is(step) { Ok(step.clone()) } else { Err(receipt.to_string()) }
    })
    .await
}
