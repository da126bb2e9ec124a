//! What Prometheus is told is what `docs/metrics.md` says, and nothing about persons.

use std::collections::{BTreeMap, BTreeSet};

use kit::{
    telemetry::{METRICS, Metric},
    testing::eventually,
};

use crate::{
    desk::Desk,
    site::{ALL, Site},
};

/// Names of metrics with the names of their labels, and all lines.
struct Told {
    labels: BTreeMap<String, BTreeSet<String>>,
    text: String,
}

impl Told {
    async fn by(site: &Site, process: &str) -> Self {
        let text = site.metrics(process).await;
        let mut labels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        let types: Vec<&str> = types.filter_map(|line| line.split(' ').next()).collect();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, rest) = line.split_once(['{', ' ']).unwrap();
            let of = types.iter().filter(|of| name.starts_with(**of)).max_by_key(|of| of.len());
            let names = labels.entry((*of.unwrap()).to_owned()).or_default();
            let pairs = rest.rsplit_once('}').map(|(pairs, _)| pairs).unwrap_or_default();
            for pair in pairs.split("\",") {
                names.extend(pair.split_once('=').map(|(label, _)| label.to_owned()));
            }
        }
        Self { labels, text }
    }

    /// The value of one line.
    fn value(&self, line: &str) -> Option<f64> {
        let found = self.text.lines().find_map(|one| one.strip_prefix(line))?;
        found.trim().parse().ok()
    }
}

fn labels(metric: &Metric) -> BTreeSet<String> {
    let mut labels: BTreeSet<String> =
        metric.labels.iter().map(|label| label.replace('.', "_")).collect();
    if metric.sort == kit::telemetry::Sort::Duration {
        labels.insert("le".to_owned());
    }
    labels
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_tells_what_the_reference_lists() {
    let Some(mut site) = Site::new().await else { return };
    site.start("all", ALL, &[]).await;
    let desk = Desk::open(&site.portal("all")).await;
    let policy = desk.publish(1).await;
    desk.completed(&policy, 1).await;
    // An address nobody knows, a method nobody knows.
    let (status, _) = desk.call(reqwest::Method::GET, "/no/such/lin", "", None).await;
    assert_eq!(status, 404);

    let known: BTreeMap<String, BTreeSet<String>> =
        METRICS.iter().map(|metric| (metric.prometheus(), labels(metric))).collect();
    let told = eventually("every metric", async || {
        let mut told = Told::by(&site, "all").await;
        told.labels.remove("target_info");
        if told.labels == known { Ok(told) } else { Err(format!("{:#?}", told.labels)) }
    })
    .await;

    assert!(!told.text.contains(&policy.id), "an address is no route");
    assert!(!told.text.contains("such"), "an address is no route");
    let route = "http_route=\"/api/v1/policies/{id}/publish\"";
    assert!(told.text.contains(route), "{}", told.text);
    let call = "rpc_method=\"PublishPolicy\",rpc_service=\"yangguang.documents.v1.PolicyService\"";
    let active = format!("rpc_server_active_requests{{{call}}}");
    assert_eq!(told.value(&active), Some(0.0), "{}", told.text);

    // What was said is sent and heard.
    eventually("logs, relays and readers in step", async || {
        let told = Told::by(&site, "all").await;
        let position = told.value("yangguang_log_position{service=\"documents\"}");
        let lags = [
            "yangguang_relay_lag{service=\"documents\"}",
            "yangguang_relay_delay_seconds{service=\"documents\"}",
            "yangguang_reader_lag{producer=\"documents\",service=\"notification\"}",
            "yangguang_copy_lag{producer=\"documents\",service=\"search\"}",
            "yangguang_dead_letters{service=\"search\"}",
        ];
        let lags: Vec<_> = lags.iter().map(|line| told.value(line)).collect();
        if position.is_some_and(|at| at > 0.0) && lags.iter().all(|lag| *lag == Some(0.0)) {
            Ok(())
        } else {
            Err(format!("{position:?}, {lags:?}: {}", told.text))
        }
    })
    .await;
}
