//! The sample city at work: its people, and what lies on their desks.

use kit::{
    clock::{Clock as _, SystemClock},
    db::{self, Db, Place},
    testing::eventually,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, Platform};

/// Who writes.
pub const EDITOR: &str = "bianji";
/// Who reviews.
pub const REVIEWER: &str = "shenhe";
/// Who runs it.
pub const ADMIN: &str = "admin";

/// The sample city.
pub struct City {
    /// The program over it.
    pub platform: Platform,
}

impl City {
    /// Starts it.
    pub async fn start() -> Self {
        // A test is at many desks at once.
        let many = [("gateway.limits.sign_ins_per_minute", "600")];
        Self { platform: Platform::start_sample(&many).await }
    }

    /// Password of one of its people.
    pub fn password(&self, account: &str) -> String {
        match account {
            ADMIN => PASSWORD.to_owned(),
            other => self.platform.sample_password(other),
        }
    }

    /// Address of a page.
    pub fn url(&self, path: &str) -> String {
        self.platform.url(path)
    }

    /// Reads something, as the administrator.
    pub async fn get(&self, path: &str) -> Value {
        let token = self.platform.admin().await;
        self.platform.get(&format!("/api/v1{path}"), &token).await.ok()
    }

    /// Does something, as one of its people.
    pub async fn post(&self, account: &str, path: &str, body: Value) -> Value {
        let token = self.platform.token(account, &self.password(account)).await;
        self.platform.post(&format!("/api/v1{path}"), &token, body).await.ok()
    }

    /// A policy of the sample library, by its id there.
    pub async fn policy(&self, source: &str) -> Value {
        self.get(&format!("/policies/by-source/{source}")).await
    }

    /// Takes a policy one step on.
    pub async fn step(&self, account: &str, policy: &Value, verb: &str, reason: &str) -> Value {
        let mut body = json!({ "etag": policy["etag"] });
        if !reason.is_empty() {
            body["reason"] = json!(reason);
        }
        self.post(account, &format!("/policies/{}/{verb}", id(policy)), body).await
    }

    /// A draft of the editor.
    pub async fn draft(&self, title: &str, number: &str) -> Value {
        let content = json!({
            "title": title, "document_number": number, "organ_code": "mingchuan-gov-office",
            "category": "市政府行政规范性文件", "text_format": "plain",
            "summary": "规范夜间公共停车的收费、预约和投诉。",
            "text": "第一章　总则\n第一条　为了方便市民夜间停车，制定本办法。\n第二条　夜间泊位免费。",
            "issued_on": "2026-11-20", "effective_on": "2026-12-01",
        });
        self.post(EDITOR, "/policies", json!({ "content": content })).await
    }

    /// Revises a policy from draft to publication.
    pub async fn revise(&self, policy: &Value, reason: &str) -> Value {
        let token = self.platform.token(EDITOR, &self.password(EDITOR)).await;
        let path = format!("/api/v1/policies/{}/draft", id(policy));
        let body = json!({ "content": policy["content"], "revision_reason": reason,
            "etag": policy["etag"] });
        let draft = self.platform.call(Method::PUT, &path, &token, Some(body)).await.ok();
        let draft = self.step(EDITOR, &draft, "submit", "").await;
        let draft = self.step(REVIEWER, &draft, "approve", "").await;
        self.step(REVIEWER, &draft, "publish", "").await
    }

    /// Waits until everything that follows from a policy's last change has happened.
    pub async fn settled(&self, policy: &Value) {
        eventually("a complete receipt", async || {
            let receipt = self.get(&format!("/policies/{}/receipt", id(policy))).await;
            if receipt["completed_at"].is_string() { Ok(()) } else { Err(receipt.to_string()) }
        })
        .await;
    }

    /// Lays an event among the dead letters of search, as if its reader had given up on it.
    pub async fn lay_dead_letter(&self, policy: &Value) {
        let file = self.platform.data().join("db/search.sqlite");
        let db = Db::open(&Place::File(file)).await.expect("the tables of search");
        let now = SystemClock.now();
        let values: Vec<sea_orm::Value> = vec![
            uuid::Uuid::from_u128(1).into(),
            "documents".into(),
            1_i64.into(),
            1_i64.into(),
            "yangguang.documents.v1.PolicyPublished".into(),
            id(policy).into(),
            1_i64.into(),
            now.into(),
            "documents".into(),
            Vec::<u8>::new().into(),
            "the index cannot be written: no space left on device".into(),
            7_i32.into(),
            true.into(),
            now.into(),
        ];
        let text = "INSERT INTO dead_letters (event_id, producer, position, epoch, type, \
            aggregate, revision, occurred_at, actor, payload, error, attempts, failed, died_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        db::run(db.conn(), text, values).await.expect("a dead letter");
    }

    /// Imports records, one JSON object a line, and publishes them.
    pub fn import(&self, records: &[Value]) {
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        let file = self.platform.data().join("records.jsonl");
        std::fs::write(&file, lines).expect("a file of records");
        let file = file.display().to_string();
        let output =
            self.platform.command(&["import", "documents", &file, "--publish", "--reason", "补录"]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Id of a policy or an interpretation.
pub fn id(item: &Value) -> &str {
    item["id"].as_str().unwrap_or_else(|| panic!("an id in {item}"))
}
