//! Asking, confirming, leaving, and what is told to whom.

use chrono::TimeDelta;
use contracts::notification::{
    CreateSubscriptionRequest, SubscriptionKind, UnsubscribeRequest,
    notification_service_server::NotificationService,
};
use kit::db;
use tonic::{Code, Request};
use tonic_types::StatusExt as _;

use super::{House, now, readable};
use crate::{commands::tidy, grpc::Grpc};

fn asking(email: &str) -> CreateSubscriptionRequest {
    CreateSubscriptionRequest {
        email: email.into(),
        kind: SubscriptionKind::Organ.into(),
        value: "edu".into(),
        label: "市教育局".into(),
        confirmed: false,
    }
}

fn grpc(house: House) -> (Grpc, std::sync::Arc<kit::clock::ManualClock>, House) {
    let queries = house.queries(&house.to_folder());
    let subscriptions = crate::commands::subscribe::Subscriptions {
        db: house.db.clone(),
        clock: house.clock.clone(),
        vault: std::sync::Arc::clone(&house.vault),
        confirmations_per_day: 2,
    };
    (Grpc { subscriptions, queries }, house.clock.clone(), house)
}

/// The token of the link that contains `path`.
fn token_in(text: &str, path: &str) -> String {
    let link = text.split(path).nth(1).unwrap();
    link.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

/// Several threads: the schema is dropped while the last, refused transaction still rolls back.
#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_begins_with_a_yes_and_ends_with_one_click() {
    for house in House::each().await {
        let (grpc, _, house) = grpc(house);
        let answer = grpc.create_subscription(Request::new(asking("w@example.org"))).await.unwrap();
        let asked = answer.into_inner().subscription.unwrap();
        assert!(!asked.confirmed && asked.id.is_empty());

        let deliverer = house.to_folder();
        assert_eq!(house.deliver(&deliverer).await, 1);
        let id = house.files()[0].trim_end_matches(".eml").to_owned();
        let message = grpc.queries.message(id).await.unwrap();
        assert!(message.contains("To: w@example.org"));
        assert!(message.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
        assert!(message.contains("List-Unsubscribe: <https://zwgk.example.org/unsubscribe?token="));
        let text = readable(&message);
        let confirm = token_in(&text, "/subscribe/confirm?token=");
        let leave = token_in(&text, "/unsubscribe?token=");

        assert!(!grpc.queries.subscription(&confirm).await.unwrap().confirmed);
        assert!(grpc.subscriptions.confirm(&leave).await.is_err());
        grpc.subscriptions.confirm(&confirm).await.unwrap();
        assert!(grpc.queries.subscription(&leave).await.unwrap().confirmed);
        let listed = grpc.queries.subscriptions(10, "").await.unwrap().subscriptions;
        assert_eq!(listed[0].masked_email, "w***@example.org");

        // The same answer for an address that has subscribed, and no further message.
        let again = grpc.create_subscription(Request::new(asking("W@Example.org"))).await.unwrap();
        assert_eq!(again.into_inner().subscription.unwrap(), asked);
        assert_eq!(house.deliver(&deliverer).await, 0);

        let request = Request::new(UnsubscribeRequest { token: leave });
        let ended = grpc.unsubscribe(request).await.unwrap().into_inner().subscription.unwrap();
        assert!(ended.ended);
        let status = tonic::Status::from(grpc.subscriptions.confirm(&confirm).await.unwrap_err());
        assert_eq!(status.code(), Code::FailedPrecondition);
    }
}

#[tokio::test]
async fn strangers_cannot_flood_a_mailbox_nor_vouch_for_it() {
    let (grpc, clock, house) = grpc(House::sqlite().await);
    let deliverer = house.to_folder();
    for _ in 0..6 {
        grpc.create_subscription(Request::new(asking("w@example.org"))).await.unwrap();
        clock.advance(TimeDelta::minutes(50));
    }
    assert_eq!(house.deliver(&deliverer).await, 2);

    let vouching = CreateSubscriptionRequest { confirmed: true, ..asking("w@example.org") };
    let status = grpc.create_subscription(Request::new(vouching)).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    let status = grpc.create_subscription(Request::new(asking("nobody"))).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    assert_eq!(details.bad_request().unwrap().field_violations[0].field, "email");
}

#[tokio::test]
async fn what_nobody_confirmed_is_forgotten_with_its_address() {
    for house in House::each().await {
        let (grpc, clock, house) = grpc(house);
        grpc.create_subscription(Request::new(asking("w@example.org"))).await.unwrap();
        house.deliver(&house.to_folder()).await;
        clock.advance(TimeDelta::days(8));
        tidy::forget(&house.db, now(&house), TimeDelta::days(7)).await.unwrap();
        for table in ["subscriptions", "subscribers"] {
            let text = format!("SELECT count(*) AS value FROM {table}");
            let count: Option<i64> = db::scalar(house.db.conn(), &text, vec![]).await.unwrap();
            assert_eq!(count, Some(0), "{table}");
        }
    }
}
