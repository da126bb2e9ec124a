//! The effect of a policy, in words.

use contracts::documents::{Effect, EffectSpan, Policy};

use super::{days, parts::State, policy::url};

/// The words by which addresses and counts name the effects.
const WORDS: [(&str, Effect, &str); 4] = [
    ("in_force", Effect::InForce, "现行有效"),
    ("not_yet_in_force", Effect::NotYetInForce, "尚未生效"),
    ("lapsed", Effect::Lapsed, "已失效"),
    ("repealed", Effect::Repealed, "已废止"),
];

/// The effect that an address names; unspecified for none or an unknown one.
pub fn read(word: &str) -> Effect {
    let known = WORDS.iter().find(|(known, ..)| *known == word);
    known.map_or(Effect::Unspecified, |(_, effect, _)| *effect)
}

/// How readers call the effect of this word.
pub fn label(word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(known, ..)| *known == word).map(|(.., label)| *label)
}

/// The effect of a policy and its reason.
pub fn state(policy: &Policy) -> State {
    of(policy.effect(), policy.amended).because(policy.effect_reason.as_str())
}

fn of(effect: Effect, amended: bool) -> State {
    match effect {
        Effect::InForce if amended => State::warn("edit", "已修改"),
        other => plain(other),
    }
}

/// An effect of which nothing else is known.
pub fn plain(effect: Effect) -> State {
    match effect {
        Effect::InForce => State::ok("现行有效"),
        Effect::NotYetInForce => State::wait("尚未生效"),
        Effect::Lapsed => State::off("已失效"),
        Effect::Repealed => State::bad("stop", "已废止"),
        Effect::Unspecified => State::off("有效性未标注"),
    }
}

/// The effect of a policy on every day, and the day that is looked at.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// Where another day is asked for.
    pub action: String,
    /// The day that is looked at, `2023-12-18`.
    pub day: String,
    /// The same day, spoken.
    pub spoken: String,
    /// Whether the reader chose it.
    pub chosen: bool,
    /// Newest first.
    pub spans: Vec<SpanItem>,
}

/// An effect and from when it holds.
#[derive(Debug, Clone, Default)]
pub struct SpanItem {
    /// `2023年12月18日起`, or nothing for the time before the first change.
    pub from: String,
    pub state: State,
    /// The policy that does it.
    pub url: Option<String>,
    /// Whether it holds on the day that is looked at.
    pub current: bool,
}

impl Timeline {
    /// All that is known of a policy's effect.
    pub fn of(policy: &Policy) -> Self {
        let spans = &policy.effect_spans;
        let current = spans.iter().rposition(|span| span.from <= policy.as_of);
        let item = |(at, span): (usize, &EffectSpan)| SpanItem {
            from: match span.from.as_str() {
                "" => String::new(),
                from => format!("{}起", days::spoken_day(from)),
            },
            state: of(span.effect(), span.amended).because(span.reason.as_str()),
            url: (!span.by_policy_id.is_empty()).then(|| url(&span.by_policy_id)),
            current: current == Some(at),
        };
        Self {
            action: url(&policy.id),
            day: policy.as_of.clone(),
            spoken: days::spoken_day(&policy.as_of),
            chosen: false,
            spans: spans.iter().enumerate().map(item).rev().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amended_policy_is_told_from_one_that_stands_as_it_was() {
        let mut policy = Policy {
            effect: Effect::InForce.into(),
            effect_reason: "自2024年3月1日起施行".to_owned(),
            ..Policy::default()
        };
        assert_eq!(state(&policy).label, "现行有效");
        policy.amended = true;
        assert_eq!(state(&policy).label, "已修改");
        assert_eq!(state(&policy).reason, "自2024年3月1日起施行");
        policy.effect = Effect::Repealed.into();
        assert_eq!(state(&policy).label, "已废止");
    }

    #[test]
    fn words_of_addresses_are_read_and_unknown_ones_left_aside() {
        for (word, effect, label_of_it) in WORDS {
            assert_eq!((read(word), label(word)), (effect, Some(label_of_it)));
        }
        assert_eq!((read("any"), label("any")), (Effect::Unspecified, None));
    }
}
