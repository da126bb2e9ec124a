//! The worklist of an organ, oldest first.

use contracts::documents::{ListWorklistRequest, ListWorklistResponse, WorklistEntry};
use kit::{auth::Caller, clock::to_wire, db, page::Page};

use super::{filter::Filter, unsigned};
use crate::{
    commands::Documents,
    domain::WorklistEntryId,
    error::{Error, Result},
    store::{self, worklist::EntryRow},
};

const MOST_PER_PAGE: u32 = 200;

impl Documents {
    /// Open entries of the caller's organs.
    pub async fn worklist(
        &self,
        caller: &Caller,
        request: &ListWorklistRequest,
    ) -> Result<ListWorklistResponse> {
        let page = Page::parse(request.page_size, &request.page_token, MOST_PER_PAGE)?;
        let mut filter = Filter::default();
        filter.and("resolved_at IS NULL", []);
        filter.and_own(caller);
        filter.and_equal("organ_code", &request.organ_code);
        let snapshot = self.db.snapshot().await?;
        let (clause, values) = filter.clause();
        let count = format!("SELECT count(*) AS value FROM worklist {clause}");
        let total: Option<i64> = db::scalar(&snapshot, &count, values).await?;
        if let Some([at, id]) = page.after::<2>()? {
            let id: WorklistEntryId = id.parse()?;
            let at = chrono::DateTime::parse_from_rfc3339(at)
                .map_err(|_| Error::invalid("page_token", "翻页标记无效"))?;
            filter.and("(created_at, id) > ({}, {})", [at.to_utc().into(), id.into()]);
        }
        let (condition, values) = filter.ordered("created_at, id", page.fetch());
        let mut rows = store::worklist::select(&snapshot, &condition, values).await?;
        let next_page_token =
            page.cut(&mut rows, |last| vec![last.created_at.to_rfc3339(), last.id.to_string()]);
        Ok(ListWorklistResponse {
            entries: rows.into_iter().map(message).collect(),
            next_page_token,
            total: unsigned(total.unwrap_or_default()),
        })
    }
}

fn message(row: EntryRow) -> WorklistEntry {
    let EntryRow { id, policy_id, organ_code: _, title, gate, detail, created_at } = row;
    WorklistEntry {
        id: id.to_string(),
        policy_id: policy_id.to_string(),
        title,
        gate,
        detail,
        created_at: Some(to_wire(created_at)),
    }
}
