//! What clerks bring: read and proposed, and what speaks against it.

use super::*;
use crate::{
    commands::{Announced, Batch, Brought, Outcome},
    domain::{
        concern::Kind,
        content::{Disclosure, Relation},
        intake::Record,
    },
    error::Error,
};

const NOTICE: &str = "明川市人民政府办公室关于印发停车管理办法的通知\n明府办〔2025〕9号\n各区人民政府：\n\
    现将《停车管理办法》印发给你们，请遵照执行。\n明川市人民政府办公室\n2025年12月20日\n\
    第一条 为了规范停车秩序，保障道路畅通，根据有关法律法规，结合本市实际，制定本办法。\n\
    第二条 停车场经营者应当在出入口的显著位置公示收费标准和监督电话，接受社会监督。\n\
    第三条 本办法自2026年1月1日起施行。《停车收费办法》同时废止。";

fn repeal(title: &str) -> Vec<Relation> {
    vec![Relation {
        kind: "repeals".to_owned(),
        target_title: title.to_owned(),
        ..Relation::default()
    }]
}

fn numbered(title: &str, number: &str) -> Content {
    Content { document_number: number.to_owned(), ..content(title) }
}

impl Library {
    async fn kinds(&self, brought: &str) -> Vec<Kind> {
        let brought = Brought::Text(brought.to_owned());
        let read = self.documents.propose(&editor(), brought, "").await.unwrap();
        read.concerns.iter().map(|concern| concern.kind).collect()
    }

    async fn import(
        &self,
        caller: &Caller,
        records: Vec<Record>,
        publish: bool,
    ) -> Result<Vec<Outcome>> {
        let batch = Batch {
            records,
            publish,
            reason: "历史文件入库".to_owned(),
            organ_code: "gov-office".to_owned(),
            create_organs: false,
            announced: Announced::ByAge,
        };
        self.documents.import(caller, batch).await
    }

    /// The fields for which a draft is not taken for review.
    async fn refused(&self, content: Content) -> Vec<&'static str> {
        let id = self.documents.create(&editor(), content, "").await.unwrap();
        match self.documents.submit_draft(&editor(), id, "").await {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(broken)) => broken.iter().map(|one| one.field).collect(),
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pasted_text_proposes_a_draft_and_keeps_nothing() {
    for library in libraries().await {
        let brought = Brought::Text(NOTICE.to_owned());
        let read = library.documents.propose(&editor(), brought, "").await.unwrap();
        let content = read.reading.proposed.content;
        assert_eq!(content.organ_code, "gov-office");
        assert_eq!(content.document_number, "明府办〔2025〕9号");
        assert_eq!(content.effective_on, "2026-01-01".parse().ok());
        assert!(content.relations.iter().any(|relation| relation.kind == "repeals"));
        assert_eq!(library.kinds(NOTICE).await, [Kind::TargetUnknown]);
        assert_eq!(library.count("SELECT count(*) AS value FROM policies").await, 0);
        let confirmed = Content { category: "政府规章".to_owned(), ..content };
        assert_eq!(library.refused(confirmed).await, Vec::<&str>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shared_number_and_a_near_duplicate_are_shown_before_saving() {
    for library in libraries().await {
        let (_, body) = NOTICE.split_once("9号\n").unwrap();
        let first =
            Content { text: body.to_owned(), ..numbered("停车", "明府办〔2025〕9号") };
        library.published(first).await;
        let again = NOTICE.replace("监督电话", "咨询电话");
        let kinds = library.kinds(&again).await;
        assert!(kinds.contains(&Kind::SharedNumber), "{kinds:?}");
        assert!(kinds.contains(&Kind::NearDuplicate), "{kinds:?}");
        let other = library.kinds("关于做好春季防火工作的通知\n各区人民政府：\n请做好准备。").await;
        assert_eq!(other, []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_not_taken_for_review() {
    for library in libraries().await {
        let old = library.published(numbered("旧办法", "明府办〔2020〕1号")).await;
        let shared = numbered("另一办法", "明府办[2020]1号");
        assert_eq!(library.refused(shared).await, ["document_number"]);
        let future =
            Content { issued_on: "2027-01-01".parse().ok(), ..numbered("未来办法", "") };
        assert_eq!(library.refused(future).await, ["issued_on"]);
        let itself = Content {
            relations: vec![Relation {
                kind: "repeals".to_owned(),
                target_number: "明府办〔2025〕3号".to_owned(),
                ..Relation::default()
            }],
            ..numbered("自废办法", "明府办〔2025〕3号")
        };
        assert_eq!(library.refused(itself).await, ["relations"]);
        let withheld = Content {
            disclosure: Disclosure::Withheld,
            disclosure_ground: "《政府信息公开条例》第十六条".to_owned(),
            ..numbered("内部事务", "")
        };
        assert_eq!(library.refused(withheld).await, ["disclosure"]);
        let amending = Content {
            relations: repeal("旧办法"),
            ..numbered("新办法", "明府办〔2025〕4号")
        };
        let new = library.published(amending).await;
        let circle = Content {
            relations: vec![Relation {
                kind: "amends".to_owned(),
                target_policy_id: new.to_string(),
                ..Relation::default()
            }],
            ..numbered("旧办法", "明府办〔2020〕1号")
        };
        let documents = &library.documents;
        documents.update_draft(&editor(), old, circle, "更正", "").await.unwrap();
        let refused = documents.submit_draft(&editor(), old, "").await.unwrap_err();
        assert!(refused.to_string().contains("《新办法》"), "{}: {refused}", library.kind());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_public_needs_a_ground() {
    for library in libraries().await {
        let withheld = Content { disclosure: Disclosure::OnRequest, ..content("内部事务") };
        let refused = library.documents.create(&editor(), withheld, "").await.unwrap_err();
        let Error::Invalid(broken) = refused else { panic!("{refused}") };
        assert_eq!(broken[0].field, "disclosure_ground");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeal_without_the_power_is_warned_of_and_changes_nothing() {
    for library in libraries().await {
        let old = library.published(numbered("政府办法", "明府办〔2020〕1号")).await;
        let below = Content {
            organ_code: "housing".to_owned(),
            relations: repeal("政府办法"),
            ..numbered("局里的通知", "")
        };
        let clerk = stranger();
        let id = library.documents.create(&clerk, below, "").await.unwrap();
        let concerns = library.documents.concerns_of(&clerk, id).await.unwrap();
        let kinds: Vec<_> = concerns.iter().map(|concern| concern.kind).collect();
        assert_eq!(kinds, [Kind::NoPower]);
        library.documents.submit_draft(&clerk, id, "").await.unwrap();
        library.documents.approve_draft(&office(), id, "").await.unwrap();
        library.documents.publish(&office(), id, "", None, "").await.unwrap();
        let page = library.documents.get(&editor(), old).await.unwrap();
        assert_eq!(page.effect(), contracts::documents::Effect::InForce, "{}", library.kind());
        let ended = "SELECT count(*) AS value FROM policies WHERE repealed_on <> ''";
        assert_eq!(library.count(ended).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_reads_from_the_text_what_its_record_does_not_say() {
    for library in libraries().await {
        let old = library.published(numbered("停车收费办法", "")).await;
        let record = Record {
            source_id: "a".to_owned(),
            title: "停车管理办法".to_owned(),
            text: NOTICE.to_owned(),
            issuing_body: "明川市人民政府办公室".to_owned(),
            issued_on: "2025-12-30".to_owned(),
            ..Record::default()
        };
        let outcomes = library.import(&office(), vec![record], true).await.unwrap();
        assert!(matches!(outcomes[0], Outcome::Created(_)), "{outcomes:?}");
        let page = library.documents.get(&editor(), old).await.unwrap();
        let repealed = page.effect_spans.last().unwrap();
        assert_eq!(repealed.from, "2026-01-01", "{}", library.kind());
        assert!(repealed.reason.contains("《停车管理办法》"), "{}", repealed.reason);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_brings_drafts_of_the_own_organ_only() {
    for library in libraries().await {
        let record = |id: &str, organ: &str| Record {
            source_id: id.to_owned(),
            title: format!("通知{id}"),
            issuing_body: organ.to_owned(),
            ..Record::default()
        };
        let records = vec![record("1", "明川市人民政府办公室"), record("2", "明川市住建局")];
        let refused = library.import(&editor(), records.clone(), true).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused}");
        let outcomes = library.import(&editor(), records, false).await.unwrap();
        assert!(matches!(outcomes[0], Outcome::Created(_)), "{outcomes:?}");
        assert!(matches!(outcomes[1], Outcome::Refused(_)), "{outcomes:?}");
    }
}
