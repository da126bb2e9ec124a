//! The full lifecycle: stages, materials, deliveries, payouts, and what is told of them.

use bytes::Bytes;
use contracts::documents::{
    self as wire, LifecycleStage, LifecycleStageState as Stands, PolicyStageAdvanced,
};
use kit::Fault as _;
use prost::Message as _;

use super::*;
use crate::{
    commands::lifecycle::{Asked, Figures, NewMaterial},
    domain::lifecycle::{
        Stage,
        delivery::Terms,
        stage::{Material, Record},
    },
    error::Error,
    store::links::LinkRow,
};

const PERSONAL: &str = "申请人王建国，身份证号11010519491231002X。";

fn record(from: &str, until: &str) -> Record {
    Record { began_on: from.parse().ok(), ended_on: until.parse().ok(), ..Record::default() }
}

fn because(reason: &str) -> Asked<'_> {
    Asked { reason, ..Asked::default() }
}

fn material(title: &str, text: &str) -> NewMaterial {
    let material = Material {
        title: title.to_owned(),
        kind: "意见征集公告".to_owned(),
        text: text.to_owned(),
        ..Material::default()
    };
    NewMaterial { material, file_name: String::new(), content: Bytes::new() }
}

fn terms() -> Terms {
    Terms {
        benefit: "高龄津贴".to_owned(),
        conditions: "本市户籍，年满80周岁".to_owned(),
        without_application: true,
        fen: 20_000,
        unit: "每人每月".to_owned(),
        ..Terms::default()
    }
}

fn figures(day: &str, recipients: i64, fen: i64) -> Figures {
    Figures { from: day.parse().ok(), until: None, recipients, fen, remark: String::new() }
}

/// The fields that a refusal names.
fn fields(error: &Error) -> Vec<String> {
    error.fields().into_iter().map(|fault| fault.field).collect()
}

impl Library {
    async fn lifecycle(&self, caller: &Caller, id: PolicyId) -> wire::Lifecycle {
        self.documents.lifecycle(caller, id).await.unwrap()
    }

    /// One stage as the public sees it.
    async fn stage(&self, id: PolicyId, stage: LifecycleStage) -> wire::StageRecord {
        let lifecycle = self.lifecycle(&Caller::anonymous(), id).await;
        let mut stages = lifecycle.stages.into_iter();
        stages.find(|record| record.stage() == stage).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stage_is_filled_told_of_and_shown() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("办法")).await;
        let before = library.stage(id, LifecycleStage::Demand).await;
        assert_eq!(before.state(), Stands::Missing, "{}", library.kind());
        assert!(before.reason.contains("意见征集公告"), "{}", before.reason);
        let wrong = record("2025-11-02", "2025-11-01");
        let refused = documents
            .set_stage(&editor(), id, Stage::Demand, wrong, Asked::default())
            .await
            .unwrap_err();
        assert_eq!(fields(&refused), ["ended_on"]);
        let set = record("2025-10-01", "2025-11-01");
        documents.set_stage(&editor(), id, Stage::Demand, set, Asked::default()).await.unwrap();
        documents
            .add_stage_material(
                &editor(),
                id,
                Stage::Demand,
                material("公告", "征集意见"),
                Asked::default(),
            )
            .await
            .unwrap();
        let shown = library.stage(id, LifecycleStage::Demand).await;
        assert_eq!(shown.state(), Stands::Done);
        assert_eq!(
            (shown.began_on.as_str(), shown.ended_on.as_str()),
            ("2025-10-01", "2025-11-01")
        );
        assert_eq!(shown.organ_name, "明川市人民政府办公室");
        assert_eq!(shown.materials[0].title, "公告");

        let event = library.log().await.pop().unwrap();
        assert!(event.kind.ends_with("PolicyStageAdvanced"));
        assert_eq!((event.aggregate, event.revision), (format!("lifecycles/{id}"), 2));
        let event = PolicyStageAdvanced::decode(event.payload.as_slice()).unwrap();
        assert_eq!((event.policy_id, event.what.as_str()), (id.to_string(), "material_added"));
        assert!(event.is_public);
        let policy = documents.get(&editor(), id).await.unwrap();
        assert_eq!(policy.revision, 1, "a stage makes no revision of the policy");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_of_a_stage_is_changed_with_a_reason_and_stays_readable() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("办法")).await;
        let set = record("2025-10-01", "2025-11-01");
        documents.set_stage(&editor(), id, Stage::Demand, set, Asked::default()).await.unwrap();
        let silent = documents
            .set_stage(&editor(), id, Stage::Demand, record("2025-10-02", ""), Asked::default())
            .await
            .unwrap_err();
        assert_eq!(fields(&silent), ["reason"], "what is public is not changed in silence");
        let change = record("2025-10-02", "2025-11-01");
        documents
            .set_stage(&editor(), id, Stage::Demand, change, because("日期录入有误"))
            .await
            .unwrap();
        let lifecycle = library.lifecycle(&editor(), id).await;
        let newest = &lifecycle.entries[0];
        assert_eq!((newest.position, newest.reason.as_str()), (2, "日期录入有误"));
        assert_eq!(newest.by.as_ref().unwrap().name, "甲员");
        assert!(lifecycle.entries[1].detail.contains("2025年10月1日"), "the first stays readable");
        let public = library.lifecycle(&Caller::anonymous(), id).await;
        assert!(public.entries.iter().all(|entry| entry.by.is_none()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_platform_fills_what_it_knows() {
    for library in libraries().await {
        let id = library.documents.create(&editor(), content("办法"), "").await.unwrap();
        let hidden = library.documents.lifecycle(&Caller::anonymous(), id).await;
        assert!(matches!(hidden, Err(Error::Unknown(_))), "nobody knows of a draft");
        let draft = library.lifecycle(&editor(), id).await;
        assert!(draft.stages.iter().all(|stage| stage.state() == Stands::NotDue));
        library.publish(id).await;
        let today = library.today().to_string();
        let published = library.stage(id, LifecycleStage::Publication).await;
        assert_eq!((published.state(), published.began_on), (Stands::Done, today));
        let clerk = library
            .documents
            .set_stage(&editor(), id, Stage::Publication, record("2025-10-02", ""), because("x"))
            .await
            .unwrap_err();
        assert_eq!(fields(&clerk), ["stage"]);

        let missing = library.stage(id, LifecycleStage::Interpretation).await;
        assert_eq!(missing.state(), Stands::Missing);
        let tx = library.documents.db.begin().await.unwrap();
        let link = LinkRow {
            policy_id: id,
            interpretation_id: "i".to_owned(),
            title: "解读".to_owned(),
            kind: "text".to_owned(),
        };
        store::links::keep(&tx, &link, 1, false).await.unwrap();
        tx.commit().await.unwrap();
        let explained = library.stage(id, LifecycleStage::Interpretation).await;
        assert_eq!(explained.state(), Stands::Done, "{}", library.kind());
        assert_eq!(explained.interpretations[0].title, "解读");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_applicable_is_said_with_a_reason() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("办法")).await;
        let clerk = editor();
        let mark =
            |reason| documents.mark_stage_not_applicable(&clerk, id, Stage::Study, because(reason));
        assert_eq!(fields(&mark(" ").await.unwrap_err()), ["reason"]);
        mark("转发上级文件").await.unwrap();
        let shown = library.stage(id, LifecycleStage::Study).await;
        assert_eq!((shown.state(), &*shown.reason), (Stands::NotApplicable, "转发上级文件"));
        let new = material("调研报告", "走访120户");
        documents
            .add_stage_material(&editor(), id, Stage::Study, new, Asked::default())
            .await
            .unwrap();
        assert_eq!(library.stage(id, LifecycleStage::Study).await.state(), Stands::Done);
        assert_eq!(fields(&mark("转发上级文件").await.unwrap_err()), ["stage"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_owning_organ_writes_and_an_old_copy_is_told_what_changed() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("办法")).await;
        let set = |caller, stage, etag: &'static str| async move {
            let asked = Asked { etag, ..Asked::default() };
            documents.set_stage(&caller, id, stage, record("2025-10-01", ""), asked).await
        };
        let denied = set(stranger(), Stage::Study, "").await;
        assert!(matches!(denied, Err(Error::NotOwnOrgan(_))), "{}", library.kind());
        let etag = library.lifecycle(&editor(), id).await.etag;
        assert_eq!(etag, "s0");
        set(editor(), Stage::Study, "s0").await.unwrap();
        let Err(Error::Stale { fields, by, .. }) = set(reviewer(), Stage::Demand, "s0").await
        else {
            panic!("an old copy was taken");
        };
        assert_eq!((fields, by.as_str()), (vec!["study".to_owned()], "甲员"));
        set(reviewer(), Stage::Demand, "s1").await.unwrap();
        documents.withdraw(&reviewer(), id, "有误", "", "").await.unwrap();
        assert!(documents.lifecycle(&Caller::anonymous(), id).await.is_err());
        assert!(set(editor(), Stage::Feedback, "").await.is_err(), "a tombstone stays as it is");
        assert_eq!(library.lifecycle(&editor(), id).await.entries.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_personal_passes_the_gate_without_a_ground() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("办法")).await;
        let add = |asked| async move {
            let new = material("名单", PERSONAL);
            documents.add_stage_material(&editor(), id, Stage::Feedback, new, asked).await
        };
        let refused = add(Asked::default()).await.unwrap_err();
        assert_eq!(fields(&refused), ["text", "text", "privacy_reason"], "{}", library.kind());
        let told = refused.fields().iter().map(|f| f.description.clone()).collect::<String>();
        assert!(!told.contains("11010519491231002X") && told.contains("110***"), "{told}");
        assert_eq!(library.rows("lifecycle_entries").await, 0);
        let asked = Asked { privacy_reason: "依法公示", ..Asked::default() };
        add(asked).await.unwrap();
        assert_eq!(library.rows("privacy_decisions").await, 2);
        let contact = Terms { contact: "王建国 13812345678".to_owned(), ..terms() };
        let refused = documents.add_delivery(&editor(), id, contact, Asked::default()).await;
        assert!(fields(&refused.unwrap_err()).contains(&"contact".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_lies_with_its_material_and_goes_with_it() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("办法")).await;
        let with = |content: &'static str| NewMaterial {
            file_name: "论证.txt".to_owned(),
            content: Bytes::from_static(content.as_bytes()),
            ..material("论证意见", "")
        };
        let add = |new| async move {
            let asked = Asked::default();
            documents.add_stage_material(&editor(), id, Stage::Justification, new, asked).await
        };
        let exposing = add(with(PERSONAL)).await.unwrap_err();
        assert_eq!(fields(&exposing), ["content", "content", "privacy_reason"]);
        assert_eq!(library.rows("attachments").await, 0);
        add(with("五位专家一致同意。")).await.unwrap();
        let shown = library.stage(id, LifecycleStage::Justification).await;
        let file = shown.materials[0].attachment.clone().unwrap();
        assert_eq!(file.file_name, "论证.txt");
        let file = file.id.parse().unwrap();
        let nobody = Caller::anonymous();
        assert!(documents.read_attachment(&nobody, file).await.is_ok(), "{}", library.kind());
        let policy = documents.get(&editor(), id).await.unwrap();
        assert!(policy.attachments.is_empty(), "the policy's own files are others");

        let (material, clerk) = (shown.materials[0].id.clone(), editor());
        let remove = |asked| documents.remove_stage_material(&clerk, id, &material, asked);
        assert_eq!(fields(&remove(Asked::default()).await.unwrap_err()), ["reason"]);
        remove(because("上传有误")).await.unwrap();
        assert!(library.stage(id, LifecycleStage::Justification).await.materials.is_empty());
        assert!(documents.read_attachment(&nobody, file).await.is_err(), "no longer public");
        assert!(documents.read_attachment(&editor(), file).await.is_ok(), "and still kept");
        documents.sweep_files().await.unwrap();
        assert!(documents.read_attachment(&editor(), file).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payouts_are_summed_and_corrected_in_the_open() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = library.published(content("办法")).await;
        documents.add_delivery(&editor(), id, terms(), Asked::default()).await.unwrap();
        let delivery = library.lifecycle(&editor(), id).await.deliveries[0].id.clone();
        let clerk = editor();
        let pay = |figures, request_id| {
            let asked = Asked { request_id, ..Asked::default() };
            documents.add_payout(&clerk, id, &delivery, figures, asked)
        };
        pay(figures("2025-12-30", 10, 200_000), "once").await.unwrap();
        pay(figures("2025-12-30", 10, 200_000), "once").await.unwrap();
        pay(figures("2025-12-31", 3, 60_001), "").await.unwrap();
        let early = pay(figures("2031-01-01", 3, 60_001), "").await.unwrap_err();
        assert_eq!(fields(&early), ["paid_from"]);
        let shown = library.lifecycle(&Caller::anonymous(), id).await.deliveries.remove(0);
        assert_eq!((shown.recipients, shown.paid_fen), (13, 260_001), "{}", library.kind());
        assert_eq!(shown.terms.unwrap().organ_name, "明川市人民政府办公室");

        let which = (delivery.as_str(), shown.payouts[0].id.as_str());
        let right = || figures("2025-12-30", 9, 180_000);
        let clerk = editor();
        let silent = documents.correct_payout(&clerk, id, which, right(), Asked::default());
        assert_eq!(fields(&silent.await.unwrap_err()), ["reason"]);
        documents
            .correct_payout(&editor(), id, which, right(), because("重复统计一人"))
            .await
            .unwrap();
        let lifecycle = library.lifecycle(&Caller::anonymous(), id).await;
        let shown = &lifecycle.deliveries[0];
        assert_eq!((shown.recipients, shown.paid_fen), (12, 240_001));
        let corrected = &shown.payouts[0].corrections[0];
        assert_eq!((corrected.recipients, corrected.reason.as_str()), (10, "重复统计一人"));
        let stage = library.stage(id, LifecycleStage::Delivery).await;
        assert_eq!(stage.state(), Stands::Underway);
        assert_eq!(lifecycle.entries.len(), 4, "a request that is repeated is one");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_discarded_draft_takes_its_stages_along() {
    for library in libraries().await {
        let documents = &library.documents;
        let id = documents.create(&editor(), content("办法"), "").await.unwrap();
        let set = record("2025-10-01", "");
        documents.set_stage(&editor(), id, Stage::Demand, set, Asked::default()).await.unwrap();
        documents.discard_draft(&editor(), id, "").await.unwrap();
        assert_eq!(library.rows("lifecycle_entries").await, 0, "{}", library.kind());
    }
}
