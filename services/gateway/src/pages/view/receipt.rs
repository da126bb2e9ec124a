//! Receipts: what a publication, revision or withdrawal set going, and how far it is.

use askama::Template;
use contracts::documents::{Receipt as Message, Step as StepMessage, StepState};

use super::{days, parts::State};

/// A receipt.
#[derive(Debug, Clone, Default)]
pub struct Receipt {
    pub id: String,
    pub title: String,
    pub state: State,
    pub started: String,
    /// Where it can be watched; `None` once nothing can change any more.
    pub live_url: Option<String>,
    pub steps: Vec<Step>,
}

/// One thing that follows.
#[derive(Debug, Clone, Default)]
pub struct Step {
    pub name: String,
    pub state: State,
    pub when: String,
    pub detail: String,
    pub url: Option<String>,
}

/// A receipt alone, as it is sent to who watches it.
#[derive(Template)]
#[template(path = "console/receipt_panel.html")]
pub struct ReceiptPanel {
    pub receipt: Receipt,
}

impl Receipt {
    /// A receipt as the console shows it.
    pub fn of(receipt: &Message) -> Self {
        let title = match receipt.occasion.as_str() {
            "withdrawn" => "撤下回执".to_owned(),
            "corrected" => format!("第 {} 版修订回执", receipt.revision),
            _ => format!("第 {} 版发布回执", receipt.revision),
        };
        let complete = receipt.completed_at.is_some();
        Self {
            id: receipt.id.clone(),
            title,
            state: state(receipt),
            started: days::second(receipt.started_at),
            live_url: (!complete)
                .then(|| format!("/console/policies/{}/receipt/live", receipt.policy_id)),
            steps: receipt.steps.iter().map(|step| Step::of(step, &receipt.policy_id)).collect(),
        }
    }
}

/// How the whole receipt stands: the worst of its steps says.
fn state(receipt: &Message) -> State {
    let count = |state: StepState| receipt.steps.iter().filter(|s| s.state() == state).count();
    let (done, all) = (count(StepState::Done), receipt.steps.len());
    if receipt.completed_at.is_some() {
        let at = days::second(receipt.completed_at);
        return State::ok("全部完成").because(format!("{all} 个步骤于 {at} 全部完成。"));
    }
    let progress = format!("{all} 个步骤完成 {done} 个。");
    if count(StepState::Failed) > 0 {
        State::bad("warn", "有步骤失败").because(format!("{progress}请按下面的原因处理。"))
    } else if count(StepState::Late) > 0 {
        State::warn("clock", "有步骤超时").because(format!("{progress}超时的步骤仍在自动重试。"))
    } else {
        State::wait("进行中").because(progress)
    }
}

impl Step {
    fn of(step: &StepMessage, policy: &str) -> Self {
        let state = match step.state() {
            StepState::Done => State::ok("已完成"),
            StepState::Late => {
                let due = days::second(step.due_at);
                State::warn("clock", "已超时").because(format!("应于 {due} 前完成。"))
            }
            StepState::Failed => State::bad("warn", "失败"),
            StepState::Waiting | StepState::Unspecified => {
                State { icon: "wait".to_owned(), ..State::wait("等待中") }
            }
        };
        let failed = step.state() == StepState::Failed;
        Self {
            name: step_name(&step.name).to_owned(),
            state,
            when: days::second(step.at),
            detail: step.detail.clone(),
            url: if failed {
                Some("/console/dead-letters".to_owned())
            } else {
                record(step, policy)
            },
        }
    }
}

/// How a step is called.
pub fn step_name(name: &str) -> &str {
    match name {
        "interpretation" => "解读任务",
        "index" => "检索入库",
        "notification" => "订阅通知",
        "page" => "页面更新",
        other => other,
    }
}

/// Where the result of a step can be looked at.
fn record(step: &StepMessage, policy: &str) -> Option<String> {
    match step.name.as_str() {
        "interpretation" => Some(format!("/console/interpretation-tasks?policy={policy}")),
        "notification" => Some(format!("/console/mail?policy={policy}")),
        "page" => Some(super::policy::url(policy)),
        _ => None,
    }
}

/// What is wrong with a receipt that somebody must look at.
pub fn trouble(receipt: &Message) -> State {
    let bad = |wanted: StepState| receipt.steps.iter().find(|step| step.state() == wanted);
    if let Some(step) = bad(StepState::Failed) {
        let label = format!("{}失败", step_name(&step.name));
        return State::bad("warn", &label).because(step.detail.as_str());
    }
    if let Some(step) = bad(StepState::Late) {
        let label = format!("{}超时", step_name(&step.name));
        let due = days::minute(step.due_at);
        return State::warn("clock", &label).because(format!("应于 {due} 前完成。{}", step.detail));
    }
    state(receipt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str, state: StepState) -> StepMessage {
        StepMessage {
            name: name.to_owned(),
            state: state.into(),
            due_at: days::from_input("2024-03-12T10:06"),
            detail: "两个副本都能查到".to_owned(),
            ..StepMessage::default()
        }
    }

    fn receipt(states: [StepState; 4]) -> Message {
        let names = ["interpretation", "index", "notification", "page"];
        Message {
            id: "r1".to_owned(),
            policy_id: "p1".to_owned(),
            revision: 2,
            occasion: "corrected".to_owned(),
            steps: names.into_iter().zip(states).map(|(name, state)| step(name, state)).collect(),
            ..Message::default()
        }
    }

    #[test]
    fn steps_are_called_as_clerks_call_them() {
        let shown = Receipt::of(&receipt([StepState::Done; 4]));
        let names: Vec<&str> = shown.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["解读任务", "检索入库", "订阅通知", "页面更新"]);
        assert_eq!(shown.title, "第 2 版修订回执");
    }

    #[test]
    fn the_worst_step_says_how_the_receipt_stands() {
        use StepState::{Done, Failed, Late, Waiting};
        let label = |states| Receipt::of(&receipt(states)).state.label;
        assert_eq!(label([Done, Done, Waiting, Done]), "进行中");
        assert_eq!(label([Done, Late, Waiting, Done]), "有步骤超时");
        assert_eq!(label([Done, Late, Failed, Done]), "有步骤失败");
        assert_eq!(trouble(&receipt([Done, Late, Failed, Done])).label, "订阅通知失败");
        assert_eq!(trouble(&receipt([Done, Late, Done, Done])).label, "检索入库超时");
    }

    #[test]
    fn a_complete_receipt_is_no_longer_watched() {
        let mut message = receipt([StepState::Done; 4]);
        assert!(Receipt::of(&message).live_url.is_some());
        message.completed_at = days::from_input("2024-03-12T10:05");
        let shown = Receipt::of(&message);
        assert_eq!((shown.live_url, shown.state.label.as_str()), (None, "全部完成"));
    }
}
