//! The library on real databases: each test runs on SQLite and, where one answers, PostgreSQL.
//!
//! Two threads each: a snapshot that is dropped ends behind the test's back, and until then the
//! schema that the test drops is in use.

mod changes;
mod effects;
mod expunge;
mod import;
mod intake;
mod library;
mod lifecycle;
mod privacy;
mod quality;
mod receipts;
mod renditions;
mod review;

use std::sync::Arc;

use async_trait::async_trait;
use contracts::role::{EDITOR, OFFICE, REVIEWER};
use kit::{
    auth::Caller,
    clock::{Clock as _, ManualClock},
    db,
    files::Files,
    testing::TestDb,
};
use sea_orm::FromQueryResult;

use crate::{
    commands::{Documents, directory::Directory},
    config::Config,
    domain::{PolicyId, content::Content, receipt},
    error::Result,
    store::{self, organs::OrganRow},
};

/// A library of the test's own.
pub struct Library {
    pub documents: Documents,
    pub clock: Arc<ManualClock>,
    test: TestDb,
    _files: tempfile::TempDir,
}

/// One event of the log.
#[derive(Debug, FromQueryResult)]
pub struct Logged {
    pub kind: String,
    pub aggregate: String,
    pub revision: i64,
    pub payload: Vec<u8>,
}

/// A library on each database that is here.
pub async fn libraries() -> Vec<Library> {
    let mut all = Vec::new();
    for test in TestDb::each(store::MIGRATIONS).await.unwrap() {
        let folder = tempfile::tempdir().unwrap();
        let clock = kit::testing::clock();
        let files = Files::open(folder.path()).unwrap();
        let documents =
            Documents::new(test.db.clone(), clock.clone(), config(), files, Arc::new(Town));
        all.push(Library { documents, clock, test, _files: folder });
    }
    all
}

impl Library {
    /// Which database this is on.
    pub fn kind(&self) -> &'static str {
        self.test.kind
    }

    /// The log, in order.
    pub async fn log(&self) -> Vec<Logged> {
        let text = "SELECT type AS kind, aggregate, revision, payload FROM events ORDER BY serial";
        db::all(self.test.db.conn(), text, vec![]).await.unwrap()
    }

    /// Short names and revisions of the log.
    pub async fn told(&self) -> Vec<(String, i64)> {
        let short = |event: Logged| {
            (event.kind.rsplit('.').next().unwrap_or_default().to_owned(), event.revision)
        };
        self.log().await.into_iter().map(short).collect()
    }

    /// How many rows a table has.
    pub async fn rows(&self, table: &str) -> i64 {
        self.count(&format!("SELECT count(*) AS value FROM {table}")).await
    }

    /// What a query counts.
    pub async fn count(&self, text: &str) -> i64 {
        db::scalar(self.test.db.conn(), text, vec![]).await.unwrap().unwrap()
    }

    /// Takes a policy from nothing to the public.
    pub async fn published(&self, content: Content) -> PolicyId {
        let id = self.documents.create(&editor(), content, "").await.unwrap();
        self.publish(id).await;
        id
    }

    /// Takes the draft of a policy through review to the public.
    pub async fn publish(&self, id: PolicyId) {
        self.documents.submit_draft(&editor(), id, "").await.unwrap();
        self.documents.approve_draft(&reviewer(), id, "").await.unwrap();
        self.documents.publish(&reviewer(), id, "", None, "").await.unwrap();
        self.clock.advance(chrono::TimeDelta::seconds(1));
    }

    /// Today at the library.
    pub fn today(&self) -> chrono::NaiveDate {
        self.clock.today()
    }
}

/// A person of an organ.
pub fn person(id: &str, role: &str, organ: &str) -> Caller {
    Caller {
        account_id: id.to_owned(),
        name: format!("{id}员"),
        organ_code: organ.to_owned(),
        organ_scope: vec![organ.to_owned()],
        roles: vec![role.to_owned()],
        ..Caller::anonymous()
    }
}

/// Writes for the office of the city.
pub fn editor() -> Caller {
    person("甲", EDITOR, "gov-office")
}

/// Reviews for the office of the city.
pub fn reviewer() -> Caller {
    person("乙", REVIEWER, "gov-office")
}

/// The open-government office.
pub fn office() -> Caller {
    person("丙", OFFICE, "gov-office")
}

/// Writes for another organ.
pub fn stranger() -> Caller {
    person("丁", EDITOR, "housing")
}

/// Sound content.
pub fn content(title: &str) -> Content {
    Content {
        title: title.to_owned(),
        document_number: "明府办[2025]7号".to_owned(),
        organ_code: "gov-office".to_owned(),
        category: "市政府其他文件".to_owned(),
        text: "第一条 为了公开。".to_owned(),
        issued_on: "2025-12-30".parse().ok(),
        ..Content::default()
    }
}

/// The code that the test town's index numbers begin with.
pub const CITY_CODE: &str = "11340000000000000G";

fn config() -> Config {
    Config {
        default_validity: Vec::new(),
        categories: vec!["政府规章".to_owned(), "市政府其他文件".to_owned()],
        city_code: CITY_CODE.to_owned(),
        root_organ: "root".to_owned(),
        max_attachment_bytes: 1024,
        max_attachments: 2,
        schedule_every_seconds: 1,
        receipts_every_seconds: 1,
        effects_every_seconds: 1,
        lapses_every_seconds: 1,
        fonts_dir: String::new(),
        renditions_at_once: 1,
        max_rendition_bytes: 1 << 30,
        renditions_every_seconds: 1,
        sweep_every_seconds: 1,
        sweep_after_seconds: 60,
        late_after_seconds: receipt::STEPS.iter().map(|s| (s.name.to_owned(), 60)).collect(),
    }
}

/// A directory of two organs that takes any other.
struct Town;

#[async_trait]
impl Directory for Town {
    async fn organ(&self, code_or_name: &str) -> Result<Option<OrganRow>> {
        let organs =
            [("gov-office", "明川市人民政府办公室", ""), ("housing", "明川市住建局", "000014349")];
        let found = organs.iter().find(|(code, name, _)| [*code, *name].contains(&code_or_name));
        Ok(found.map(|(code, name, credit_code)| OrganRow {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            parent_code: "root".to_owned(),
            credit_code: Some((*credit_code).to_owned()),
            revision: 1,
        }))
    }

    async fn add(&self, _organs: &[OrganRow]) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}
