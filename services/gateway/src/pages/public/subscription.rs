//! The pages behind the links of a mail: confirming a subscription, and ending it.
//!
//! Opening a link changes nothing, because mail scanners open links; a button does.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use contracts::notification::{
    ConfirmSubscriptionRequest, GetSubscriptionRequest, Subscription, SubscriptionKind,
    UnsubscribeRequest,
};
use serde::Deserialize;

use crate::{
    app::App,
    pages::{
        answer,
        view::{
            facets::Parameters,
            frame::{Display, Page, Site},
            parts::State as Shown,
        },
    },
    problem::Problem,
    session::Form,
};

const CONFIRM: &str = "/subscribe/confirm";
const LEAVE: &str = "/unsubscribe";

#[derive(Template)]
#[template(path = "public/subscription.html")]
struct SubscriptionPage {
    site: Site,
    display: Display,
    page: Page,
    state: Shown,
    heading: String,
    what: String,
    note: String,
    /// `None`: it is done.
    act: Option<SubscriptionAct>,
}

/// The button of such a page.
#[derive(Debug, Clone, Default)]
struct SubscriptionAct {
    url: String,
    label: String,
    token: String,
    danger: bool,
}

/// What the button sends. It carries no form token: the token of the mail is the secret.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    token: String,
}

/// `GET /subscribe/confirm?token=…`
pub async fn ask_confirm(
    State(app): State<App>,
    display: Display,
    parameters: Parameters,
) -> Result<Response, Problem> {
    confirming(&app, display, parameters.get("token")).await
}

/// `GET /subscribe/confirm/{token}`
pub async fn ask_confirm_by_path(
    State(app): State<App>,
    Path(token): Path<String>,
    display: Display,
) -> Result<Response, Problem> {
    confirming(&app, display, &token).await
}

async fn confirming(app: &App, display: Display, token: &str) -> Result<Response, Problem> {
    let subscription = find(app, token).await?;
    if subscription.confirmed {
        return confirmed(app, display, &subscription);
    }
    let text = Text {
        state: Shown { icon: "info".to_owned(), ..Shown::wait("请确认") },
        heading: "确认订阅吗？",
        note: "确认后，有变化时我们会发邮件给您。每封邮件都可以一键退订。",
        act: Some(act(CONFIRM, "确认订阅", token, false)),
    };
    show(app, display, &subscription, text)
}

/// `POST /subscribe/confirm`
pub async fn confirm(
    State(app): State<App>,
    display: Display,
    Form(Answer { token }): Form<Answer>,
) -> Result<Response, Problem> {
    let request = ConfirmSubscriptionRequest { token };
    let answered = app.clients.notification().confirm_subscription(request).await?.into_inner();
    confirmed(&app, display, &answered.subscription.unwrap_or_default())
}

fn confirmed(
    app: &App,
    display: Display,
    subscription: &Subscription,
) -> Result<Response, Problem> {
    let text = Text {
        state: Shown::ok("订阅成功"),
        heading: "订阅已生效",
        note: "从现在起，有变化时您会收到邮件。",
        act: None,
    };
    show(app, display, subscription, text)
}

/// `GET /unsubscribe?token=…`
pub async fn ask_leave(
    State(app): State<App>,
    display: Display,
    parameters: Parameters,
) -> Result<Response, Problem> {
    leaving(&app, display, parameters.get("token")).await
}

/// `GET /unsubscribe/{token}`
pub async fn ask_leave_by_path(
    State(app): State<App>,
    Path(token): Path<String>,
    display: Display,
) -> Result<Response, Problem> {
    leaving(&app, display, &token).await
}

async fn leaving(app: &App, display: Display, token: &str) -> Result<Response, Problem> {
    let subscription = find(app, token).await?;
    if subscription.ended {
        return left(app, display, &subscription);
    }
    let text = Text {
        state: Shown { icon: "info".to_owned(), ..Shown::wait("请确认") },
        heading: "要退订吗？",
        note: "退订后不再收到此项邮件，随时可以重新订阅。",
        act: Some(act(LEAVE, "确认退订", token, true)),
    };
    show(app, display, &subscription, text)
}

/// `POST /unsubscribe`: the button, and what mail programs send of themselves (RFC 8058), whose
/// token stands in the address.
pub async fn leave(
    State(app): State<App>,
    display: Display,
    parameters: Parameters,
    Form(Answer { token }): Form<Answer>,
) -> Result<Response, Problem> {
    let token = if token.is_empty() { parameters.get("token").to_owned() } else { token };
    end(&app, display, token).await
}

async fn end(app: &App, display: Display, token: String) -> Result<Response, Problem> {
    let request = UnsubscribeRequest { token };
    let answered = app.clients.notification().unsubscribe(request).await?.into_inner();
    left(app, display, &answered.subscription.unwrap_or_default())
}

fn left(app: &App, display: Display, subscription: &Subscription) -> Result<Response, Problem> {
    let text = Text {
        state: Shown::off("已退订"),
        heading: "退订成功",
        note: "不会再就此给您写信。",
        act: None,
    };
    show(app, display, subscription, text)
}

async fn find(app: &App, token: &str) -> Result<Subscription, Problem> {
    let request = GetSubscriptionRequest { token: token.to_owned() };
    let answered = app.clients.notification().get_subscription(request).await?.into_inner();
    Ok(answered.subscription.unwrap_or_default())
}

fn act(url: &str, label: &str, token: &str, danger: bool) -> SubscriptionAct {
    SubscriptionAct {
        url: url.to_owned(),
        label: label.to_owned(),
        token: token.to_owned(),
        danger,
    }
}

/// What such a page says.
struct Text {
    state: Shown,
    heading: &'static str,
    note: &'static str,
    act: Option<SubscriptionAct>,
}

fn show(
    app: &App,
    display: Display,
    subscription: &Subscription,
    text: Text,
) -> Result<Response, Problem> {
    // The address holds a secret, which must not come back in a link of the page.
    let display = Display { return_to: "/".to_owned(), ..display };
    answer::private(&SubscriptionPage {
        site: app.site.clone(),
        display,
        page: Page::new(text.heading, "subscribe"),
        state: text.state,
        heading: text.heading.to_owned(),
        what: spoken(subscription.kind(), &subscription.label),
        note: text.note.to_owned(),
        act: text.act,
    })
}

/// What is subscribed to, as a person says it.
pub fn spoken(kind: SubscriptionKind, label: &str) -> String {
    match kind {
        SubscriptionKind::Organ => format!("{label}发布的政策"),
        SubscriptionKind::Category => format!("文件类别“{label}”"),
        SubscriptionKind::Keyword => format!("关键词“{label}”"),
        SubscriptionKind::Policy => format!("文件《{label}》的变化和解读"),
        SubscriptionKind::All | SubscriptionKind::Unspecified => "全部新政策".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_subscribed_to_is_said_in_words() {
        assert_eq!(spoken(SubscriptionKind::All, ""), "全部新政策");
        assert_eq!(spoken(SubscriptionKind::Keyword, "公积金"), "关键词“公积金”");
    }
}
