//! The tree of organs, with what each has.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use contracts::{documents::CountPoliciesRequest, identity::Organ};

use super::{Visit, accounts};
use crate::{
    pages::{
        answer, organs,
        view::{
            address::Address,
            days,
            frame::{Desk, Display, Site},
            parts::Count,
            standing::{OPERATORS, holds},
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "console/organs.html")]
struct OrgansPage {
    site: Site,
    display: Display,
    desk: Desk,
    rows: Vec<OrganRow>,
    total: String,
}

#[derive(Debug, Clone, Default)]
struct OrganRow {
    depth: String,
    name: String,
    kind: String,
    code: String,
    parent: String,
    policies: Count,
    /// `None` where the clerk may not see accounts.
    accounts: Option<Count>,
}

/// `GET /console/organs`
pub async fn organs(visit: Visit) -> Result<Response, Problem> {
    let mut documents = visit.clients.documents();
    let (all, counts) = tokio::join!(
        organs::all(&visit.app.clients),
        documents.count_policies(CountPoliciesRequest::default())
    );
    let (all, counts) = (all?, counts?.into_inner());
    let policies: HashMap<&str, u64> =
        counts.organs.iter().map(|count| (count.key.as_str(), count.count)).collect();
    let staff = if holds(&visit.staff.account.roles, &OPERATORS) {
        Some(accounts::of_organs(&visit).await?)
    } else {
        None
    };
    let names: HashMap<&str, &str> =
        all.iter().map(|organ| (organ.code.as_str(), organ.name.as_str())).collect();
    let row = |(depth, organ): (usize, &Organ)| OrganRow {
        depth: depth.min(4).to_string(),
        name: organ.name.clone(),
        kind: kind(&organ.kind).to_owned(),
        code: organ.credit_code.clone(),
        parent: names.get(organ.parent_code.as_str()).copied().unwrap_or_default().to_owned(),
        policies: count("/policies", organ, policies.get(organ.code.as_str()).copied()),
        accounts: staff
            .as_ref()
            .map(|staff| count("/console/accounts", organ, staff.get(&organ.code).copied())),
    };
    let page = OrgansPage {
        site: visit.site(),
        desk: visit.desk("机关", "/console/organs"),
        rows: organs::tree(&all).into_iter().map(row).collect(),
        total: days::figure(u64::try_from(all.len()).unwrap_or_default()),
        display: visit.display,
    };
    answer::private(&page)
}

fn count(path: &str, organ: &Organ, count: Option<u64>) -> Count {
    Count {
        label: organ.name.clone(),
        count: days::figure(count.unwrap_or_default()),
        url: Address::new(path).with("organ", &organ.code).to_string(),
    }
}

fn kind(word: &str) -> &'static str {
    match word {
        "government" => "政府",
        "office" => "办公室",
        "department" => "部门",
        "county" => "县区",
        "township" => "乡镇街道",
        "public_enterprise" => "公共企事业单位",
        "institution" => "机构",
        _ => "其他",
    }
}
