//! Only its owner publishes under a context: the rights that `yangguang config nats` makes.

use std::{process::Command, time::Duration};

use async_nats::{Client, ConnectOptions, Event, ServerError};
use kit::testing::eventually;
use tokio::sync::mpsc;

use crate::{
    desk::Desk,
    site::{Site, program},
};

const SERVICES: [&str; 6] =
    ["identity", "documents", "interpretations", "search", "notification", "gateway"];

fn password(user: &str) -> String {
    format!("password-of-{user}")
}

/// The block for these processes, as the command prints it.
fn authorization(processes: &[&str]) -> String {
    let output = Command::new(program()).args(["config", "nats"]).args(processes).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn variables(users: &[&str]) -> Vec<(String, String)> {
    let variable =
        |user: &&str| (format!("YANGGUANG_NATS_{}", user.to_uppercase()), password(user));
    users.iter().map(variable).collect()
}

/// A user of the bus, and what the server refuses it.
struct Intruder {
    client: Client,
    refusals: mpsc::UnboundedReceiver<String>,
}

impl Intruder {
    async fn log_in(site: &Site, user: &str) -> Self {
        let (tell, refusals) = mpsc::unbounded_channel();
        let client = ConnectOptions::with_user_and_password(user.to_owned(), password(user))
            .custom_inbox_prefix(format!("_INBOX_{user}"))
            .event_callback(move |event| {
                if let Event::ServerError(ServerError::Other(why)) = event {
                    let _ = tell.send(why);
                }
                async {}
            })
            .connect(&site.bus_url)
            .await
            .unwrap();
        Self { client, refusals }
    }

    /// Publishes, and waits for the server to say that it may not.
    async fn is_refused(&mut self, subject: &str) {
        self.client.publish(subject.to_owned(), "{}".into()).await.unwrap();
        self.client.flush().await.unwrap();
        let why = tokio::time::timeout(Duration::from_secs(60), self.refusals.recv()).await;
        let why = why.unwrap_or_else(|_| panic!("{subject} was not refused")).unwrap();
        let why = why.to_lowercase();
        assert!(why.contains("permissions violation"), "{why}");
        assert!(why.contains(&subject.to_lowercase()), "{why}, not {subject}");
    }

    async fn cannot_hear(&mut self, subject: &str) {
        let _heard = self.client.subscribe(subject.to_owned()).await.unwrap();
        self.client.flush().await.unwrap();
        let why = tokio::time::timeout(Duration::from_secs(60), self.refusals.recv()).await;
        let why = why.unwrap_or_else(|_| panic!("{subject} was not refused")).unwrap();
        assert!(why.to_lowercase().contains("permissions violation for subscription"), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_service_as_its_own_user_can_do_its_work_and_nobody_elses() {
    let Some(mut site) = Site::with_bus(&authorization(&[]), &variables(&SERVICES)).await else {
        return;
    };
    let mut peers: Vec<(String, String)> = Vec::new();
    for service in SERVICES {
        let password = password(service);
        let mut settings = vec![("bus.user", service), ("bus.password", password.as_str())];
        settings.extend(peers.iter().map(|(key, place)| (key.as_str(), place.as_str())));
        site.start(service, &[service], &settings).await;
        peers.push((format!("peers.{service}"), format!("http://{}", site.grpc(service))));
    }
    let desk = Desk::open(&site.portal("gateway")).await;
    let policy = desk.publish(1).await;
    desk.completed(&policy, 1).await;

    let mut search = Intruder::log_in(&site, "search").await;
    search.is_refused("yangguang.documents.v1.PolicyPublished").await;
    search.is_refused("yangguang.platform.v1.EventDeadLettered.documents").await;
    search.is_refused("$JS.API.STREAM.DELETE.yangguang-documents").await;
    search.is_refused("$JS.API.CONSUMER.DELETE.yangguang-documents.notification").await;
    search.is_refused("$JS.API.CONSUMER.CREATE.yangguang-identity.search").await;
    search.cannot_hear("yangguang.>").await;
    search.cannot_hear("_INBOX_documents.>").await;
    let mut notification = Intruder::log_in(&site, "notification").await;
    notification.is_refused("yangguang.search.v1.PoliciesIndexed").await;
    notification.is_refused("$JS.API.CONSUMER.CREATE.yangguang-documents.interpretations").await;

    // What was refused has changed nothing.
    desk.withdraw(&policy).await;
    desk.completed(&policy, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_serves_a_process_of_all_services() {
    let block = authorization(&["all"]);
    let Some(mut site) = Site::with_bus(&block, &variables(&["yangguang"])).await else { return };
    let password = password("yangguang");
    let user = [("bus.user", "yangguang"), ("bus.password", password.as_str())];
    site.start("all", crate::site::ALL, &user).await;
    let desk = Desk::open(&site.portal("all")).await;
    let policy = desk.publish(1).await;
    desk.completed(&policy, 1).await;
    let wrong = ConnectOptions::with_user_and_password("yangguang".to_owned(), "guess".to_owned());
    eventually("a refusal", async || match wrong.clone().connect(&site.bus_url).await {
        Err(_) => Ok(()),
        Ok(_) => Err("a wrong password opens the bus".to_owned()),
    })
    .await;
}
