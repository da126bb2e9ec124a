//! The full lifecycle of a policy as pages show it: nine stages, what is granted, what was paid.

use contracts::documents::{
    Audience, DeliveryTerms, Lifecycle, LifecycleEntry, LifecycleStage, LifecycleStageState,
    Payout, PolicyDelivery, StageMaterial, StageRecord,
};

use super::{
    days,
    file::Attachment,
    interpretation,
    parts::{Link, State},
};

/// A stage's word in addresses, what it is called, and what its materials are called in the field.
pub struct StageName {
    pub stage: LifecycleStage,
    pub word: &'static str,
    pub label: &'static str,
    pub kinds: &'static [&'static str],
}

/// All stages, in their order.
pub const STAGES: [StageName; 9] = [
    StageName {
        stage: LifecycleStage::Demand,
        word: "demand",
        label: "公开诉求及计划",
        kinds: &["制定计划", "意见征集公告", "征求意见稿", "起草说明", "意见采纳情况"],
    },
    StageName {
        stage: LifecycleStage::Study,
        word: "study",
        label: "调查及研究",
        kinds: &["调研报告", "调研方案", "座谈会记录", "问卷调查结果"],
    },
    StageName {
        stage: LifecycleStage::Justification,
        word: "justification",
        label: "评估及论证",
        kinds: &[
            "专家论证意见",
            "风险评估报告",
            "合法性审查意见",
            "公平竞争审查",
            "听证报告",
            "公众参与情况",
        ],
    },
    StageName {
        stage: LifecycleStage::Deliberation,
        word: "deliberation",
        label: "审议及列席",
        kinds: &["会议纪要", "列席人员", "集体讨论记录", "议题公告"],
    },
    StageName {
        stage: LifecycleStage::Publication,
        word: "publication",
        label: "发布",
        kinds: &["政府公报", "新闻发布会", "备案情况"],
    },
    StageName {
        stage: LifecycleStage::Interpretation,
        word: "interpretation",
        label: "解读",
        kinds: &["媒体解读", "视频解读", "在线访谈"],
    },
    StageName {
        stage: LifecycleStage::Enquiry,
        word: "enquiry",
        label: "咨询",
        kinds: &["咨询渠道", "常见问题", "咨询答复"],
    },
    StageName {
        stage: LifecycleStage::Delivery,
        word: "delivery",
        label: "兑现",
        kinds: &["申报通知", "兑现公示", "办事指南"],
    },
    StageName {
        stage: LifecycleStage::Feedback,
        word: "feedback",
        label: "反馈",
        kinds: &["执行效果评估", "意见反馈情况", "满意度调查", "清理建议"],
    },
];

/// What a stage is called; empty for none.
pub fn label(stage: LifecycleStage) -> &'static str {
    STAGES.iter().find(|known| known.stage == stage).map_or("", |known| known.label)
}

/// The stage of a word.
pub fn named(word: &str) -> Option<&'static StageName> {
    STAGES.iter().find(|known| known.word == word)
}

/// The lifecycle of a policy.
#[derive(Debug, Clone, Default)]
pub struct LifecycleView {
    /// How many stages stand how, in a sentence.
    pub summary: String,
    pub stages: Vec<StageView>,
    pub deliveries: Vec<DeliveryView>,
}

/// One stage.
#[derive(Debug, Clone, Default)]
pub struct StageView {
    pub word: &'static str,
    pub label: &'static str,
    pub state: State,
    /// When it was; may be empty.
    pub when: String,
    pub organ: String,
    pub summary: Vec<String>,
    /// What is missing, or why it is not applicable.
    pub reason: String,
    pub materials: Vec<MaterialView>,
    /// Where more of it stands on the page; the delivery's.
    pub more: Option<Link>,
}

/// A material of a stage.
#[derive(Debug, Clone, Default)]
pub struct MaterialView {
    pub kind: String,
    pub title: String,
    /// May be empty.
    pub dated: String,
    pub url: Option<String>,
    pub text: Vec<String>,
    pub file: Option<Attachment>,
}

/// Something that the policy grants.
#[derive(Debug, Clone, Default)]
pub struct DeliveryView {
    pub id: String,
    pub benefit: String,
    pub without_application: bool,
    pub audience: String,
    /// A fixed amount with its unit; may be empty.
    pub amount: String,
    pub conditions: Vec<String>,
    pub steps: Vec<String>,
    pub url: String,
    pub contact: String,
    pub organ: String,
    /// When it can be had; may be empty.
    pub period: String,
    /// What was paid out, in a sentence; empty: nothing so far.
    pub paid: String,
    pub payouts: Vec<PayoutView>,
    /// As it was said, for forms.
    pub terms: DeliveryTerms,
}

/// What was paid out on a day or in a period.
#[derive(Debug, Clone, Default)]
pub struct PayoutView {
    pub when: String,
    pub recipients: String,
    pub amount: String,
    pub remark: String,
    /// What stood here before, and why it was put right.
    pub was: Vec<String>,
    /// As they were told, for forms.
    pub figures: Payout,
}

impl LifecycleView {
    /// A lifecycle as the page of its policy shows it.
    pub fn of(lifecycle: &Lifecycle) -> Self {
        let mut stages: Vec<StageView> = lifecycle.stages.iter().map(StageView::of).collect();
        let deliveries: Vec<DeliveryView> =
            lifecycle.deliveries.iter().map(DeliveryView::of).collect();
        if let Some(delivery) = stages.iter_mut().find(|stage| stage.word == "delivery")
            && !deliveries.is_empty()
        {
            delivery.more = Some(Link::new("看能得到什么、已发放多少", "#delivery"));
        }
        Self { summary: summary(lifecycle), stages, deliveries }
    }
}

/// `九个环节：已完成 5 个，进行中 1 个，缺失 3 个。`
fn summary(lifecycle: &Lifecycle) -> String {
    let states = [
        LifecycleStageState::Done,
        LifecycleStageState::Underway,
        LifecycleStageState::Missing,
        LifecycleStageState::NotApplicable,
        LifecycleStageState::NotDue,
    ];
    let counted = states.into_iter().filter_map(|state| {
        let count = lifecycle.stages.iter().filter(|stage| stage.state() == state).count();
        (count > 0).then(|| format!("{} {count} 个", stands(state).label))
    });
    format!("从公开诉求到反馈共九个环节：{}。", counted.collect::<Vec<_>>().join("，"))
}

/// How a stage stands, in a word.
pub fn stands(state: LifecycleStageState) -> State {
    match state {
        LifecycleStageState::Done => State::ok("已完成"),
        LifecycleStageState::Underway => State::wait("进行中"),
        LifecycleStageState::Missing => State::warn("info", "缺失"),
        LifecycleStageState::NotApplicable => State::off("不适用"),
        LifecycleStageState::NotDue | LifecycleStageState::Unspecified => {
            State { icon: "wait".to_owned(), ..State::off("未到") }
        }
    }
}

impl StageView {
    /// A stage as pages show it.
    pub fn of(record: &StageRecord) -> Self {
        let known = STAGES.iter().find(|known| known.stage == record.stage());
        let explained = record.interpretations.iter().map(|link| MaterialView {
            kind: interpretation::kind(&link.kind).to_owned(),
            title: link.title.clone(),
            url: Some(interpretation::url(&link.interpretation_id)),
            ..MaterialView::default()
        });
        let own = record.materials.iter().map(MaterialView::of);
        Self {
            word: known.map_or("", |known| known.word),
            label: known.map_or("", |known| known.label),
            when: span(&record.began_on, &record.ended_on),
            organ: record.organ_name.clone(),
            summary: lines(&record.summary),
            reason: record.reason.clone(),
            materials: explained.chain(own).collect(),
            more: None,
            state: stands(record.state()),
        }
    }
}

impl MaterialView {
    fn of(material: &StageMaterial) -> Self {
        let StageMaterial { id: _, title, kind, url, text, dated_on, attachment } =
            material.clone();
        Self {
            kind,
            title,
            dated: dated_on,
            url: (!url.is_empty()).then_some(url),
            text: lines(&text),
            file: attachment.as_ref().map(Attachment::of),
        }
    }
}

impl DeliveryView {
    /// What is granted, as pages show it.
    pub fn of(delivery: &PolicyDelivery) -> Self {
        let terms = delivery.terms.clone().unwrap_or_default();
        let payouts: Vec<PayoutView> = delivery.payouts.iter().map(PayoutView::of).collect();
        let amount = match terms.amount_fen {
            0 => String::new(),
            fen => format!("{} {} 元", terms.amount_unit, yuan(fen)).trim().to_owned(),
        };
        let paid = match payouts.len() {
            0 => String::new(),
            count => format!(
                "已发放 {count} 次，共 {} {}次，{} 元",
                grouped(delivery.recipients),
                counted_in(terms.audience()),
                yuan(delivery.paid_fen)
            ),
        };
        let audience = audience(terms.audience()).to_owned();
        Self {
            id: delivery.id.clone(),
            benefit: terms.benefit.clone(),
            without_application: terms.without_application,
            audience: match terms.audience_note.as_str() {
                "" => audience,
                note => format!("{audience}（{note}）"),
            },
            amount,
            conditions: lines(&terms.conditions),
            steps: lines(&terms.steps),
            url: terms.url.clone(),
            contact: terms.contact.clone(),
            organ: terms.organ_name.clone(),
            period: span(&terms.available_from, &terms.available_until),
            paid,
            payouts,
            terms,
        }
    }
}

impl PayoutView {
    fn of(payout: &Payout) -> Self {
        let was = payout.corrections.iter().map(|before| {
            format!(
                "{} 更正：原为 {}，{} 人（户）次，{} 元。{}",
                days::day(before.corrected_at),
                span(&before.paid_from, &before.paid_until),
                grouped(before.recipients),
                yuan(before.paid_fen),
                before.reason
            )
        });
        Self {
            when: span(&payout.paid_from, &payout.paid_until),
            recipients: grouped(payout.recipients),
            amount: yuan(payout.paid_fen),
            remark: payout.remark.clone(),
            was: was.collect(),
            figures: payout.clone(),
        }
    }
}

/// For whom.
pub fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Firms => "企业",
        Audience::PersonsAndFirms => "个人和企业",
        Audience::Persons | Audience::Unspecified => "个人",
    }
}

/// The word by which those are counted who get something.
fn counted_in(audience: Audience) -> &'static str {
    match audience {
        Audience::Firms => "户",
        Audience::PersonsAndFirms => "人（户）",
        Audience::Persons | Audience::Unspecified => "人",
    }
}

/// What an entry of the history did.
pub fn done(entry: &LifecycleEntry) -> String {
    let what = match entry.what.as_str() {
        "stage_set" => "登记",
        "stage_not_applicable" => "标为不适用",
        "material_added" => "添加材料",
        "material_removed" => "移除材料",
        "delivery_added" => "登记兑现事项",
        "delivery_updated" => "修改兑现事项",
        "delivery_removed" => "移除兑现事项",
        "payout_added" => "登记发放",
        "payout_corrected" => "更正发放",
        _ => "其他操作",
    };
    match entry.detail.as_str() {
        "" => format!("{}：{what}", label(entry.stage())),
        detail => format!("{}：{what}，{detail}", label(entry.stage())),
    }
}

/// Fen as yuan: `12,345`, or `12,345.60` where there are fen.
pub fn yuan(fen: i64) -> String {
    let whole = grouped(fen / 100);
    match fen % 100 {
        0 => whole,
        rest => format!("{whole}.{rest:02}"),
    }
}

/// Fen as an input holds them: `12345.60`.
pub fn yuan_input(fen: i64) -> String {
    match fen {
        0 => String::new(),
        fen => format!("{}.{:02}", fen / 100, fen % 100),
    }
}

/// Reads yuan as a clerk types them, to the fen; never by way of a floating point number.
pub fn fen(text: &str) -> Result<i64, &'static str> {
    const HOW: &str = "金额应写作数字，单位元，最多两位小数，例如：1234.50";
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && !",，".contains(*c)).collect();
    let plain = plain.trim_end_matches('元');
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = !whole.is_empty() && digits(whole) && digits(part) && part.len() <= 2;
    if !shaped || (plain.contains('.') && part.is_empty()) {
        return Err(HOW);
    }
    let whole: i64 = whole.parse().map_err(|_| HOW)?;
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| HOW)?;
    whole.checked_mul(100).and_then(|fen| fen.checked_add(part)).ok_or(HOW)
}

fn grouped(count: i64) -> String {
    days::figure(u64::try_from(count).unwrap_or_default())
}

/// `2026年1月5日至2026年2月4日`.
fn span(from: &str, until: &str) -> String {
    let said = days::spoken_day;
    match (from, until) {
        ("", "") => String::new(),
        (from, until) if from == until => said(from),
        (from, "") => format!("{}起", said(from)),
        ("", until) => format!("{}止", said(until)),
        (from, until) => format!("{}至{}", said(from), said(until)),
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_are_read_to_the_fen() {
        assert_eq!(fen("1234.5"), Ok(123_450));
        assert_eq!(fen(" 1,234.56 元"), Ok(123_456));
        assert_eq!(fen("0"), Ok(0));
        assert_eq!(fen("90071992547409.93"), Ok(9_007_199_254_740_993), "no floating point");
        for wrong in ["", "一百", "1.234", "-5", "1e3", ".5", "5.", "99999999999999999999"] {
            assert!(fen(wrong).is_err(), "{wrong}");
        }
        assert_eq!((yuan(123_400), yuan(123_405)), ("1,234".to_owned(), "1,234.05".to_owned()));
        assert_eq!(fen(&yuan_input(123_405)), Ok(123_405));
    }

    #[test]
    fn a_gap_differs_from_what_is_not_due_in_word_and_icon() {
        let states = [
            LifecycleStageState::Done,
            LifecycleStageState::Underway,
            LifecycleStageState::Missing,
            LifecycleStageState::NotApplicable,
            LifecycleStageState::NotDue,
        ];
        let shown: std::collections::BTreeSet<_> =
            states.iter().map(|state| (stands(*state).label, stands(*state).icon)).collect();
        assert_eq!(shown.len(), 5);
        let icons: std::collections::BTreeSet<_> =
            states.iter().map(|state| stands(*state).icon).collect();
        assert_eq!(icons.len(), 5);
    }

    #[test]
    fn sums_are_told_with_what_they_count() {
        let payout = Payout {
            paid_from: "2026-03-01".to_owned(),
            paid_until: "2026-03-31".to_owned(),
            recipients: 1_200,
            paid_fen: 24_000_050,
            ..Payout::default()
        };
        let delivery = PolicyDelivery {
            terms: Some(DeliveryTerms {
                amount_fen: 20_000,
                amount_unit: "每人每月".to_owned(),
                audience: Audience::Persons.into(),
                ..DeliveryTerms::default()
            }),
            recipients: 1_200,
            paid_fen: 24_000_050,
            payouts: vec![payout],
            ..PolicyDelivery::default()
        };
        let view = DeliveryView::of(&delivery);
        assert_eq!(view.amount, "每人每月 200 元");
        assert_eq!(view.paid, "已发放 1 次，共 1,200 人次，240,000.50 元");
        assert_eq!(view.payouts[0].when, "2026年3月1日至2026年3月31日");
    }

    #[test]
    fn stages_are_named_as_the_contracts_name_them() {
        for known in &STAGES {
            let name = known.stage.as_str_name();
            assert_eq!(name, format!("LIFECYCLE_STAGE_{}", known.word.to_ascii_uppercase()));
            assert_eq!(named(known.word).map(|found| found.stage), Some(known.stage));
        }
    }
}
