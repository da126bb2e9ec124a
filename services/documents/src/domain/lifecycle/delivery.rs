//! What a policy grants, 兑现: to whom, how, and what was paid out so far.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    span,
    stage::{backwards, too_long},
};
use crate::domain::{Violation, content::is_address, day, text};

/// Most things that one policy grants.
pub const MOST_DELIVERIES: usize = 50;
/// Most payouts of one of them.
pub const MOST_PAYOUTS: usize = 2_000;
/// Most fen of one amount: a billion yuan times a thousand. 2 000 of them still add up in 64 bits.
const MOST_FEN: i64 = 100_000_000_000_000;
/// Most people or firms of one payout: more than live in any city.
const MOST_RECIPIENTS: i64 = 100_000_000;

/// For whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// 个人.
    #[default]
    Persons,
    /// 企业.
    Firms,
    /// 个人和企业.
    PersonsAndFirms,
}

/// What is granted, to whom, on which conditions and by which steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// What one gets.
    pub benefit: String,
    /// For whom.
    pub audience: Audience,
    /// Who exactly.
    pub audience_note: String,
    /// On which conditions.
    pub conditions: String,
    /// 免申即享: nobody has to apply.
    pub without_application: bool,
    /// How to get it, a step a line.
    pub steps: String,
    /// Where to apply or to read more.
    pub url: String,
    /// Whom to ask.
    pub contact: String,
    /// Who grants it.
    pub organ_code: String,
    /// Its name at the time.
    pub organ_name: String,
    /// A fixed amount in fen; 0: none.
    pub fen: i64,
    /// For what the amount is: 每人每月.
    pub unit: String,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub until: Option<NaiveDate>,
}

impl Terms {
    /// Cleans the texts.
    #[must_use]
    pub fn tidied(self) -> Self {
        Self {
            benefit: text::line(&self.benefit),
            audience_note: text::line(&self.audience_note),
            conditions: text::plain(self.conditions.trim()),
            steps: text::plain(self.steps.trim()),
            url: text::line(&self.url),
            contact: text::line(&self.contact),
            unit: text::line(&self.unit),
            ..self
        }
    }

    /// What is wrong with it.
    pub fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.benefit.is_empty() {
            let text = "请写明能得到什么，例如：80周岁以上老年人高龄津贴";
            found.push(Violation::new("benefit", text));
        }
        if self.conditions.is_empty() {
            let text = "请写明享受的条件；没有条件的写明“无”";
            found.push(Violation::new("conditions", text));
        }
        if !self.without_application && self.steps.is_empty() && self.url.is_empty() {
            let text = "请写明办理步骤或者办理链接；无须申请的请选免申即享";
            found.push(Violation::new("steps", text));
        }
        if !self.url.is_empty() && !is_address(&self.url) {
            found.push(Violation::new("url", "链接应以 http:// 或 https:// 开头"));
        }
        if !(0..=MOST_FEN).contains(&self.fen) {
            found.push(Violation::new("amount_fen", "金额应为 0 至 1 万亿元之间的数"));
        }
        if let Some(wrong) = backwards(self.from, self.until) {
            found.push(Violation::new("available_until", wrong));
        }
        for (field, value, most) in [
            ("benefit", &self.benefit, 200),
            ("audience_note", &self.audience_note, 200),
            ("conditions", &self.conditions, text::MAX_SUMMARY_CHARS),
            ("steps", &self.steps, text::MAX_SUMMARY_CHARS),
            ("url", &self.url, text::MAX_LINE_CHARS),
            ("contact", &self.contact, 200),
            ("amount_unit", &self.unit, 30),
        ] {
            found.extend(too_long(field, value, most));
        }
        found
    }
}

/// What was paid out on a day or in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// How many people or firms.
    pub recipients: i64,
    /// How much, in fen.
    pub fen: i64,
    /// What is to be said of it.
    pub remark: String,
}

impl Payout {
    /// Whether this says that nothing was paid out.
    pub fn is_void(&self) -> bool {
        self.recipients == 0 && self.fen == 0
    }

    /// What is wrong with it on a day; a correction may say that it did not happen.
    pub fn violations(&self, today: NaiveDate, corrects: bool) -> Vec<Violation> {
        let mut found = Vec::new();
        if let Some(wrong) = backwards(Some(self.from), Some(self.until)) {
            found.push(Violation::new("paid_until", wrong));
        } else if self.until > today {
            let text = format!(
                "{}还没有到，请在发放之后登记，最晚为今天{}",
                day::chinese(self.until),
                day::chinese(today)
            );
            let field = if self.from > today { "paid_from" } else { "paid_until" };
            found.push(Violation::new(field, text));
        }
        let void = corrects && self.is_void();
        if !(1..=MOST_RECIPIENTS).contains(&self.recipients) && !void {
            let text = "人数（户数）应为 1 至 1 亿之间的整数";
            found.push(Violation::new("recipients", text));
        }
        if !(0..=MOST_FEN).contains(&self.fen) {
            found.push(Violation::new("paid_fen", "金额应为 0 至 1 万亿元之间的数"));
        }
        found.extend(too_long("remark", &self.remark, 200));
        found
    }

    /// The payout in one line.
    pub(super) fn told(&self) -> String {
        let days = span(Some(self.from), Some(self.until));
        format!("{days}，{}人（户）次，{}元", self.recipients, yuan(self.fen))
    }
}

/// Figures that were wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// What stood there.
    pub was: Payout,
    /// Why it was put right.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A payout as it stands, and what stood there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Id.
    pub id: String,
    /// As it stands.
    pub payout: Payout,
    /// Oldest first.
    pub corrections: Vec<Correction>,
}

impl Paid {
    /// A payout that nobody has corrected.
    pub fn new(id: String, payout: Payout) -> Self {
        Self { id, payout, corrections: Vec::new() }
    }
}

/// Something that a policy grants, with what was paid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Id.
    pub id: String,
    /// What is granted.
    pub terms: Terms,
    /// Oldest entry first.
    pub payouts: Vec<Paid>,
}

impl Delivery {
    /// A delivery of which nothing was paid out.
    pub fn new(id: String, terms: Terms) -> Self {
        Self { id, terms, payouts: Vec::new() }
    }

    /// People or firms of all payouts; who was paid twice counts twice.
    pub fn recipients(&self) -> i64 {
        self.payouts.iter().fold(0, |sum, paid| sum.saturating_add(paid.payout.recipients))
    }

    /// Fen of all payouts.
    pub fn fen(&self) -> i64 {
        self.payouts.iter().fold(0, |sum, paid| sum.saturating_add(paid.payout.fen))
    }
}

/// Fen as yuan: `1234.50`.
fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn paid(from: &str, until: &str, recipients: i64, fen: i64) -> Payout {
        let (from, until) = (day(from), day(until));
        Payout { from, until, recipients, fen, remark: String::new() }
    }

    #[test]
    fn a_payout_has_happened_to_somebody() {
        let today = day("2026-03-31");
        let fields = |payout: &Payout, corrects| {
            payout.violations(today, corrects).iter().map(|v| v.field).collect::<Vec<_>>()
        };
        assert!(fields(&paid("2026-03-01", "2026-03-31", 3, 0), false).is_empty());
        assert_eq!(fields(&paid("2026-03-02", "2026-03-01", 3, 0), false), ["paid_until"]);
        assert_eq!(fields(&paid("2026-04-01", "2026-04-01", 3, 0), false), ["paid_from"]);
        assert_eq!(fields(&paid("2026-03-01", "2026-03-01", 0, 0), false), ["recipients"]);
        assert!(fields(&paid("2026-03-01", "2026-03-01", 0, 0), true).is_empty());
        assert_eq!(fields(&paid("2026-03-01", "2026-03-01", 0, 5), true), ["recipients"]);
        assert_eq!(fields(&paid("2026-03-01", "2026-03-01", 1, -5), true), ["paid_fen"]);
    }

    #[test]
    fn what_is_applied_for_says_how() {
        let terms =
            Terms {
                benefit: "补贴".to_owned(), conditions: "无".to_owned(), ..Terms::default()
            };
        assert_eq!(terms.violations()[0].field, "steps");
        assert!(Terms { without_application: true, ..terms.clone() }.violations().is_empty());
        let steps = Terms { steps: "到窗口办理".to_owned(), ..terms };
        assert!(steps.violations().is_empty());
        let backwards =
            Terms { from: Some(day("2026-02-01")), until: Some(day("2026-01-31")), ..steps };
        assert_eq!(backwards.violations()[0].field, "available_until");
    }

    #[test]
    fn fen_are_told_as_yuan() {
        assert_eq!([0, 5, 100, 123_450].map(yuan), ["0.00", "0.05", "1.00", "1234.50"]);
    }

    proptest! {
        #[test]
        fn sums_are_exact(rows in prop::collection::vec((1..=MOST_RECIPIENTS, 0..=MOST_FEN), 0..40)) {
            let payout = |(recipients, fen): &(i64, i64)| {
                Paid::new(String::new(), paid("2026-03-01", "2026-03-01", *recipients, *fen))
            };
            let payouts = rows.iter().map(payout).collect();
            let delivery = Delivery { payouts, ..Delivery::new(String::new(), Terms::default()) };
            let people: i128 = rows.iter().map(|row| i128::from(row.0)).sum();
            let fen: i128 = rows.iter().map(|row| i128::from(row.1)).sum();
            prop_assert_eq!(i128::from(delivery.recipients()), people);
            prop_assert_eq!(i128::from(delivery.fen()), fen);
        }
    }
}
