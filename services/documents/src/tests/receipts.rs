use contracts::documents::{
    self as wire, ListReceiptsRequest,
    StepState::{Done, Late},
};
use futures::StreamExt as _;

use super::*;
use crate::{
    domain::receipt::{INDEX, INTERPRETATION, NOTIFICATION, PAGE, StepState},
    store::{
        delays::explain,
        receipts::{Report, report},
    },
};

async fn done(library: &Library, step: &str, policy_id: PolicyId, revision: i64) {
    let tx = library.documents.db.begin().await.unwrap();
    let (detail, at) = ("完成".to_owned(), library.clock.now());
    report(&tx, step, StepState::Done, &[Report { policy_id, revision, detail, at }])
        .await
        .unwrap();
    library.documents.complete_receipts(&tx, &[policy_id]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_complete_when_every_step_is_done() {
    for library in libraries().await {
        let id = library.published(content("通知")).await;
        let stream = library.documents.watch(editor(), id);
        let mut stream = std::pin::pin!(stream);
        let first = stream.next().await.unwrap().unwrap();
        assert!(first.steps.iter().all(|step| step.state() == wire::StepState::Waiting));
        for step in [INDEX, PAGE, INTERPRETATION] {
            done(&library, step, id, 1).await;
        }
        assert!(
            library.documents.receipt_of(&editor(), id, 0).await.unwrap().completed_at.is_none()
        );
        done(&library, NOTIFICATION, id, 1).await;
        let receipt = library.documents.receipt_of(&editor(), id, 1).await.unwrap();
        assert!(receipt.completed_at.is_some(), "{}", library.kind());
        let last = stream.next().await.unwrap().unwrap();
        assert_eq!(last, receipt);
        assert!(stream.next().await.is_none(), "a complete receipt ends the stream");
        let told = library.told().await;
        assert_eq!(told.last().unwrap().0, "ReceiptCompleted");
        assert!(library.documents.receipt_of(&stranger(), id, 0).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_later_revision_confirms_the_earlier_ones() {
    for library in libraries().await {
        let id = library.published(content("通知")).await;
        library.documents.withdraw(&reviewer(), id, "有误", "", "").await.unwrap();
        done(&library, INDEX, id, 1).await;
        let newest = library.documents.receipt_of(&editor(), id, 0).await.unwrap();
        assert_eq!((newest.revision, newest.steps[1].state()), (2, wire::StepState::Waiting));
        for step in [INDEX, PAGE, INTERPRETATION, NOTIFICATION] {
            done(&library, step, id, 2).await;
        }
        let open = ListReceiptsRequest { incomplete_only: true, ..Default::default() };
        assert_eq!(library.documents.receipts(&editor(), &open).await.unwrap().total, 0);
        assert_eq!(library.rows("receipts").await, 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_is_held_up_says_why_until_it_is_done() {
    for library in libraries().await {
        let id = library.published(content("通知")).await;
        let explained = async |why: &str| {
            let tx = library.documents.db.begin().await.unwrap();
            let (detail, at) = (why.to_owned(), library.clock.now());
            let reports = [Report { policy_id: id, revision: 1, detail, at }];
            explain(&tx, INDEX, &reports).await.unwrap();
            tx.commit().await.unwrap();
            let receipt = library.documents.receipt_of(&editor(), id, 0).await.unwrap();
            let step = receipt.steps.iter().find(|step| step.name == INDEX).unwrap().clone();
            (step.state(), step.detail)
        };
        assert_eq!(explained("磁盘已满").await, (wire::StepState::Waiting, "磁盘已满".to_owned()));
        library.clock.advance(chrono::TimeDelta::seconds(61));
        library.documents.tend_receipts().await.unwrap();
        assert_eq!(explained("仍已满").await, (Late, "仍已满".to_owned()), "{}", library.kind());
        done(&library, INDEX, id, 1).await;
        assert_eq!(explained("迟到的").await, (Done, "完成".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_reported_in_time_is_late_and_can_still_be_done() {
    for library in libraries().await {
        let id = library.published(content("通知")).await;
        done(&library, INDEX, id, 1).await;
        library.clock.advance(chrono::TimeDelta::seconds(61));
        library.documents.tend_receipts().await.unwrap();
        let receipt = library.documents.receipt_of(&editor(), id, 0).await.unwrap();
        let states: Vec<_> = receipt.steps.iter().map(wire::Step::state).collect();
        assert_eq!(states, [Late, Done, Late, Late]);
        let troubled = ListReceiptsRequest { troubled_only: true, ..Default::default() };
        assert_eq!(library.documents.receipts(&editor(), &troubled).await.unwrap().total, 1);
        for step in [PAGE, INTERPRETATION, NOTIFICATION] {
            done(&library, step, id, 1).await;
        }
        assert_eq!(library.documents.receipts(&editor(), &troubled).await.unwrap().total, 0);
    }
}
