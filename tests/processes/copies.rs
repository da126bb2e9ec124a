//! A step that every replica takes for itself is done when every living replica has taken it.

use contracts::search::{SearchRequest, search_service_client::SearchServiceClient};
use kit::db;

use crate::{
    desk::{Desk, Published},
    site::{ALL, Site},
};

/// The step of the search index.
const INDEX: &str = "index";
/// After how many seconds of silence a replica is gone.
const GONE_AFTER: i64 = 30;

/// Whether a replica's own index finds a policy.
async fn finds(site: &Site, replica: &str, policy: &Published) -> bool {
    let place = format!("http://{}", site.grpc(replica));
    let mut client = SearchServiceClient::connect(place).await.unwrap();
    let request = SearchRequest { query: policy.title.clone(), ..SearchRequest::default() };
    let found = client.search(request).await.unwrap().into_inner();
    found.hits.iter().any(|hit| hit.policy_id == policy.id)
}

/// Whether a replica was silent for so long that nobody waits for it.
async fn is_gone(site: &Site, replica: &str) -> bool {
    let tables = site.tables("search").await;
    let text = "SELECT count(*) AS value FROM replicas \
                WHERE replica = $1 AND seen_at > now() - make_interval(secs => $2)";
    let values = vec![site.replica(replica).to_string().into(), GONE_AFTER.into()];
    let seen: Option<i64> = db::scalar(tables.conn(), text, values).await.unwrap();
    tables.close().await.unwrap();
    seen == Some(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_is_done_when_every_living_replica_has_it() {
    let Some(mut site) = Site::new().await else { return };
    site.start("one", ALL, &[]).await;
    let here = format!("http://{}", site.grpc("one"));
    let peers = [("peers.identity", here.as_str()), ("peers.documents", here.as_str())];
    site.start("other", &["search"], &peers).await;
    let desk = Desk::open(&site.portal("one")).await;

    let first = desk.publish(1).await;
    desk.completed(&first, 1).await;
    assert!(finds(&site, "one", &first).await && finds(&site, "other", &first).await);

    // One replica hangs: what only it lacks is not done.
    site.freeze("other");
    let second = desk.publish(2).await;
    let done = desk.all_but(INDEX, &second, 1).await;
    assert!(!done || is_gone(&site, "other").await, "the living replica lacks it");
    site.thaw("other");
    desk.completed(&second, 1).await;
    assert!(finds(&site, "one", &second).await && finds(&site, "other", &second).await);

    // The same for what has to be gone everywhere.
    site.freeze("other");
    desk.withdraw(&first).await;
    let done = desk.all_but(INDEX, &first, 2).await;
    assert!(!done || is_gone(&site, "other").await, "the living replica still has it");
    site.thaw("other");
    desk.completed(&first, 2).await;
    assert!(!finds(&site, "one", &first).await && !finds(&site, "other", &first).await);

    // For a replica that is gone for good nobody waits.
    site.kill("other");
    let third = desk.publish(3).await;
    desk.completed(&third, 1).await;
    assert!(finds(&site, "one", &third).await);

    // It comes back, and has to catch up before it counts again.
    site.start("other", &["search"], &peers).await;
    let fourth = desk.publish(4).await;
    desk.completed(&fourth, 1).await;
    for policy in [&second, &third, &fourth] {
        assert!(finds(&site, "other", policy).await, "{}", policy.title);
    }
}
