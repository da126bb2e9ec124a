//! What followed from publications, read from the logs of those who followed.

use std::collections::BTreeMap;

use contracts::{
    documents::ReceiptCompleted,
    gateway::PagesRefreshed,
    interpretations::{PolicyFollowed, TaskOpened, TaskWaived},
    notification::FanOutCompleted,
    search::{PoliciesIndexed, PoliciesUnindexed},
};
use kit::db;
use prost::{Message, Name};
use sea_orm::FromQueryResult;

use crate::{desk::Published, site::Site};

#[derive(FromQueryResult)]
struct Row {
    payload: Vec<u8>,
}

/// Every event of one type in the log of a service.
async fn said<E: Message + Name + Default>(site: &Site, service: &str) -> Vec<E> {
    let tables = site.tables(service).await;
    let text = "SELECT payload FROM events WHERE type = $1";
    let rows: Vec<Row> = db::all(tables.conn(), text, vec![E::full_name().into()]).await.unwrap();
    tables.close().await.unwrap();
    rows.into_iter().map(|row| E::decode(row.payload.as_slice()).unwrap()).collect()
}

/// How often each step was reported, by step, policy and revision.
async fn reports(site: &Site) -> BTreeMap<(&'static str, String, i64), usize> {
    let mut all = Vec::new();
    for TaskOpened { policy_id, policy_revision, .. } in said(site, "interpretations").await {
        all.push(("interpretation", policy_id, policy_revision));
    }
    for TaskWaived { policy_id, policy_revision, .. } in said(site, "interpretations").await {
        all.push(("interpretation", policy_id, policy_revision));
    }
    for PolicyFollowed { policy_id, policy_revision, .. } in said(site, "interpretations").await {
        all.push(("interpretation", policy_id, policy_revision));
    }
    for FanOutCompleted { policy_id, revision, .. } in said(site, "notification").await {
        all.push(("notification", policy_id, revision));
    }
    for PoliciesIndexed { policies } in said(site, "search").await {
        all.extend(policies.into_iter().map(|p| ("index", p.policy_id, p.revision)));
    }
    for PoliciesUnindexed { policies } in said(site, "search").await {
        all.extend(policies.into_iter().map(|p| ("index", p.policy_id, p.revision)));
    }
    for PagesRefreshed { pages } in said(site, "gateway").await {
        all.extend(pages.into_iter().map(|p| ("page", p.policy_id, p.revision)));
    }
    for ReceiptCompleted { policy_id, revision, .. } in said(site, "documents").await {
        all.push(("receipt", policy_id, revision));
    }
    let mut counts = BTreeMap::new();
    for report in all {
        *counts.entry(report).or_default() += 1;
    }
    counts
}

/// Holds that each publication was followed by everyone, and by nobody twice.
pub async fn each_followed_once(site: &Site, published: &[Published]) {
    let reports = reports(site).await;
    for policy in published {
        for step in ["interpretation", "notification", "index", "page", "receipt"] {
            let count = reports.get(&(step, policy.id.clone(), 1)).copied().unwrap_or(0);
            assert_eq!(count, 1, "{step} of {}: {reports:#?}", policy.title);
        }
    }
    assert!(reports.values().all(|count| *count == 1), "{reports:#?}");
}
