//! What the library keeps of effects; what they are is computed by the crate `effect`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use ::effect::{
    Act, ActKind, DefaultValidity, Effect, Event, Grounds, Period, Policy as Acting,
    SourceStatement, SourceWord, Verdict, events, on, timeline,
};

use super::{Person, content::Content};

/// A clerk's word on the effect, which counts before what is computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrule {
    /// The effect.
    pub effect: Effect,
    /// First day on which it counts.
    pub from: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: Person,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<Overrule> for ::effect::Overrule {
    fn from(Overrule { effect, from, reason, by, at: _ }: Overrule) -> Self {
        Self { effect, reason, by: by.name, from, until: None }
    }
}

/// What the label of an import's source says against a document.
pub fn at_source(label: &str) -> Option<SourceStatement> {
    SourceWord::read(label).map(|word| SourceStatement { word, seen_on: None })
}

/// The period of validity that a city's rules give a content which states no last day; counted
/// from the day of entry into force, else of signing.
pub fn default_period(
    rules: &[DefaultValidity],
    content: &Content,
    organ_name: &str,
) -> Option<Period> {
    if content.expires_on.is_some() {
        return None;
    }
    let from = content.effective_on.or(content.issued_on)?;
    rules.iter().find_map(|rule| rule.period(&content.category, &[organ_name], from))
}

/// What was told of an effect, to see whether there is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The effect.
    pub effect: Effect,
    /// How many amendments counted by then.
    pub changes: usize,
}

impl Told {
    /// What a verdict tells. What ended it is no amendment.
    pub fn of(verdict: &Verdict) -> Self {
        Self { effect: verdict.effect, changes: verdict.changes() }
    }

    /// As the database keeps it: `in_force+2`.
    pub fn word(self) -> String {
        format!("{}+{}", self.effect.word(), self.changes)
    }

    /// Reads what the database keeps; nothing was told before the first publication.
    pub fn read(word: &str) -> Option<Self> {
        let (effect, changes) = word.split_once('+')?;
        let effect = Effect::ALL.into_iter().find(|known| known.word() == effect)?;
        Some(Self { effect, changes: changes.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn act(kind: ActKind) -> Act {
        Act::new(kind, Acting::new("new", "新办法", None), Some(day("2024-01-01")))
    }

    #[test]
    fn what_was_told_is_kept_and_read_again() {
        let acts = vec![act(ActKind::Amends)];
        let verdict = on(day("2024-06-30"), &Grounds { acts, ..Grounds::default() });
        let told = Told::of(&verdict);
        assert_eq!(told, Told { effect: Effect::InForce, changes: 1 });
        assert_eq!(Told::read(&told.word()), Some(told));
        assert_eq!(Told::read(""), None);
        assert_eq!(Told::read("gone+1"), None);
    }

    #[test]
    fn what_ends_a_policy_is_no_amendment() {
        let acts = vec![act(ActKind::Repeals)];
        let verdict = on(day("2024-06-30"), &Grounds { acts, ..Grounds::default() });
        assert_eq!(Told::of(&verdict), Told { effect: Effect::Repealed, changes: 0 });
    }

    #[test]
    fn a_citys_rule_gives_a_period_only_to_what_states_no_last_day() {
        let rule = DefaultValidity {
            rule: "《某规定》第七条".to_owned(),
            years: 5,
            reading: ::effect::Reading::CorrespondingDay,
            holds_from: day("2003-01-01"),
            categories: vec!["规范性文件".to_owned()],
            organs: Vec::new(),
        };
        let content = Content {
            category: "规范性文件".to_owned(),
            issued_on: Some(day("2018-07-01")),
            ..Content::default()
        };
        let rules = [rule];
        let period = default_period(&rules, &content, "某市人民政府").unwrap();
        assert_eq!(period.last_day, day("2023-07-01"));
        let stated = Content { expires_on: Some(day("2020-01-01")), ..content.clone() };
        assert_eq!(default_period(&rules, &stated, "某市人民政府"), None);
        let other = Content { category: "其他文件".to_owned(), ..content };
        assert_eq!(default_period(&rules, &other, "某市人民政府"), None);
    }
}
