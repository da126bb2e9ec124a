//! Tests through the database, the folder and a mail server.

mod folder;
mod ledger;
mod mail_server;
mod smtp;
mod subscribing;

use std::{sync::Arc, time::Duration};

use contracts::{
    documents::{Announcement, PolicyFacts},
    notification::{DeliveryFailed, FanOutCompleted},
};
use kit::{
    clock::{Clock, ManualClock},
    db::{self, Db},
    outbox::Event,
    testing::{self, TestDb},
};
use prost::Name;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    commands::{fan_out, subscribe::Subscriptions},
    config::{Config, SmtpConfig, Tls, TransportKind},
    domain::{
        delivery::Patience,
        interest::{Interest, Kind},
        news::{News, Occasion},
        subscription::SubscriptionId,
    },
    jobs::Deliverer,
    letters::Letters,
    queries::Queries,
    store,
    transport::{Folder, Smtp, Transport},
    vault::Vault,
};

/// The service without its doors, over a database of the test's own.
struct House {
    db: Db,
    clock: Arc<ManualClock>,
    vault: Arc<Vault>,
    subscriptions: Subscriptions,
    data: TempDir,
    test_db: TestDb,
}

impl House {
    async fn each() -> Vec<Self> {
        let dbs = TestDb::each(store::MIGRATIONS).await.unwrap();
        dbs.into_iter().map(Self::over).collect()
    }

    async fn sqlite() -> Self {
        Self::over(TestDb::sqlite(store::MIGRATIONS).await.unwrap())
    }

    fn over(test_db: TestDb) -> Self {
        let data = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::open("", data.path()).unwrap());
        let clock = testing::clock();
        let db = test_db.db.clone();
        let subscriptions = Subscriptions {
            db: db.clone(),
            clock: clock.clone(),
            vault: Arc::clone(&vault),
            confirmations_per_day: 2,
        };
        Self { db, clock, vault, subscriptions, data, test_db }
    }

    /// A confirmed subscription.
    async fn subscribed(&self, email: &str, kind: Kind, value: &str) -> SubscriptionId {
        let interest = Interest::new(kind, value, "").unwrap();
        let caller = kit::auth::Caller::service("test");
        let email = email.parse().unwrap();
        self.subscriptions.enrol(&caller, &email, &interest).await.unwrap().id()
    }

    async fn announce(&self, news: &News) -> Uuid {
        let event = kit::id::new(&*self.clock);
        self.announce_as(event, news).await;
        event
    }

    async fn announce_as(&self, event: Uuid, news: &News) {
        let tx = self.db.begin().await.unwrap();
        fan_out::announce(&tx, &*self.clock, &[(event, news.clone())]).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn deliverer(&self, transport: Transport) -> Deliverer {
        Deliverer {
            db: self.db.clone(),
            clock: self.clock.clone(),
            transport: Arc::new(transport),
            letters: Letters::new(&config(), Arc::clone(&self.vault)).unwrap(),
            vault: Arc::clone(&self.vault),
            patience: Patience {
                attempts: 3,
                first: Duration::from_secs(30),
                longest: Duration::from_secs(60),
            },
            batch: 200,
            parallel: 4,
        }
    }

    fn to_folder(&self) -> Deliverer {
        self.deliverer(Transport::Folder(Folder::open(self.data.path().join("outbox")).unwrap()))
    }

    fn to_server(&self, port: u16) -> Deliverer {
        let smtp = SmtpConfig { port, ..config().smtp };
        self.deliverer(Transport::Smtp(Smtp::new(&smtp, "example.org").unwrap()))
    }

    fn queries(&self, deliverer: &Deliverer) -> Queries {
        Queries {
            db: self.db.clone(),
            vault: Arc::clone(&self.vault),
            transport: Arc::clone(&deliverer.transport),
            message_domain: config().message_domain,
        }
    }

    /// What the log says of a type, in order.
    async fn said<E: Event + Name>(&self) -> Vec<E> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            payload: Vec<u8>,
        }
        let text = "SELECT payload FROM events WHERE type = $1 ORDER BY serial";
        let rows: Vec<Row> =
            db::all(self.db.conn(), text, vec![E::full_name().into()]).await.unwrap();
        rows.iter().map(|row| E::decode(row.payload.as_slice()).unwrap()).collect()
    }

    async fn fan_outs(&self) -> Vec<FanOutCompleted> {
        self.said().await
    }

    async fn failures(&self) -> Vec<DeliveryFailed> {
        self.said().await
    }

    /// `id state attempts was_in_doubt error` of each delivery.
    async fn ledger(&self) -> Vec<(String, i64, bool, String)> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            state: String,
            attempts: i64,
            was_in_doubt: bool,
            error: String,
        }
        let text = "SELECT state, attempts, was_in_doubt, error FROM deliveries ORDER BY id";
        let rows: Vec<Row> = db::all(self.db.conn(), text, vec![]).await.unwrap();
        rows.into_iter().map(|r| (r.state, r.attempts, r.was_in_doubt, r.error)).collect()
    }

    /// Delivers until nothing is due, and counts.
    async fn deliver(&self, deliverer: &Deliverer) -> usize {
        let stop = CancellationToken::new();
        let mut count = 0;
        loop {
            match deliverer.round(&stop).await.unwrap() {
                0 => return count,
                more => count += more,
            }
        }
    }

    fn files(&self) -> Vec<String> {
        let folder = std::fs::read_dir(self.data.path().join("outbox")).unwrap();
        let mut names: Vec<String> =
            folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn config() -> Config {
    Config {
        transport: TransportKind::Folder,
        public_url: "https://zwgk.example.org/".into(),
        site_name: "政务公开平台".into(),
        sender: "no-reply@example.org".into(),
        message_domain: "example.org".into(),
        secret: String::new(),
        parallel: 4,
        batch: 200,
        attempts: 3,
        first_retry_seconds: 30,
        longest_retry_seconds: 60,
        digest_at: "08:00".into(),
        confirm_within_days: 7,
        confirmations_per_day: 2,
        smtp: SmtpConfig {
            host: "127.0.0.1".into(),
            port: 25,
            tls: Tls::None,
            user: String::new(),
            password: String::new(),
            timeout_seconds: 1,
        },
    }
}

fn news(title: &str, announcement: Announcement) -> News {
    let facts = PolicyFacts {
        policy_id: "0198c2a0-0000-7000-8000-000000000001".into(),
        revision: 1,
        title: title.into(),
        document_number: "云府办〔2026〕3号".into(),
        organ_code: "edu".into(),
        organ_name: "市教育局".into(),
        category: "normative".into(),
        summary: "调整收费标准".into(),
        announcement: announcement.into(),
        ..PolicyFacts::default()
    };
    News::of(Occasion::Published, facts, String::new())
}

/// The text parts of a message, decoded.
fn readable(message: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut text = String::new();
    for part in message.split("\r\n\r\n") {
        let packed: String = part.split("\r\n--").next().unwrap().split_whitespace().collect();
        match STANDARD.decode(&packed).map(String::from_utf8) {
            Ok(Ok(decoded)) => text.push_str(&decoded),
            _ => text.push_str(part),
        }
        text.push('\n');
    }
    text
}

/// The instant of the test's clock.
fn now(house: &House) -> chrono::DateTime<chrono::Utc> {
    house.clock.now()
}
