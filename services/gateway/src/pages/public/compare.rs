//! Two revisions of a policy side by side.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use contracts::documents::{
    GetRevisionRequest, ListRevisionsRequest, Policy, PolicyState, Revision,
};
use http::HeaderMap;

use crate::{
    app::App,
    lines,
    pages::{
        answer,
        view::{
            address::Address,
            compare::{self, FieldChange, Row, Tally},
            days,
            facets::Parameters,
            frame::{Display, Page, Site},
            parts::{Choice, Link, Pager},
            policy::{self, RevisionItem},
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "public/compare.html")]
struct ComparePage {
    site: Site,
    display: Display,
    page: Page,
    title: String,
    action: String,
    policy_url: String,
    from: Vec<Choice>,
    to: Vec<Choice>,
    /// Why these two cannot be compared; empty where they are.
    refused: String,
    before: Side,
    after: Side,
    fields: Vec<FieldChange>,
    rows: Vec<Row>,
    tally: Tally,
    same_text: bool,
    pager: Option<Pager>,
}

/// One of the two revisions.
#[derive(Debug, Clone, Default)]
struct Side {
    number: String,
    when: String,
    why: String,
    url: String,
}

/// `GET /policies/{id}/compare?from=1&to=2`
pub async fn compare(
    State(app): State<App>,
    Path(id): Path<String>,
    parameters: Parameters,
    display: Display,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let public = app.policies.get(&id).await?;
    let request = ListRevisionsRequest { policy_id: id.clone() };
    let all = app.clients.documents().list_revisions(request).await?.into_inner().revisions;
    let texts: Vec<&Revision> = all.iter().filter(|revision| has_text(revision)).collect();
    let (from, to) = chosen(&parameters, &public.policy, &texts);
    let mut page = page(&app, display, &public.policy, &texts, (from, to));
    page.refused = refusal(&public.policy, &all, from, to);
    if page.refused.is_empty() {
        let (before, after) = tokio::try_join!(read(&app, &id, from), read(&app, &id, to))?;
        fill(&mut page, &parameters, before, after, &public.policy).await?;
    }
    answer::public(&asked, &page, None)
}

fn has_text(revision: &Revision) -> bool {
    revision.expunged_at.is_none() && revision.occasion != "withdrawn"
}

/// The two revisions that the address names, the earlier one first; else the public one and the
/// one before it.
fn chosen(parameters: &Parameters, policy: &Policy, texts: &[&Revision]) -> (i64, i64) {
    let named = (parameters.number::<i64>("from"), parameters.number::<i64>("to"));
    let to = if named.1 > 0 { named.1 } else { policy.revision };
    let before = texts.iter().map(|revision| revision.revision).find(|number| *number < to);
    let from = if named.0 > 0 { named.0 } else { before.unwrap_or(to) };
    (from.min(to), from.max(to))
}

/// Why two revisions cannot be compared; empty where they can.
fn refusal(policy: &Policy, all: &[Revision], from: i64, to: i64) -> String {
    if policy.state() == PolicyState::Withdrawn {
        return "这份文件已撤下，各版正文不再公开，不能比较。".to_owned();
    }
    for number in [from, to] {
        let Some(revision) = all.iter().find(|revision| revision.revision == number) else {
            return format!("没有第 {number} 版，请另选两版比较。");
        };
        if revision.expunged_at.is_some() {
            let ground = &revision.expunged_ground;
            return format!(
                "第 {number} 版的正文已依法清除（依据：{ground}），不能比较。请另选两版。"
            );
        }
        if !has_text(revision) {
            return format!("第 {number} 版是撤下的记录，没有正文，不能比较。请另选两版。");
        }
    }
    if from == to {
        return "请选择两个不同的版本比较。".to_owned();
    }
    String::new()
}

async fn read(app: &App, id: &str, revision: i64) -> Result<Revision, Problem> {
    let request = GetRevisionRequest { policy_id: id.to_owned(), revision };
    let answer = app.clients.documents().get_revision(request).await?.into_inner();
    Ok(answer.revision.unwrap_or_default())
}

fn address(id: &str) -> Address {
    Address::new(format!("{}/compare", policy::url(id)))
}

fn page(
    app: &App,
    display: Display,
    policy: &Policy,
    texts: &[&Revision],
    (from, to): (i64, i64),
) -> ComparePage {
    let title = policy.content.clone().unwrap_or_default().title;
    let url = policy::url(&policy.id);
    let choices = |number: i64| {
        let each = texts.iter().map(|revision| {
            let at = days::day(revision.published_at);
            (revision.revision.to_string(), format!("第 {} 版（{at}）", revision.revision))
        });
        Choice::all(each, &number.to_string())
    };
    let own = address(&policy.id).with("from", from.to_string()).with("to", to.to_string());
    ComparePage {
        site: app.site.clone(),
        page: Page::new("版本比较", "policies")
            .below("政策文件库", "/policies")
            .below(&title, &url)
            .at(app.address(&own.to_string())),
        display,
        title,
        action: address(&policy.id).to_string(),
        policy_url: url,
        from: choices(from),
        to: choices(to),
        refused: String::new(),
        before: Side::default(),
        after: Side::default(),
        fields: Vec::new(),
        rows: Vec::new(),
        tally: Tally::default(),
        same_text: false,
        pager: None,
    }
}

/// Compares, beside the runtime: a text may be that of a whole code of law.
async fn fill(
    page: &mut ComparePage,
    parameters: &Parameters,
    before: Revision,
    after: Revision,
    policy: &Policy,
) -> Result<(), Problem> {
    let side = |revision: &Revision| {
        let RevisionItem { number, when, why, url, .. } =
            RevisionItem::of(revision, policy.revision);
        Side { number, when, why, url }
    };
    (page.before, page.after) = (side(&before), side(&after));
    page.fields = compare::fields(&before, &after);
    let (from, to) = (before.revision, after.revision);
    let work = move || {
        let text = |revision: Revision| lines::of(&revision.content.unwrap_or_default());
        compare::rows(&text(before), &text(after))
    };
    let done = tokio::task::spawn_blocking(work).await;
    let (rows, tally) = done.map_err(|error| kit::Error::Internal(error.to_string()))?;
    (page.tally, page.same_text) = (tally, tally == Tally::default());
    let parts = compare::parts(rows);
    let count = parts.len();
    let part = parameters.number::<usize>("part").clamp(1, count);
    page.rows = parts.into_iter().nth(part - 1).unwrap_or_default();
    let own = address(&policy.id).with("from", from.to_string()).with("to", to.to_string());
    page.pager = (count > 1).then(|| Pager {
        first: (part > 1).then(|| own.to_string()),
        next: (part < count).then(|| own.clone().with("part", (part + 1).to_string()).to_string()),
        summary: format!("第 {part} 部分，共 {count} 部分"),
    });
    Ok(())
}

/// Where a revision is compared with the public one.
pub fn link(policy: &Policy, revision: &Revision) -> Option<Link> {
    let url = address(&policy.id)
        .with("from", revision.revision.to_string())
        .with("to", policy.revision.to_string());
    let comparable = has_text(revision) && revision.revision != policy.revision;
    comparable.then(|| Link::new("与当前版比较", url.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(number: i64) -> Revision {
        Revision { revision: number, occasion: "corrected".to_owned(), ..Revision::default() }
    }

    #[test]
    fn what_cannot_be_compared_is_refused_in_words() {
        let policy = Policy { state: PolicyState::Published.into(), ..Policy::default() };
        let expunged = Revision {
            expunged_at: days::from_input("2026-01-01T10:00"),
            expunged_ground: "保守国家秘密法".to_owned(),
            ..revision(1)
        };
        let all =
            [revision(3), Revision { occasion: "withdrawn".to_owned(), ..revision(2) }, expunged];
        assert!(refusal(&policy, &all, 1, 3).contains("保守国家秘密法"));
        assert!(refusal(&policy, &all, 2, 3).contains("没有正文"));
        assert!(refusal(&policy, &all, 3, 3).contains("不同的版本"));
        assert!(refusal(&policy, &all, 3, 9).contains("没有第 9 版"));
        let withdrawn = Policy { state: PolicyState::Withdrawn.into(), ..policy };
        assert!(refusal(&withdrawn, &all, 1, 3).contains("已撤下"));
    }

    #[test]
    fn without_numbers_the_public_one_is_compared_with_the_one_before() {
        let policy = Policy { revision: 3, ..Policy::default() };
        let (three, two) = (revision(3), revision(2));
        assert_eq!(chosen(&Parameters::default(), &policy, &[&three, &two]), (2, 3));
        assert_eq!(chosen(&Parameters::default(), &policy, &[&three]), (3, 3));
        assert!(link(&policy, &two).is_some() && link(&policy, &three).is_none());
    }
}
