//! How each stage stands on a day, and what a clerk should look at.

use chrono::NaiveDate;

use super::{Lifecycle, Stage};
use crate::domain::day;

/// How a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    /// 已完成.
    Done,
    /// 进行中.
    Underway,
    /// 缺失: it should be there, and nothing is.
    Missing,
    /// 不适用.
    NotApplicable,
    /// 未到.
    NotDue,
}

/// What the platform knows of the policy beside its entries.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Today.
    pub today: NaiveDate,
    /// Day from which the policy is public: of an old document the day of its issue. `None`: not
    /// public yet.
    pub public_since: Option<NaiveDate>,
    /// Whether a published interpretation explains it.
    pub is_interpreted: bool,
    /// Its class.
    pub category: &'a str,
}

/// How a stage stands.
pub fn state(lifecycle: &Lifecycle, stage: Stage, known: &Known<'_>) -> StageState {
    let filled = lifecycle.filled(stage);
    let is_public = known.public_since.is_some();
    if stage == Stage::Publication {
        return if is_public { StageState::Done } else { StageState::NotDue };
    }
    if stage == Stage::Interpretation && known.is_interpreted {
        return StageState::Done;
    }
    if stage == Stage::Delivery && !lifecycle.deliveries.is_empty() {
        return delivered(lifecycle, known.today);
    }
    if filled.not_applicable.is_some() {
        return StageState::NotApplicable;
    }
    if filled.is_empty() {
        return if is_public { StageState::Missing } else { StageState::NotDue };
    }
    let (began, ended) = (filled.record.began_on, filled.record.ended_on);
    if began.is_some_and(|began| began > known.today) {
        return StageState::NotDue;
    }
    let over = match ended {
        Some(ended) => ended <= known.today,
        // What comes before the publication is over with it; an interpretation that lies here is
        // whole. Enquiry, delivery and feedback go on until somebody says that they ended.
        None => is_public && stage <= Stage::Interpretation,
    };
    if over { StageState::Done } else { StageState::Underway }
}

/// Granted while one of the deliveries goes on.
fn delivered(lifecycle: &Lifecycle, today: NaiveDate) -> StageState {
    let all = &lifecycle.deliveries;
    if all.iter().all(|delivery| delivery.terms.until.is_some_and(|until| until < today)) {
        StageState::Done
    } else if all.iter().all(|delivery| delivery.terms.from.is_some_and(|from| from > today)) {
        StageState::NotDue
    } else {
        StageState::Underway
    }
}

/// Something that a clerk should look at. It hinders nothing: the truth may be like that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where.
    pub stage: Stage,
    /// What, by which rule, in Chinese.
    pub text: String,
}

/// Days for which a draft lies before the public at least: 《重大行政决策程序暂行条例》 art. 15,
/// 《规章制定程序条例》 art. 15.
const CONSULTATION_DAYS: i64 = 30;

/// Everything that a clerk should look at.
pub fn warnings(lifecycle: &Lifecycle, known: &Known<'_>) -> Vec<Warning> {
    let mut found = Vec::new();
    after_publication(lifecycle, known, &mut found);
    out_of_order(lifecycle, &mut found);
    found.extend(short_consultation(lifecycle, known));
    found.extend(no_legality_review(lifecycle));
    found
}

/// 前置环节 that are dated after the publication.
fn after_publication(lifecycle: &Lifecycle, known: &Known<'_>, found: &mut Vec<Warning>) {
    let Some(public) = known.public_since else { return };
    for stage in Stage::ALL.into_iter().filter(|stage| stage.precedes_publication()) {
        let record = &lifecycle.filled(stage).record;
        if let Some(last) = record.ended_on.or(record.began_on).filter(|last| *last > public) {
            let text = format!(
                "“{}”的日期{}晚于文件公开的日期{}，请核对",
                stage.name(),
                day::chinese(last),
                day::chinese(public)
            );
            found.push(Warning { stage, text });
        }
    }
}

/// Stages that were over before an earlier one began.
fn out_of_order(lifecycle: &Lifecycle, found: &mut Vec<Warning>) {
    let mut before: Option<(Stage, NaiveDate)> = None;
    for stage in Stage::ALL.into_iter().filter(|stage| stage.precedes_publication()) {
        let record = &lifecycle.filled(stage).record;
        let last = record.ended_on.or(record.began_on);
        if let (Some((earlier, began)), Some(last)) = (before, last)
            && last < began
        {
            let text = format!(
                "“{}”结束于{}，早于“{}”开始的{}，请核对先后顺序",
                stage.name(),
                day::chinese(last),
                earlier.name(),
                day::chinese(began)
            );
            found.push(Warning { stage, text });
        }
        if let Some(began) = record.began_on.or(record.ended_on) {
            before = Some((stage, began));
        }
    }
}

fn short_consultation(lifecycle: &Lifecycle, known: &Known<'_>) -> Option<Warning> {
    let record = &lifecycle.filled(Stage::Demand).record;
    let rule = if record.is_major_decision {
        "《重大行政决策程序暂行条例》第十五条"
    } else if known.category == "政府规章" {
        "《规章制定程序条例》第十五条"
    } else {
        return None;
    };
    // The first day does not count (《民法典》 art. 201).
    let days = (record.ended_on? - record.began_on?).num_days();
    (days < CONSULTATION_DAYS).then(|| Warning {
        stage: Stage::Demand,
        text: format!(
            "公开征求意见 {days} 日，{rule}规定一般不少于 {CONSULTATION_DAYS} 日；确需缩短的，\
             请在情况说明里写明理由"
        ),
    })
}

fn no_legality_review(lifecycle: &Lifecycle) -> Option<Warning> {
    if !lifecycle.filled(Stage::Demand).record.is_major_decision {
        return None;
    }
    let reviewed = [Stage::Justification, Stage::Deliberation].into_iter().any(|stage| {
        lifecycle.filled(stage).materials.iter().any(|material| material.kind.contains("合法性"))
    });
    let deliberated = !lifecycle.filled(Stage::Deliberation).is_empty();
    (deliberated && !reviewed).then(|| Warning {
        stage: Stage::Justification,
        text: "已登记审议，还没有合法性审查意见；《重大行政决策程序暂行条例》第二十五条规定，\
               未经合法性审查的不得提交讨论"
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{
        super::{
            Change, Entry,
            delivery::Terms,
            stage::{Material, Record},
        },
        *,
    };
    use crate::domain::Person;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const PUBLIC: &str = "2026-06-15";

    fn known(public: bool) -> Known<'static> {
        Known {
            today: day("2026-07-01"),
            public_since: public.then(|| day(PUBLIC)),
            is_interpreted: false,
            category: "市政府行政规范性文件",
        }
    }

    fn after(changes: Vec<(Stage, Change)>) -> Lifecycle {
        let entry = |(at, (stage, change))| Entry {
            position: i64::try_from(at).unwrap() + 1,
            stage,
            change,
            reason: "理由".to_owned(),
            by: Person::default(),
            at: DateTime::default(),
        };
        Lifecycle::of(&changes.into_iter().enumerate().map(entry).collect::<Vec<_>>())
    }

    fn lasted(from: &str, until: &str) -> Record {
        Record { began_on: from.parse().ok(), ended_on: until.parse().ok(), ..Record::default() }
    }

    fn set(stage: Stage, record: Record) -> (Stage, Change) {
        (stage, Change::StageSet { record })
    }

    #[test]
    fn a_gap_is_neither_not_due_nor_not_applicable() {
        let nothing = Lifecycle::default();
        assert_eq!(state(&nothing, Stage::Study, &known(false)), StageState::NotDue);
        assert_eq!(state(&nothing, Stage::Study, &known(true)), StageState::Missing);
        let not = after(vec![(Stage::Study, Change::StageNotApplicable)]);
        assert_eq!(state(&not, Stage::Study, &known(true)), StageState::NotApplicable);
        assert_eq!(state(&nothing, Stage::Publication, &known(true)), StageState::Done);
        assert_eq!(state(&nothing, Stage::Publication, &known(false)), StageState::NotDue);
    }

    #[test]
    fn a_stage_goes_on_until_its_last_day() {
        let open = after(vec![set(Stage::Demand, lasted("2026-06-20", ""))]);
        assert_eq!(state(&open, Stage::Demand, &known(false)), StageState::Underway);
        assert_eq!(state(&open, Stage::Demand, &known(true)), StageState::Done);
        let coming = after(vec![set(Stage::Demand, lasted("2026-07-02", ""))]);
        assert_eq!(state(&coming, Stage::Demand, &known(false)), StageState::NotDue);
        let asked = after(vec![set(Stage::Enquiry, lasted("2026-06-20", ""))]);
        assert_eq!(state(&asked, Stage::Enquiry, &known(true)), StageState::Underway);
        let over = after(vec![set(Stage::Enquiry, lasted("2026-06-20", "2026-07-01"))]);
        assert_eq!(state(&over, Stage::Enquiry, &known(true)), StageState::Done);
    }

    #[test]
    fn what_is_granted_tells_how_delivery_stands() {
        let granted = |from: &str, until: &str| {
            let terms =
                Terms { from: from.parse().ok(), until: until.parse().ok(), ..Terms::default() };
            let id = "d".to_owned();
            after(vec![(Stage::Delivery, Change::DeliveryAdded { id, terms })])
        };
        let stands = |lifecycle| state(&lifecycle, Stage::Delivery, &known(true));
        assert_eq!(stands(granted("", "")), StageState::Underway);
        assert_eq!(stands(granted("2026-08-01", "")), StageState::NotDue);
        assert_eq!(stands(granted("2026-01-01", "2026-06-30")), StageState::Done);
        assert_eq!(stands(granted("2026-01-01", "2026-07-01")), StageState::Underway);
    }

    #[test]
    fn an_interpretation_that_was_published_fills_its_stage() {
        let known = Known { is_interpreted: true, ..known(true) };
        assert_eq!(state(&Lifecycle::default(), Stage::Interpretation, &known), StageState::Done);
    }

    #[test]
    fn what_cannot_have_been_in_this_order_is_told_and_not_refused() {
        let late = after(vec![set(Stage::Deliberation, lasted("2026-06-20", "2026-06-20"))]);
        let told = warnings(&late, &known(true));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].stage, Stage::Deliberation);
        assert!(told[0].text.contains("2026年6月20日") && told[0].text.contains("2026年6月15日"));
        let crossed = after(vec![
            set(Stage::Demand, lasted("2026-05-10", "2026-06-10")),
            set(Stage::Deliberation, lasted("2026-05-01", "2026-05-01")),
        ]);
        let told = warnings(&crossed, &known(true));
        assert!(told.len() == 1 && told[0].text.contains("先后顺序"), "{told:?}");
    }

    #[test]
    fn a_major_decision_lies_thirty_days_before_the_public() {
        let consulted = |until: &str, is_major_decision| {
            let record = Record { is_major_decision, ..lasted("2026-03-01", until) };
            warnings(&after(vec![set(Stage::Demand, record)]), &known(true))
        };
        assert!(consulted("2026-03-31", true).is_empty(), "thirty days");
        let told = consulted("2026-03-30", true);
        assert!(told[0].text.contains("29 日") && told[0].text.contains("第十五条"), "{told:?}");
        assert!(consulted("2026-03-08", false).is_empty(), "no rule for other policies");
        let rule = Known { category: "政府规章", ..known(true) };
        let lifecycle = after(vec![set(Stage::Demand, lasted("2026-03-01", "2026-03-10"))]);
        assert!(warnings(&lifecycle, &rule)[0].text.contains("规章制定程序条例"));
    }

    #[test]
    fn a_major_decision_is_reviewed_before_it_is_discussed() {
        let record = Record { is_major_decision: true, ..lasted("2026-03-01", "2026-04-01") };
        let mut changes = vec![
            set(Stage::Demand, record),
            set(Stage::Deliberation, lasted("2026-05-01", "2026-05-01")),
        ];
        let told = warnings(&after(changes.clone()), &known(true));
        assert!(told.len() == 1 && told[0].text.contains("第二十五条"), "{told:?}");
        let material = Material { kind: "合法性审查意见".to_owned(), ..Material::default() };
        changes.push((Stage::Justification, Change::MaterialAdded { material }));
        assert!(warnings(&after(changes), &known(true)).is_empty());
    }
}
