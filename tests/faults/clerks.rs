//! Two people who publish policies of their own, and look again when nobody answers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    library::{Library, Record},
    portal::Portal,
    standing::IMPORTER,
};

const WORDS: &str = "sunny-day-at-the-lake";
/// Why policies are withdrawn.
pub const WHY: &str = "依据的上位法已经修改";

/// An editor and a reviewer of one organ.
pub struct Clerks {
    editor: Portal,
    reviewer: Portal,
}

impl Clerks {
    /// Makes them.
    pub async fn hire(admin: &Portal, base: &str) -> Self {
        for (account, role) in [("lin", "editor"), ("zhou", "reviewer")] {
            let body = json!({ "account": account, "name": account, "organ_code": IMPORTER,
                "roles": [role], "password": WORDS });
            admin.post("accounts", &body).await;
        }
        let portal = |account| Portal::signed_in(base, account, WORDS);
        Self { editor: portal("lin"), reviewer: portal("zhou") }
    }

    /// Drafts, reviews and publishes what is to be taken of a library, one after the other; each
    /// step until it was answered OK, or until it is seen to have been done. What the library says
    /// is corrected or withdrawn, is so at once.
    pub async fn publish(&self, library: &Library) {
        for record in &library.taken {
            let content = content(record, "第一条 为了方便市民，制定本办法。");
            let draft = self.editor.post("policies", &json!({ "content": content })).await;
            let path = format!("policies/{}", draft["id"].as_str().expect("an id"));
            self.make_public(&path, 1).await;
            if library.corrected.contains(&record.id) {
                self.correct(&path, record).await;
            }
            if library.withdrawn.contains(&record.id) {
                self.withdraw(&path).await;
            }
        }
    }

    /// Withdraws what was imported, as soon as it is there.
    pub async fn withdraw_imported(&self, library: &Library) {
        for id in &library.withdrawn {
            let found = self.reviewer.wait_for(&format!("policies/by-source/{id}")).await;
            self.withdraw(&format!("policies/{}", found["id"].as_str().expect("an id"))).await;
        }
    }

    async fn make_public(&self, path: &str, revision: i64) {
        step(&self.editor, path, "submit", "editing").await;
        step(&self.reviewer, path, "approve", "in_review").await;
        step(&self.reviewer, path, "publish", "approved").await;
        let policy = self.reviewer.get(path, &[]).await;
        let now = (policy["state"].as_str(), policy["revision"].as_i64());
        assert_eq!(now, (Some("published"), Some(revision)), "{policy}");
    }

    async fn correct(&self, path: &str, record: &Record) {
        let content = content(record, "第一条 为了方便市民和企业，制定本办法。");
        loop {
            let policy: Value = self.editor.get(path, &[]).await;
            if policy["draft"].is_object() {
                break;
            }
            let change = json!({ "content": content, "revision_reason": "补充适用范围",
                "etag": policy["etag"] });
            let draft = format!("{path}/draft");
            self.editor.tells_by(Method::PUT, &draft, &change).await;
        }
        self.make_public(path, 2).await;
    }

    async fn withdraw(&self, path: &str) {
        loop {
            let policy: Value = self.reviewer.get(path, &[]).await;
            if policy["state"] == "withdrawn" {
                return;
            }
            let why = json!({ "etag": policy["etag"], "reason": WHY });
            self.reviewer.tells(&format!("{path}/withdraw"), &why).await;
        }
    }
}

fn content(record: &Record, text: &str) -> Value {
    json!({
        "title": record.title,
        "document_number": record.number,
        "organ_code": IMPORTER,
        "category": record.category,
        "text": text,
        "text_format": "plain",
        "issued_on": "2024-05-06",
    })
}

/// Takes a draft out of the state `from`.
async fn step(who: &Portal, path: &str, verb: &str, from: &str) {
    loop {
        let policy: Value = who.get(path, &[]).await;
        if policy["draft"]["state"] != from {
            return;
        }
        let etag = json!({ "etag": policy["etag"] });
        if who.tells(&format!("{path}/{verb}"), &etag).await {
            return;
        }
    }
}
