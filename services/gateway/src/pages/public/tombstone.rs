//! What stays of what was taken from the public: a page with the reason, never a 404.

use askama::Template;
use axum::response::Response;
use contracts::{
    documents::{Policy, Revision},
    interpretations::Interpretation,
};

use crate::{
    app::App,
    pages::{
        answer,
        view::{
            days,
            frame::{Display, Page, Site},
            parts::Link,
            policy::{self, PolicyItem, RevisionItem},
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "public/tombstone.html")]
struct TombstonePage {
    site: Site,
    display: Display,
    page: Page,
    title: String,
    /// 文件 or 解读.
    thing: String,
    document_number: String,
    index_number: String,
    organ: String,
    withdrawn_at: String,
    reason: String,
    replacement: Option<Link>,
    revisions: Vec<RevisionItem>,
}

/// The page of a withdrawn or expunged policy.
pub fn of_policy(
    app: &App,
    display: Display,
    policy: &Policy,
    revisions: &[Revision],
) -> Result<String, Problem> {
    let content = policy.content.clone().unwrap_or_default();
    let title =
        if content.title.is_empty() { "已清除的文件".to_owned() } else { content.title };
    let (reason, at) = match revisions.iter().find(|r| r.revision == policy.revision) {
        Some(revision) if policy.expunged => {
            (format!("正文已依法清除：{}", revision.expunged_ground), revision.expunged_at)
        }
        _ if policy.expunged => ("正文已依法清除".to_owned(), policy.withdrawn_at),
        _ => (policy.withdrawal_reason.clone(), policy.withdrawn_at),
    };
    answer::render(&TombstonePage {
        site: app.site.clone(),
        display,
        page: Page::new(&title, "policies")
            .below("政策文件库", "/policies")
            .at(app.address(&policy::url(&policy.id))),
        title,
        thing: "文件".to_owned(),
        document_number: content.document_number,
        index_number: policy.index_number.clone(),
        organ: policy.organ_name.clone(),
        withdrawn_at: days::minute(at),
        reason,
        replacement: replacement(policy),
        revisions: revisions.iter().map(|r| RevisionItem::of(r, policy.revision)).collect(),
    })
}

/// The policy that stands in its place, where one repeals it.
fn replacement(policy: &Policy) -> Option<Link> {
    let newer = policy.inbound_relations.iter().find(|relation| relation.r#type == "repeals")?;
    Some(Link::new(&newer.title, policy::url(&newer.policy_id)))
}

/// The page of a withdrawn interpretation; its policy is what to read instead.
pub fn of_interpretation(
    app: &App,
    display: Display,
    page: Page,
    interpretation: &Interpretation,
    policy: &PolicyItem,
) -> Result<Response, Problem> {
    answer::private(&TombstonePage {
        site: app.site.clone(),
        display,
        page,
        title: interpretation.title.clone(),
        thing: "解读".to_owned(),
        document_number: String::new(),
        index_number: String::new(),
        organ: policy.organ.clone(),
        withdrawn_at: days::minute(interpretation.withdrawn_at),
        reason: interpretation.withdrawal_reason.clone(),
        replacement: Some(Link::new(&policy.title, &policy.url)),
        revisions: Vec::new(),
    })
}
