//! The duty to interpret: deadlines with their reasons.

use contracts::interpretations::{Task, TaskState};

use super::{days, parts::State};

/// How a duty stands, for the clerks whose it is.
pub fn state(task: &Task) -> State {
    let state = match task.state() {
        TaskState::Waived => return State::off("无需解读").because(task.outcome.as_str()),
        TaskState::Closed => return State::ok("已完成").because(outcome(task)),
        TaskState::Overdue => {
            let days = task.working_days_left.unsigned_abs();
            if days == 0 {
                State::bad("warn", "已逾期")
            } else {
                State::bad("warn", &format!("已逾期 {days} 个工作日"))
            }
        }
        TaskState::Open | TaskState::Unspecified => match task.working_days_left {
            ..=0 => State::warn("clock", "今天到期"),
            left @ 1..=2 => State::warn("clock", &format!("剩余 {left} 个工作日")),
            left => State::wait(&format!("剩余 {left} 个工作日")),
        },
    };
    let why = [task.outcome.as_str(), &task.reasons.join("；")];
    state
        .because(why.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join("；"))
}

/// Day of the deadline, for tables; both days while the calendar is not yet known.
pub fn due(task: &Task) -> String {
    if task.provisional && task.due_latest != task.due_earliest {
        return format!("{} 至 {}（暂定）", task.due_earliest, task.due_latest);
    }
    task.due_earliest.clone()
}

fn outcome(task: &Task) -> String {
    let at = days::day(task.closed_at);
    match (task.outcome.as_str(), at.is_empty()) {
        ("interpreted", true) => "解读已公开".to_owned(),
        ("interpreted", false) => format!("解读已于 {at} 公开"),
        ("policy_withdrawn", _) => "文件已撤下，任务结束".to_owned(),
        (other, _) => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(state: TaskState, left: i32) -> Task {
        Task {
            state: state.into(),
            working_days_left: left,
            due_earliest: "2024-02-23".to_owned(),
            due_latest: "2024-02-23".to_owned(),
            reasons: vec!["2月20日公开".to_owned(), "3 个工作日".to_owned()],
            ..Task::default()
        }
    }

    #[test]
    fn deadlines_are_told_in_working_days_with_their_reasons() {
        let label = |task: &Task| state(task).label;
        assert_eq!(label(&task(TaskState::Open, 5)), "剩余 5 个工作日");
        assert_eq!(label(&task(TaskState::Open, 0)), "今天到期");
        assert_eq!(label(&task(TaskState::Overdue, -2)), "已逾期 2 个工作日");
        assert_eq!(state(&task(TaskState::Open, 5)).reason, "2月20日公开；3 个工作日");
    }

    #[test]
    fn a_task_that_was_reopened_says_why() {
        let reopened =
            Task { outcome: "原解读已撤回".to_owned(), ..task(TaskState::Open, 3) };
        assert_eq!(state(&reopened).reason, "原解读已撤回；2月20日公开；3 个工作日");
    }

    #[test]
    fn what_is_over_says_how() {
        let waived =
            Task { outcome: "类别不属于须解读".to_owned(), ..task(TaskState::Waived, 0) };
        assert_eq!(state(&waived).label, "无需解读");
        let closed = Task { outcome: "interpreted".to_owned(), ..task(TaskState::Closed, 0) };
        assert_eq!(state(&closed).reason, "解读已公开");
    }

    #[test]
    fn a_provisional_deadline_shows_both_days() {
        let mut open = task(TaskState::Open, 3);
        open.provisional = true;
        assert_eq!(due(&open), "2024-02-23");
        open.due_latest = "2024-02-26".to_owned();
        assert_eq!(due(&open), "2024-02-23 至 2024-02-26（暂定）");
    }
}
