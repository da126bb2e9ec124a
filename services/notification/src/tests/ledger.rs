//! From an event to the ledger and back to an event.

use chrono::TimeDelta;
use contracts::documents::Announcement;

use super::{House, news, now, readable};
use crate::{commands::digest, domain::interest::Kind, vault::Use};

#[tokio::test]
async fn everyone_who_asked_hears_once() {
    for house in House::each().await {
        house.subscribed("all@example.org", Kind::All, "").await;
        house.subscribed("twice@example.org", Kind::Organ, "edu").await;
        house.subscribed("twice@example.org", Kind::Keyword, "学校").await;
        house.subscribed("word@example.org", Kind::Keyword, "收费").await;
        house.subscribed("class@example.org", Kind::Category, "normative").await;
        let policy = "0198c2a0-0000-7000-8000-000000000001";
        house.subscribed("policy@example.org", Kind::Policy, policy).await;
        house.subscribed("other@example.org", Kind::Organ, "health").await;
        house.subscribed("wild@example.org", Kind::Keyword, "%%").await;

        let news = news("关于学校收费的通知", Announcement::All);
        let event = house.announce(&news).await;
        house.announce_as(event, &news).await;
        assert_eq!(house.ledger().await.len(), 5, "{}", house.test_db.kind);
        assert!(house.fan_outs().await.is_empty());

        let deliverer = house.to_folder();
        assert_eq!(house.deliver(&deliverer).await, 5);
        let said = house.fan_outs().await;
        assert_eq!(said.len(), 1);
        assert_eq!((said[0].sent, said[0].failed, said[0].in_doubt), (5, 0, 0));
        assert_eq!((said[0].occasion.as_str(), said[0].revision), ("published", 1));
        assert_eq!(house.files().len(), 5);
    }
}

#[tokio::test]
async fn where_nobody_is_written_to_the_step_is_done_at_once_with_its_reason() {
    for house in House::each().await {
        house.subscribed("other@example.org", Kind::Organ, "health").await;
        house.announce(&news("甲", Announcement::All)).await;
        house.announce(&news("乙", Announcement::None)).await;
        let said = house.fan_outs().await;
        assert_eq!(said.len(), 2);
        assert_eq!(said[0].reason, "没有人订阅相关内容");
        assert_eq!(said[1].reason, "按发布时的选择，不发送通知");
        assert!(house.ledger().await.is_empty());
    }
}

#[tokio::test]
async fn a_digest_is_one_message_a_day() {
    for house in House::each().await {
        house.subscribed("all@example.org", Kind::All, "").await;
        for title in ["甲办法", "乙办法", "丙办法"] {
            house.announce(&news(title, Announcement::Digest)).await;
        }
        assert_eq!(house.fan_outs().await.iter().map(|e| e.digested).sum::<u32>(), 3);
        let deliverer = house.to_folder();
        assert_eq!(house.deliver(&deliverer).await, 0);

        let at = chrono::NaiveTime::from_hms_opt(8, 0, 0).unwrap();
        assert_eq!(digest::make(&house.db, now(&house), at).await.unwrap(), 0);
        house.clock.advance(TimeDelta::hours(23));
        assert_eq!(digest::make(&house.db, now(&house), at).await.unwrap(), 1);
        assert_eq!(digest::make(&house.db, now(&house), at).await.unwrap(), 0);
        assert_eq!(house.deliver(&deliverer).await, 1);
        let files = house.files();
        let id = files[0].trim_end_matches(".eml").to_owned();
        let message = house.queries(&deliverer).message(id).await.unwrap();
        let text = readable(&message);
        for title in ["甲办法", "乙办法", "丙办法", "共有 3 件"] {
            assert!(text.contains(title), "{title} in {text}");
        }
        assert_eq!(house.fan_outs().await.len(), 3);
    }
}

#[tokio::test]
async fn leaving_takes_back_what_waits_and_completes_the_step() {
    for house in House::each().await {
        let id = house.subscribed("all@example.org", Kind::All, "").await;
        house.announce(&news("甲", Announcement::All)).await;
        let token = house.vault.token(Use::Leave, id).unwrap();
        house.subscriptions.end(&token).await.unwrap();
        house.subscriptions.end(&token).await.unwrap();
        assert!(house.ledger().await.is_empty());
        let said = house.fan_outs().await;
        assert_eq!((said.len(), said[0].reason.as_str()), (1, "收件人已退订"));
        house.announce(&news("乙", Announcement::All)).await;
        assert!(house.ledger().await.is_empty());
    }
}
