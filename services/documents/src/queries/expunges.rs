//! Requests that a revision be blanked and that wait for a second person, oldest first.

use contracts::documents::{Expunge, ListExpungesRequest, ListExpungesResponse, Person};
use kit::{auth::Caller, clock::to_wire, page::Page};

use super::{filter::Filter, unsigned};
use crate::{
    commands::Documents,
    domain::ExpungeId,
    error::Result,
    store::{self, expunges::OpenRow},
};

const MOST_PER_PAGE: u32 = 200;

impl Documents {
    /// What waits in the caller's organs.
    pub async fn expunges(
        &self,
        caller: &Caller,
        request: &ListExpungesRequest,
    ) -> Result<ListExpungesResponse> {
        let page = Page::parse(request.page_size, &request.page_token, MOST_PER_PAGE)?;
        let mut filter = Filter::default();
        filter.and_own(caller);
        let snapshot = self.db.snapshot().await?;
        let (condition, values) = filter.further();
        let total = store::expunges::count_open(&snapshot, &condition, values).await?;
        if let Some([id]) = page.after::<1>()? {
            let id: ExpungeId = id.parse()?;
            filter.and("e.id > {}", [id.into()]);
        }
        let (condition, mut values) = filter.further();
        values.push(page.fetch().into());
        let condition = format!("{condition} ORDER BY e.id LIMIT ${}", values.len());
        let mut rows = store::expunges::select_open(&snapshot, &condition, values).await?;
        let next_page_token = page.cut(&mut rows, |last| vec![last.id.to_string()]);
        Ok(ListExpungesResponse {
            expunges: rows.into_iter().map(message).collect(),
            next_page_token,
            total: unsigned(total),
        })
    }
}

fn message(row: OpenRow) -> Expunge {
    let OpenRow {
        id,
        policy_id,
        policy_title,
        revision,
        ground,
        requested_by,
        requested_name,
        requested_at,
    } = row;
    let account_id = requested_by.strip_prefix("accounts/").unwrap_or(&requested_by).to_owned();
    Expunge {
        id: id.to_string(),
        policy_id: policy_id.to_string(),
        policy_title,
        revision,
        ground,
        requested_by: Some(Person { account_id, name: requested_name }),
        requested_at: Some(to_wire(requested_at)),
    }
}
