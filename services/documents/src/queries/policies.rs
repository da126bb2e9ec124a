//! Policies as readers and clerks see them.

use chrono::NaiveDate;
use contracts::documents::{self as wire, ListPoliciesRequest, ListPoliciesResponse, PolicyOrder};
use kit::{auth::Caller, clock::to_wire, db, page::Page};
use sea_orm::Value;

use super::{
    attachment,
    effect::{Standing, effect_of, standing},
    filter::{Facets, Filter},
    is_insider, unsigned,
};
use crate::{
    commands::{self, Documents},
    domain::{
        PolicyId,
        content::{Content, Relation},
        day,
        draft::{Draft, DraftState},
        policy::State,
    },
    error::{Error, Result},
    store::{
        attachments::{DRAFT, PlacedRow},
        links::LinkRow,
        policies::PolicyRow,
        relations::{InboundRow, OwnRow},
        whole::{self, Which, Whole, With},
    },
};

const MOST_PER_PAGE: u32 = 200;
const MOST_PER_BATCH: usize = 200;

impl Documents {
    /// One policy as the caller may see it.
    pub async fn get(&self, caller: &Caller, id: PolicyId) -> Result<wire::Policy> {
        self.get_as_of(caller, id, self.clock.today()).await
    }

    /// One policy with its effect on a day.
    pub async fn get_as_of(
        &self,
        caller: &Caller,
        id: PolicyId,
        day: NaiveDate,
    ) -> Result<wire::Policy> {
        self.only(caller, "WHERE id = $1", id.into(), day).await
    }

    /// One policy by its id at the source that it was imported from.
    pub async fn get_by_source(
        &self,
        caller: &Caller,
        source_id: &str,
        day: NaiveDate,
    ) -> Result<wire::Policy> {
        self.only(caller, "WHERE source_id = $1", source_id.into(), day).await
    }

    async fn only(
        &self,
        caller: &Caller,
        clause: &str,
        value: Value,
        as_of: NaiveDate,
    ) -> Result<wire::Policy> {
        let which = Which { clause, values: vec![value], order: "id" };
        let mut found = whole::select(self.db.conn(), seen_by(caller, true), which).await?;
        found
            .pop()
            .filter(|found| is_public(&found.row) || is_insider(caller, &found.row))
            .ok_or(Error::Unknown("文件"))
            .and_then(|found| render(caller, found, Shown { bodies: true, as_of }))
    }

    /// The public state of several policies, with their texts; those never public are left out.
    pub async fn batch_get(&self, ids: &[PolicyId]) -> Result<Vec<wire::Policy>> {
        if ids.len() > MOST_PER_BATCH {
            let most = format!("每次最多 {MOST_PER_BATCH} 份文件");
            return Err(Error::invalid("policy_ids", most));
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let clause = format!("WHERE id IN ({})", db::list_of(0, ids.len()));
        let values = ids.iter().map(|id| (*id).into()).collect();
        let which = Which { clause: &clause, values, order: "id" };
        let anyone = Caller::anonymous();
        let mut found = whole::select(self.db.conn(), seen_by(&anyone, true), which).await?;
        found.retain(|found| is_public(&found.row));
        let shown = Shown { bodies: true, as_of: self.clock.today() };
        found.into_iter().map(|found| render(&anyone, found, shown)).collect()
    }

    /// Policies by filters, a page at a time, without their texts.
    pub async fn list(
        &self,
        caller: &Caller,
        request: &ListPoliciesRequest,
    ) -> Result<ListPoliciesResponse> {
        let page = Page::parse(request.page_size, &request.page_token, MOST_PER_PAGE)?;
        let mut filter = self.list_filter(caller, request);
        let snapshot = self.db.snapshot().await?;
        let (clause, values) = filter.clause();
        let total: Option<i64> = if request.uncounted {
            None
        } else {
            let count = format!("SELECT count(*) AS value FROM policies {clause}");
            db::scalar(&snapshot, &count, values).await?
        };
        let by_issue = request.order() == PolicyOrder::Issued;
        if let Some([key, id]) = page.after::<2>()? {
            let id: PolicyId = id.parse()?;
            if by_issue {
                filter.and("(issued_on, id) < ({}, {})", [key.as_str().into(), id.into()]);
            } else {
                let at = chrono::DateTime::parse_from_rfc3339(key)
                    .map_err(|_| Error::invalid("page_token", "翻页标记无效"))?;
                filter.and("(listed_at, id) < ({}, {})", [at.to_utc().into(), id.into()]);
            }
        }
        let order = if by_issue { "issued_on DESC, id DESC" } else { "listed_at DESC, id DESC" };
        let (clause, values) = filter.ordered(order, page.fetch());
        let which = Which { clause: &clause, values, order };
        let mut found = whole::select(&snapshot, seen_by(caller, false), which).await?;
        let next_page_token = page.cut(&mut found, |Whole { row: last, .. }| {
            let key = if by_issue { last.issued_on.clone() } else { last.listed_at.to_rfc3339() };
            vec![key, last.id.to_string()]
        });
        let shown = Shown { bodies: false, as_of: self.clock.today() };
        let policies = found.into_iter().map(|found| render(caller, found, shown));
        let policies = policies.collect::<Result<_>>()?;
        let total = unsigned(total.unwrap_or_default());
        Ok(ListPoliciesResponse { policies, next_page_token, total })
    }

    /// What is asked for, within what the caller may see.
    fn list_filter(&self, caller: &Caller, request: &ListPoliciesRequest) -> Filter {
        let mut filter = Filter::default();
        let draft_state = draft_state(request.draft_state());
        let state = match request.state() {
            wire::PolicyState::Unspecified => None,
            wire::PolicyState::Unpublished => Some(State::Unpublished),
            wire::PolicyState::Published => Some(State::Published),
            wire::PolicyState::Withdrawn => Some(State::Withdrawn),
        };
        let beyond_public = draft_state.is_some()
            || request.drafts_only
            || matches!(state, Some(State::Unpublished | State::Withdrawn));
        if caller.is_staff() && beyond_public {
            filter.and_own(caller);
            filter.and_equal("state", state.map_or("", State::word));
            filter.and_equal("draft_state", draft_state.map_or("", DraftState::word));
            if request.drafts_only {
                filter.and("draft_state <> ''", []);
            }
        } else {
            public_only(&mut filter);
        }
        let facets = Facets {
            organ_code: &request.organ_code,
            category: &request.category,
            year: request.year,
            effect: effect_of(request.effect()),
        };
        filter.and_facets(&facets, &*self.clock);
        filter.and_text(&request.text);
        filter
    }
}

/// A policy as a message, as far as the caller may see it.
pub(super) fn render(
    caller: &Caller,
    found: Whole,
    Shown { bodies, as_of }: Shown,
) -> Result<wire::Policy> {
    let Whole { row, body, draft, relations, inbound, files, links } = found;
    let state = row.state()?;
    let Standing { effect, amended, reason, timeline, overrule } =
        match state == State::Published && !row.expunged {
            true => standing(&row, &inbound, as_of)?,
            false => Standing::default(),
        };
    let content = public_content(&row, state, body, relations)?;
    let draft = draft
        .filter(|_| is_insider(caller, &row))
        .map(|draft| Ok::<_, Error>(draft_of(draft.read()?, &files, bodies)))
        .transpose()?;
    let shown =
        |file: &&PlacedRow| state == State::Published && file.revision == row.public_revision;
    Ok(wire::Policy {
        id: row.id.to_string(),
        state: state_of(state).into(),
        revision: row.public_revision,
        content: content.map(super::content),
        attachments: files.iter().filter(shown).map(attachment).collect(),
        effect: effect.into(),
        amended,
        effect_reason: reason,
        as_of: day::write(Some(as_of)),
        effect_spans: timeline,
        overrule,
        inbound_relations: inbound.into_iter().map(inbound_of).collect(),
        interpretations: links.into_iter().map(link_of).collect(),
        draft,
        organ_name: row.organ_name,
        organ_unassigned: row.organ_unassigned,
        index_number: row.index_number.unwrap_or_default(),
        published_at: row.published_at.map(to_wire),
        revised_at: row.revised_at.map(to_wire),
        withdrawn_at: row.withdrawn_at.map(to_wire),
        withdrawal_reason: row.withdrawal_reason,
        source_id: row.source_id.unwrap_or_default(),
        backfill: row.backfill,
        etag: commands::etag(row.version),
        expunged: row.expunged,
        created_at: Some(to_wire(row.created_at)),
    })
}

/// What is told of a policy, and for which day.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub bodies: bool,
    pub as_of: NaiveDate,
}

/// What a caller may be shown of policies; drafts only as far as he is an insider.
pub(super) fn seen_by(caller: &Caller, bodies: bool) -> With {
    With { bodies, drafts: caller.is_staff() }
}

/// Whether the public knows of the policy, if only that it was withdrawn.
fn is_public(row: &PolicyRow) -> bool {
    row.state != State::Unpublished.word()
}

/// Leaves only what everybody may see in lists.
pub(super) fn public_only(filter: &mut Filter) {
    filter.and("state = 'published' AND expunged = {}", [false.into()]);
}

/// What is public of the content; nothing before the first publication.
fn public_content(
    row: &PolicyRow,
    state: State,
    body: String,
    relations: Vec<OwnRow>,
) -> Result<Option<Content>> {
    let mut content = row.content()?;
    match state {
        State::Unpublished => return Ok(None),
        State::Withdrawn => return Ok(Some(content.tombstone())),
        State::Published => {}
    }
    content.text = body;
    content.relations = relations.into_iter().map(relation_of).collect();
    Ok(Some(content))
}

fn draft_of(draft: Draft, files: &[PlacedRow], bodies: bool) -> wire::Draft {
    let Draft {
        state,
        mut content,
        author,
        editor: _,
        reviewer,
        publisher: _,
        revision_reason,
        return_reason,
        publish_at,
        updated_at,
    } = draft;
    if !bodies {
        content.text.clear();
    }
    let state = match state {
        DraftState::Editing => wire::DraftState::Editing,
        DraftState::InReview => wire::DraftState::InReview,
        DraftState::Returned => wire::DraftState::Returned,
        DraftState::Approved => wire::DraftState::Approved,
        DraftState::Scheduled => wire::DraftState::Scheduled,
    };
    wire::Draft {
        state: state.into(),
        content: Some(super::content(content)),
        author: super::person(&author.account_id, &author.name),
        reviewer: super::person(&reviewer.account_id, &reviewer.name),
        revision_reason,
        return_reason,
        publish_at: publish_at.map(to_wire),
        updated_at: Some(to_wire(updated_at)),
        attachments: files.iter().filter(|file| file.revision == DRAFT).map(attachment).collect(),
    }
}

fn relation_of(row: OwnRow) -> Relation {
    Relation {
        articles: row.articles(),
        effective_on: day::read(&row.effective_on).ok().flatten(),
        kind: row.kind,
        target_policy_id: row.target_policy_id.map(|id| id.to_string()).unwrap_or_default(),
        target_title: row.target_title,
        target_number: row.target_number,
        target_source_id: String::new(),
    }
}

fn inbound_of(row: InboundRow) -> wire::InboundRelation {
    wire::InboundRelation {
        articles: row.articles(),
        effective_on: row.starts_on,
        r#type: row.kind,
        policy_id: row.policy_id.to_string(),
        title: row.title,
        document_number: row.document_number,
    }
}

pub(super) fn link_of(row: LinkRow) -> wire::InterpretationLink {
    let LinkRow { policy_id: _, interpretation_id, title, kind } = row;
    wire::InterpretationLink { interpretation_id, title, kind }
}

fn state_of(state: State) -> wire::PolicyState {
    match state {
        State::Unpublished => wire::PolicyState::Unpublished,
        State::Published => wire::PolicyState::Published,
        State::Withdrawn => wire::PolicyState::Withdrawn,
    }
}

fn draft_state(state: wire::DraftState) -> Option<DraftState> {
    match state {
        wire::DraftState::Unspecified => None,
        wire::DraftState::Editing => Some(DraftState::Editing),
        wire::DraftState::InReview => Some(DraftState::InReview),
        wire::DraftState::Returned => Some(DraftState::Returned),
        wire::DraftState::Approved => Some(DraftState::Approved),
        wire::DraftState::Scheduled => Some(DraftState::Scheduled),
    }
}
