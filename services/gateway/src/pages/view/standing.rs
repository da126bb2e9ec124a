//! Where a policy stands between its draft and its public, and what a clerk may do with it.

use contracts::{
    documents::{Draft, DraftState, Policy, PolicyState},
    role,
};

use super::{days, parts::State};

/// What an account may do with a policy now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a form that the page shows or not")]
pub struct May {
    pub edit: bool,
    pub submit: bool,
    pub approve: bool,
    pub send_back: bool,
    pub publish: bool,
    pub unschedule: bool,
    pub discard: bool,
    pub revise: bool,
    pub withdraw: bool,
}

/// What matters of an account for one policy.
#[derive(Debug, Clone, Copy)]
pub struct Clerk<'a> {
    pub account_id: &'a str,
    pub roles: &'a [String],
    /// Whether the policy's organ is the account's own, or below it, or the account is the office's.
    pub acts: bool,
}

impl Clerk<'_> {
    /// Whether the account reviews, publishes and withdraws.
    fn reviews(&self) -> bool {
        holds(self.roles, &REVIEWERS)
    }

    /// Whether the account writes drafts.
    fn writes(&self) -> bool {
        holds(self.roles, &WRITERS)
    }

    /// Whether the account wrote the draft, which it then may not review.
    fn wrote(&self, policy: &Policy) -> bool {
        let author = policy.draft.as_ref().and_then(|draft| draft.author.as_ref());
        author.is_some_and(|author| author.account_id == self.account_id)
    }
}

/// Who writes drafts.
pub const WRITERS: [&str; 2] = [role::EDITOR, role::OFFICE];
/// Who reviews, publishes and withdraws.
pub const REVIEWERS: [&str; 2] = [role::REVIEWER, role::OFFICE];
/// Who runs the platform.
pub const OPERATORS: [&str; 2] = [role::OPS, role::OFFICE];

/// Whether one of the roles that an account holds is among these.
pub fn holds(held: &[String], wanted: &[&str]) -> bool {
    held.iter().any(|role| wanted.contains(&role.as_str()))
}

/// Where a policy stands, with why.
pub fn state(policy: &Policy) -> State {
    let Some(draft) = &policy.draft else { return public_state(policy) };
    let published = policy.state() == PolicyState::Published;
    let state = draft_state(draft);
    if published {
        let reason = format!("公开的仍是第 {} 版。{}", policy.revision, state.reason);
        return State { label: format!("修订{}", state.label), ..state }.because(reason);
    }
    state
}

/// Where a policy without a draft stands.
fn public_state(policy: &Policy) -> State {
    match policy.state() {
        PolicyState::Published => {
            let at = days::spoken_minute(policy.revised_at.or(policy.published_at));
            State::ok("已发布").because(format!("第 {} 版，{at} 发布。", policy.revision))
        }
        PolicyState::Withdrawn => State::off("已撤下").because(format!(
            "{} 撤下：{}",
            days::spoken_minute(policy.withdrawn_at),
            policy.withdrawal_reason
        )),
        PolicyState::Unpublished | PolicyState::Unspecified => State::off("草稿已放弃"),
    }
}

/// Where a draft stands.
pub fn draft_state(draft: &Draft) -> State {
    let name = |person: &Option<contracts::documents::Person>| {
        person.as_ref().map(|person| person.name.clone()).unwrap_or_default()
    };
    let updated = days::minute(draft.updated_at);
    match draft.state() {
        DraftState::InReview => {
            State::wait("待审核").because(format!("{} 起草，{updated} 提交", name(&draft.author)))
        }
        DraftState::Returned => State::warn("back", "已退回").because(format!(
            "{}：{}",
            name(&draft.reviewer),
            draft.return_reason
        )),
        DraftState::Approved => {
            State::ok("待发布").because(format!("{} 审核通过", name(&draft.reviewer)))
        }
        DraftState::Scheduled => State::wait("定时发布")
            .because(format!("{} 自动发布", days::spoken_minute(draft.publish_at))),
        DraftState::Editing | DraftState::Unspecified => State {
            icon: "edit".to_owned(),
            ..State::wait("草稿").because(format!("{} 起草，{updated} 保存", name(&draft.author)))
        },
    }
}

/// Whose policy it is: of its draft, or of what is public.
pub fn organ(policy: &Policy) -> &str {
    let draft = policy.draft.as_ref().and_then(|draft| draft.content.as_ref());
    draft.or(policy.content.as_ref()).map_or("", |content| content.organ_code.as_str())
}

/// What an account may do with a policy now. The service decides; this only spares a clerk
/// buttons that would be refused.
pub fn may(policy: &Policy, clerk: &Clerk<'_>) -> May {
    if !clerk.acts {
        return May::default();
    }
    let (writes, reviews) = (clerk.writes(), clerk.reviews());
    let public = policy.state() == PolicyState::Published;
    let base = May { withdraw: public && reviews, ..May::default() };
    let second = reviews && !clerk.wrote(policy);
    match policy.draft.as_ref().map(Draft::state) {
        None => May { revise: writes, ..base },
        Some(DraftState::Editing | DraftState::Returned | DraftState::Unspecified) => {
            May { edit: writes, submit: writes, discard: writes, ..base }
        }
        Some(DraftState::InReview) => May { approve: second, send_back: second, ..base },
        Some(DraftState::Approved) => May { publish: reviews, send_back: second, ..base },
        Some(DraftState::Scheduled) => {
            May { publish: reviews, unschedule: reviews, send_back: second, ..base }
        }
    }
}

/// Why an account cannot take the next step, and who can.
pub fn blocked(policy: &Policy, clerk: &Clerk<'_>) -> Option<String> {
    if !clerk.acts {
        let organ = &policy.organ_name;
        return Some(format!("这份文件属于{organ}，由该机关的同事办理，您可以查看。"));
    }
    let draft = policy.draft.as_ref()?;
    let told = match draft.state() {
        DraftState::InReview if !clerk.reviews() => {
            "已提交审核，等待审核员办理。您的账号没有审核权限。"
        }
        DraftState::InReview if clerk.wrote(policy) => "这份文件由您起草，须由另一位同事审核。",
        DraftState::Approved if !clerk.reviews() => "已审核通过，等待审核员发布。",
        DraftState::Scheduled if !clerk.reviews() => "已定时，到时自动发布。如需更改请联系审核员。",
        DraftState::Editing | DraftState::Returned if !clerk.writes() => {
            "草稿还在编写，等待起草人提交。"
        }
        _ => return None,
    };
    Some(told.to_owned())
}

/// The states that the list of policies can be narrowed to.
pub const LIST_STATES: [(&str, &str); 8] = [
    ("", "全部在办"),
    ("editing", "草稿"),
    ("in_review", "待审核"),
    ("returned", "已退回"),
    ("approved", "待发布"),
    ("scheduled", "定时发布"),
    ("published", "已发布"),
    ("withdrawn", "已撤下"),
];

/// What the list is asked for when it is narrowed to one of [`LIST_STATES`].
pub fn list_state(word: &str) -> (PolicyState, DraftState) {
    let draft = |state| (PolicyState::Unspecified, state);
    match word {
        "editing" => draft(DraftState::Editing),
        "in_review" => draft(DraftState::InReview),
        "returned" => draft(DraftState::Returned),
        "approved" => draft(DraftState::Approved),
        "scheduled" => draft(DraftState::Scheduled),
        "published" => (PolicyState::Published, DraftState::Unspecified),
        "withdrawn" => (PolicyState::Withdrawn, DraftState::Unspecified),
        _ => (PolicyState::Unspecified, DraftState::Unspecified),
    }
}

#[cfg(test)]
mod tests {
    use contracts::documents::{Person, PolicyContent};

    use super::*;

    fn clerk<'a>(account_id: &'a str, roles: &'a [String]) -> Clerk<'a> {
        Clerk { account_id, roles, acts: true }
    }

    fn editor() -> Vec<String> {
        vec![role::EDITOR.to_owned()]
    }

    fn reviewer() -> Vec<String> {
        vec![role::REVIEWER.to_owned()]
    }

    fn policy(state: PolicyState, draft: Option<DraftState>) -> Policy {
        let content = PolicyContent { organ_code: "office".to_owned(), ..PolicyContent::default() };
        Policy {
            state: state.into(),
            revision: 1,
            content: Some(content.clone()),
            organ_name: "市政府办公室".to_owned(),
            draft: draft.map(|state| Draft {
                state: state.into(),
                content: Some(content),
                author: Some(Person { account_id: "li".to_owned(), name: "李明".to_owned() }),
                ..Draft::default()
            }),
            ..Policy::default()
        }
    }

    #[test]
    fn nobody_reviews_what_they_wrote() {
        let waiting = policy(PolicyState::Unpublished, Some(DraftState::InReview));
        let roles = reviewer();
        let own = clerk("li", &roles);
        assert_eq!(may(&waiting, &own), May::default());
        assert!(blocked(&waiting, &own).unwrap().contains("另一位同事"));
        let other = clerk("wang", &roles);
        let allowed = may(&waiting, &other);
        assert!(allowed.approve && allowed.send_back && !allowed.edit);
        assert_eq!(blocked(&waiting, &other), None);
    }

    #[test]
    fn an_editor_writes_and_a_reviewer_publishes() {
        let approved = policy(PolicyState::Unpublished, Some(DraftState::Approved));
        assert!(may(&approved, &clerk("wang", &reviewer())).publish);
        assert_eq!(may(&approved, &clerk("li", &editor())), May::default());
        let scheduled = policy(PolicyState::Unpublished, Some(DraftState::Scheduled));
        assert!(may(&scheduled, &clerk("wang", &reviewer())).unschedule);
        assert!(!may(&scheduled, &clerk("li", &editor())).unschedule);
        assert!(!may(&approved, &clerk("wang", &reviewer())).unschedule, "no minute is set");
        let editing = policy(PolicyState::Unpublished, Some(DraftState::Editing));
        let allowed = may(&editing, &clerk("li", &editor()));
        assert!(allowed.edit && allowed.submit && allowed.discard && !allowed.publish);
    }

    #[test]
    fn what_is_public_can_be_revised_and_withdrawn() {
        let public = policy(PolicyState::Published, None);
        let reviewing = may(&public, &clerk("wang", &reviewer()));
        assert!(reviewing.withdraw && !reviewing.revise);
        let writing = may(&public, &clerk("li", &editor()));
        assert!(writing.revise && !writing.withdraw);
    }

    #[test]
    fn other_organs_only_look() {
        let public = policy(PolicyState::Published, None);
        let roles = reviewer();
        let stranger = Clerk { acts: false, ..clerk("x", &roles) };
        assert_eq!(may(&public, &stranger), May::default());
        assert!(blocked(&public, &stranger).unwrap().contains("市政府办公室"));
    }

    #[test]
    fn a_revision_under_way_does_not_hide_what_is_public() {
        let shown = state(&policy(PolicyState::Published, Some(DraftState::InReview)));
        assert_eq!(shown.label, "修订待审核");
        assert!(shown.reason.starts_with("公开的仍是第 1 版。"));
        assert_eq!(state(&policy(PolicyState::Published, None)).label, "已发布");
        assert_eq!(list_state("in_review").1, DraftState::InReview);
    }
}
