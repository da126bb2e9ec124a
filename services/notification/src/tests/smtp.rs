//! A real conversation with a mail server in all its moods.

use chrono::TimeDelta;
use contracts::documents::Announcement;
use contracts::notification::{FanOutDelayed, ListDeliveriesRequest};

use super::{
    House,
    mail_server::{MailServer, Mood},
    news,
};
use crate::{commands::deliver, domain::interest::Kind};

async fn one_waiting() -> House {
    let house = House::sqlite().await;
    house.subscribed("wang@example.org", Kind::All, "").await;
    house.announce(&news("关于学校收费的通知", Announcement::All)).await;
    house
}

fn message_ids(server: &MailServer) -> Vec<String> {
    let of = |message: &String| {
        message.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned()
    };
    server.taken().iter().map(of).collect()
}

#[tokio::test]
async fn messages_share_connections() {
    let house = House::sqlite().await;
    for person in 0..40 {
        house.subscribed(&format!("p{person}@example.org"), Kind::All, "").await;
    }
    house.announce(&news("关于学校收费的通知", Announcement::All)).await;
    let server = MailServer::start(Mood::Accepts).await;
    house.deliver(&house.to_server(server.port)).await;
    let mut ids = message_ids(&server);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 40);
    assert!(server.connections() <= 4, "{}", server.connections());
    assert_eq!(house.fan_outs().await[0].sent, 40);
}

#[tokio::test]
async fn a_refused_recipient_has_failed_for_good_and_is_not_named() {
    let house = one_waiting().await;
    let server = MailServer::start(Mood::Says("550 5.1.1 <wang@example.org> unknown")).await;
    let deliverer = house.to_server(server.port);
    assert_eq!(house.deliver(&deliverer).await, 1);
    let failures = house.failures().await;
    assert_eq!((failures.len(), failures[0].error.as_str()), (1, "邮件服务器答复 550"));
    let said = house.fan_outs().await;
    assert_eq!((said[0].sent, said[0].failed), (0, 1));
    house.clock.advance(TimeDelta::days(1));
    assert_eq!(house.deliver(&deliverer).await, 0);
}

#[tokio::test]
async fn a_server_that_is_busy_closed_silent_or_away_is_tried_again() {
    let busy = Mood::Says("451 later");
    for mood in [Some(busy), Some(Mood::Closed), Some(Mood::Hangs), None] {
        let house = one_waiting().await;
        let server = MailServer::start(mood.unwrap_or(Mood::Accepts)).await;
        let away = MailServer::start(Mood::Accepts).await.port;
        let port = if mood.is_some() { server.port } else { away };
        let deliverer = house.to_server(port);
        assert_eq!(house.deliver(&deliverer).await, 1);
        let (state, attempts, doubt, error) = house.ledger().await.remove(0);
        assert_eq!((state.as_str(), attempts, doubt), ("waiting", 1, false), "{mood:?} {error}");
        let delays: Vec<FanOutDelayed> = house.said().await;
        let reasons: Vec<&str> = delays.iter().map(|delay| delay.reason.as_str()).collect();
        assert_eq!(reasons, [error.as_str()], "{mood:?}");
        house.clock.advance(TimeDelta::seconds(31));
        if mood.is_some() {
            server.becomes(Mood::Accepts);
            house.deliver(&deliverer).await;
            assert_eq!(house.fan_outs().await[0].sent, 1, "{mood:?}");
        }
    }
}

#[tokio::test]
async fn patience_ends() {
    let house = one_waiting().await;
    let server = MailServer::start(Mood::Says("451 later")).await;
    let deliverer = house.to_server(server.port);
    for _ in 0..5 {
        house.deliver(&deliverer).await;
        house.clock.advance(TimeDelta::minutes(10));
    }
    let (state, attempts, ..) = house.ledger().await.remove(0);
    assert_eq!((state.as_str(), attempts), ("failed", 3));
    assert_eq!(house.fan_outs().await[0].failed, 1);
}

#[tokio::test]
async fn a_message_in_doubt_is_sent_once_more_with_the_same_id_and_counted_apart() {
    for mood in [Mood::CutsOff, Mood::HangsAfterData] {
        let house = one_waiting().await;
        let server = MailServer::start(mood).await;
        let deliverer = house.to_server(server.port);
        house.deliver(&deliverer).await;
        let (state, _, doubt, _) = house.ledger().await.remove(0);
        assert_eq!((state.as_str(), doubt), ("in_doubt", true));
        assert!(house.fan_outs().await.is_empty());

        server.becomes(Mood::Accepts);
        house.clock.advance(TimeDelta::seconds(31));
        house.deliver(&deliverer).await;
        let ids = message_ids(&server);
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], ids[1]);
        let said = house.fan_outs().await;
        assert_eq!((said[0].sent, said[0].in_doubt, said[0].failed), (0, 1, 0));
    }
}

#[tokio::test]
async fn a_second_doubt_ends_it() {
    let house = one_waiting().await;
    let server = MailServer::start(Mood::CutsOff).await;
    let deliverer = house.to_server(server.port);
    for _ in 0..4 {
        house.deliver(&deliverer).await;
        house.clock.advance(TimeDelta::minutes(10));
    }
    assert_eq!(server.taken().len(), 2);
    assert_eq!(house.failures().await.len(), 1);
}

#[tokio::test]
async fn a_restart_between_sending_and_noting_leaves_a_doubt() {
    let house = one_waiting().await;
    let server = MailServer::start(Mood::Accepts).await;
    assert_eq!(deliver::take(&house.db, &*house.clock, 10).await.unwrap().len(), 1);
    let deliverer = house.to_server(server.port);
    deliverer.recover().await.unwrap();
    let listed =
        house.queries(&deliverer).deliveries(ListDeliveriesRequest::default()).await.unwrap();
    assert_eq!((listed.total, listed.in_doubt), (1, 1));
    house.clock.advance(TimeDelta::seconds(31));
    assert_eq!(house.deliver(&deliverer).await, 1);
    assert_eq!(house.fan_outs().await[0].in_doubt, 1);
}
