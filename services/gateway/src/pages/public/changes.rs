//! What changed in a week, day by day.

use askama::Template;
use axum::{extract::State, response::Response};
use chrono::NaiveDate;
use contracts::documents::{ChangeKind, ListChangesRequest, ListChangesResponse, PolicyChange};
use http::HeaderMap;

use crate::{
    app::App,
    pages::{
        answer,
        view::{
            address::Address,
            days,
            facets::Parameters,
            frame::{Display, Page, Site},
            parts::{Link, Pager, State as Shown},
            policy,
            week::{Week, weekday},
        },
    },
    problem::Problem,
};

const PATH: &str = "/changes";
/// Changes of one page.
const PAGE_SIZE: u32 = 100;
/// How many weeks ahead the calendar of what is to come leads.
const AHEAD: usize = 8;

#[derive(Template)]
#[template(path = "public/changes.html")]
struct ChangesPage {
    site: Site,
    display: Display,
    page: Page,
    /// `2026年1月5日至1月11日`.
    span: String,
    current: bool,
    kinds: Vec<KindCount>,
    days: Vec<Day>,
    backfilled: String,
    before: Link,
    after: Option<Link>,
    today: Link,
    pager: Pager,
}

#[derive(Debug, Clone, Default)]
struct KindCount {
    state: Shown,
    count: String,
}

/// A day and what changed on it.
#[derive(Debug, Clone, Default)]
struct Day {
    spoken: String,
    weekday: &'static str,
    /// Whether it is still to come.
    coming: bool,
    changes: Vec<ChangeItem>,
}

#[derive(Debug, Clone, Default)]
struct ChangeItem {
    state: Shown,
    title: String,
    url: String,
    organ: Link,
    document_number: String,
    reason: String,
    by: Option<String>,
}

/// `GET /changes?week=2026-W05`
pub async fn changes(
    State(app): State<App>,
    parameters: Parameters,
    display: Display,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let today = app.clock.today();
    let week = Week::read(parameters.get("week")).unwrap_or(Week::of(today));
    let request = ListChangesRequest {
        from: week.first().to_string(),
        to: week.last().to_string(),
        organ_code: parameters.get("organ").to_owned(),
        page_size: PAGE_SIZE,
        page_token: parameters.get("after").to_owned(),
    };
    let list = app.clients.library().list_changes(request).await?.into_inner();
    answer::public(&asked, &page(&app, display, week, today, &parameters, &list), None)
}

fn page(
    app: &App,
    display: Display,
    week: Week,
    today: NaiveDate,
    parameters: &Parameters,
    list: &ListChangesResponse,
) -> ChangesPage {
    let own = |week: Week| {
        let address = Address::new(PATH).with("week", week.to_string());
        address.with("organ", parameters.get("organ"))
    };
    let newest = (0..AHEAD).fold(Week::of(today), |week, _| week.after());
    let following = week.after();
    let current = week == Week::of(today);
    let title = if current { "本周变化" } else { "一周变化" };
    let kinds = list.kinds.iter().map(|count| KindCount {
        state: state(kind_of(&count.key)),
        count: days::figure(count.count),
    });
    ChangesPage {
        site: app.site.clone(),
        page: Page::new(title, "policies")
            .below("政策文件库", "/policies")
            .described(format!("{}的政策文件一周内的发布、修订、生效和失效", app.site.operator))
            .at(app.address(&own(week).to_string())),
        display,
        span: format!("{}至{}", days::chinese(week.first()), days::chinese(week.last())),
        current,
        kinds: kinds.collect(),
        days: by_day(&list.changes, today),
        backfilled: if list.backfilled == 0 {
            String::new()
        } else {
            days::figure(list.backfilled)
        },
        before: Link::new("上一周", own(week.before()).to_string()),
        after: (following <= newest).then(|| Link::new("下一周", own(following).to_string())),
        today: Link::new("回到本周", own(Week::of(today)).to_string()),
        pager: Pager {
            first: (!parameters.get("after").is_empty()).then(|| own(week).to_string()),
            next: (!list.next_page_token.is_empty())
                .then(|| own(week).with("after", &list.next_page_token).to_string()),
            summary: format!("共 {} 项", days::figure(list.total)),
        },
    }
}

fn by_day(changes: &[PolicyChange], today: NaiveDate) -> Vec<Day> {
    let mut days: Vec<(String, Day)> = Vec::new();
    for change in changes {
        if days.last().is_none_or(|(on, _)| *on != change.on) {
            days.push((change.on.clone(), day(&change.on, today)));
        }
        if let Some((_, day)) = days.last_mut() {
            day.changes.push(item(change));
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn day(on: &str, today: NaiveDate) -> Day {
    let Ok(day) = on.parse::<NaiveDate>() else { return Day::default() };
    Day {
        spoken: days::chinese(day),
        weekday: weekday(day),
        coming: day > today,
        changes: Vec::new(),
    }
}

fn item(change: &PolicyChange) -> ChangeItem {
    ChangeItem {
        state: state(change.kind()),
        title: change.title.clone(),
        url: policy::url(&change.policy_id),
        organ: Link::new(&change.organ_name, policy::organ_url(&change.organ_code)),
        document_number: change.document_number.clone(),
        reason: change.reason.clone(),
        by: (!change.by_policy_id.is_empty()).then(|| policy::url(&change.by_policy_id)),
    }
}

fn kind_of(word: &str) -> ChangeKind {
    let name = format!("CHANGE_KIND_{}", word.to_ascii_uppercase());
    ChangeKind::from_str_name(&name).unwrap_or_default()
}

/// What happened, in a word.
pub fn state(kind: ChangeKind) -> Shown {
    match kind {
        ChangeKind::Published => Shown::ok("发布"),
        ChangeKind::Corrected => Shown::warn("edit", "更正"),
        ChangeKind::Withdrawn => Shown::bad("out", "撤下"),
        ChangeKind::Commenced => Shown::ok("生效"),
        ChangeKind::Amended => Shown::warn("edit", "被修改"),
        ChangeKind::Repealed => Shown::bad("stop", "废止"),
        ChangeKind::Lapsed => Shown::off("失效"),
        ChangeKind::Revived => Shown::wait("恢复有效"),
        ChangeKind::Unspecified => Shown::off("变化"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_grouped_by_day_and_what_is_to_come_is_marked() {
        let change = |on: &str, kind: ChangeKind| PolicyChange {
            on: on.to_owned(),
            kind: kind.into(),
            ..PolicyChange::default()
        };
        let changes = [
            change("2026-01-05", ChangeKind::Published),
            change("2026-01-05", ChangeKind::Repealed),
            change("2026-01-09", ChangeKind::Commenced),
        ];
        let days = by_day(&changes, "2026-01-06".parse().unwrap());
        assert_eq!((days.len(), days[0].changes.len()), (2, 2));
        assert_eq!((days[0].weekday, days[0].coming, days[1].coming), ("星期一", false, true));
        assert_eq!(days[0].changes[1].state.label, "废止");
    }

    #[test]
    fn words_of_counts_are_kinds() {
        assert_eq!(kind_of("lapsed"), ChangeKind::Lapsed);
        assert_eq!(kind_of("other"), ChangeKind::Unspecified);
    }
}
