//! Receipts as the clerks of the organ see them, and followed live.

use std::time::Duration;

use contracts::documents as wire;
use futures::Stream;
use kit::{auth::Caller, clock::to_wire, db, page::Page};
use sea_orm::ConnectionTrait;
use wire::{ListReceiptsRequest, ListReceiptsResponse};

use super::{filter::Filter, unsigned};
use crate::{
    commands::Documents,
    domain::{PolicyId, ReceiptId, receipt::StepState},
    error::{Error, Result},
    store::{
        self,
        receipts::{ReceiptRow, StepRow},
    },
};

const MOST_PER_PAGE: u32 = 200;
/// How long a watcher waits at most before it looks again: reports arrive on any replica.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

impl Documents {
    /// The receipt of a public change; of the newest where `revision` is 0.
    pub async fn receipt_of(
        &self,
        caller: &Caller,
        policy: PolicyId,
        revision: i64,
    ) -> Result<wire::Receipt> {
        let snapshot = self.db.snapshot().await?;
        let row = store::receipts::find(&snapshot, policy, revision)
            .await?
            .filter(|row| caller.may_act_for(&row.organ_code))
            .ok_or(Error::Unknown("回执"))?;
        let found = messages(&snapshot, vec![row]).await?;
        found.into_iter().next().ok_or(Error::Unknown("回执"))
    }

    /// Receipts of the caller's organs, newest first.
    pub async fn receipts(
        &self,
        caller: &Caller,
        request: &ListReceiptsRequest,
    ) -> Result<ListReceiptsResponse> {
        let page = Page::parse(request.page_size, &request.page_token, MOST_PER_PAGE)?;
        let mut filter = Filter::default();
        if !caller.is_service() && !caller.has(contracts::role::OPS) {
            filter.and_own(caller);
        }
        if !request.policy_id.is_empty() {
            let id: PolicyId = request.policy_id.parse()?;
            filter.and("policy_id = {}", [id.into()]);
        }
        if request.incomplete_only {
            filter.and("completed_at IS NULL", []);
        }
        if request.troubled_only {
            let troubled = "EXISTS (SELECT 1 FROM receipt_steps s \
                            WHERE s.receipt_id = receipts.id AND s.state IN ('late', 'failed'))";
            filter.and(troubled, []);
        }
        let snapshot = self.db.snapshot().await?;
        let (clause, values) = filter.clause();
        let count = format!("SELECT count(*) AS value FROM receipts {clause}");
        let total: Option<i64> = db::scalar(&snapshot, &count, values).await?;
        if let Some([at, id]) = page.after::<2>()? {
            let id: ReceiptId = id.parse()?;
            let at = chrono::DateTime::parse_from_rfc3339(at)
                .map_err(|_| Error::invalid("page_token", "翻页标记无效"))?;
            filter.and("(started_at, id) < ({}, {})", [at.to_utc().into(), id.into()]);
        }
        let (condition, values) = filter.ordered("started_at DESC, id DESC", page.fetch());
        let mut rows = store::receipts::select(&snapshot, &condition, values).await?;
        let next_page_token =
            page.cut(&mut rows, |last| vec![last.started_at.to_rfc3339(), last.id.to_string()]);
        let receipts = messages(&snapshot, rows).await?;
        let total = unsigned(total.unwrap_or_default());
        Ok(ListReceiptsResponse { receipts, next_page_token, total })
    }

    /// The newest receipt at once and after every change, until it is complete.
    pub fn watch(
        &self,
        caller: Caller,
        policy: PolicyId,
    ) -> impl Stream<Item = Result<wire::Receipt>> + Send + use<> {
        struct Watch {
            documents: Documents,
            caller: Caller,
            changed: tokio::sync::watch::Receiver<()>,
            last: Option<wire::Receipt>,
        }
        let documents = self.clone();
        let changed = self.watch_receipts();
        let start = Watch { documents, caller, changed, last: None };
        futures::stream::try_unfold(start, move |mut watch| async move {
            if watch.last.as_ref().is_some_and(|receipt| receipt.completed_at.is_some()) {
                return Ok(None);
            }
            loop {
                let receipt = watch.documents.receipt_of(&watch.caller, policy, 0).await?;
                if watch.last.as_ref() != Some(&receipt) {
                    watch.last = Some(receipt.clone());
                    return Ok(Some((receipt, watch)));
                }
                // Woken or not, it looks again: what woke it may have come from another replica.
                let _woken = tokio::time::timeout(LOOK_AGAIN, watch.changed.changed()).await;
            }
        })
    }
}

async fn messages(
    conn: &impl ConnectionTrait,
    rows: Vec<ReceiptRow>,
) -> Result<Vec<wire::Receipt>> {
    let ids: Vec<ReceiptId> = rows.iter().map(|row| row.id).collect();
    let steps = store::receipts::steps(conn, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let own = steps.iter().filter(|step| step.receipt_id == row.id);
            let steps = own.map(step).collect::<Result<_>>()?;
            Ok(message(row, steps))
        })
        .collect()
}

fn message(row: ReceiptRow, steps: Vec<wire::Step>) -> wire::Receipt {
    let ReceiptRow {
        id,
        policy_id,
        revision,
        occasion,
        policy_title,
        organ_code: _,
        started_at,
        completed_at,
    } = row;
    wire::Receipt {
        id: id.to_string(),
        policy_id: policy_id.to_string(),
        revision,
        occasion,
        started_at: Some(to_wire(started_at)),
        completed_at: completed_at.map(to_wire),
        steps,
        policy_title,
    }
}

fn step(row: &StepRow) -> Result<wire::Step> {
    let state = match StepState::read(&row.state) {
        Some(StepState::Waiting) => wire::StepState::Waiting,
        Some(StepState::Done) => wire::StepState::Done,
        Some(StepState::Late) => wire::StepState::Late,
        Some(StepState::Failed) => wire::StepState::Failed,
        None => return Err(Error::Inconsistent("receipt_steps.state")),
    };
    Ok(wire::Step {
        name: row.name.clone(),
        state: state.into(),
        at: row.happened_at.map(to_wire),
        detail: row.detail.clone(),
        due_at: Some(to_wire(row.due_at)),
    })
}
