//! A draft as the public would see it.

use askama::Template;
use axum::{extract::Path, response::Response};
use contracts::documents::Effect;

use super::{Visit, policy};
use crate::{
    pages::{
        answer,
        view::{
            frame::{Display, Page, Site},
            parts::State,
            policy::PolicyView,
            standing,
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "console/preview.html")]
struct PreviewPage {
    site: Site,
    display: Display,
    page: Page,
    policy: PolicyView,
    back_url: String,
    state: State,
}

/// `GET /console/policies/{id}/preview`
pub async fn preview(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let found = policy::find(&visit, &id).await?;
    let draft = found.draft.clone();
    let (content, files) = match draft {
        Some(draft) => (draft.content, draft.attachments),
        None => (found.content.clone(), found.attachments.clone()),
    };
    let content = content.unwrap_or_default();
    let mut view = PolicyView::of(&found, &content, &files);
    if found.effect() == Effect::Unspecified {
        view.effect = State::wait("尚未公开").because("有效性在发布后按日期和相关文件判定。");
    }
    let page = PreviewPage {
        site: visit.site(),
        page: Page::new(format!("预览：{}", content.title), ""),
        policy: view,
        back_url: format!("/console/policies/{id}"),
        state: standing::state(&found),
        display: visit.display,
    };
    answer::private(&page)
}
