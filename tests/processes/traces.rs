//! One publication is one trace, through every process and over the bus.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kit::telemetry::METRICS;

use crate::{
    collector::{Collector, Told},
    desk::{Desk, SUBJECT},
    site::{ALL, Site},
};

/// What a publication passes through, by process.
const WAY: [(&str, &str); 15] = [
    ("yangguang-gateway", "POST /api/v1/policies/{id}/publish"),
    ("yangguang", "yangguang.documents.v1.PolicyService/PublishPolicy"),
    ("yangguang", "command.documents.publish"),
    ("yangguang", "relay.documents.PolicyPublished"),
    ("yangguang", "event.interpretations.PolicyPublished"),
    ("yangguang", "command.interpretations.follow_publication"),
    ("yangguang", "event.notification.PolicyPublished"),
    ("yangguang", "command.notification.announce"),
    ("yangguang-search", "event.search.PolicyPublished"),
    ("yangguang-search", "confirm.search"),
    ("yangguang-gateway", "event.gateway.PolicyPublished"),
    ("yangguang-gateway", "confirm.gateway"),
    ("yangguang", "event.documents.TaskOpened"),
    ("yangguang", "event.documents.PoliciesIndexed"),
    ("yangguang", "event.documents.PagesRefreshed"),
];

#[tokio::test(flavor = "multi_thread")]
async fn one_publication_is_one_trace_and_tells_nothing_personal() {
    let Some(mut site) = Site::new().await else { return };
    let (collector, address) = Collector::start().await;
    let endpoint = format!("http://{address}");
    let otlp = ("telemetry.otlp_endpoint", endpoint.as_str());
    let rest = ["identity", "documents", "interpretations", "notification"];
    site.start("rest", &rest, &[otlp]).await;
    let here = format!("http://{}", site.grpc("rest"));
    let peers = |names: &[&'static str]| -> Vec<(String, String)> {
        names.iter().map(|name| (format!("peers.{name}"), here.clone())).collect()
    };
    let known = peers(&["identity", "documents"]);
    let mut settings: Vec<(&str, &str)> = known.iter().map(|(k, v)| (&**k, &**v)).collect();
    settings.push(otlp);
    site.start("search", &["search"], &settings).await;
    let known = peers(&rest);
    let search = format!("http://{}", site.grpc("search"));
    let mut settings: Vec<(&str, &str)> = known.iter().map(|(k, v)| (&**k, &**v)).collect();
    settings.extend([otlp, ("peers.search", search.as_str())]);
    site.start("gateway", &["gateway"], &settings).await;

    let desk = Desk::open(&site.portal("gateway")).await;
    let policy = desk.publish(1).await;
    desk.completed(&policy, 1).await;
    // What ends politely sends what it still has.
    for process in ["gateway", "search", "rest"] {
        site.stop(process).await;
    }

    let spans = collector.spans();
    let published = spans.iter().find(|told| told.span.name == "command.documents.publish");
    let trace = &published.expect("the command's span").span.trace_id;
    let of_it: Vec<&Told> = spans.iter().filter(|told| told.span.trace_id == *trace).collect();
    let mut passed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for told in &of_it {
        passed.entry(&told.process).or_default().insert(&told.span.name);
    }
    for (process, name) in WAY {
        let found = passed.get(process).is_some_and(|names| names.contains(name));
        assert!(found, "{name} of {process} is not among {passed:#?}");
    }

    // Every span hangs on another one, up to the request that began it.
    let ids: HashSet<&[u8]> = of_it.iter().map(|told| &*told.span.span_id).collect();
    let roots: Vec<_> = of_it.iter().filter(|told| told.span.parent_span_id.is_empty()).collect();
    assert_eq!(roots.len(), 1, "{roots:#?}");
    assert_eq!(roots[0].span.name, WAY[0].1);
    for told in of_it.iter().filter(|told| !told.span.parent_span_id.is_empty()) {
        assert!(ids.contains(&*told.span.parent_span_id), "{told:#?} hangs in the air");
    }

    let metrics = collector.metrics();
    for metric in METRICS {
        assert!(metrics.contains(metric.name), "{} is not among {metrics:?}", metric.name);
    }
    let text = collector.text();
    for personal in [SUBJECT, "林编辑", "周审核", "\"lin\"", "\"zhou\"", "127.0.0.1"] {
        assert!(!text.contains(personal), "{personal} was told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_never_answers_holds_nothing_up() {
    let Some(mut site) = Site::new().await else { return };
    // It accepts, and that is all.
    let hole = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", hole.local_addr().unwrap());
    site.start("all", ALL, &[("telemetry.otlp_endpoint", &endpoint)]).await;
    let desk = Desk::open(&site.portal("all")).await;
    let policy = desk.publish(1).await;
    desk.completed(&policy, 1).await;
    site.stop("all").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_holds_nothing_up() {
    let Some(mut site) = Site::new().await else { return };
    site.start("all", ALL, &[("telemetry.otlp_endpoint", "http://127.0.0.1:1")]).await;
    let desk = Desk::open(&site.portal("all")).await;
    let policy = desk.publish(1).await;
    desk.completed(&policy, 1).await;
    site.stop("all").await;
}
