//! Effects that change with the days, and what is told of it.

use chrono::{NaiveDate, TimeDelta};
use contracts::documents::{
    self as wire, Announcement, PolicyAmended, PolicyLapseAnnounced, PolicyLapsed, PolicyRepealed,
};
use kit::auth::Caller;
use prost::Message as _;

use super::*;
use crate::{
    domain::{content::Relation, effect::Effect},
    error::Error,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn relation(kind: &str, title: &str, articles: &[&str]) -> Relation {
    Relation {
        kind: kind.to_owned(),
        target_title: title.to_owned(),
        articles: articles.iter().map(|article| (*article).to_owned()).collect(),
        ..Relation::default()
    }
}

/// Content without a number, so that titles alone name it.
fn titled(title: &str) -> Content {
    Content { document_number: String::new(), ..content(title) }
}

async fn last_event(library: &Library) -> Logged {
    library.log().await.pop().unwrap()
}

impl Library {
    async fn days_pass(&self, days: i64) {
        self.clock.advance(TimeDelta::days(days));
        self.documents.follow_effects().await.unwrap();
    }

    async fn effect_on(&self, id: PolicyId, on: &str) -> (wire::Effect, String) {
        let nobody = Caller::anonymous();
        let policy = self.documents.get_as_of(&nobody, id, day(on)).await.unwrap();
        (policy.effect(), policy.effect_reason)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_repeals_two_on_its_day_and_lapses_after_five_years() {
    for library in libraries().await {
        let old = library.published(titled("旧办法")).await;
        let older = library.published(titled("更旧办法")).await;
        let notice = Content {
            effective_on: Some(day("2026-01-10")),
            expires_on: Some(day("2031-01-09")),
            relations: vec![
                relation("repeals", "旧办法", &[]),
                relation("repeals", "更旧办法", &[]),
            ],
            ..titled("新通知")
        };
        let new = library.published(notice).await;
        library.documents.follow_effects().await.unwrap();
        let told = library.told().await;
        assert!(told.iter().all(|(kind, _)| kind == "PolicyPublished"), "{told:?}");
        for id in [old, older] {
            assert_eq!(library.effect_on(id, "2026-01-09").await.0, wire::Effect::InForce);
            let (effect, reason) = library.effect_on(id, "2026-01-10").await;
            assert_eq!(effect, wire::Effect::Repealed, "{}", library.kind());
            assert!(reason.contains("2026年1月10日") && reason.contains("《新通知》"), "{reason}");
        }
        library.days_pass(5).await;
        let mut told: Vec<_> = library.told().await.split_off(3);
        told.sort();
        let names: Vec<_> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(names, ["PolicyCommenced", "PolicyRepealed", "PolicyRepealed"]);
        assert!(told.iter().all(|(_, revision)| *revision == 2));
        library.days_pass(1).await;
        assert_eq!(library.told().await.len(), 6, "what was told is not told again");
        assert_eq!(library.effect_on(new, "2031-01-09").await.0, wire::Effect::InForce);
        library.days_pass(5 * 366).await;
        let event = last_event(&library).await;
        let lapsed = PolicyLapsed::decode(event.payload.as_slice()).unwrap();
        assert_eq!(lapsed.policy.unwrap().policy_id, new.to_string());
        assert_eq!(lapsed.change.unwrap().on, "2031-01-10");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeal_of_articles_amends() {
    for library in libraries().await {
        let old = library.published(titled("旧办法")).await;
        let relations = vec![relation("repeals", "旧办法", &["第三条", "第五条"])];
        let new = library.published(Content { relations, ..titled("决定") }).await;
        library.documents.follow_effects().await.unwrap();
        let event = last_event(&library).await;
        let amended = PolicyAmended::decode(event.payload.as_slice()).unwrap();
        assert_eq!(amended.change.unwrap().by_policy_id, new.to_string());
        let page = library.documents.get(&Caller::anonymous(), old).await.unwrap();
        assert_eq!((page.effect(), page.amended), (wire::Effect::InForce, true));
        assert!(page.effect_reason.contains("第三条、第五条"), "{}", page.effect_reason);
        assert_eq!(page.inbound_relations[0].articles, ["第三条", "第五条"]);
        let counted =
            library.count("SELECT count(*) AS value FROM policies WHERE repealed_on <> ''");
        assert_eq!(counted.await, 0, "{}", library.kind());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relation_counts_from_the_day_that_it_gives() {
    for library in libraries().await {
        let old = library.published(titled("旧办法")).await;
        let from = Some(day("2027-01-01"));
        let relations =
            vec![Relation { effective_on: from, ..relation("repeals", "旧办法", &[]) }];
        library.published(Content { relations, ..titled("新办法") }).await;
        assert_eq!(library.effect_on(old, "2026-12-31").await.0, wire::Effect::InForce);
        assert_eq!(library.effect_on(old, "2027-01-01").await.0, wire::Effect::Repealed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_overrules_with_a_reason_and_takes_it_back() {
    for library in libraries().await {
        let documents = &library.documents;
        let old = library.published(titled("旧办法")).await;
        let relations = vec![relation("repeals", "旧办法", &[])];
        library.published(Content { relations, ..titled("新办法") }).await;
        documents.follow_effects().await.unwrap();
        assert_eq!(library.told().await.last().unwrap().0, "PolicyRepealed");
        let clerk = office();
        let overrule =
            |effect, reason| documents.overrule_effect(&clerk, old, effect, None, reason, "");
        let refused = overrule(Some(Effect::InForce), " ").await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused}");
        overrule(Some(Effect::InForce), "废止决定越权").await.unwrap();
        let page = documents.get(&Caller::anonymous(), old).await.unwrap();
        assert_eq!(page.effect(), wire::Effect::InForce);
        assert_eq!(page.overrule.unwrap().reason, "废止决定越权");
        let mut request = wire::CountPoliciesRequest::default();
        request.set_effect(wire::Effect::Repealed);
        assert_eq!(documents.count(&request).await.unwrap().total, 0, "{}", library.kind());
        documents.follow_effects().await.unwrap();
        assert_eq!(library.told().await.last().unwrap().0, "PolicyRevived");
        overrule(None, "更正").await.unwrap();
        let page = documents.get(&Caller::anonymous(), old).await.unwrap();
        assert_eq!((page.effect(), page.overrule), (wire::Effect::Repealed, None));
        assert!(overrule(None, "再次").await.is_err());
        let stranger = stranger();
        let denied = documents.overrule_effect(&stranger, old, None, None, "x", "").await;
        assert!(matches!(denied, Err(Error::NotOwnOrgan(_))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_repeal_is_told_to_nobody() {
    for library in libraries().await {
        let older = Content { issued_on: Some(day("2019-01-01")), ..titled("旧办法") };
        library.published(older).await;
        let relations = vec![relation("repeals", "旧办法", &[])];
        let old = Content { relations, issued_on: Some(day("2020-01-01")), ..titled("新办法") };
        library.published(old).await;
        library.documents.follow_effects().await.unwrap();
        let event = last_event(&library).await;
        let repealed = PolicyRepealed::decode(event.payload.as_slice()).unwrap();
        assert_eq!(repealed.policy.unwrap().announcement(), Announcement::None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_is_announced_six_three_and_one_month_before() {
    for library in libraries().await {
        let ending = Content { expires_on: Some(day("2026-12-31")), ..titled("办法") };
        library.published(ending).await;
        let mut told = Vec::new();
        for _ in 0..60 {
            library.days_pass(7).await;
            library.documents.announce_lapses().await.unwrap();
        }
        for event in library.log().await {
            if event.kind.ends_with("PolicyLapseAnnounced") {
                let notice = PolicyLapseAnnounced::decode(event.payload.as_slice()).unwrap();
                told.push(notice.months_before);
            }
        }
        assert_eq!(told, [6, 3, 1], "{}", library.kind());
    }
}
