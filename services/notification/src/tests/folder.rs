//! The folder is exactly once, wherever it is cut off.

use contracts::{documents::Announcement, notification::ListDeliveriesRequest};
use tokio_util::sync::CancellationToken;

use super::{House, news};
use crate::{commands::deliver, domain::interest::Kind};

#[tokio::test]
async fn a_delivery_cut_off_before_or_after_its_file_is_sent_once() {
    for house in House::each().await {
        for person in 0..20 {
            house.subscribed(&format!("p{person}@example.org"), Kind::All, "").await;
        }
        house.announce(&news("甲", Announcement::All)).await;

        // The first life writes half of the files, notes none of them, and dies.
        let first = house.to_folder();
        let taken = deliver::take(&house.db, &*house.clock, 200).await.unwrap();
        assert_eq!(taken.len(), 20);
        for taken in taken.into_iter().take(10) {
            first.try_one(taken, &CancellationToken::new()).await;
        }
        let before = house.files();
        assert_eq!(before.len(), 10);

        let second = house.to_folder();
        assert_eq!(house.deliver(&second).await, 0);
        second.recover().await.unwrap();
        assert_eq!(house.deliver(&second).await, 20);
        assert_eq!(house.files().len(), 20);
        assert!(before.iter().all(|name| house.files().contains(name)));
        let said = house.fan_outs().await;
        assert_eq!((said.len(), said[0].sent, said[0].in_doubt), (1, 20, 0));
    }
}

#[tokio::test]
async fn stopping_gives_back_what_was_not_begun() {
    let house = House::sqlite().await;
    house.subscribed("a@example.org", Kind::All, "").await;
    house.announce(&news("甲", Announcement::All)).await;
    let deliverer = house.to_folder();
    let stopped = CancellationToken::new();
    stopped.cancel();
    deliverer.round(&stopped).await.unwrap();
    let ledger = house.ledger().await;
    assert_eq!((ledger[0].0.as_str(), ledger[0].1), ("waiting", 0));
    assert_eq!(house.deliver(&deliverer).await, 1);
}

#[tokio::test]
async fn the_ledger_is_read_by_page_and_by_policy() {
    for house in House::each().await {
        for person in 0..5 {
            house.subscribed(&format!("p{person}@example.org"), Kind::All, "").await;
        }
        let news = news("甲", Announcement::All);
        house.announce(&news).await;
        let deliverer = house.to_folder();
        house.deliver(&deliverer).await;
        let queries = house.queries(&deliverer);
        let asked = ListDeliveriesRequest {
            policy_id: news.notice.policy_id.clone(),
            page_size: 3,
            ..ListDeliveriesRequest::default()
        };
        let first = queries.deliveries(asked.clone()).await.unwrap();
        assert_eq!((first.total, first.in_doubt, first.deliveries.len()), (5, 0, 3));
        let page_token = first.next_page_token;
        let rest = queries.deliveries(ListDeliveriesRequest { page_token, ..asked }).await.unwrap();
        assert_eq!((rest.deliveries.len(), rest.next_page_token.as_str()), (2, ""));
        let delivery = &rest.deliveries[0];
        assert_eq!(delivery.subject, "【政策发布】甲");
        assert_eq!(delivery.masked_email, "p***@example.org");
        assert!(delivery.message_id.starts_with(&format!("<{}@", delivery.id)));
        let elsewhere =
            ListDeliveriesRequest { policy_id: "none".into(), ..ListDeliveriesRequest::default() };
        assert_eq!(queries.deliveries(elsewhere).await.unwrap().total, 0);
        assert!(queries.message("../../secret.key".into()).await.is_err());
    }
}
