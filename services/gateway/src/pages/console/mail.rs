//! What was sent to subscribers, and the messages of the outbox folder.

use askama::Template;
use axum::response::Response;
use contracts::notification::{Delivery, DeliveryState, GetMessageRequest, ListDeliveriesRequest};

use super::{
    Visit, desk,
    message::{self, Letter},
};
use crate::{
    pages::{
        answer,
        view::{
            address::Address,
            days,
            facets::{PAGE_SIZE, Shown, pager},
            frame::{Desk, Display, Site},
            parts::{FacetOption, Link, Pager, State},
        },
    },
    problem::Problem,
};

const PATH: &str = "/console/mail";
const STATES: [(&str, DeliveryState, &str); 6] = [
    ("", DeliveryState::Unspecified, "全部"),
    ("waiting", DeliveryState::Waiting, "待发"),
    ("sent", DeliveryState::Sent, "已投递"),
    ("failed", DeliveryState::Failed, "失败"),
    ("in_doubt", DeliveryState::InDoubt, "存疑"),
    ("digested", DeliveryState::Digested, "并入摘要"),
];

#[derive(Template)]
#[template(path = "console/mail.html")]
struct MailPage {
    site: Site,
    display: Display,
    desk: Desk,
    states: Vec<FacetOption>,
    total: String,
    rows: Vec<MailRow>,
    open: Option<MailMessage>,
    pager: Pager,
}

#[derive(Debug, Clone, Default)]
struct MailRow {
    subject: String,
    url: String,
    /// Masked.
    to: String,
    when: String,
    state: State,
    current: bool,
}

/// One message, opened.
#[derive(Debug, Clone, Default)]
struct MailMessage {
    subject: String,
    from: String,
    to: String,
    when: String,
    message_id: String,
    text: String,
    /// Those found in the text, such as 确认订阅.
    links: Vec<Link>,
}

/// `GET /console/mail?state=…&policy=…&open=…`
pub async fn mail(visit: Visit) -> Result<Response, Problem> {
    visit.only(&desk::MAIL_READERS)?;
    let (word, policy) = (visit.parameters.get("state"), visit.parameters.get("policy"));
    let opened = visit.parameters.get("open");
    let state = STATES.iter().find(|(known, ..)| *known == word).map(|(_, state, _)| *state);
    let request = ListDeliveriesRequest {
        policy_id: policy.to_owned(),
        state: state.unwrap_or(DeliveryState::Unspecified).into(),
        page_size: PAGE_SIZE,
        page_token: visit.parameters.get("after").to_owned(),
    };
    let list = visit.clients.notification().list_deliveries(request).await?.into_inner();
    let first = Address::new(PATH).with("state", word).with("policy", policy);
    let here = first
        .clone()
        .with("after", visit.parameters.get("after"))
        .with("page", visit.parameters.get("page"));
    let delivery = list.deliveries.iter().find(|delivery| delivery.id == opened);
    let open = match delivery {
        Some(delivery) => open(&visit, delivery).await?,
        None => None,
    };
    let shown =
        Shown { rows: list.deliveries.len(), total: list.total, next_token: &list.next_page_token };
    let page = MailPage {
        site: visit.site(),
        desk: visit.desk("已发邮件", PATH),
        states: states(&first, word, list.in_doubt),
        total: days::figure(list.total),
        rows: list.deliveries.iter().map(|delivery| row(delivery, &here, opened)).collect(),
        open,
        pager: pager(&first, &visit.parameters, shown, "封"),
        display: visit.display,
    };
    answer::private(&page)
}

fn states(first: &Address, word: &str, in_doubt: u64) -> Vec<FacetOption> {
    let option = |(value, state, label): &(&str, DeliveryState, &str)| FacetOption {
        label: (*label).to_owned(),
        count: match state {
            DeliveryState::InDoubt => days::figure(in_doubt),
            _ => String::new(),
        },
        url: first.clone().with("state", *value).to_string(),
        current: *value == word,
    };
    STATES.iter().map(option).collect()
}

fn row(delivery: &Delivery, here: &Address, opened: &str) -> MailRow {
    MailRow {
        subject: delivery.subject.clone(),
        url: here.clone().with("open", &delivery.id).to_string(),
        to: delivery.masked_email.clone(),
        when: days::minute(delivery.sent_at.or(delivery.created_at)),
        state: state(delivery),
        current: delivery.id == opened,
    }
}

fn state(delivery: &Delivery) -> State {
    match delivery.state() {
        DeliveryState::Sent if delivery.was_in_doubt => {
            State::ok("已投递").because("曾中断，已重新投递，收件人可能收到两封")
        }
        DeliveryState::Sent => State::ok("已投递"),
        DeliveryState::Failed => State::bad("warn", "失败").because(delivery.error.as_str()),
        DeliveryState::InDoubt => {
            State::warn("warn", "存疑").because("投递时中断，不能确定是否已送出")
        }
        DeliveryState::Digested => State::off("并入每日摘要"),
        DeliveryState::Waiting | DeliveryState::Unspecified if delivery.attempts > 0 => {
            let tries = delivery.attempts;
            State::wait("待重试").because(format!("已试 {tries} 次：{}", delivery.error))
        }
        DeliveryState::Waiting | DeliveryState::Unspecified => State::wait("待发"),
    }
}

/// The message of a delivery; `None` where it went by SMTP and nothing is kept.
async fn open(visit: &Visit, delivery: &Delivery) -> Result<Option<MailMessage>, Problem> {
    let request = GetMessageRequest { delivery_id: delivery.id.clone() };
    let raw = match visit.clients.notification().get_message(request).await {
        Ok(answer) => answer.into_inner().message,
        Err(status) if status.code() == tonic::Code::NotFound => return Ok(None),
        Err(status) => return Err(status.into()),
    };
    let Letter { from, text } = message::read(&raw);
    Ok(Some(MailMessage {
        subject: delivery.subject.clone(),
        from,
        to: delivery.masked_email.clone(),
        when: days::second(delivery.sent_at.or(delivery.created_at)),
        message_id: delivery.message_id.clone(),
        links: links(&text, &visit.app.public_url),
        text,
    }))
}

/// Links of the text to this site.
fn links(text: &str, public_url: &str) -> Vec<Link> {
    let words = text.split(|c: char| c.is_whitespace() || c == '：');
    let own = words.filter_map(|word| word.strip_prefix(public_url).filter(|p| p.starts_with('/')));
    let label = |path: &str| match path {
        _ if path.starts_with("/subscribe/confirm") => "确认订阅",
        _ if path.starts_with("/unsubscribe") => "退订",
        _ => "查看文件",
    };
    own.map(|path| Link::new(label(path), path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_a_message_lead_to_this_site_only() {
        let text = "请打开：\nhttps://zc.example/subscribe/confirm?token=a\n退订：https://zc.example/unsubscribe?token=b\nhttps://zc.example.evil/x https://other.example/";
        let found = links(text, "https://zc.example");
        assert_eq!(
            found,
            [
                Link::new("确认订阅", "/subscribe/confirm?token=a"),
                Link::new("退订", "/unsubscribe?token=b"),
            ]
        );
    }

    #[test]
    fn what_became_of_a_message_is_said_with_its_reason() {
        let mut delivery = Delivery { state: DeliveryState::Waiting.into(), ..Delivery::default() };
        assert_eq!(state(&delivery).label, "待发");
        delivery.attempts = 2;
        delivery.error = "连接被拒绝".to_owned();
        assert_eq!(state(&delivery).reason, "已试 2 次：连接被拒绝");
    }
}
