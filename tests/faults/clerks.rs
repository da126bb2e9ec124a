//! Two people who publish policies of their own, and look again when nobody answers.

use serde_json::{Value, json};

use crate::{library::Library, portal::Portal, standing::IMPORTER};

const WORDS: &str = "sunny-day-at-the-lake";

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
    /// step until it was answered OK, or until it is seen to have been done.
    pub async fn publish(&self, library: &Library) {
        for record in &library.taken {
            let content = json!({
                "title": record.title,
                "document_number": record.number,
                "organ_code": IMPORTER,
                "category": record.category,
                "text": "第一条 为了方便市民，制定本办法。",
                "text_format": "plain",
                "issued_on": "2024-05-06",
            });
            let draft = self.editor.post("policies", &json!({ "content": content })).await;
            let path = format!("policies/{}", draft["id"].as_str().expect("an id"));
            step(&self.editor, &path, "submit", "editing").await;
            step(&self.reviewer, &path, "approve", "in_review").await;
            step(&self.reviewer, &path, "publish", "approved").await;
            let policy = self.reviewer.get(&path, &[]).await;
            assert_eq!(policy["state"], "published", "{policy}");
        }
    }
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
