//! Many subscribers and many publications stay a matter of seconds.

use std::time::{Duration, Instant};

use contracts::documents::Announcement;
use kit::db;

use super::{House, news};
use crate::domain::{interest::Kind, subscription::SubscriptionId};

/// Far above what it takes, far below what a row at a time would.
const ENOUGH: Duration = Duration::from_secs(5);

#[tokio::test]
async fn ten_thousand_subscribers_are_matched_in_one_statement() {
    for house in House::each().await {
        let tx = house.db.begin().await.unwrap();
        let now = super::now(&house);
        for chunk in 0..20 {
            let mut values = Vec::new();
            for n in 0..500 {
                let id = SubscriptionId::new(&*house.clock);
                let (kind, value) = match n % 4 {
                    0 => (Kind::All, String::new()),
                    1 => (Kind::Organ, "edu".to_owned()),
                    2 => (Kind::Keyword, format!("词{chunk}-{n}")),
                    _ => (Kind::Category, "other".to_owned()),
                };
                values.extend([
                    id.into(),
                    format!("s{chunk}-{n}").into(),
                    kind.as_str().into(),
                    value.into(),
                    "".into(),
                    "confirmed".into(),
                    now.into(),
                    now.into(),
                ]);
            }
            let text = format!(
                "INSERT INTO subscriptions (id, subscriber_id, kind, value, label, state, \
                 created_at, changed_at) VALUES {}",
                db::rows_of(8, 500)
            );
            db::run(&*tx, &text, values).await.unwrap();
        }
        tx.commit().await.unwrap();
        let begun = Instant::now();
        house.announce(&news("关于学校收费的通知", Announcement::All)).await;
        let took = begun.elapsed();
        println!("{}: 10,000 subscriptions matched in {took:?}", house._test_db.kind);
        assert!(took < ENOUGH, "{took:?}");
        let count: Option<i64> =
            db::scalar(house.db.conn(), "SELECT count(*) AS value FROM deliveries", vec![])
                .await
                .unwrap();
        assert_eq!(count, Some(5_000));
    }
}

#[tokio::test]
async fn a_thousand_publications_reach_the_folder_in_seconds() {
    let house = House::sqlite().await;
    house.subscribed("all@example.org", Kind::All, "").await;
    let tx = house.db.begin().await.unwrap();
    for n in 0..1_000 {
        let event = kit::id::new(&*house.clock);
        let news = news(&format!("第 {n} 件"), Announcement::All);
        crate::commands::fan_out::announce(&tx, &*house.clock, event, &news).await.unwrap();
    }
    tx.commit().await.unwrap();
    let begun = Instant::now();
    assert_eq!(house.deliver(&house.to_folder()).await, 1_000);
    println!("1,000 messages in {:?}", begun.elapsed());
    assert_eq!(house.files().len(), 1_000);
    assert_eq!(house.fan_outs().await.len(), 1_000);
    assert!(begun.elapsed() < ENOUGH * 4);
}
