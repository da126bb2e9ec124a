//! Who calls a service uses all its replicas, and lives on with those that are left.

use kit::testing::eventually;
use reqwest::Method;
use serde_json::json;

use crate::{desk::Desk, site::Site};

/// Calls of documents, of whichever method: of two calls that always follow each other the same
/// replica may get the same one each time.
const DOCUMENTS: &str = "rpc_service=\"yangguang.documents.v1.PolicyService\"";

/// How many calls of documents a replica has answered, as it tells Prometheus.
async fn answered(site: &Site, replica: &str) -> u64 {
    let metrics = site.metrics(replica).await;
    let counts = metrics.lines().filter(|line| {
        line.starts_with("rpc_server_duration_seconds_count{") && line.contains(DOCUMENTS)
    });
    counts.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_uses_both_replicas_and_survives_the_death_of_one() {
    let Some(mut site) = Site::new().await else { return };
    let rest = ["identity", "documents", "interpretations", "search", "notification"];
    site.start("rest", &rest, &[]).await;
    let identity = format!("http://{}", site.grpc("rest"));
    site.start("second", &["documents"], &[("peers.identity", &identity)]).await;
    let both = format!("{identity},http://{}", site.grpc("second"));
    let peers = [
        ("peers.identity", identity.as_str()),
        ("peers.documents", both.as_str()),
        ("peers.interpretations", identity.as_str()),
        ("peers.search", identity.as_str()),
        ("peers.notification", identity.as_str()),
    ];
    site.start("gateway", &["gateway"], &peers).await;
    let desk = Desk::open(&site.portal("gateway")).await;
    let policy = desk.publish(1).await;
    desk.completed(&policy, 1).await;
    for replica in ["rest", "second"] {
        assert!(answered(&site, replica).await > 0, "{replica} was asked");
    }

    // Reads are made again elsewhere, and what changes something is sent where somebody lives.
    let editor = desk.editor().await;
    site.kill("second");
    for number in 0..20 {
        desk.receipt(&editor, &policy, 1).await;
        let content = json!({ "title": format!("草稿{number}"), "organ_code": "gov-office",
            "category": "市政府行政规范性文件", "text": "正文", "text_format": "plain" });
        let body = json!({ "content": content });
        let (status, answer) =
            desk.call(Method::POST, "/api/v1/policies", &editor, Some(body)).await;
        assert!((200..300).contains(&status), "{status}: {answer}");
    }

    // It comes back where it was, and is asked again.
    site.start("second", &["documents"], &[("peers.identity", &identity)]).await;
    // One sign-in for all attempts: those of a minute are counted.
    let editor = desk.editor().await;
    eventually("a replica that is asked again", async || {
        desk.receipt(&editor, &policy, 1).await;
        match answered(&site, "second").await {
            0 => Err("nobody asks it".to_owned()),
            _ => Ok(()),
        }
    })
    .await;
}
