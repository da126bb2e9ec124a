//! Whether a policy is in force on a day, and why.

use std::collections::BTreeSet;

pub use ::effect::Effect;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Person, day::chinese};

/// The word by which sources say that a document has lapsed.
pub const LAPSED_AT_SOURCE: &str = "失效";
/// The word by which sources say that a document was repealed.
pub const REPEALED_AT_SOURCE: &str = "废止";

/// What another published policy does to this one from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// True: repeals it as a whole; false: amends it, or repeals single articles.
    pub repeals: bool,
    /// The articles concerned, as in 第三条; empty: the whole document.
    pub articles: Vec<String>,
    /// The first day on which it counts.
    pub starts_on: Option<NaiveDate>,
    /// How the acting policy is called.
    pub by: String,
    /// Its id.
    pub policy_id: String,
}

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

/// What the effect depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds<'a> {
    /// Effect as the source of an import states it.
    pub source_status: &'a str,
    /// First day in force.
    pub effective_on: Option<NaiveDate>,
    /// Last day in force.
    pub expires_on: Option<NaiveDate>,
    /// What other published policies do to it.
    pub acts: &'a [Act],
    /// What a clerk says.
    pub overrule: Option<&'a Overrule>,
}

/// Effect on a day, whether amended, and the reason in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The effect.
    pub effect: Effect,
    /// How many amendments count by then.
    pub amendments: usize,
    /// Names the date or the policy that decides.
    pub reason: String,
    /// Id of the policy that decides, or empty.
    pub by_policy_id: String,
}

impl Verdict {
    /// What is remembered of it, to see whether it has changed.
    pub fn word(&self) -> String {
        format!("{}+{}", self.effect.word(), self.amendments)
    }
}

/// A verdict and the first day from which it holds; the earliest has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Option<NaiveDate>,
    /// What holds from then on.
    pub verdict: Verdict,
}

/// The effect on every day: a span from each day on which the verdict is another one.
pub fn timeline(grounds: &Grounds<'_>) -> Vec<Span> {
    let acts = grounds.acts.iter().filter_map(|act| act.starts_on);
    let over = grounds.overrule.map(|overrule| overrule.from);
    let lapse = grounds.expires_on.and_then(|last| last.succ_opt());
    let days: BTreeSet<NaiveDate> =
        acts.chain(grounds.effective_on).chain(lapse).chain(over).collect();
    let mut spans = vec![Span { from: None, verdict: on(NaiveDate::MIN, grounds) }];
    for day in days {
        let verdict = on(day, grounds);
        if spans.last().is_none_or(|last| last.verdict != verdict) {
            spans.push(Span { from: Some(day), verdict });
        }
    }
    spans
}

/// Decides the effect on `today`: a clerk's word before a repeal, that before a lapse, and that
/// before the day of entry into force.
pub fn on(today: NaiveDate, grounds: &Grounds<'_>) -> Verdict {
    let place = |act: &&Act| (act.starts_on, act.policy_id.clone());
    let counting = grounds.acts.iter().filter(|act| act.starts_on.is_none_or(|day| day <= today));
    let (repeals, amendments): (Vec<&Act>, Vec<&Act>) = counting.partition(|act| act.repeals);
    let repealed = repeals.into_iter().min_by_key(place);
    let last = amendments.iter().copied().max_by_key(place);
    let (effect, reason, by_policy_id) = decide(today, grounds, repealed, last);
    Verdict { effect, amendments: amendments.len(), reason, by_policy_id }
}

fn decide(
    today: NaiveDate,
    grounds: &Grounds<'_>,
    repealed: Option<&Act>,
    amended: Option<&Act>,
) -> (Effect, String, String) {
    if let Some(Overrule { effect, from, reason, by, .. }) =
        grounds.overrule.filter(|overrule| overrule.from <= today)
    {
        let name = &by.name;
        let text = format!("自{}起，经{name}核定为{}：{reason}", chinese(*from), effect.chinese());
        return (*effect, text, String::new());
    }
    if let Some(act) = repealed {
        let since = act.starts_on.map(|day| format!("自{}起", chinese(day))).unwrap_or_default();
        return (Effect::Repealed, format!("{since}被{}废止", act.by), act.policy_id.clone());
    }
    let own = |effect, reason: String| (effect, reason, String::new());
    if grounds.source_status == REPEALED_AT_SOURCE {
        return own(Effect::Repealed, "来源标明已废止".to_owned());
    }
    if let Some(day) = grounds.expires_on.filter(|day| *day < today) {
        return own(Effect::Lapsed, format!("有效期至{}，已届满", chinese(day)));
    }
    if grounds.source_status == LAPSED_AT_SOURCE {
        return own(Effect::Lapsed, "来源标明已失效".to_owned());
    }
    if let Some(day) = grounds.effective_on.filter(|day| *day > today) {
        return own(Effect::NotYetInForce, format!("自{}起施行", chinese(day)));
    }
    let mut reason = match (grounds.effective_on, grounds.expires_on) {
        (Some(from), Some(until)) => {
            format!("自{}起施行，有效期至{}", chinese(from), chinese(until))
        }
        (Some(from), None) => format!("自{}起施行", chinese(from)),
        (None, Some(until)) => format!("有效期至{}", chinese(until)),
        (None, None) => "没有废止、失效的记录".to_owned(),
    };
    let Some(Act { by, policy_id, articles, starts_on, .. }) = amended else {
        return own(Effect::InForce, reason);
    };
    let since = starts_on.map(|day| format!("自{}起", chinese(day))).unwrap_or_default();
    reason.push_str(&format!("；{since}被{by}修改{}", named(articles)));
    (Effect::InForce, reason, policy_id.clone())
}

/// The first articles of a list, as a sentence names them.
fn named(articles: &[String]) -> String {
    const MOST: usize = 5;
    let more = if articles.len() > MOST { "等条款" } else { "" };
    let first: Vec<_> = articles.iter().take(MOST).map(String::as_str).collect();
    format!("{}{more}", first.join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn judge(grounds: &Grounds<'_>) -> (Effect, String) {
        let verdict = on(day("2024-06-30"), grounds);
        (verdict.effect, verdict.reason)
    }

    fn act(repeals: bool, starts_on: &str) -> Act {
        Act {
            repeals,
            articles: Vec::new(),
            starts_on: starts_on.parse().ok(),
            by: "《新办法》".to_owned(),
            policy_id: "new".to_owned(),
        }
    }

    #[test]
    fn without_any_ground_a_policy_is_in_force() {
        assert_eq!(judge(&Grounds::default()).0, Effect::InForce);
    }

    #[test]
    fn dates_decide_to_the_day() {
        let from = |text| Grounds { effective_on: Some(day(text)), ..Grounds::default() };
        let until = |text| Grounds { expires_on: Some(day(text)), ..Grounds::default() };
        assert_eq!(judge(&from("2024-06-30")).0, Effect::InForce);
        let (effect, reason) = judge(&from("2024-07-01"));
        assert_eq!(effect, Effect::NotYetInForce);
        assert!(reason.contains("2024年7月1日"));
        assert_eq!(judge(&until("2024-06-30")).0, Effect::InForce, "the last day counts");
        let (effect, reason) = judge(&until("2024-06-29"));
        assert_eq!(effect, Effect::Lapsed);
        assert!(reason.contains("2024年6月29日"));
    }

    #[test]
    fn a_repeal_counts_from_its_day_on_and_names_who_repeals() {
        let acts = [act(true, "2024-07-01")];
        let grounds = Grounds { acts: &acts, ..Grounds::default() };
        assert_eq!(judge(&grounds).0, Effect::InForce);
        let verdict = on(day("2024-07-01"), &grounds);
        assert_eq!(verdict.effect, Effect::Repealed);
        assert_eq!(verdict.reason, "自2024年7月1日起被《新办法》废止");
    }

    #[test]
    fn a_repeal_weighs_more_than_a_lapse() {
        let acts = [act(true, "2020-01-01")];
        let grounds = Grounds {
            acts: &acts,
            expires_on: Some(day("2021-01-01")),
            source_status: LAPSED_AT_SOURCE,
            ..Grounds::default()
        };
        assert_eq!(judge(&grounds).0, Effect::Repealed);
    }

    #[test]
    fn an_amended_policy_stays_in_force() {
        let acts = [act(false, "2020-01-01")];
        let verdict = on(day("2024-06-30"), &Grounds { acts: &acts, ..Grounds::default() });
        assert!(verdict.amendments == 1 && verdict.reason.contains("修改"));
        assert_eq!(verdict.effect, Effect::InForce);
        let later = [act(false, "2025-01-01")];
        let verdict = on(day("2024-06-30"), &Grounds { acts: &later, ..Grounds::default() });
        assert_eq!(verdict.amendments, 0);
    }

    #[test]
    fn the_sources_word_counts() {
        let says = |status| Grounds { source_status: status, ..Grounds::default() };
        assert_eq!(judge(&says("失效")).0, Effect::Lapsed);
        assert_eq!(judge(&says("废止")).0, Effect::Repealed);
        for other in ["有效", "已发布", "征求意见", "历史", ""] {
            assert_eq!(judge(&says(other)).0, Effect::InForce, "{other}");
        }
    }

    #[test]
    fn a_clerks_word_weighs_most_from_its_day_on() {
        let acts = [act(true, "2020-01-01")];
        let by = Person { account_id: "1".to_owned(), name: "王芳".to_owned() };
        let overrule = Overrule {
            effect: Effect::InForce,
            from: day("2024-06-01"),
            reason: "废止决定已撤销".to_owned(),
            by,
            at: DateTime::UNIX_EPOCH,
        };
        let grounds = Grounds { acts: &acts, overrule: Some(&overrule), ..Grounds::default() };
        assert_eq!(on(day("2024-05-31"), &grounds).effect, Effect::Repealed);
        let (effect, reason) = judge(&grounds);
        assert_eq!(effect, Effect::InForce);
        assert!(reason.contains("王芳") && reason.contains("废止决定已撤销"), "{reason}");
    }

    #[test]
    fn a_timeline_tells_every_day() {
        let acts = [act(false, "2021-05-01"), act(true, "2023-01-01")];
        let grounds = Grounds {
            effective_on: Some(day("2020-01-01")),
            expires_on: Some(day("2022-12-31")),
            acts: &acts,
            ..Grounds::default()
        };
        let told: Vec<_> = timeline(&grounds)
            .into_iter()
            .map(|span| (super::super::day::write(span.from), span.verdict.word()))
            .collect();
        let told: Vec<_> = told.iter().map(|(from, word)| (from.as_str(), word.as_str())).collect();
        assert_eq!(
            told,
            [
                ("", "not_yet_in_force+0"),
                ("2020-01-01", "in_force+0"),
                ("2021-05-01", "in_force+1"),
                ("2023-01-01", "repealed+1"),
            ]
        );
    }
}
