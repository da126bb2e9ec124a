//! Whether a policy is in force on a day, and why.

use chrono::NaiveDate;

use super::day::chinese;

/// The effect of a policy on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// 尚未施行.
    NotYetInForce,
    /// 有效.
    InForce,
    /// 失效.
    Lapsed,
    /// 废止.
    Repealed,
}

impl Effect {
    /// The word that counts and filters use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotYetInForce => "not_yet_in_force",
            Self::InForce => "in_force",
            Self::Lapsed => "lapsed",
            Self::Repealed => "repealed",
        }
    }

    /// As a reader calls it.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::NotYetInForce => "尚未施行",
            Self::InForce => "现行有效",
            Self::Lapsed => "失效",
            Self::Repealed => "废止",
        }
    }

    /// All effects.
    pub const ALL: [Self; 4] = [Self::NotYetInForce, Self::InForce, Self::Lapsed, Self::Repealed];
}

/// The word by which sources say that a document has lapsed.
pub const LAPSED_AT_SOURCE: &str = "失效";
/// The word by which sources say that a document was repealed.
pub const REPEALED_AT_SOURCE: &str = "废止";

/// A published policy that repeals or amends this one from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// True: repeals; false: amends.
    pub repeals: bool,
    /// The first day on which it counts.
    pub starts_on: Option<NaiveDate>,
    /// How the acting policy is called.
    pub by: String,
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
}

/// Effect on a day, whether amended, and the reason in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The effect.
    pub effect: Effect,
    /// Whether an amendment counts by then.
    pub amended: bool,
    /// Names the date or the policy that decides.
    pub reason: String,
}

/// Decides the effect on `today`: repeal before lapse before the day of entry into force.
pub fn on(today: NaiveDate, grounds: &Grounds<'_>) -> Verdict {
    let counts = |act: &&Act| act.starts_on.is_none_or(|day| day <= today);
    let first = |repeals: bool| {
        grounds
            .acts
            .iter()
            .filter(|act| act.repeals == repeals)
            .filter(counts)
            .min_by_key(|act| act.starts_on)
    };
    let amended = first(false);
    let (effect, reason) = decide(today, grounds, first(true), amended);
    Verdict { effect, amended: amended.is_some(), reason }
}

fn decide(
    today: NaiveDate,
    grounds: &Grounds<'_>,
    repealed: Option<&Act>,
    amended: Option<&Act>,
) -> (Effect, String) {
    if let Some(act) = repealed {
        let since = act.starts_on.map(|day| format!("自{}起", chinese(day))).unwrap_or_default();
        return (Effect::Repealed, format!("{since}被{}废止", act.by));
    }
    if grounds.source_status == REPEALED_AT_SOURCE {
        return (Effect::Repealed, "来源标明已废止".to_owned());
    }
    if let Some(day) = grounds.expires_on.filter(|day| *day < today) {
        return (Effect::Lapsed, format!("有效期至{}，已届满", chinese(day)));
    }
    if grounds.source_status == LAPSED_AT_SOURCE {
        return (Effect::Lapsed, "来源标明已失效".to_owned());
    }
    if let Some(day) = grounds.effective_on.filter(|day| *day > today) {
        return (Effect::NotYetInForce, format!("自{}起施行", chinese(day)));
    }
    let mut reason = match (grounds.effective_on, grounds.expires_on) {
        (Some(from), Some(until)) => {
            format!("自{}起施行，有效期至{}", chinese(from), chinese(until))
        }
        (Some(from), None) => format!("自{}起施行", chinese(from)),
        (None, Some(until)) => format!("有效期至{}", chinese(until)),
        (None, None) => "没有废止、失效的记录".to_owned(),
    };
    if let Some(act) = amended {
        reason.push_str(&format!("；已被{}修改", act.by));
    }
    (Effect::InForce, reason)
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
        Act { repeals, starts_on: starts_on.parse().ok(), by: "《新办法》".to_owned() }
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
        assert!(verdict.amended && verdict.reason.contains("修改"));
        assert_eq!(verdict.effect, Effect::InForce);
        let later = [act(false, "2025-01-01")];
        assert!(!on(day("2024-06-30"), &Grounds { acts: &later, ..Grounds::default() }).amended);
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
}
