//! The policies of a clerk's organ, in every state.

use askama::Template;
use axum::response::Response;
use contracts::documents::{ListPoliciesRequest, Policy, PolicyState};

use super::{Visit, tasks};
use crate::{
    pages::{
        answer, organs,
        view::{
            address::Address,
            days,
            facets::{PAGE_SIZE, Shown, pager},
            frame::{Desk, Display, Site},
            parts::{Choice, Pager, State},
            standing,
        },
    },
    problem::Problem,
};

const PATH: &str = "/console/policies";

#[derive(Template)]
#[template(path = "console/policies.html")]
struct PoliciesPage {
    site: Site,
    display: Display,
    desk: Desk,
    query: String,
    organs: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<PolicyRow>,
    total: String,
    new_url: Option<String>,
    pager: Pager,
}

#[derive(Debug, Clone, Default)]
struct PolicyRow {
    title: String,
    url: String,
    document_number: String,
    organ: String,
    category: String,
    state: State,
    changed: String,
    changed_by: String,
}

/// `GET /console/policies`
pub async fn policies(visit: Visit) -> Result<Response, Problem> {
    let (query, organ) = (visit.parameters.get("q"), visit.parameters.get("organ"));
    let word = visit.parameters.get("state");
    let (state, draft_state) = standing::list_state(word);
    let request = ListPoliciesRequest {
        organ_code: organ.to_owned(),
        state: state.into(),
        draft_state: draft_state.into(),
        text: query.to_owned(),
        drafts_only: state == PolicyState::Unspecified,
        page_size: PAGE_SIZE,
        page_token: visit.parameters.get("after").to_owned(),
        ..ListPoliciesRequest::default()
    };
    let mut documents = visit.clients.documents();
    let (list, organs) = tokio::join!(documents.list_policies(request), choices(&visit, organ));
    let list = list?.into_inner();
    let first = Address::new(PATH).with("q", query).with("organ", organ).with("state", word);
    let shown =
        Shown { rows: list.policies.len(), total: list.total, next_token: &list.next_page_token };
    let page = PoliciesPage {
        site: visit.site(),
        desk: visit.desk("政策文件", PATH),
        query: query.to_owned(),
        organs: organs?,
        states: Choice::all(standing::LIST_STATES, word),
        rows: list.policies.iter().map(row).collect(),
        total: days::figure(list.total),
        new_url: tasks::new_url(&visit),
        pager: pager(&first, &visit.parameters, shown, "件"),
        display: visit.display,
    };
    answer::private(&page)
}

/// The clerk's own organ and those below it; all for the office.
pub async fn choices(visit: &Visit, chosen: &str) -> Result<Vec<Choice>, Problem> {
    let all = organs::all(&visit.app.clients).await?;
    let own = &visit.staff.account.organ_code;
    let mut choices = Choice::all([("", "全部")], chosen);
    if visit.staff.is_office() || own.is_empty() {
        choices.extend(organs::choices(&all, chosen));
    } else {
        choices.extend(organs::choices(organs::below(&all, own), chosen));
    }
    Ok(choices)
}

fn row(policy: &Policy) -> PolicyRow {
    let draft = policy.draft.clone().unwrap_or_default();
    let content = draft.content.or_else(|| policy.content.clone()).unwrap_or_default();
    let last = policy.withdrawn_at.or(policy.revised_at).or(policy.published_at);
    PolicyRow {
        title: content.title,
        url: format!("{PATH}/{}", policy.id),
        document_number: content.document_number,
        organ: policy.organ_name.clone(),
        category: content.category,
        state: standing::state(policy),
        changed: days::minute(draft.updated_at.or(last).or(policy.created_at)),
        changed_by: draft.author.map(|author| author.name).unwrap_or_default(),
    }
}
