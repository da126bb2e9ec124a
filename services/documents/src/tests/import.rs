use contracts::documents::{self as wire, ListWorklistRequest, PolicyFacts, PolicyPublished};
use kit::{Fault as _, auth::Caller};
use prost::Message as _;

use super::*;
use crate::{
    commands::{Announced, Batch, Outcome},
    domain::intake::Record,
};

fn record(id: &str) -> Record {
    Record {
        source_id: id.to_owned(),
        title: format!("文件{id}"),
        text: "正文".to_owned(),
        category: "政府规章".to_owned(),
        issuing_body: "明川市住建局".to_owned(),
        issued_on: "2019-05-01".to_owned(),
        ..Record::default()
    }
}

fn batch(records: Vec<Record>) -> Batch {
    Batch {
        records,
        publish: true,
        reason: "历史文件入库".to_owned(),
        organ_code: "gov-office".to_owned(),
        create_organs: false,
        announced: Announced::ByAge,
    }
}

fn refused_field(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused(violation) => violation.field,
        _ => "",
    }
}

async fn facts(library: &Library) -> Vec<PolicyFacts> {
    let facts = |event: Logged| PolicyPublished::decode(event.payload.as_slice()).unwrap().policy;
    library.log().await.into_iter().filter_map(facts).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn importing_twice_changes_nothing() {
    for library in libraries().await {
        let documents = &library.documents;
        let records = || vec![record("1"), record("2"), record("1")];
        let first = documents.import(&office(), batch(records())).await.unwrap();
        assert!(matches!(
            first.as_slice(),
            [Outcome::Created(a), Outcome::Created(_), Outcome::Unchanged(b)] if a == b
        ));
        let again = documents.import(&office(), batch(records())).await.unwrap();
        assert!(again.iter().all(|outcome| matches!(outcome, Outcome::Unchanged(_))));
        let other = Record { title: "别的".to_owned(), ..record("1") };
        let other = documents.import(&office(), batch(vec![other])).await.unwrap();
        assert_eq!(refused_field(&other[0]), "id");
        assert_eq!(library.told().await.len(), 2, "{}", library.kind());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_imports_at_the_same_time_take_each_record_once() {
    for library in libraries().await {
        let documents = &library.documents;
        let records = || (0..40).map(|n| record(&n.to_string())).collect();
        let by = office();
        let import = || documents.import(&by, batch(records()));
        let (one, other) = tokio::join!(import(), import());
        for pair in one.unwrap().iter().zip(&other.unwrap()) {
            let once = match pair {
                (Outcome::Created(new), Outcome::Unchanged(known))
                | (Outcome::Unchanged(known), Outcome::Created(new)) => new == known,
                _ => false,
            };
            assert!(once, "{}: {pair:?}", library.kind());
        }
        assert_eq!(library.rows("policies").await, 40, "{}", library.kind());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_record_does_not_stop_the_others() {
    for library in libraries().await {
        let records = vec![
            Record { title: String::new(), ..record("1") },
            record("2"),
            Record { issued_on: "2019-02-30".to_owned(), ..record("3") },
            Record { issuing_body: "无名局".to_owned(), ..record("4") },
        ];
        let outcomes = library.documents.import(&office(), batch(records)).await.unwrap();
        let fields: Vec<_> = outcomes.iter().map(refused_field).collect();
        assert_eq!(fields, ["title", "", "issued_on", "issuing_body"]);
        assert_eq!(library.rows("policies").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn imported_policies_are_public_with_their_own_dates() {
    for library in libraries().await {
        let recent = Record { issued_on: "2026-01-02".to_owned(), ..record("2") };
        let orphan = Record { issuing_body: String::new(), ..record("3") };
        let outcomes =
            library.documents.import(&office(), batch(vec![record("1"), recent, orphan])).await;
        assert_eq!(outcomes.unwrap().len(), 3);
        let facts = facts(&library).await;
        let told: Vec<_> = facts.iter().map(|f| (f.announcement(), f.backfill)).collect();
        assert_eq!(
            told,
            [
                (wire::Announcement::None, true),
                (wire::Announcement::All, true),
                (wire::Announcement::None, true),
            ]
        );
        assert_eq!((facts[0].organ_code.as_str(), facts[0].organ_unassigned), ("housing", false));
        assert_eq!((facts[2].organ_code.as_str(), facts[2].organ_unassigned), ("gov-office", true));
        let policy = library
            .documents
            .get_by_source(&Caller::anonymous(), "1", library.today())
            .await
            .unwrap();
        assert_eq!(policy.content.unwrap().issued_on, "2019-05-01");
        assert_eq!(policy.index_number, "000014349/2019-00001");
        let revisions = library.documents.revisions(&office(), policy.id.parse().unwrap()).await;
        let revision = &revisions.unwrap()[0];
        assert_eq!((revision.reason.as_str(), &revision.reviewer), ("历史文件入库", &None));
        assert_eq!(library.rows("receipt_steps").await, 12);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gates_become_a_worklist_that_people_clear() {
    for library in libraries().await {
        let documents = &library.documents;
        let odd = Record {
            category: "司法解释".to_owned(),
            document_number: "第三号".to_owned(),
            issuing_body: String::new(),
            text: String::new(),
            ..record("1")
        };
        documents.import(&office(), batch(vec![odd])).await.unwrap();
        let list = documents.worklist(&office(), &ListWorklistRequest::default()).await.unwrap();
        let mut gates: Vec<_> = list.entries.iter().map(|entry| entry.gate.as_str()).collect();
        gates.sort_unstable();
        assert_eq!(
            gates,
            [
                "category_unknown",
                "number_unread",
                "one_operator",
                "organ_unassigned",
                "text_missing",
            ]
        );
        let stranger_sees = documents.worklist(&stranger(), &ListWorklistRequest::default()).await;
        assert_eq!(stranger_sees.unwrap().total, 0);
        let entry = list.entries[0].id.parse().unwrap();
        documents.resolve_worklist_entry(&editor(), entry, "已核").await.unwrap();
        let left = documents.worklist(&editor(), &ListWorklistRequest::default()).await.unwrap();
        assert_eq!(left.total, 4);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn relations_find_their_targets_in_any_order() {
    for library in libraries().await {
        let documents = &library.documents;
        let repeals = |target: &str| vec![("repeals".to_owned(), target.to_owned())];
        let records = vec![
            Record { relations: repeals("old"), ..record("new") },
            Record { relations: repeals("later"), ..record("first") },
            record("old"),
        ];
        documents.import(&office(), batch(records)).await.unwrap();
        documents.import(&office(), batch(vec![record("later")])).await.unwrap();
        for source in ["old", "later"] {
            let policy = documents
                .get_by_source(&Caller::anonymous(), source, library.today())
                .await
                .unwrap();
            assert_eq!(policy.effect(), wire::Effect::Repealed, "{source} on {}", library.kind());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_of_an_import_wait_for_people() {
    for library in libraries().await {
        let documents = &library.documents;
        let drafts = Batch { publish: false, reason: String::new(), ..batch(vec![record("1")]) };
        let outcomes = documents.import(&office(), drafts).await.unwrap();
        let Outcome::Created(id) = outcomes[0] else { panic!("{outcomes:?}") };
        let policy = documents.get(&office(), id).await.unwrap();
        assert_eq!(policy.draft.unwrap().state(), wire::DraftState::Editing);
        assert!(library.log().await.is_empty());
        let silent = Batch { reason: " ".to_owned(), ..batch(vec![record("2")]) };
        let refused = documents.import(&office(), silent).await.unwrap_err();
        assert_eq!(refused.fields()[0].field, "reason");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organs_that_are_named_can_be_added() {
    for library in libraries().await {
        let name = "国务院办公厅、中央军委办公厅";
        let joint = Record { issuing_body: name.to_owned(), ..record("1") };
        let adding = Batch { create_organs: true, ..batch(vec![joint]) };
        library.documents.import(&office(), adding).await.unwrap();
        let policy = library
            .documents
            .get_by_source(&Caller::anonymous(), "1", library.today())
            .await
            .unwrap();
        assert_eq!(policy.organ_name, name);
        assert!(policy.content.unwrap().organ_code.starts_with("imported-"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_of_two_hundred_goes_in_whole() {
    for library in libraries().await {
        let records = (0..200).map(|n| record(&n.to_string())).collect();
        let outcomes = library.documents.import(&office(), batch(records)).await.unwrap();
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Created(_))));
        assert_eq!(library.rows("events").await, 200);
        assert_eq!(library.rows("receipt_steps").await, 800);
    }
}
