use contracts::documents::{self as wire, CountPoliciesRequest, ListPoliciesRequest, PolicyOrder};
use futures::StreamExt as _;
use kit::auth::Caller;

use super::*;
use crate::{
    domain::content::{Format, Relation},
    error::Error,
};

fn relation(kind: &str, number: &str) -> Relation {
    Relation { kind: kind.to_owned(), target_number: number.to_owned(), ..Relation::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_paged_and_counted() {
    for library in libraries().await {
        for day in 1..=5 {
            let issued_on = format!("2025-01-0{day}").parse().ok();
            let numbered =
                Content { issued_on, document_number: String::new(), ..content("通知") };
            library.published(Content { title: format!("第{day}号通知"), ..numbered }).await;
        }
        library.documents.create(&editor(), content("草稿"), "").await.unwrap();
        for order in [PolicyOrder::Issued, PolicyOrder::Published] {
            let mut titles = Vec::new();
            let mut request = ListPoliciesRequest { page_size: 2, ..Default::default() };
            request.set_order(order);
            loop {
                let page = library.documents.list(&Caller::anonymous(), &request).await.unwrap();
                assert_eq!(page.total, 5);
                titles.extend(page.policies.into_iter().map(|p| p.content.unwrap().title));
                if page.next_page_token.is_empty() {
                    break;
                }
                request.page_token = page.next_page_token;
            }
            let expected: Vec<_> = (1..=5).rev().map(|day| format!("第{day}号通知")).collect();
            assert_eq!(titles, expected, "{} {order:?}", library.kind());
        }
        let drafts = ListPoliciesRequest { drafts_only: true, ..Default::default() };
        let own = library.documents.list(&editor(), &drafts).await.unwrap();
        assert_eq!((own.total, own.policies[0].draft.is_some()), (1, true));
        assert_eq!(library.documents.list(&stranger(), &drafts).await.unwrap().total, 0);
        let words = ListPoliciesRequest { text: "第3号".to_owned(), ..Default::default() };
        assert_eq!(library.documents.list(&stranger(), &words).await.unwrap().total, 1);
        let wild = ListPoliciesRequest { text: "%".to_owned(), ..Default::default() };
        assert_eq!(library.documents.list(&stranger(), &wild).await.unwrap().total, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeal_counts_in_lists_as_on_the_page() {
    for library in libraries().await {
        let documents = &library.documents;
        let repealing = Content {
            document_number: "明府〔2025〕9号".to_owned(),
            relations: vec![relation("repeals", "明府（2020）１号")],
            effective_on: "2026-01-10".parse().ok(),
            ..content("新办法")
        };
        let new = library.published(repealing).await;
        let number = "明府〔2020〕1号".to_owned();
        let old = library.published(Content { document_number: number, ..content("旧办法") }).await;
        let count = |effect: wire::Effect| {
            let mut request = CountPoliciesRequest::default();
            request.set_effect(effect);
            let documents = documents.clone();
            async move { documents.count(&request).await.unwrap().total }
        };
        assert_eq!(count(wire::Effect::Repealed).await, 0, "{}", library.today());
        assert_eq!(count(wire::Effect::NotYetInForce).await, 1);
        library.clock.advance(chrono::TimeDelta::days(6));
        let nobody = Caller::anonymous();
        let page = documents.get(&nobody, old).await.unwrap();
        assert_eq!(page.effect(), wire::Effect::Repealed);
        assert!(page.effect_reason.contains("《新办法》"), "{}", page.effect_reason);
        assert_eq!(page.inbound_relations[0].policy_id, new.to_string());
        assert_eq!(count(wire::Effect::Repealed).await, 1);
        let relations = documents.get(&nobody, new).await.unwrap().content.unwrap().relations;
        assert_eq!(relations[0].target_policy_id, old.to_string());
        let all = documents.count(&CountPoliciesRequest::default()).await.unwrap();
        assert_eq!((all.total, all.effects.len()), (2, 2));
        assert_eq!((all.organs[0].key.as_str(), all.years[0].key.as_str()), ("gov-office", "2025"));
        documents.withdraw(&reviewer(), new, "有误", "", "").await.unwrap();
        assert_eq!(count(wire::Effect::Repealed).await, 0, "a withdrawn repeal counts no more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn html_is_cleaned_when_it_is_taken_in() {
    for library in libraries().await {
        let text = "<p onclick=\"x()\">正文</p><script>alert(1)</script>".to_owned();
        let html = Content { text, format: Format::Html, ..content("网页") };
        let id = library.published(html).await;
        let shown = library.documents.get(&Caller::anonymous(), id).await.unwrap();
        assert_eq!(shown.content.unwrap().text, "<p>正文</p>");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attachments_follow_their_revision() {
    for library in libraries().await {
        let documents = &library.documents;
        let nobody = Caller::anonymous();
        let id = documents.create(&editor(), content("附件"), "").await.unwrap();
        let add =
            |name: &'static str, bytes: &'static [u8]| documents.clone().into_add(id, name, bytes);
        let pdf = add("a.pdf", b"%PDF-1.7 x").await.unwrap();
        assert!(matches!(add("b.pdf", b"text").await, Err(Error::Invalid(_))), "no PDF inside");
        assert!(matches!(documents.read_attachment(&nobody, pdf).await, Err(Error::Unknown(_))));
        library.publish(id).await;
        let chunks: Vec<_> = documents.read_attachment(&nobody, pdf).await.unwrap().collect().await;
        assert_eq!(chunks[0].as_ref().unwrap().attachment.as_ref().unwrap().file_name, "a.pdf");
        assert_eq!(chunks[1].as_ref().unwrap().content.as_ref(), b"%PDF-1.7 x");
        documents.update_draft(&editor(), id, content("附件"), "换附件", "").await.unwrap();
        documents.remove_attachment(&editor(), id, pdf, "").await.unwrap();
        library.publish(id).await;
        assert!(documents.get(&nobody, id).await.unwrap().attachments.is_empty());
        assert_eq!(documents.revision(&nobody, id, 1).await.unwrap().attachments.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_get_the_public_state_only() {
    for library in libraries().await {
        let documents = &library.documents;
        let public = library.published(content("公开")).await;
        let draft = documents.create(&editor(), content("草稿"), "").await.unwrap();
        documents.update_draft(&editor(), public, content("修订"), "更正", "").await.unwrap();
        let found = documents.batch_get(&[public, draft]).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].draft.is_none(), found[0].revision), (true, 1));
        assert_eq!(found[0].content.as_ref().unwrap().text, "第一条 为了公开。");
    }
}

impl Documents {
    async fn into_add(
        self,
        id: PolicyId,
        name: &str,
        bytes: &'static [u8],
    ) -> Result<crate::domain::AttachmentId> {
        let bytes = bytes::Bytes::from_static(bytes);
        self.add_attachment(&editor(), id, name, bytes, "").await
    }
}
