//! The full lifecycle of a policy, 全生命周期: nine stages, what was done in each, what is granted.
//!
//! What is shown is derived from entries that only grow: published information is never altered in
//! silence (《政府信息公开条例》 article 6: accurate, and corrected where it is not).

pub mod delivery;
pub mod stage;
pub mod standing;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Person;
use delivery::{Correction, Delivery, Payout, Terms};
use stage::{Material, Record};

/// A stage of the way from the demand to the feedback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 公开诉求及计划.
    Demand,
    /// 调查及研究.
    Study,
    /// 评估及论证.
    Justification,
    /// 审议及列席.
    Deliberation,
    /// 发布.
    Publication,
    /// 解读.
    Interpretation,
    /// 咨询.
    Enquiry,
    /// 兑现.
    Delivery,
    /// 反馈.
    Feedback,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 9] = [
        Self::Demand,
        Self::Study,
        Self::Justification,
        Self::Deliberation,
        Self::Publication,
        Self::Interpretation,
        Self::Enquiry,
        Self::Delivery,
        Self::Feedback,
    ];

    /// The word in tables and in the audit trail.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Demand => "demand",
            Self::Study => "study",
            Self::Justification => "justification",
            Self::Deliberation => "deliberation",
            Self::Publication => "publication",
            Self::Interpretation => "interpretation",
            Self::Enquiry => "enquiry",
            Self::Delivery => "delivery",
            Self::Feedback => "feedback",
        }
    }

    /// What the stage is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Demand => "公开诉求及计划",
            Self::Study => "调查及研究",
            Self::Justification => "评估及论证",
            Self::Deliberation => "审议及列席",
            Self::Publication => "发布",
            Self::Interpretation => "解读",
            Self::Enquiry => "咨询",
            Self::Delivery => "兑现",
            Self::Feedback => "反馈",
        }
    }

    /// Whether the stage belongs before the publication, 前置环节.
    pub fn precedes_publication(self) -> bool {
        self < Self::Publication
    }

    /// What is expected of the stage, told where nothing is there.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Demand => "应公开制定计划或意见征集公告，以及意见采纳情况",
            Self::Study => "应公开调研报告或调研情况",
            Self::Justification => "应公开专家论证、风险评估、合法性审查、公平竞争审查等意见",
            Self::Deliberation => "应公开审议会议和列席人员情况",
            Self::Publication => "文件公开后由平台自动记录",
            Self::Interpretation => "应公开政策解读；解读发布后自动列在这里",
            Self::Enquiry => "应公开咨询渠道和常见问题答复",
            Self::Delivery => "应公开能得到什么、怎样得到和已兑现的情况",
            Self::Feedback => "应公开执行效果评估或意见反馈情况",
        }
    }
}

/// A change of a lifecycle, as the entries keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// When the stage was, who answers for it, what came of it.
    StageSet {
        /// All of it.
        record: Record,
    },
    /// The policy has no such stage.
    StageNotApplicable,
    /// A material more.
    MaterialAdded {
        /// The material.
        material: Material,
    },
    /// A material less.
    MaterialRemoved {
        /// Which.
        id: String,
        /// What it was called.
        title: String,
    },
    /// Something more that the policy grants.
    DeliveryAdded {
        /// Its id.
        id: String,
        /// What is granted.
        terms: Terms,
    },
    /// What is granted, said anew.
    DeliveryUpdated {
        /// Which.
        id: String,
        /// What is granted.
        terms: Terms,
    },
    /// Something that the policy does not grant after all.
    DeliveryRemoved {
        /// Which.
        id: String,
        /// What it was.
        benefit: String,
    },
    /// Something was paid out.
    PayoutAdded {
        /// Of which delivery.
        delivery_id: String,
        /// Its id.
        id: String,
        /// The figures.
        payout: Payout,
    },
    /// Right figures in place of wrong ones.
    PayoutCorrected {
        /// Of which delivery.
        delivery_id: String,
        /// Of which payout.
        id: String,
        /// The figures.
        payout: Payout,
    },
}

impl Change {
    /// The word in events and in the audit trail.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::StageSet { .. } => "stage_set",
            Self::StageNotApplicable => "stage_not_applicable",
            Self::MaterialAdded { .. } => "material_added",
            Self::MaterialRemoved { .. } => "material_removed",
            Self::DeliveryAdded { .. } => "delivery_added",
            Self::DeliveryUpdated { .. } => "delivery_updated",
            Self::DeliveryRemoved { .. } => "delivery_removed",
            Self::PayoutAdded { .. } => "payout_added",
            Self::PayoutCorrected { .. } => "payout_corrected",
        }
    }

    /// What the change was about, in Chinese.
    pub fn detail(&self) -> String {
        match self {
            Self::StageSet { record } => record.told(),
            Self::StageNotApplicable => String::new(),
            Self::MaterialAdded { material } => material.told(),
            Self::MaterialRemoved { title, .. } => title.clone(),
            Self::DeliveryAdded { terms, .. } | Self::DeliveryUpdated { terms, .. } => {
                terms.benefit.clone()
            }
            Self::DeliveryRemoved { benefit, .. } => benefit.clone(),
            Self::PayoutAdded { payout, .. } | Self::PayoutCorrected { payout, .. } => {
                payout.told()
            }
        }
    }
}

/// A change with who, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts the changes of the policy, from 1.
    pub position: i64,
    /// In which stage.
    pub stage: Stage,
    /// What.
    pub change: Change,
    /// Why; empty where nothing was there before.
    pub reason: String,
    /// Who.
    pub by: Person,
    /// When.
    pub at: DateTime<Utc>,
}

/// What is in one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// What was set last.
    pub record: Record,
    /// Materials, oldest first.
    pub materials: Vec<Material>,
    /// Why the policy has no such stage.
    pub not_applicable: Option<String>,
}

impl Filled {
    /// Whether anything is there.
    pub fn is_empty(&self) -> bool {
        self.record.is_empty() && self.materials.is_empty()
    }
}

/// What the entries come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    filled: [Filled; 9],
    /// What the policy grants, oldest first.
    pub deliveries: Vec<Delivery>,
    /// Position of the last entry; 0 without one.
    pub position: i64,
}

impl Lifecycle {
    /// Derives what is shown from all entries, oldest first.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut lifecycle = Self::default();
        for entry in entries {
            lifecycle.apply(entry);
        }
        lifecycle
    }

    /// What is in a stage.
    pub fn filled(&self, stage: Stage) -> &Filled {
        const NOTHING: &Filled = &Filled {
            record: Record {
                began_on: None,
                ended_on: None,
                organ_code: String::new(),
                organ_name: String::new(),
                summary: String::new(),
                is_major_decision: false,
            },
            materials: Vec::new(),
            not_applicable: None,
        };
        self.filled.get(stage as usize).unwrap_or(NOTHING)
    }

    /// A material, and the stage that it lies in.
    pub fn material(&self, id: &str) -> Option<(Stage, &Material)> {
        Stage::ALL.into_iter().find_map(|stage| {
            let mut materials = self.filled(stage).materials.iter();
            materials.find(|material| material.id == id).map(|material| (stage, material))
        })
    }

    /// Something that the policy grants.
    pub fn delivery(&self, id: &str) -> Option<&Delivery> {
        self.deliveries.iter().find(|delivery| delivery.id == id)
    }

    fn apply(&mut self, entry: &Entry) {
        self.position = entry.position;
        let Some(filled) = self.filled.get_mut(entry.stage as usize) else { return };
        let applicable = !matches!(entry.change, Change::StageNotApplicable);
        filled.not_applicable = (!applicable).then(|| entry.reason.clone());
        match &entry.change {
            Change::StageSet { record } => filled.record = record.clone(),
            Change::StageNotApplicable => filled.record = Record::default(),
            Change::MaterialAdded { material } => filled.materials.push(material.clone()),
            Change::MaterialRemoved { id, .. } => filled.materials.retain(|m| m.id != *id),
            Change::DeliveryAdded { id, terms } => {
                self.deliveries.push(Delivery::new(id.clone(), terms.clone()));
            }
            Change::DeliveryUpdated { id, terms } => {
                if let Some(delivery) = self.deliveries.iter_mut().find(|d| d.id == *id) {
                    delivery.terms = terms.clone();
                }
            }
            Change::DeliveryRemoved { id, .. } => self.deliveries.retain(|d| d.id != *id),
            Change::PayoutAdded { delivery_id, id, payout } => {
                if let Some(delivery) = self.deliveries.iter_mut().find(|d| d.id == *delivery_id) {
                    delivery.payouts.push(delivery::Paid::new(id.clone(), payout.clone()));
                }
            }
            Change::PayoutCorrected { delivery_id, id, payout } => {
                let delivery = self.deliveries.iter_mut().find(|d| d.id == *delivery_id);
                let paid = delivery.and_then(|d| d.payouts.iter_mut().find(|p| p.id == *id));
                if let Some(paid) = paid {
                    paid.corrections.push(Correction {
                        was: std::mem::replace(&mut paid.payout, payout.clone()),
                        reason: entry.reason.clone(),
                        at: entry.at,
                    });
                }
            }
        }
    }
}

/// A span of days as it is told: `2026年1月5日至2026年2月4日`.
fn span(from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    let said = super::day::chinese;
    match (from, until) {
        (Some(from), Some(until)) if from == until => said(from),
        (Some(from), Some(until)) => format!("{}至{}", said(from), said(until)),
        (Some(from), None) => format!("{}起", said(from)),
        (None, Some(until)) => format!("至{}", said(until)),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(position: i64, stage: Stage, change: Change, reason: &str) -> Entry {
        Entry {
            position,
            stage,
            change,
            reason: reason.to_owned(),
            by: Person::default(),
            at: DateTime::default(),
        }
    }

    fn paid(recipients: i64, fen: i64) -> Payout {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        Payout { from: day, until: day, recipients, fen, remark: String::new() }
    }

    #[test]
    fn what_is_shown_is_derived_and_corrections_keep_what_stood_before() {
        let delivery = || "d".to_owned();
        let entries = [
            entry(
                1,
                Stage::Delivery,
                Change::DeliveryAdded { id: delivery(), terms: Terms::default() },
                "",
            ),
            entry(
                2,
                Stage::Delivery,
                Change::PayoutAdded {
                    delivery_id: delivery(),
                    id: "p1".to_owned(),
                    payout: paid(10, 2_000),
                },
                "",
            ),
            entry(
                3,
                Stage::Delivery,
                Change::PayoutAdded {
                    delivery_id: delivery(),
                    id: "p2".to_owned(),
                    payout: paid(5, 1_050),
                },
                "",
            ),
            entry(
                4,
                Stage::Delivery,
                Change::PayoutCorrected {
                    delivery_id: delivery(),
                    id: "p1".to_owned(),
                    payout: paid(11, 2_200),
                },
                "漏计一人",
            ),
        ];
        let lifecycle = Lifecycle::of(&entries);
        let delivery = lifecycle.delivery("d").unwrap();
        assert_eq!((delivery.recipients(), delivery.fen()), (16, 3_250));
        let corrected = &delivery.payouts[0];
        assert_eq!(corrected.payout.recipients, 11);
        assert_eq!(corrected.corrections[0].was.recipients, 10);
        assert_eq!(corrected.corrections[0].reason, "漏计一人");
        assert_eq!(lifecycle.position, 4);
        let earlier = Lifecycle::of(&entries[..3]);
        assert_eq!(earlier.delivery("d").unwrap().fen(), 3_050, "any past state can be derived");
    }

    #[test]
    fn a_stage_that_is_filled_again_is_applicable_again() {
        let record = Record { summary: "已调研".to_owned(), ..Record::default() };
        let not = entry(1, Stage::Study, Change::StageNotApplicable, "转发上级文件");
        let set = entry(2, Stage::Study, Change::StageSet { record }, "补充调研");
        let filled = |entries: &[Entry]| Lifecycle::of(entries).filled(Stage::Study).clone();
        let first = filled(std::slice::from_ref(&not));
        assert_eq!(first.not_applicable.as_deref(), Some("转发上级文件"));
        let then = filled(&[not, set]);
        assert!(then.not_applicable.is_none() && !then.is_empty());
    }

    #[test]
    fn changes_survive_their_table() {
        let material = Material { id: "m".to_owned(), ..Material::default() };
        for change in [
            Change::StageNotApplicable,
            Change::MaterialAdded { material },
            Change::PayoutAdded {
                delivery_id: "d".to_owned(),
                id: "p".to_owned(),
                payout: paid(1, 5),
            },
        ] {
            let text = serde_json::to_string(&change).unwrap();
            assert!(text.contains(change.word()), "{text}");
            assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change);
        }
    }
}
