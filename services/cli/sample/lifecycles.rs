//! The lifecycles of the sample: what its clerks would have filled in, change by change.

use std::collections::BTreeMap;

use anyhow::Context as _;
use kit::clock::{Clock as _, SystemClock};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Published;
use crate::cli::{
    Client,
    output::{list, text},
};

const LIFECYCLES: &str = include_str!("../../sample/lifecycles.jsonl");

#[derive(Deserialize)]
struct Lifecycle {
    /// The policy's id in the sample.
    policy: String,
    stages: Vec<Stage>,
    deliveries: Vec<Delivery>,
}

#[derive(Deserialize)]
struct Stage {
    stage: String,
    #[serde(default)]
    not_applicable: String,
    #[serde(default)]
    materials: Vec<Value>,
    #[serde(flatten)]
    record: Map<String, Value>,
}

#[derive(Deserialize)]
struct Delivery {
    terms: Value,
    payouts: Vec<Value>,
    corrections: Vec<Correction>,
}

#[derive(Deserialize)]
struct Correction {
    /// Which of the payouts.
    payout: usize,
    #[serde(flatten)]
    figures: Map<String, Value>,
}

/// One change, as a request.
struct Change {
    /// Below `/api/v1/policies/{id}`; may name a delivery and a payout by their places.
    path: String,
    replaces: bool,
    body: Value,
    /// Place of the delivery, and of its payout, whose ids the path needs.
    of: Option<(usize, Option<usize>)>,
}

impl Lifecycle {
    /// All changes in their order, without payouts of days that are still to come.
    fn changes(self, today: &str) -> Vec<Change> {
        let plain = |path: String, body| Change { path, replaces: false, body, of: None };
        let mut changes = Vec::new();
        for Stage { stage, not_applicable, materials, record } in self.stages {
            let path = format!("lifecycle/{stage}");
            if !not_applicable.is_empty() {
                let body = json!({ "reason": not_applicable });
                changes.push(plain(format!("{path}/not-applicable"), body));
                continue;
            }
            if record.values().any(|value| value.as_str().is_some_and(|text| !text.is_empty())) {
                let body = Value::Object(record);
                changes.push(Change { replaces: true, ..plain(path.clone(), body) });
            }
            changes.extend(materials.into_iter().map(|m| plain(format!("{path}/materials"), m)));
        }
        for (place, Delivery { terms, payouts, corrections }) in
            self.deliveries.into_iter().enumerate()
        {
            changes.push(plain("deliveries".to_owned(), json!({ "terms": terms })));
            let past = payouts.into_iter().filter(|paid| text(paid, "paid_until") <= today);
            let past: Vec<Value> = past.collect();
            let known = past.len();
            changes.extend(past.into_iter().map(|paid| Change {
                of: Some((place, None)),
                ..plain("payouts".to_owned(), paid)
            }));
            let corrections = corrections.into_iter().filter(|one| one.payout < known);
            changes.extend(corrections.map(|Correction { payout, figures }| Change {
                of: Some((place, Some(payout))),
                ..plain("correct".to_owned(), Value::Object(figures))
            }));
        }
        changes
    }
}

/// Fills the lifecycles in where that was not done yet, and says of how many policies it was.
pub async fn fill(
    client: &Client,
    policies: &BTreeMap<String, Published>,
) -> anyhow::Result<usize> {
    let today = SystemClock.today().to_string();
    let mut filled = 0;
    for line in LIFECYCLES.lines() {
        let lifecycle: Lifecycle = serde_json::from_str(line)?;
        let policy = policies
            .get(&lifecycle.policy)
            .with_context(|| format!("{}: no such policy", lifecycle.policy))?;
        let base = format!("/api/v1/policies/{}", policy.policy_id);
        let mut known: Value = client.get(&format!("{base}/lifecycle"), &[]).await?;
        // A load that was cut off goes on behind its last change.
        let done = list(&known, "entries").len();
        let left: Vec<Change> = lifecycle.changes(&today).into_iter().skip(done).collect();
        filled += usize::from(!left.is_empty());
        for Change { path, replaces, body, of } in left {
            let below = below(&known, of).context("a delivery that was added is not there")?;
            let path = format!("{base}/{below}{path}");
            known = match replaces {
                true => client.put(&path, &body).await?,
                false => client.post(&path, &body).await?,
            };
        }
    }
    Ok(filled)
}

/// The part of a path that names a delivery and one of its payouts.
fn below(lifecycle: &Value, of: Option<(usize, Option<usize>)>) -> Option<String> {
    let Some((delivery, payout)) = of else { return Some(String::new()) };
    let delivery = list(lifecycle, "deliveries").get(delivery)?;
    let id = text(delivery, "id");
    match payout {
        None => Some(format!("deliveries/{id}/")),
        Some(payout) => {
            let payout = text(list(delivery, "payouts").get(payout)?, "id");
            Some(format!("deliveries/{id}/payouts/{payout}/"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payouts_of_days_to_come_are_left_out() {
        let line = LIFECYCLES.lines().next().unwrap();
        let changes = |today| {
            let lifecycle: Lifecycle = serde_json::from_str(line).unwrap();
            let paths = lifecycle.changes(today).into_iter().map(|change| change.path);
            paths.filter(|path| path == "payouts" || path == "correct").count()
        };
        assert_eq!((changes("2026-07-30"), changes("2026-08-31")), (0, 3));
    }

    #[test]
    fn every_lifecycle_is_read() {
        for line in LIFECYCLES.lines() {
            let lifecycle: Lifecycle = serde_json::from_str(line).unwrap();
            assert!(lifecycle.changes("2030-01-01").len() > 5, "{}", line.len());
        }
    }
}
