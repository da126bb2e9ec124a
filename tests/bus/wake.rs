//! What another replica has appended is heard at once, and after a broken connection again.

use std::{sync::Arc, time::Duration};

use kit::{
    testing::{TestSchema, eventually},
    wake::Wake,
};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use tokio::{sync::Notify, time::timeout};

async fn is_woken(appended: &Notify) {
    timeout(Duration::from_secs(60), appended.notified()).await.expect("a word");
}

/// Connections of who hears, of which `end` ends each.
async fn listeners(db: &DatabaseConnection, prefix: &str, end: bool) -> u64 {
    let what = if end { "pg_terminate_backend(pid)" } else { "pid" };
    let text = format!(
        "SELECT {what} FROM pg_stat_activity WHERE query LIKE 'LISTEN \"{prefix}documents%'"
    );
    db.execute_unprepared(&text).await.unwrap().rows_affected()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_hears_what_another_has_appended() {
    let Some(schema) = TestSchema::new().await else { return };
    let db = Database::connect(&schema.url).await.unwrap();
    let replica = || Wake::new(&schema.url, &format!("{}documents", schema.prefix), db.clone());
    let (one, other) = (replica(), replica());
    let appended = Arc::new(Notify::new());
    let hearing = one.hear(Arc::clone(&appended));
    // It begins with a look at what was there before.
    is_woken(&appended).await;
    for _ in 0..3 {
        other.say();
        is_woken(&appended).await;
    }

    // A connection that broke may have missed something.
    assert_eq!(listeners(&db, &schema.prefix, true).await, 1);
    is_woken(&appended).await;
    eventually("a word after the connection broke", async || {
        other.say();
        let waited = timeout(Duration::from_millis(500), appended.notified()).await;
        waited.map_err(|e| e.to_string())
    })
    .await;

    drop(hearing);
    eventually("the end of the listening", async || {
        match listeners(&db, &schema.prefix, false).await {
            0 => Ok(()),
            some => Err(format!("{some} listen")),
        }
    })
    .await;
}
