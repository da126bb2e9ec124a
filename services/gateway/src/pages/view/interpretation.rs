//! Interpretations, as items of lists and with their furniture.

use contracts::interpretations::{Interpretation, InterpretationState};

use super::{
    days,
    parts::State,
    policy::{self, MetaRow},
};

/// The kinds of interpretation, and how they are called.
pub const KINDS: [(&str, &str); 4] = [
    ("text", "文字解读"),
    ("picture", "图片解读"),
    ("expert", "负责人或专家解读"),
    ("media", "媒体解读"),
];

/// An interpretation in a list.
#[derive(Debug, Clone, Default)]
pub struct InterpretationItem {
    pub title: String,
    pub url: String,
    pub organ: String,
    pub kind: String,
    pub published: String,
    pub policy_title: String,
    pub policy_url: String,
}

impl InterpretationItem {
    /// An interpretation as lists show it.
    pub fn of(interpretation: &Interpretation) -> Self {
        Self {
            title: interpretation.title.clone(),
            url: url(&interpretation.id),
            organ: interpretation.interpreter.clone(),
            kind: kind(&interpretation.kind).to_owned(),
            published: days::day(interpretation.published_at),
            policy_title: interpretation.policy_title.clone(),
            policy_url: policy::url(&interpretation.policy_id),
        }
    }
}

/// The public address of an interpretation.
pub fn url(id: &str) -> String {
    format!("/interpretations/{id}")
}

/// How a kind is called.
pub fn kind(word: &str) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == word).map_or("政策解读", |(_, label)| label)
}

/// The furniture of an interpretation, in the order that the field expects.
pub fn meta(interpretation: &Interpretation, organ: &str) -> Vec<MetaRow> {
    let form = match interpretation.form.as_str() {
        "" => kind(&interpretation.kind),
        form => form,
    };
    vec![
        MetaRow::new("信息来源", organ),
        MetaRow::new("解读机关", organ),
        MetaRow::new("发布时间", &days::minute(interpretation.published_at)),
        MetaRow::new("解读形式", form),
        MetaRow::new("解读人", &interpretation.interpreter),
        MetaRow::new("咨询电话", &interpretation.contact_phone),
    ]
}

/// How an interpretation stands, for clerks.
pub fn state(interpretation: &Interpretation) -> State {
    match interpretation.state() {
        InterpretationState::Published => State::ok("已公开"),
        InterpretationState::Withdrawn => {
            State::off("已撤下").because(interpretation.withdrawal_reason.as_str())
        }
        InterpretationState::Draft | InterpretationState::Unspecified => {
            State { icon: "edit".to_owned(), ..State::wait("草稿") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpretation_leads_to_its_policy() {
        let interpretation = Interpretation {
            id: "i1".to_owned(),
            policy_id: "p1".to_owned(),
            kind: "picture".to_owned(),
            ..Interpretation::default()
        };
        let item = InterpretationItem::of(&interpretation);
        assert_eq!(
            (item.url.as_str(), item.policy_url.as_str()),
            ("/interpretations/i1", "/policies/p1")
        );
        assert_eq!(item.kind, "图片解读");
        assert_eq!(meta(&interpretation, "市城管局")[3].value, "图片解读");
        assert_eq!(state(&interpretation).label, "草稿");
    }
}
