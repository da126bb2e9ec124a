//! Events that a service gave up on, and handing them back to it.

use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};
use contracts::platform::{
    DeadLetter as Message, ListDeadLettersRequest, RedriveDeadLettersRequest,
};

use super::{Visit, sign_in::Nothing};
use crate::{
    error::Error,
    pages::{
        answer,
        view::{
            address::Address,
            days,
            frame::{Desk, Display, Site},
            parts::{FacetOption, Pager},
            standing::OPERATORS,
        },
    },
    problem::Problem,
    session::Csrf,
};

const PATH: &str = "/console/dead-letters";
/// Letters of one service that the page shows; the oldest come first and hold up the others.
const LETTERS: u32 = 100;

#[derive(Template)]
#[template(path = "console/dead_letters.html")]
struct DeadLettersPage {
    site: Site,
    display: Display,
    desk: Desk,
    services: Vec<FacetOption>,
    groups: Vec<DeadGroup>,
    pager: Pager,
}

/// One aggregate of one reader: its events wait in order and are redriven together.
#[derive(Debug, Clone, Default)]
struct DeadGroup {
    service: String,
    aggregate: String,
    redrive_url: String,
    letters: Vec<DeadLetter>,
}

#[derive(Debug, Clone, Default)]
struct DeadLetter {
    id: String,
    event: String,
    when: String,
    attempts: String,
    error: String,
    /// Did not fail itself, stands behind one that did.
    waiting: bool,
}

/// What one service gave up on.
struct Pile {
    service: String,
    letters: Vec<Message>,
    more: bool,
}

/// `GET /console/dead-letters?service=…`
pub async fn dead_letters(visit: Visit) -> Result<Response, Problem> {
    visit.only(&OPERATORS)?;
    let names: Vec<String> = visit.clients.services().map(str::to_owned).collect();
    let piles = futures::future::try_join_all(names.iter().map(|name| pile(&visit, name))).await?;
    let chosen = visit.parameters.get("service");
    let shown = piles.iter().filter(|pile| chosen.is_empty() || pile.service == chosen);
    let groups: Vec<DeadGroup> = shown.flat_map(groups).collect();
    let more = piles.iter().any(|pile| pile.more);
    let rest = if more { "；每个服务先显示最早的 100 条" } else { "" };
    let page = DeadLettersPage {
        site: visit.site(),
        desk: visit.desk("未能处理的事件", PATH),
        services: services(&piles, chosen),
        pager: Pager { summary: format!("共 {} 组{rest}", groups.len()), ..Pager::default() },
        groups,
        display: visit.display,
    };
    answer::private(&page)
}

async fn pile(visit: &Visit, service: &str) -> Result<Pile, Problem> {
    let mut platform = visit.clients.platform(service).ok_or(Error::NoSuchPath)?;
    let request = ListDeadLettersRequest {
        service: service.to_owned(),
        page_size: LETTERS,
        page_token: String::new(),
    };
    let answered = platform.list_dead_letters(request).await?.into_inner();
    Ok(Pile {
        service: service.to_owned(),
        letters: answered.dead_letters,
        more: !answered.next_page_token.is_empty(),
    })
}

fn services(piles: &[Pile], chosen: &str) -> Vec<FacetOption> {
    let count = |letters: usize, more: bool| format!("{letters}{}", if more { "+" } else { "" });
    let all: usize = piles.iter().map(|pile| pile.letters.len()).sum();
    let any_more = piles.iter().any(|pile| pile.more);
    let first = FacetOption {
        label: "全部".to_owned(),
        count: count(all, any_more),
        url: PATH.to_owned(),
        current: chosen.is_empty(),
    };
    let option = |pile: &Pile| FacetOption {
        label: service_name(&pile.service).to_owned(),
        count: count(pile.letters.len(), pile.more),
        url: Address::new(PATH).with("service", &pile.service).to_string(),
        current: chosen == pile.service,
    };
    let rest = piles.iter().filter(|pile| !pile.letters.is_empty() || pile.service == chosen);
    std::iter::once(first).chain(rest.map(option)).collect()
}

fn groups(pile: &Pile) -> Vec<DeadGroup> {
    let mut groups: Vec<DeadGroup> = Vec::new();
    for letter in &pile.letters {
        let shown = DeadLetter {
            id: letter.event_id.chars().take(13).collect(),
            event: event_name(&letter.r#type).to_owned(),
            when: days::minute(letter.died_at),
            attempts: letter.attempts.to_string(),
            error: letter.error.clone(),
            waiting: !letter.failed,
        };
        match groups.iter_mut().find(|group| group.aggregate == letter.aggregate) {
            Some(group) => group.letters.push(shown),
            None => groups.push(DeadGroup {
                service: service_name(&pile.service).to_owned(),
                aggregate: letter.aggregate.clone(),
                redrive_url: Address::new("/console/dead-letters/redrive")
                    .with("service", &pile.service)
                    .with("aggregate", &letter.aggregate)
                    .to_string(),
                letters: vec![shown],
            }),
        }
    }
    groups
}

/// `POST /console/dead-letters/redrive?service=…&aggregate=…`
pub async fn redrive(visit: Visit, _: Csrf<Nothing>) -> Result<Response, Problem> {
    let (service, aggregate) = (visit.parameters.get("service"), visit.parameters.get("aggregate"));
    let mut platform = visit.clients.platform(service).ok_or(Error::NoSuchPath)?;
    let request =
        RedriveDeadLettersRequest { service: service.to_owned(), aggregate: aggregate.to_owned() };
    let answered = platform.redrive_dead_letters(request).await?.into_inner();
    let back = Address::new(PATH)
        .with("done", "redriven")
        .with("count", answered.redriven.to_string())
        .with("failed", answered.failed_again.to_string());
    Ok(Redirect::to(&back.to_string()).into_response())
}

fn service_name(service: &str) -> &str {
    match service {
        "documents" => "文件库",
        "interpretations" => "解读",
        "search" => "检索",
        "notification" => "通知",
        "identity" => "身份",
        "gateway" => "门户",
        other => other,
    }
}

fn event_name(kind: &str) -> &str {
    let name = kind.rsplit('.').next().unwrap_or(kind);
    match name {
        "PolicyPublished" => "文件已发布",
        "PolicyCorrected" => "文件已修订",
        "PolicyWithdrawn" => "文件已撤下",
        "RevisionExpunged" => "正文已清除",
        "ReceiptCompleted" => "回执已完成",
        "TaskOpened" => "解读任务已建立",
        "TaskWaived" => "无需解读",
        "TaskOverdue" => "解读已逾期",
        "TaskClosed" => "解读任务已结束",
        "InterpretationPublished" => "解读已公开",
        "InterpretationWithdrawn" => "解读已撤下",
        "PolicyFollowed" => "解读已跟进",
        "PoliciesIndexed" => "已可检索",
        "PoliciesUnindexed" => "已移出检索",
        "FanOutCompleted" => "通知已发完",
        "DeliveryFailed" => "邮件投递失败",
        "PagesRefreshed" => "页面已更新",
        "OrganChanged" => "机关有变",
        "AccountChanged" => "账号有变",
        "EventDeadLettered" => "事件未能处理",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_one_aggregate_stand_together_in_order() {
        let letter = |aggregate: &str, failed: bool| Message {
            aggregate: aggregate.to_owned(),
            r#type: "yangguang.documents.v1.PolicyPublished".to_owned(),
            failed,
            ..Message::default()
        };
        let letters = vec![
            letter("policies/1", true),
            letter("policies/2", true),
            letter("policies/1", false),
        ];
        let groups = groups(&Pile { service: "search".to_owned(), letters, more: false });
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].letters.len(), 2);
        assert!(!groups[0].letters[0].waiting && groups[0].letters[1].waiting);
        assert_eq!(groups[0].letters[0].event, "文件已发布");
        assert_eq!(groups[0].service, "检索");
        assert!(groups[0].redrive_url.ends_with("?service=search&aggregate=policies%2F1"));
    }
}
