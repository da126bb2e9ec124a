//! Commands, events and queries over real databases.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::documents::{PolicyCorrected, PolicyFacts, PolicyPublished, PolicyWithdrawn};
use contracts::interpretations::{InterpretationState, Task, TaskState};
use contracts::role;
use kit::auth::Caller;
use kit::clock::{Clock as _, ManualClock, to_wire};
use kit::config::Validate as _;
use kit::db;
use kit::testing::TestDb;
use serde::Deserialize;
use workday::Calendar;

use super::Interpretations;
use super::follow::Occasion;
use crate::config::Config;
use crate::domain::interpretation::{Content, Kind};
use crate::domain::{InterpretationId, PolicyId};
use crate::error::Error;
use crate::queries::page;
use crate::store;

/// Interpretations over one database, with a clock to move.
struct World {
    commands: Interpretations,
    clock: Arc<ManualClock>,
    kind: &'static str,
    _database: TestDb,
}

fn defaults() -> Config {
    #[derive(Deserialize)]
    struct File {
        interpretations: Config,
    }
    let file: File = config::Config::builder()
        .add_source(config::File::from_str(crate::DEFAULTS, config::FileFormat::Toml))
        .build()
        .unwrap()
        .try_deserialize()
        .unwrap();
    file.interpretations
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00").parse().unwrap()
}

fn facts(category: &str, issued_on: &str) -> PolicyFacts {
    PolicyFacts {
        policy_id: kit::id::new(&ManualClock::default()).to_string(),
        revision: 1,
        title: "明川市户外广告管理办法".to_owned(),
        organ_code: "city-mgmt".to_owned(),
        category: category.to_owned(),
        issued_on: issued_on.to_owned(),
        ..PolicyFacts::default()
    }
}

fn clerk() -> Caller {
    Caller {
        account_id: "7".to_owned(),
        organ_code: "city-mgmt".to_owned(),
        organ_scope: vec!["city-mgmt".to_owned()],
        roles: vec![role::EDITOR.to_owned()],
        ..Caller::anonymous()
    }
}

fn stranger() -> Caller {
    let organ = "tax-office".to_owned();
    Caller { organ_code: organ.clone(), organ_scope: vec![organ], ..clerk() }
}

fn content() -> Content {
    Content {
        title: "《明川市户外广告管理办法》解读".to_owned(),
        kind: Kind::Text,
        form: "文字解读".to_owned(),
        interpreter: "市城管局".to_owned(),
        contact_phone: String::new(),
        text: "说明办法的背景依据、主要内容、适用范围和设置程序，供公众查阅。".to_owned(),
    }
}

impl World {
    async fn each() -> Vec<Self> {
        let databases = TestDb::each(store::MIGRATIONS).await.unwrap();
        databases.into_iter().map(Self::over).collect()
    }

    fn over(database: TestDb) -> Self {
        let clock = kit::testing::clock();
        clock.set(at("2025-09-30T09:00"));
        let config = defaults();
        let commands = Interpretations {
            db: database.db.clone(),
            clock: clock.clone(),
            calendar: Arc::new(Calendar::official()),
            rules: Arc::new(config.rule_table()),
            text_limit: config.text_limit,
        };
        Self { commands, clock, kind: database.kind, _database: database }
    }

    async fn publish(&self, facts: &PolicyFacts) -> PolicyId {
        let now = self.clock.now();
        let mut facts = facts.clone();
        facts.published_at.get_or_insert_with(|| to_wire(now));
        let id = facts.policy_id.parse().unwrap();
        let tx = self.commands.db.begin().await.unwrap();
        let event = PolicyPublished { policy: Some(facts) };
        let occasion = Occasion { at: now, actor: "accounts/7" };
        let published = vec![(event, occasion.at)];
        self.commands.follow_publications(&tx, published, occasion.actor).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn correct(&self, facts: &PolicyFacts) {
        let tx = self.commands.db.begin().await.unwrap();
        let event = PolicyCorrected { policy: Some(facts.clone()), reason: "笔误".to_owned() };
        let occasion = Occasion { at: self.clock.now(), actor: "accounts/7" };
        self.commands.follow_correction(&tx, event, occasion).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn withdraw(&self, facts: &PolicyFacts) {
        let tx = self.commands.db.begin().await.unwrap();
        let event = PolicyWithdrawn { policy: Some(facts.clone()), ..PolicyWithdrawn::default() };
        let occasion = Occasion { at: self.clock.now(), actor: "accounts/7" };
        self.commands.follow_withdrawal(&tx, event, occasion).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Makes an interpretation public; answers with its etag, too.
    async fn interpret(&self, policy: PolicyId) -> (InterpretationId, String) {
        let draft = self.commands.create(policy, content(), "", "", &clerk()).await.unwrap();
        let id = draft.id.parse().unwrap();
        let row = self.commands.publish(id, &draft.etag, &clerk()).await.unwrap();
        (id, row.revision.to_string())
    }

    async fn task(&self, policy: PolicyId) -> Task {
        self.commands.get_task(policy, &clerk()).await.unwrap()
    }

    /// The events in order, by the last part of their names.
    async fn events(&self) -> Vec<String> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            kind: String,
        }
        let text = "SELECT type AS kind FROM events ORDER BY serial";
        let rows: Vec<Row> = db::all(self.commands.db.conn(), text, vec![]).await.unwrap();
        rows.iter().map(|row| row.kind.rsplit('.').next().unwrap().to_owned()).collect()
    }

    async fn tasks(&self, state: TaskState, caller: &Caller) -> (usize, u64) {
        let page = page(50, "").unwrap();
        let answer = self.commands.list_tasks("", state, &page, caller).await.unwrap();
        (answer.tasks.len(), answer.total)
    }
}

#[test]
fn the_compiled_in_configuration_is_valid_and_knows_every_name_of_a_normative_document() {
    let config = defaults();
    config.validate().unwrap();
    let table = config.rule_table();
    for category in [
        "政府规章",
        "部门规章",
        "行政规范性文件",
        "市政府行政规范性文件",
        "市政府部门行政规范性文件",
        "厅规范性文件",
        "规范性文件",
    ] {
        let duty = table.judge(category, "2018-01-01".parse().ok());
        assert!(matches!(duty, crate::domain::duty::Duty::Due(_)), "{category}");
    }
}

#[tokio::test]
async fn a_normative_document_opens_one_task_with_a_derived_deadline() {
    for world in World::each().await {
        let policy = facts("市政府行政规范性文件", "2025-09-28");
        let id = world.publish(&policy).await;
        world.publish(&policy).await;
        let task = world.task(id).await;
        assert_eq!(task.state(), TaskState::Open);
        assert_eq!(
            (task.due_earliest.as_str(), task.due_latest.as_str()),
            ("2025-10-11", "2025-10-11")
        );
        assert!(!task.provisional && !task.backfill);
        assert_eq!(task.working_days_left, 3);
        assert!(task.reasons.iter().any(|line| line.contains("调休上班")), "{:?}", task.reasons);
        assert_eq!(world.events().await, ["TaskOpened"], "{}", world.kind);
    }
}

#[tokio::test]
async fn what_is_not_due_is_waived_with_its_reason() {
    for world in World::each().await {
        for (category, issued_on, why) in [
            ("市政府其他文件", "2025-09-28", "市政府其他文件"),
            ("规范性文件", "2017-12-31", "早于 2018-01-01"),
            ("规范性文件", "", "成文日期不明"),
        ] {
            let id = world.publish(&facts(category, issued_on)).await;
            let task = world.task(id).await;
            assert_eq!(task.state(), TaskState::Waived);
            assert!(task.outcome.contains(why), "{}", task.outcome);
            assert!(task.due_earliest.is_empty() && task.reasons.is_empty());
        }
        assert_eq!(world.events().await, ["TaskWaived"; 3]);
    }
}

#[tokio::test]
async fn back_fill_counts_from_the_day_of_the_import() {
    for world in World::each().await {
        let mut old = facts("政府规章", "2019-05-06");
        old.published_at = Some(to_wire(at("2019-05-08T10:00")));
        old.backfill = true;
        let id = world.publish(&old).await;
        let task = world.task(id).await;
        assert_eq!(task.due_earliest, "2025-10-11");
        assert!(task.backfill);
        assert!(task.reasons.first().unwrap().contains("导入之日"));
    }
}

#[tokio::test]
async fn a_deadline_that_passes_is_told_once() {
    for world in World::each().await {
        let id = world.publish(&facts("规范性文件", "2025-09-28")).await;
        world.clock.set(at("2025-10-11T23:59"));
        assert_eq!(world.commands.tell_overdue().await.unwrap(), 0);
        assert_eq!(world.tasks(TaskState::Open, &clerk()).await, (1, 1));
        world.clock.set(at("2025-10-12T00:00"));
        assert_eq!(world.task(id).await.state(), TaskState::Overdue);
        assert_eq!(world.tasks(TaskState::Overdue, &clerk()).await, (1, 1));
        assert_eq!(world.tasks(TaskState::Open, &clerk()).await, (0, 0));
        assert_eq!(world.commands.tell_overdue().await.unwrap(), 1);
        assert_eq!(world.commands.tell_overdue().await.unwrap(), 0);
        assert_eq!(world.events().await, ["TaskOpened", "TaskOverdue"], "{}", world.kind);
    }
}

#[tokio::test]
async fn a_published_interpretation_closes_the_task_and_a_second_one_may_follow() {
    for world in World::each().await {
        let commands = &world.commands;
        let id = world.publish(&facts("规范性文件", "2025-09-28")).await;
        let who = clerk();
        let create = |source| commands.create(id, content(), source, "", &who);
        let draft = create("s1").await.unwrap();
        assert_eq!(create("s1").await.unwrap(), draft);
        let public = Caller::anonymous();
        let hidden = commands.get_interpretation(draft.id.parse().unwrap(), &public).await;
        assert!(matches!(hidden, Err(Error::UnknownInterpretation)));

        let publish = |draft: &contracts::interpretations::Interpretation| {
            let (id, etag) = (draft.id.parse().unwrap(), draft.etag.clone());
            async move { commands.publish(id, &etag, &clerk()).await }
        };
        let published = publish(&draft).await.unwrap();
        assert_eq!(world.task(id).await.outcome, "已公开解读");
        assert!(matches!(publish(&draft).await, Err(Error::Stale)));
        let second = create("").await.unwrap();
        publish(&second).await.unwrap();
        let listed = commands
            .list_interpretations(
                Some(id),
                InterpretationState::Unspecified,
                "",
                &page(1, "").unwrap(),
                &Caller::anonymous(),
            )
            .await
            .unwrap();
        assert_eq!((listed.interpretations.len(), listed.total), (1, 2));
        assert!(listed.interpretations.first().unwrap().text.is_empty());

        let etag = published.revision.to_string();
        let frozen = commands.update(published.id, content(), &etag, &clerk()).await;
        assert!(matches!(frozen, Err(Error::NotADraft)));
        commands.withdraw(published.id, "数字有误", &etag, &clerk()).await.unwrap();
        let tombstone =
            commands.get_interpretation(published.id, &Caller::anonymous()).await.unwrap();
        assert_eq!(tombstone.withdrawal_reason, "数字有误");
        assert!(tombstone.text.is_empty());
        let said = [
            "TaskOpened",
            "InterpretationPublished",
            "TaskClosed",
            "InterpretationPublished",
            "InterpretationWithdrawn",
        ];
        assert_eq!(world.events().await, said, "{}", world.kind);
    }
}

#[tokio::test]
async fn a_task_is_due_again_when_its_only_interpretation_is_withdrawn() {
    for world in World::each().await {
        let commands = &world.commands;
        let id = world.publish(&facts("规范性文件", "2025-09-28")).await;
        let first = world.interpret(id).await;
        let second = world.interpret(id).await;
        let withdraw = async |(id, etag): &(InterpretationId, String)| {
            commands.withdraw(*id, "数字有误", etag, &clerk()).await.unwrap();
        };
        withdraw(&second).await;
        assert_eq!(world.task(id).await.state(), TaskState::Closed, "the first one is public");

        world.clock.set(at("2026-02-13T16:00"));
        withdraw(&first).await;
        let task = world.task(id).await;
        assert_eq!(task.state(), TaskState::Open);
        assert_eq!(task.due_earliest, "2026-02-25", "three working days after the withdrawal");
        assert!(task.outcome.contains("数字有误") && task.closed_at.is_none(), "{task:?}");
        assert!(task.reasons.first().unwrap().contains("自撤回之日（2026-02-13）"), "{task:?}");

        world.clock.set(at("2026-02-26T00:00"));
        assert_eq!(commands.tell_overdue().await.unwrap(), 1, "the new term is told of, too");
        world.interpret(id).await;
        assert_eq!(world.task(id).await.outcome, "已公开解读");
        let said = [
            "TaskOpened",
            "InterpretationPublished",
            "TaskClosed",
            "InterpretationPublished",
            "InterpretationWithdrawn",
            "InterpretationWithdrawn",
            "TaskReopened",
            "TaskOverdue",
            "InterpretationPublished",
            "TaskClosed",
        ];
        assert_eq!(world.events().await, said, "{}", world.kind);
    }
}

#[tokio::test]
async fn what_is_not_due_any_more_is_not_reopened() {
    for world in World::each().await {
        let mut policy = facts("规范性文件", "2025-09-28");
        let id = world.publish(&policy).await;
        let (interpretation, etag) = world.interpret(id).await;
        policy.revision = 2;
        policy.category = "市政府其他文件".to_owned();
        world.correct(&policy).await;
        let withdrawn = world.commands.withdraw(interpretation, "多余", &etag, &clerk()).await;
        withdrawn.unwrap();
        assert_eq!(world.task(id).await.state(), TaskState::Closed, "{}", world.kind);
    }
}

#[tokio::test]
async fn a_policy_that_comes_back_is_due_again() {
    for world in World::each().await {
        let mut policy = facts("规范性文件", "2025-09-28");
        let id = world.publish(&policy).await;
        let (interpretation, etag) = world.interpret(id).await;
        let withdrawn = world.commands.withdraw(interpretation, "有误", &etag, &clerk()).await;
        withdrawn.unwrap();
        policy.revision = 2;
        world.withdraw(&policy).await;
        assert_eq!(world.task(id).await.outcome, "文件已撤回");
        world.clock.set(at("2026-02-13T16:00"));
        policy.revision = 3;
        world.correct(&policy).await;
        let task = world.task(id).await;
        assert_eq!((task.state(), task.due_earliest.as_str()), (TaskState::Open, "2026-02-25"));
        assert!(task.reasons.first().unwrap().contains("重新公开之日"), "{task:?}");
        let said = world.events().await;
        assert_eq!(said[said.len() - 2..], ["TaskReopened", "PolicyFollowed"], "{}", world.kind);
    }
}

#[tokio::test]
async fn another_organ_neither_sees_nor_does_anything() {
    for world in World::each().await {
        let commands = &world.commands;
        let id = world.publish(&facts("规范性文件", "2025-09-28")).await;
        assert!(matches!(commands.get_task(id, &stranger()).await, Err(Error::UnknownTask)));
        assert_eq!(world.tasks(TaskState::Unspecified, &stranger()).await, (0, 0));
        assert_eq!(world.tasks(TaskState::Unspecified, &clerk()).await, (1, 1));
        let create = commands.create(id, content(), "", "", &stranger()).await;
        assert!(matches!(create, Err(Error::UnknownPolicy(_))));
        let draft = commands.create(id, content(), "", "", &clerk()).await.unwrap();
        let publish = commands.publish(draft.id.parse().unwrap(), &draft.etag, &stranger()).await;
        assert!(matches!(publish, Err(Error::UnknownInterpretation)));
    }
}

#[tokio::test]
async fn a_correction_is_followed_and_judged_again() {
    for world in World::each().await {
        let mut policy = facts("市政府其他文件", "2025-09-28");
        let id = world.publish(&policy).await;
        world.clock.advance(TimeDelta::days(20));
        policy.revision = 2;
        policy.category = "规范性文件".to_owned();
        policy.title = "更正后的标题".to_owned();
        world.correct(&policy).await;
        let task = world.task(id).await;
        assert_eq!((task.state(), task.policy_title.as_str()), (TaskState::Open, "更正后的标题"));
        assert_eq!(task.due_earliest, "2025-10-23");
        policy.revision = 3;
        policy.category = "市政府其他文件".to_owned();
        world.correct(&policy).await;
        assert_eq!(world.task(id).await.state(), TaskState::Waived);
        let said = ["TaskWaived", "TaskOpened", "PolicyFollowed", "TaskWaived", "PolicyFollowed"];
        assert_eq!(world.events().await, said, "{}", world.kind);
    }
}

#[tokio::test]
async fn a_withdrawal_ends_the_task_and_nothing_late_reopens_it() {
    for world in World::each().await {
        let commands = &world.commands;
        let policy = facts("规范性文件", "2025-09-28");
        let id = world.publish(&policy).await;
        let draft = commands.create(id, content(), "", "", &clerk()).await.unwrap();
        world.withdraw(&policy).await;
        world.publish(&policy).await;
        world.correct(&policy).await;
        let task = world.task(id).await;
        assert_eq!((task.state(), task.outcome.as_str()), (TaskState::Closed, "文件已撤回"));
        let publish = commands.publish(draft.id.parse().unwrap(), &draft.etag, &clerk()).await;
        assert!(matches!(publish, Err(Error::PolicyWithdrawn)));
        let said = ["TaskOpened", "TaskClosed", "PolicyFollowed", "PolicyFollowed"];
        assert_eq!(world.events().await, said, "{}", world.kind);
    }
}

#[tokio::test]
async fn an_expunged_revision_leaves_no_title() {
    for world in World::each().await {
        let id = world.publish(&facts("规范性文件", "2025-09-28")).await;
        let tx = world.commands.db.begin().await.unwrap();
        world.commands.follow_expunge(&tx, id, 1).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.task(id).await.policy_title, "", "{}", world.kind);
    }
}
