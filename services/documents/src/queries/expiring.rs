//! Policies in force whose time is over soon, those first that end first.

use chrono::{Months, NaiveDate};
use contracts::documents::{ListExpiringPoliciesRequest, ListExpiringPoliciesResponse};
use kit::{auth::Caller, db, page::Page};

use super::{
    filter::{Facets, Filter},
    policies::{Shown, public_only, render, seen_by},
    unsigned,
};
use crate::{
    commands::Documents,
    domain::{PolicyId, day, effect::Effect},
    error::{Error, Result},
    store::whole::{self, Which},
};

const MOST_PER_PAGE: u32 = 200;
/// How far is looked ahead where the question names no day: as early as organs are told.
const AHEAD: Months = Months::new(6);

impl Documents {
    /// What ends from today up to a day, a page at a time, without texts.
    pub async fn expiring(
        &self,
        caller: &Caller,
        request: &ListExpiringPoliciesRequest,
    ) -> Result<ListExpiringPoliciesResponse> {
        let page = Page::parse(request.page_size, &request.page_token, MOST_PER_PAGE)?;
        let today = self.clock.today();
        let until = day::read(&request.until).map_err(|error| Error::invalid("until", error))?;
        let until = until.or_else(|| today.checked_add_months(AHEAD)).unwrap_or(today);
        let mut filter = Filter::default();
        public_only(&mut filter);
        let facets = Facets {
            organ_code: &request.organ_code,
            category: "",
            year: 0,
            effect: Some(Effect::InForce),
        };
        filter.and_facets(&facets, &*self.clock);
        let written = |day: NaiveDate| day::write(Some(day)).into();
        let ends = "last_day <> '' AND last_day >= {} AND last_day <= {}";
        filter.and(ends, [written(today), written(until)]);
        let snapshot = self.db.snapshot().await?;
        let (clause, values) = filter.clause();
        let count = format!("SELECT count(*) AS value FROM policies {clause}");
        let total: Option<i64> = db::scalar(&snapshot, &count, values).await?;
        if let Some([ends, id]) = page.after::<2>()? {
            let id: PolicyId = id.parse()?;
            filter.and("(last_day, id) > ({}, {})", [ends.as_str().into(), id.into()]);
        }
        let order = "last_day, id";
        let (clause, values) = filter.ordered(order, page.fetch());
        let which = Which { clause: &clause, values, order };
        let mut found = whole::select(&snapshot, seen_by(caller, false), which).await?;
        let next_page_token =
            page.cut(&mut found, |last| vec![last.row.last_day.clone(), last.row.id.to_string()]);
        let shown = Shown { bodies: false, as_of: today };
        let policies = found.into_iter().map(|found| render(caller, found, shown));
        let policies = policies.collect::<Result<_>>()?;
        let total = unsigned(total.unwrap_or_default());
        Ok(ListExpiringPoliciesResponse { policies, next_page_token, total })
    }
}
