//! What the public saw change, and what ends soon.

use contracts::documents::{
    ChangeKind, ListChangesRequest, ListChangesResponse, ListExpiringPoliciesRequest,
};
use kit::auth::Caller;

use super::*;
use crate::{
    commands::{Announced, Batch},
    domain::{content::Relation, intake::Record},
};

fn asked(from: &str, to: &str) -> ListChangesRequest {
    ListChangesRequest { from: from.to_owned(), to: to.to_owned(), ..ListChangesRequest::default() }
}

fn told(list: &ListChangesResponse) -> Vec<(&str, ChangeKind, &str)> {
    list.changes.iter().map(|c| (c.on.as_str(), c.kind(), c.title.as_str())).collect()
}

fn titled(title: &str) -> Content {
    Content { document_number: String::new(), ..content(title) }
}

fn repeals(title: &str) -> Vec<Relation> {
    vec![Relation {
        kind: "repeals".to_owned(),
        target_title: title.to_owned(),
        ..Relation::default()
    }]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_tells_what_came_changed_and_ended() {
    for library in libraries().await {
        let documents = &library.documents;
        let ending = Content { expires_on: "2026-01-07".parse().ok(), ..titled("到期") };
        library.published(ending).await;
        let old = library.published(titled("旧")).await;
        let new = Content {
            effective_on: "2026-01-09".parse().ok(),
            relations: repeals("旧"),
            ..titled("新")
        };
        let new = library.published(new).await;
        documents.update_draft(&editor(), old, titled("旧"), "更正附件", "").await.unwrap();
        library.publish(old).await;
        let gone = library.published(titled("撤")).await;
        documents.withdraw(&reviewer(), gone, "文本有误", "", "").await.unwrap();
        let week = documents.changes(&asked("2026-01-05", "2026-01-11")).await.unwrap();
        let mut changes = told(&week);
        changes.sort_by_key(|(on, kind, title)| (*on, *kind as i32, *title));
        assert_eq!(
            changes,
            [
                ("2026-01-05", ChangeKind::Published, "到期"),
                ("2026-01-05", ChangeKind::Published, "新"),
                ("2026-01-05", ChangeKind::Published, "旧"),
                ("2026-01-05", ChangeKind::Corrected, "旧"),
                ("2026-01-05", ChangeKind::Withdrawn, "撤"),
                ("2026-01-08", ChangeKind::Lapsed, "到期"),
                ("2026-01-09", ChangeKind::Commenced, "新"),
                ("2026-01-09", ChangeKind::Repealed, "旧"),
            ],
            "{}",
            library.kind()
        );
        let repealed = week.changes.iter().find(|c| c.kind() == ChangeKind::Repealed).unwrap();
        assert_eq!(repealed.by_policy_id, new.to_string());
        assert!(repealed.reason.contains("《新》"), "{}", repealed.reason);
        let published = week.kinds.iter().find(|count| count.key == "published").unwrap();
        assert_eq!((week.total, published.count), (8, 3));
        assert_eq!(documents.changes(&asked("2026-01-12", "2026-01-18")).await.unwrap().total, 0);
        let elsewhere = ListChangesRequest {
            organ_code: "housing".to_owned(),
            ..asked("2026-01-05", "2026-01-11")
        };
        assert_eq!(documents.changes(&elsewhere).await.unwrap().total, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_are_paged_and_old_documents_only_counted() {
    for library in libraries().await {
        let documents = &library.documents;
        for number in 0..5 {
            library.published(titled(&format!("通知{number}"))).await;
        }
        let record = Record {
            source_id: "1".to_owned(),
            title: "历史文件".to_owned(),
            text: "正文".to_owned(),
            category: "政府规章".to_owned(),
            issued_on: "2019-05-01".to_owned(),
            ..Record::default()
        };
        let batch = Batch {
            records: vec![record],
            publish: true,
            reason: "历史文件入库".to_owned(),
            organ_code: "gov-office".to_owned(),
            create_organs: false,
            announced: Announced::ByAge,
        };
        documents.import(&office(), batch).await.unwrap();
        let mut request = ListChangesRequest { page_size: 2, ..asked("2026-01-05", "2026-01-05") };
        let mut seen = Vec::new();
        loop {
            let page = documents.changes(&request).await.unwrap();
            assert_eq!((page.total, page.backfilled), (5, 1), "{}", library.kind());
            seen.extend(page.changes.into_iter().map(|change| change.policy_id));
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        seen.dedup();
        assert_eq!(seen.len(), 5);
        for wrong in [
            asked("", "2026-01-05"),
            asked("2026-01-06", "2026-01-05"),
            asked("2026-01-01", "2026-03-01"),
        ] {
            assert!(documents.changes(&wrong).await.is_err(), "{wrong:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_soon_comes_first() {
    for library in libraries().await {
        let ends =
            |title: &str, day: &str| Content { expires_on: day.parse().ok(), ..titled(title) };
        library.published(ends("后", "2026-06-30")).await;
        library.published(ends("先", "2026-02-01")).await;
        library.published(ends("远", "2027-01-01")).await;
        library.published(ends("过", "2026-01-04")).await;
        let nobody = Caller::anonymous();
        let mut request = ListExpiringPoliciesRequest { page_size: 1, ..Default::default() };
        let first = library.documents.expiring(&nobody, &request).await.unwrap();
        assert_eq!(
            (first.total, first.policies[0].content.as_ref().unwrap().title.as_str()),
            (2, "先")
        );
        request.page_token = first.next_page_token;
        let second = library.documents.expiring(&nobody, &request).await.unwrap();
        assert_eq!(second.policies[0].content.as_ref().unwrap().title, "后", "{}", library.kind());
        assert_eq!(second.next_page_token, "");
    }
}
