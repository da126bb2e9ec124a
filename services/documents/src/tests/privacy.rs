//! The privacy gate on every path to publication.

use super::*;
use crate::{
    commands::{Announced, Batch, Outcome},
    domain::intake::Record,
    error::Error,
};
use kit::Fault as _;

const PERSONAL: &str = "申请人王建国，身份证号11010519491231002X。";

fn exposing() -> Content {
    Content { text: PERSONAL.to_owned(), ..content("公示") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_that_exposes_somebody_is_not_submitted_until_it_is_masked() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = documents.create(&editor(), exposing(), "").await.unwrap();
        let refused = documents.submit_draft(&editor(), id, "").await.unwrap_err();
        assert_eq!(refused.reason(), "PRIVACY", "{}", library.kind());
        assert!(!refused.to_string().contains("11010519491231002X"), "{refused}");
        let (found, _) = documents.exposures(&editor(), id).await.unwrap();
        assert_eq!(found.len(), 2);
        let ids: Vec<String> = found.into_iter().map(|exposure| exposure.id).collect();
        documents.mask_exposures(&editor(), id, &ids, "").await.unwrap();
        library.publish(id).await;
        let shown = documents.get(&Caller::anonymous(), id).await.unwrap().content.unwrap().text;
        assert_eq!(shown, "申请人王**，身份证号110*************2X。");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_justified_is_published_and_stays_justified() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = documents.create(&editor(), exposing(), "").await.unwrap();
        let (found, _) = documents.exposures(&editor(), id).await.unwrap();
        let ids: Vec<String> = found.into_iter().map(|exposure| exposure.id).collect();
        let silent = documents.justify_exposures(&editor(), id, &ids, " ", "").await;
        assert!(matches!(silent, Err(Error::Invalid(_))));
        documents.justify_exposures(&editor(), id, &ids, "依法公示", "").await.unwrap();
        library.publish(id).await;
        let revised = Content { text: format!("第一条\n{PERSONAL}"), ..content("公示") };
        documents.update_draft(&editor(), id, revised, "补充", "").await.unwrap();
        library.publish(id).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_looked_into() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = documents.create(&editor(), content("名单"), "").await.unwrap();
        let file = bytes::Bytes::from_static(PERSONAL.as_bytes());
        let file = documents.add_attachment(&editor(), id, "名单.txt", file, "").await.unwrap();
        let refused = documents.submit_draft(&editor(), id, "").await.unwrap_err();
        assert!(refused.to_string().contains("附件“名单.txt”"), "{refused}");
        documents.remove_attachment(&editor(), id, file, "").await.unwrap();
        documents.submit_draft(&editor(), id, "").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_keeps_back_what_exposes_somebody() {
    for library in libraries().await {
        let documents = &library.documents;
        let record = |id: &str, text: &str| Record {
            source_id: id.to_owned(),
            title: format!("通知{id}"),
            text: text.to_owned(),
            issuing_body: "明川市住建局".to_owned(),
            ..Record::default()
        };
        let batch = Batch {
            records: vec![record("1", "第一条"), record("2", PERSONAL)],
            publish: true,
            reason: "历史文件".to_owned(),
            organ_code: "gov-office".to_owned(),
            create_organs: false,
            announced: Announced::ByAge,
        };
        let outcomes = documents.import(&office(), batch).await.unwrap();
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Created(_))));
        let published = "SELECT count(*) AS value FROM policies WHERE state = 'published'";
        assert_eq!(library.count(published).await, 1, "{}", library.kind());
        let gates = "SELECT count(*) AS value FROM worklist WHERE gate = 'privacy'";
        assert_eq!(library.count(gates).await, 1);
    }
}
