//! One public state of a policy, readable for ever.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use contracts::documents::{GetRevisionRequest, ListRenditionsRequest, PolicyState};
use http::HeaderMap;
use kit::clock;

use super::{compare, forms};
use crate::{
    app::App,
    error::Error,
    pages::{
        answer,
        view::{
            days,
            file::{FormItem, rendition},
            frame::{Display, Page, Site},
            parts::Link,
            policy::{self, PolicyView, RevisionItem},
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "public/revision.html")]
struct RevisionPage {
    site: Site,
    display: Display,
    page: Page,
    policy: PolicyView,
    number: String,
    when: String,
    who: String,
    why: String,
    current_url: String,
    files: Vec<FormItem>,
    compare: Option<Link>,
    /// The ground, when the text was blanked by law.
    expunged: Option<String>,
}

/// `GET /policies/{id}/revisions/{number}`, and its other forms by their endings.
pub async fn revision(
    State(app): State<App>,
    Path((id, number)): Path<(String, String)>,
    display: Display,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    if let Some((number, form)) = forms::of(&number) {
        let number: i64 = number.parse().map_err(|_| Error::NoSuchPath)?;
        return forms::answer(&app, &id, number, form, &asked).await;
    }
    let number: i64 = number.parse().map_err(|_| Error::NoSuchPath)?;
    let public = app.policies.get(&id).await?;
    let (policy, current_url) = (&public.policy, policy::url(&id));
    let is_current = policy.revision == number && policy.state() == PolicyState::Published;
    if is_current && !policy.expunged {
        return Ok(Redirect::to(&current_url).into_response());
    }
    let request = GetRevisionRequest { policy_id: id.clone(), revision: number };
    let (mut documents, mut library) = (app.clients.documents(), app.clients.library());
    let files = ListRenditionsRequest { policy_id: id, revision: number };
    let (answered, files) =
        tokio::join!(documents.get_revision(request), library.list_renditions(files));
    let revision = answered?.into_inner().revision.unwrap_or_default();
    let files = files.map(|answer| answer.into_inner().renditions).unwrap_or_default();
    let content = revision.content.clone().unwrap_or_default();
    let RevisionItem { number, when, who, why, .. } = RevisionItem::of(&revision, policy.revision);
    let page = RevisionPage {
        site: app.site.clone(),
        display,
        page: Page::new(format!("第 {number} 版"), "policies")
            .below("政策文件库", "/policies")
            .below(&content.title, &current_url),
        policy: PolicyView::of(policy, &content, &revision.attachments),
        number,
        when,
        who,
        why,
        current_url,
        files: files.iter().map(rendition).collect(),
        compare: compare::link(policy, &revision).filter(|_| is_published(policy)),
        expunged: ground(&revision),
    };
    let modified = revision.expunged_at.or(revision.published_at);
    answer::public(&asked, &page, modified.and_then(clock::from_wire))
}

/// Whether there is a public text to compare with.
fn is_published(policy: &contracts::documents::Policy) -> bool {
    policy.state() == PolicyState::Published && !policy.expunged
}

/// Why the text is gone, with the day on which it went.
fn ground(revision: &contracts::documents::Revision) -> Option<String> {
    let at = days::spoken_minute(revision.expunged_at);
    let ground = revision.expunged_ground.as_str();
    (!ground.is_empty()).then(|| format!("{at} 依法清除，依据：{ground}"))
}
