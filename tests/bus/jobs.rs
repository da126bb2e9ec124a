//! A job is done once in a cluster, however many replicas could do it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kit::{
    Service,
    db::{self, Db, Migration, Place},
    jobs::Job,
    process::Front,
    testing::{TestSchema, eventually},
};
use sea_orm::FromQueryResult;

/// Appointments that are watched.
const ENOUGH: usize = 60;

const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_kept",
    sql: "CREATE TABLE kept (due timestamptz NOT NULL, replica text NOT NULL);\n",
}];

const FRONTS: &[Front] = &[Front {
    name: "documents",
    defaults: "[documents]\n",
    hears: &[],
    copies: &[],
    check: |_| Ok(()),
    open: |kit| {
        Box::pin(async move {
            let db = kit.database(MIGRATIONS).await?;
            let (tables, replica) = (db.clone(), kit.replica().to_string());
            let keep = Job::every("keep", Duration::from_millis(20), move |due| {
                let (tables, replica) = (tables.clone(), replica.clone());
                async move { Ok(note(&tables, due, &replica).await?) }
            });
            Ok(Service::new(&kit, Some(db)).job(keep))
        })
    },
}];

async fn note(db: &Db, due: DateTime<Utc>, replica: &str) -> kit::Result<()> {
    let tx = db.begin().await?;
    let text = "INSERT INTO kept (due, replica) VALUES ($1, $2)";
    db::run(&*tx, text, vec![due.into(), replica.into()]).await?;
    tx.commit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_keep_each_appointment_once() {
    #[derive(Debug, FromQueryResult)]
    struct Kept {
        due: DateTime<Utc>,
    }
    let Some(schema) = TestSchema::new().await else { return };
    let settings = [
        ("database.url", schema.url.as_str()),
        ("database.schema_prefix", schema.prefix.as_str()),
        ("database.connections", "4"),
    ];
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = kit::testing::start(FRONTS, here.path(), &settings).await.unwrap();
    let other = kit::testing::start(FRONTS, there.path(), &settings).await.unwrap();
    let place = Place::Schema {
        url: schema.url.clone(),
        schema: format!("{}documents", schema.prefix),
        connections: 1,
    };
    let db = Db::open(&place).await.unwrap();
    let kept = eventually("appointments that were kept", async || {
        let text = "SELECT due FROM kept ORDER BY due";
        let kept: Vec<Kept> = db::all(db.conn(), text, vec![]).await.unwrap();
        if kept.len() >= ENOUGH { Ok(kept) } else { Err(format!("{}", kept.len())) }
    })
    .await;
    for pair in kept.windows(2) {
        assert!(pair[0].due < pair[1].due, "kept twice: {pair:?}");
    }
    one.stop().await;
    other.stop().await;
}
