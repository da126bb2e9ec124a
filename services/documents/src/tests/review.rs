use contracts::documents as wire;
use kit::{Fault as _, auth::Caller};

use super::*;
use crate::{domain::policy::Refusal, error::Error};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_goes_from_draft_to_the_public() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = documents.create(&editor(), content("关于公开的通知"), "").await.unwrap();
        let nobody = Caller::anonymous();
        assert!(matches!(documents.get(&nobody, id).await, Err(Error::Unknown(_))));
        assert!(matches!(documents.get(&stranger(), id).await, Err(Error::Unknown(_))));
        library.publish(id).await;
        let policy = documents.get(&nobody, id).await.unwrap();
        assert_eq!(policy.state(), wire::PolicyState::Published, "{}", library.kind());
        assert_eq!((policy.revision, policy.draft), (1, None));
        assert_eq!(policy.index_number, format!("{CITY_CODE}/2025-00001"));
        let shown = policy.content.unwrap();
        assert_eq!(shown.document_number, "明府办〔2025〕7号");
        assert_eq!(shown.text, "第一条 为了公开。");
        assert_eq!(policy.effect, i32::from(wire::Effect::InForce));
        assert_eq!(library.told().await, [("PolicyPublished".to_owned(), 1)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reviews_their_own_draft() {
    for library in libraries().await {
        let documents = &library.documents;
        let both = Caller { roles: vec![EDITOR.to_owned(), REVIEWER.to_owned()], ..editor() };
        let id = documents.create(&both, content("自审"), "").await.unwrap();
        documents.submit_draft(&both, id, "").await.unwrap();
        let refused = documents.approve_draft(&both, id, "").await.unwrap_err();
        assert_eq!(refused.reason(), "SELF_REVIEW");
        assert!(documents.publish(&both, id, "", None, "").await.is_err());
        assert!(library.log().await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_etag_is_answered_with_what_changed() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = documents.create(&editor(), content("通知"), "").await.unwrap();
        let seen = documents.get(&editor(), id).await.unwrap().etag;
        let changed = Content { summary: "概述".to_owned(), ..content("新通知") };
        documents.update_draft(&reviewer(), id, changed, "", &seen).await.unwrap();
        let stale = documents.submit_draft(&editor(), id, &seen).await.unwrap_err();
        assert_eq!(stale.kind(), kit::Kind::Conflict);
        let told: std::collections::HashMap<_, _> = stale.metadata().into_iter().collect();
        assert_eq!(told["changed_fields"], "title,summary");
        assert_eq!(told["changed_by"], "乙员");
        assert!(!told["changed_at"].is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_changes_nothing() {
    for library in libraries().await {
        let documents = &library.documents;
        let first = documents.create(&editor(), content("一"), "r1").await.unwrap();
        let again = documents.create(&editor(), content("一"), "r1").await.unwrap();
        assert_eq!(first, again);
        documents.submit_draft(&editor(), first, "").await.unwrap();
        documents.approve_draft(&reviewer(), first, "").await.unwrap();
        for _ in 0..2 {
            documents.publish(&reviewer(), first, "", None, "r2").await.unwrap();
        }
        for _ in 0..2 {
            documents.withdraw(&reviewer(), first, "有误", "", "r3").await.unwrap();
        }
        assert_eq!(library.told().await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_organs_change_nothing() {
    for library in libraries().await {
        let documents = &library.documents;
        let foreign = documents.create(&stranger(), content("越权"), "").await;
        assert!(matches!(foreign, Err(Error::NotOwnOrgan(_))));
        let id = library.published(content("通知")).await;
        let withdrawn = documents.withdraw(&stranger(), id, "不喜欢", "", "").await;
        assert!(matches!(withdrawn, Err(Error::NotOwnOrgan(_))));
        let draft = documents.create(&editor(), content("草稿"), "").await.unwrap();
        let known = documents.submit_draft(&stranger(), draft, "").await;
        assert!(matches!(known, Err(Error::Unknown(_))), "a draft is not told of");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_set_minute_is_kept() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = documents.create(&editor(), content("定时"), "").await.unwrap();
        documents.submit_draft(&editor(), id, "").await.unwrap();
        documents.approve_draft(&reviewer(), id, "").await.unwrap();
        let minute = library.clock.now() + chrono::TimeDelta::minutes(10);
        documents.publish(&reviewer(), id, "", Some(minute), "").await.unwrap();
        documents.publish_due().await.unwrap();
        assert!(library.log().await.is_empty(), "not before its time");
        library.clock.advance(chrono::TimeDelta::hours(2));
        documents.publish_due().await.unwrap();
        documents.publish_due().await.unwrap();
        assert_eq!(library.told().await, [("PolicyPublished".to_owned(), 1)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_minute_that_was_taken_back_publishes_nothing() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = documents.create(&editor(), content("定时"), "").await.unwrap();
        documents.submit_draft(&editor(), id, "").await.unwrap();
        documents.approve_draft(&reviewer(), id, "").await.unwrap();
        let early = documents.unschedule(&reviewer(), id, "").await.unwrap_err();
        assert!(matches!(early, Error::Refused(Refusal::DraftState { .. })), "{early}");
        let minute = library.clock.now() + chrono::TimeDelta::minutes(10);
        documents.publish(&reviewer(), id, "", Some(minute), "").await.unwrap();
        let stale = documents.unschedule(&reviewer(), id, "v1").await.unwrap_err();
        assert!(matches!(stale, Error::Stale { .. }), "{stale}");
        documents.unschedule(&reviewer(), id, "").await.unwrap();
        let draft = documents.get(&reviewer(), id).await.unwrap().draft.unwrap();
        assert_eq!((draft.state(), draft.publish_at), (wire::DraftState::Approved, None));
        library.clock.advance(chrono::TimeDelta::hours(2));
        documents.publish_due().await.unwrap();
        assert!(library.log().await.is_empty(), "nothing became public ({})", library.kind());
        let audited = "SELECT count(*) AS value FROM audit WHERE action = 'policy.unschedule'";
        assert_eq!(library.count(audited).await, 1);
        documents.publish(&reviewer(), id, "", None, "").await.unwrap();
        assert_eq!(library.told().await, [("PolicyPublished".to_owned(), 1)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawn_policy_is_a_tombstone_until_it_is_revised() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("通知")).await;
        documents.withdraw(&reviewer(), id, "依据有误", "", "").await.unwrap();
        let nobody = Caller::anonymous();
        let tombstone = documents.get(&nobody, id).await.unwrap();
        assert_eq!(tombstone.state(), wire::PolicyState::Withdrawn);
        assert_eq!(tombstone.withdrawal_reason, "依据有误");
        let told = tombstone.content.unwrap();
        assert_eq!((told.title.as_str(), told.text.as_str()), ("通知", ""));
        let old = documents.revision(&nobody, id, 1).await.unwrap().content.unwrap();
        assert_eq!(old.text, "", "a withdrawn text is gone from the public");
        let own = documents.revision(&editor(), id, 1).await.unwrap().content.unwrap();
        assert!(!own.text.is_empty(), "and stays for its organ");
        let silent = documents.update_draft(&editor(), id, content("改"), "", "").await;
        assert!(matches!(silent, Err(Error::Refused(Refusal::ReasonMissing(..)))));
        documents.update_draft(&editor(), id, content("改"), "已改正", "").await.unwrap();
        library.publish(id).await;
        let occasions: Vec<_> = documents
            .revisions(&nobody, id)
            .await
            .unwrap()
            .into_iter()
            .map(|revision| (revision.revision, revision.occasion, revision.reason))
            .collect();
        assert_eq!(
            occasions,
            [
                (3, "corrected".to_owned(), "已改正".to_owned()),
                (2, "withdrawn".to_owned(), "依据有误".to_owned()),
                (1, "published".to_owned(), String::new()),
            ]
        );
        assert_eq!(
            documents.revision(&nobody, id, 1).await.unwrap().content.unwrap().title,
            "通知"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_content_is_refused_with_its_field() {
    for library in libraries().await {
        let documents = &library.documents;
        let huge = Content { text: "a".repeat(5 * 1024 * 1024 + 1), ..content("大") };
        let refused = documents.create(&editor(), huge, "").await.unwrap_err();
        assert_eq!(
            (refused.kind(), refused.fields()[0].field.as_str()),
            (kit::Kind::TooLarge, "text")
        );
        for (field, bad) in [
            ("title", Content { title: String::new(), ..content("") }),
            ("category", Content { category: "杂项".to_owned(), ..content("一") }),
            ("organ_code", Content { organ_code: "nowhere".to_owned(), ..content("一") }),
        ] {
            let refused = documents.create(&editor(), bad, "").await.unwrap_err();
            assert_eq!(refused.fields()[0].field, field);
        }
        assert_eq!(library.rows("policies").await, 0);
    }
}
