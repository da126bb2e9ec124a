//! Two people of one organ, who publish policies through a portal.

use kit::testing::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::PASSWORD;

const WORDS: &str = "sunny-day-at-the-lake";
/// What the policies are about; it must stand in nothing that operators collect.
pub const SUBJECT: &str = "停车管理";

/// A portal, and who works there.
pub struct Desk {
    base: String,
    http: reqwest::Client,
}

/// One policy that was published.
pub struct Published {
    pub id: String,
    pub title: String,
}

pub fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}")).to_owned()
}

impl Desk {
    /// At a portal.
    pub fn at(base: &str) -> Self {
        Self { base: base.to_owned(), http: reqwest::Client::new() }
    }

    /// At a portal where nobody works yet.
    pub async fn open(base: &str) -> Self {
        let desk = Self::at(base);
        let admin = desk.token("admin", PASSWORD).await;
        let organs = json!({ "organs": [
            { "code": "gov", "name": "晴川市人民政府", "short_name": "市政府", "kind": "government" },
            { "code": "gov-office", "name": "晴川市人民政府办公室", "short_name": "市政府办",
              "parent_code": "gov", "kind": "office" },
        ]});
        desk.post("/api/v1/organs/import", &admin, organs).await;
        for (account, name, role) in [("lin", "林编辑", "editor"), ("zhou", "周审核", "reviewer")]
        {
            let body = json!({ "account": account, "name": name, "organ_code": "gov-office",
                "roles": [role], "password": WORDS });
            desk.post("/api/v1/accounts", &admin, body).await;
        }
        desk
    }

    /// Calls the REST interface: status and body.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("the portal answers");
        let status = response.status().as_u16();
        let text = response.text().await.unwrap_or_default();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        let (status, answer) = self.call(Method::POST, path, token, Some(body)).await;
        assert!((200..300).contains(&status), "{path}: {status}: {answer}");
        answer
    }

    /// Reads something.
    pub async fn get(&self, path: &str, token: &str) -> Value {
        let (status, answer) = self.call(Method::GET, path, token, None).await;
        assert!((200..300).contains(&status), "{path}: {status}: {answer}");
        answer
    }

    async fn token(&self, account: &str, password: &str) -> String {
        let body = json!({ "account": account, "password": password });
        text(&self.post("/api/v1/tokens", "", body).await, "access_token")
    }

    /// A token of who writes.
    pub async fn editor(&self) -> String {
        self.token("lin", WORDS).await
    }

    async fn reviewer(&self) -> String {
        self.token("zhou", WORDS).await
    }

    /// Draft, review by a second person, publication.
    pub async fn publish(&self, number: u32) -> Published {
        let (editor, reviewer) = (self.editor().await, self.reviewer().await);
        let title = format!("晴川市第{number}号{SUBJECT}办法");
        let content = json!({
            "title": title,
            "document_number": format!("晴府办〔2026〕{number}号"),
            "organ_code": "gov-office",
            "category": "市政府行政规范性文件",
            "text": "第一条 为了方便市民停车，制定本办法。\n第二条 路侧泊位按时段收费。",
            "text_format": "plain",
            "issued_on": "2026-11-20",
            "effective_on": "2026-12-01",
        });
        let created = self.post("/api/v1/policies", &editor, json!({ "content": content })).await;
        let id = text(&created, "id");
        let path = format!("/api/v1/policies/{id}");
        let step = async |verb: &str, token: &str, policy: &Value| {
            self.post(&format!("{path}/{verb}"), token, json!({ "etag": policy["etag"] })).await
        };
        let submitted = step("submit", &editor, &created).await;
        let approved = step("approve", &reviewer, &submitted).await;
        step("publish", &reviewer, &approved).await;
        Published { id, title }
    }

    /// Withdraws what was published.
    pub async fn withdraw(&self, policy: &Published) {
        let reviewer = self.reviewer().await;
        let path = format!("/api/v1/policies/{}", policy.id);
        let now = self.get(&path, &reviewer).await;
        let body = json!({ "etag": now["etag"], "reason": "文本有误，重新制定" });
        self.post(&format!("{path}/withdraw"), &reviewer, body).await;
    }

    /// A receipt as it stands.
    pub async fn receipt(&self, token: &str, policy: &Published, revision: i64) -> Value {
        let path = format!("/api/v1/policies/{}/receipt?revision={revision}", policy.id);
        self.get(&path, token).await
    }

    /// Waits until everything has followed.
    pub async fn completed(&self, policy: &Published, revision: i64) {
        let editor = self.editor().await;
        eventually("a complete receipt", async || {
            let receipt = self.receipt(&editor, policy, revision).await;
            if receipt["completed_at"].is_string() { Ok(()) } else { Err(receipt.to_string()) }
        })
        .await;
    }

    /// Waits until everything but one step has followed; whether that one has, too.
    pub async fn all_but(&self, step: &str, policy: &Published, revision: i64) -> bool {
        let editor = self.editor().await;
        eventually("a receipt that is complete but for one step", async || {
            let receipt = self.receipt(&editor, policy, revision).await;
            let steps = receipt["steps"].as_array().ok_or(receipt.to_string())?;
            let done = |one: &Value| one["state"] == "done";
            if !steps.iter().filter(|one| one["name"] != step).all(done) {
                return Err(receipt.to_string());
            }
            Ok(steps.iter().any(|one| one["name"] == step && done(one)))
        })
        .await
    }
}
