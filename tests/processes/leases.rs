//! Two replicas of everything: one of them does what only one may do, and the other takes over.

use std::collections::BTreeMap;

use kit::{db, testing::eventually};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    desk::Desk,
    effects::each_followed_once,
    site::{ALL, Site},
};

/// What only one replica does, by service.
const ALONE: [(&str, &[&str]); 6] = [
    ("identity", &["relay"]),
    (
        "documents",
        &[
            "relay",
            "reader:identity",
            "reader:interpretations",
            "reader:search",
            "reader:notification",
            "reader:gateway",
        ],
    ),
    ("interpretations", &["relay", "reader:documents"]),
    ("search", &["relay"]),
    ("notification", &["relay", "reader:documents", "deliver"]),
    ("gateway", &["relay"]),
];

#[derive(FromQueryResult)]
struct Row {
    name: String,
    holder: Uuid,
}

/// Who holds what, `documents relay`.
async fn holders(site: &Site) -> BTreeMap<String, Uuid> {
    let mut holders = BTreeMap::new();
    for (service, _) in ALONE {
        let tables = site.tables(service).await;
        let text = "SELECT name, holder FROM leases WHERE name NOT LIKE 'job:%'";
        let rows: Vec<Row> = db::all(tables.conn(), text, vec![]).await.unwrap();
        tables.close().await.unwrap();
        holders.extend(rows.into_iter().map(|row| (format!("{service} {}", row.name), row.holder)));
    }
    holders
}

/// Waits until one replica holds everything that only one may do.
async fn all_held_by(site: &Site, replica: Uuid) {
    eventually("a replica that holds every lease", async || {
        let holders = holders(site).await;
        for (service, names) in ALONE {
            for name in names {
                let name = format!("{service} {name}");
                if holders.get(&name) != Some(&replica) {
                    return Err(format!("{name}: {holders:?}, not {replica}"));
                }
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_replica_that_works_dies_the_other_takes_over_and_nothing_happens_twice() {
    let Some(mut site) = Site::new().await else { return };
    site.start("one", ALL, &[]).await;
    all_held_by(&site, site.replica("one")).await;
    site.start("other", ALL, &[]).await;
    let desk = Desk::open(&site.portal("one")).await;
    let beside = Desk::at(&site.portal("other"));

    // Either replica takes commands; what follows is done by the one that holds the leases.
    let mut published = vec![desk.publish(1).await, beside.publish(2).await];
    for policy in &published {
        desk.completed(policy, 1).await;
    }
    all_held_by(&site, site.replica("one")).await;

    // It dies while publications are under way.
    published.push(desk.publish(3).await);
    published.push(beside.publish(4).await);
    site.kill("one");
    published.push(beside.publish(5).await);
    for policy in &published {
        beside.completed(policy, 1).await;
    }
    all_held_by(&site, site.replica("other")).await;
    each_followed_once(&site, &published).await;

    // It comes back as a bystander, and takes over at once when the other is stopped politely.
    site.start("one", ALL, &[]).await;
    let desk = Desk::at(&site.portal("one"));
    let other = site.replica("other");
    site.stop("other").await;
    let left = holders(&site).await;
    assert!(left.values().all(|holder| *holder != other), "nothing is left held: {left:?}");
    published.push(desk.publish(6).await);
    for policy in &published {
        desk.completed(policy, 1).await;
    }
    all_held_by(&site, site.replica("one")).await;
    each_followed_once(&site, &published).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_hung_and_goes_on_does_nothing_twice() {
    let Some(mut site) = Site::new().await else { return };
    site.start("one", ALL, &[]).await;
    all_held_by(&site, site.replica("one")).await;
    site.start("other", ALL, &[]).await;
    let desk = Desk::open(&site.portal("one")).await;
    let beside = Desk::at(&site.portal("other"));
    let mut published = vec![desk.publish(1).await, desk.publish(2).await];

    site.freeze("one");
    published.push(beside.publish(3).await);
    all_held_by(&site, site.replica("other")).await;
    // It believes that the leases are its own, and learns that they are not.
    site.thaw("one");
    published.push(desk.publish(4).await);
    for policy in &published {
        beside.completed(policy, 1).await;
    }
    each_followed_once(&site, &published).await;
}
