//! One policy as its clerks see it: where it stands, what can be done next, and what came of it.

use askama::Template;
use axum::{extract::Path, response::Response};
use contracts::{
    documents::{
        GetPolicyRequest, ListReceiptsRequest, ListRevisionsRequest, Policy, PolicyState,
        Receipt as ReceiptMessage, Revision,
    },
    interpretations::{Interpretation, ListInterpretationsRequest},
};
use http::StatusCode;

use super::{
    Visit,
    concerns::{self, Concern},
    desk,
    privacy::{self, Privacy},
    trail::{self, Event},
    visit::{if_allowed, sent},
};
use crate::{
    pages::{
        answer, organs,
        view::{
            days,
            frame::{Desk, Display, Site},
            interpretation,
            parts::{Faults, Field, FieldError, Link, State},
            policy::{self, MetaRow, RevisionItem},
            receipt::Receipt,
            standing::{self, Clerk, May, REVIEWERS, holds},
        },
    },
    problem::Problem,
};

/// Receipts that the page shows; older ones are complete or troubled, and then on the first page.
const RECEIPTS: u32 = 5;
const INTERPRETATIONS: u32 = 20;

#[derive(Template)]
#[template(path = "console/policy_show.html")]
struct PolicyShowPage {
    site: Site,
    display: Display,
    desk: Desk,
    title: String,
    /// `/console/policies/{id}`
    base: String,
    etag: String,
    state: State,
    meta: Vec<MetaRow>,
    may: May,
    errors: Vec<FieldError>,
    return_reason: Field,
    publish_at: Field,
    withdraw_reason: Field,
    /// What speaks against the draft.
    concerns: Vec<Concern>,
    privacy: Privacy,
    privacy_reason: Field,
    effect_reason: Field,
    /// Whether this account may put its word on the effect.
    overrules: bool,
    overruled: bool,
    public_url: Option<String>,
    blocked: Option<String>,
    receipts: Vec<Receipt>,
    revisions: Vec<RevisionItem>,
    /// Whether this account may ask that the text of a revision be blanked.
    expunges: bool,
    interpretations: Vec<InterpretationRow>,
    interpret_url: Option<String>,
    trail: Vec<Event>,
}

/// An interpretation of the policy.
#[derive(Debug, Clone, Default)]
struct InterpretationRow {
    link: Link,
    state: State,
    kind: String,
}

/// What was typed into the page's forms.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub return_reason: String,
    pub publish_at: String,
    pub withdraw_reason: String,
    pub privacy_reason: String,
    pub effect_reason: String,
}

/// `GET /console/policies/{id}`
pub async fn policy(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let page = page(visit, &id, &Typed::default(), &Faults::default()).await?;
    answer::private(&page)
}

/// The page after a step was refused, with what was typed and how the policy stands now.
pub async fn refused(
    visit: Visit,
    id: &str,
    typed: &Typed,
    faults: &Faults,
    status: StatusCode,
) -> Result<Response, Problem> {
    answer::refused(status, &page(visit, id, typed, faults).await?)
}

/// A policy as this clerk sees it.
pub async fn find(visit: &Visit, id: &str) -> Result<Policy, Problem> {
    let request = GetPolicyRequest { policy_id: id.to_owned(), ..GetPolicyRequest::default() };
    let answered = visit.clients.documents().get_policy(request).await?.into_inner();
    sent(answered.policy)
}

/// Whether this clerk acts for the policy's organ: its draft shows, or the tree says so.
pub async fn acts(visit: &Visit, policy: &Policy) -> Result<bool, Problem> {
    let (organ, own) = (standing::organ(policy), &visit.staff.account.organ_code);
    if policy.draft.is_some() || visit.staff.is_office() || organ == own {
        return Ok(true);
    }
    let all = organs::all(&visit.app.clients).await?;
    Ok(organs::below(&all, own).iter().any(|below| below.code == organ))
}

struct Around {
    revisions: Vec<Revision>,
    receipts: Vec<ReceiptMessage>,
    interpretations: Vec<Interpretation>,
    trail: Vec<Event>,
    privacy: Privacy,
    concerns: Vec<Concern>,
}

async fn around(visit: &Visit, id: &str, drafted: bool) -> Result<Around, Problem> {
    let revisions = async {
        let request = ListRevisionsRequest { policy_id: id.to_owned() };
        let answered = visit.clients.documents().list_revisions(request).await?;
        Ok::<_, Problem>(answered.into_inner().revisions)
    };
    let receipts = async {
        let request = ListReceiptsRequest {
            policy_id: id.to_owned(),
            page_size: RECEIPTS,
            ..ListReceiptsRequest::default()
        };
        Ok(if_allowed(visit.clients.documents().list_receipts(request).await)?.receipts)
    };
    // The page does without interpretations while their service is away.
    let interpretations = async {
        let request = ListInterpretationsRequest {
            policy_id: id.to_owned(),
            page_size: INTERPRETATIONS,
            ..ListInterpretationsRequest::default()
        };
        let answered = visit.clients.interpretations().list_interpretations(request).await;
        Ok(answered.map(|answer| answer.into_inner().interpretations).unwrap_or_default())
    };
    let (revisions, receipts, interpretations, trail, privacy, concerns) = tokio::try_join!(
        revisions,
        receipts,
        interpretations,
        trail::of(visit, id),
        privacy::of(visit, id, drafted),
        concerns::of(visit, id, drafted)
    )?;
    Ok(Around { revisions, receipts, interpretations, trail, privacy, concerns })
}

async fn page(
    visit: Visit,
    id: &str,
    typed: &Typed,
    faults: &Faults,
) -> Result<PolicyShowPage, Problem> {
    let policy = find(&visit, id).await?;
    let (acts, around) =
        tokio::try_join!(acts(&visit, &policy), around(&visit, id, policy.draft.is_some()))?;
    let roles = &visit.staff.account.roles;
    let clerk = Clerk { account_id: &visit.staff.account.id, roles, acts };
    let draft = policy.draft.as_ref().and_then(|draft| draft.content.clone());
    let content = draft.or_else(|| policy.content.clone()).unwrap_or_default();
    let base = format!("/console/policies/{id}");
    let public = policy.state() != PolicyState::Unpublished;
    let published = policy.state() == PolicyState::Published;
    let interprets = published && acts && holds(roles, &desk::CLERKS);
    Ok(PolicyShowPage {
        site: visit.site(),
        desk: visit
            .desk(&content.title, "/console/policies")
            .below("政策文件", "/console/policies"),
        title: content.title.clone(),
        etag: policy.etag.clone(),
        state: standing::state(&policy),
        meta: policy::meta(&policy, &content),
        may: standing::may(&policy, &clerk),
        errors: faults.list(),
        return_reason: faults.field("return_reason", &typed.return_reason),
        publish_at: faults.field("publish_at", &publish_at(&policy, typed)),
        withdraw_reason: faults.field("withdraw_reason", &typed.withdraw_reason),
        concerns: around.concerns,
        privacy: around.privacy,
        privacy_reason: faults.field("privacy_reason", &typed.privacy_reason),
        public_url: public.then(|| policy::url(id)),
        blocked: standing::blocked(&policy, &clerk),
        receipts: around.receipts.iter().map(Receipt::of).collect(),
        revisions: around.revisions.iter().map(|r| RevisionItem::of(r, policy.revision)).collect(),
        effect_reason: faults.field("effect_reason", &typed.effect_reason),
        overrules: published && acts && holds(roles, &REVIEWERS),
        overruled: policy.overrule.is_some(),
        expunges: acts && holds(roles, &REVIEWERS),
        interpretations: around.interpretations.iter().map(interpretation_row).collect(),
        interpret_url: interprets.then(|| format!("{base}/interpretations/new")),
        trail: around.trail,
        display: visit.display,
        base,
    })
}

/// What was typed, or the minute that is set already.
fn publish_at(policy: &Policy, typed: &Typed) -> String {
    if !typed.publish_at.is_empty() {
        return typed.publish_at.clone();
    }
    days::to_input(policy.draft.as_ref().and_then(|draft| draft.publish_at))
}

fn interpretation_row(found: &Interpretation) -> InterpretationRow {
    InterpretationRow {
        link: Link::new(&found.title, format!("/console/interpretations/{}", found.id)),
        state: interpretation::state(found),
        kind: interpretation::kind(&found.kind).to_owned(),
    }
}
