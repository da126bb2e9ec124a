//! What of a public policy a clerk must complete or review, and in which words he is told.

use chrono::{Datelike as _, Months, NaiveDate};

use super::day::chinese;

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 没有发文字号.
    NumberMissing,
    /// 没有成文日期.
    IssueDateMissing,
    /// 没有实施日期.
    EffectiveDateMissing,
    /// It acts on what the library does not hold.
    RelationBroken,
    /// Organ or number speak for another category.
    CategoryDoubtful,
    /// In force for years, and nothing says until when.
    ReviewOverdue,
    /// Its time is over within months.
    Lapsing,
}

impl Kind {
    /// Every kind, in the order in which they are told.
    pub const ALL: [Self; 7] = [
        Self::NumberMissing,
        Self::IssueDateMissing,
        Self::EffectiveDateMissing,
        Self::RelationBroken,
        Self::CategoryDoubtful,
        Self::ReviewOverdue,
        Self::Lapsing,
    ];

    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NumberMissing => "number_missing",
            Self::IssueDateMissing => "issue_date_missing",
            Self::EffectiveDateMissing => "effective_date_missing",
            Self::RelationBroken => "relation_broken",
            Self::CategoryDoubtful => "category_doubtful",
            Self::ReviewOverdue => "review_overdue",
            Self::Lapsing => "lapsing",
        }
    }
}

/// Years after which a document without an end is to be reviewed: a normative document is valid
/// for five years where it says nothing else (《安徽省行政机关规范性文件制定程序规定》 article 7).
pub const REVIEW_YEARS: u32 = 5;
/// Months ahead in which an end is told.
pub const LAPSE_MONTHS: [u32; 3] = [1, 3, 6];

/// The relations that act on another document; what a document is based on or passes on mostly
/// comes from organs above the city, whose documents its library does not hold.
pub const ACTING: [&str; 3] = ["repeals", "amends", "interprets"];

/// Why the category is doubtful, as far as organ, number and category tell.
pub fn category_doubt(
    category: &str,
    document_number: &str,
    organ_name: &str,
    known: &[String],
) -> Option<String> {
    let of_city = ["市人民政府", "市人民政府办公室", "市人民政府办公厅"];
    let department = category.starts_with("市政府部门");
    let file = category.ends_with("文件");
    if !known.iter().any(|known| known == category) {
        return Some(format!("“{category}”不是文件库的类别，请改为所属的类别"));
    }
    if document_number.contains("令第") && file {
        return Some(format!("发文字号是政府令，类别却是“{category}”，请核对是否为规章"));
    }
    if department && of_city.iter().any(|end| organ_name.ends_with(end)) {
        return Some(format!("发文机关是{organ_name}，类别却是“{category}”"));
    }
    if !department && category.starts_with("市政府") && file && !organ_name.contains("人民政府")
    {
        return Some(format!("发文机关是{organ_name}，类别却是“{category}”"));
    }
    None
}

/// How long a document without an end has been in force: since its own day, else since its issue.
pub fn review(
    effective_on: Option<NaiveDate>,
    issued_on: Option<NaiveDate>,
    today: NaiveDate,
) -> String {
    let (since, began) = match (effective_on, issued_on) {
        (Some(day), _) => (day, "起施行"),
        (None, Some(day)) => (day, "成文"),
        (None, None) => return "没有写明有效期".to_owned(),
    };
    let whole = today.year() - since.year();
    let passed = since.checked_add_months(Months::new(u32::try_from(whole).unwrap_or(0) * 12));
    let years = if passed.is_none_or(|day| day > today) { whole - 1 } else { whole };
    format!("自{}{began}已满 {years} 年，没有写明有效期，请评估后延续、修订或废止", chinese(since))
}

/// When a document ends.
pub fn lapse(ends: Option<NaiveDate>, today: NaiveDate) -> String {
    let Some(ends) = ends else { return String::new() };
    let within = |months: &u32| {
        today.checked_add_months(Months::new(*months)).is_some_and(|until| ends <= until)
    };
    let months = LAPSE_MONTHS.iter().find(|months| within(months));
    let months = months.map(|months| format!("，{months} 个月内届满")).unwrap_or_default();
    format!("有效期至{}{months}，请评估是否延续", chinese(ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    #[test]
    fn organ_and_number_speak_for_a_category() {
        let known: Vec<String> =
            ["政府规章", "市政府其他文件", "市政府部门其他文件"].map(str::to_owned).to_vec();
        let doubt = |category: &str, number: &str, organ: &str| {
            category_doubt(category, number, organ, &known).is_some()
        };
        assert!(!doubt("政府规章", "明川市人民政府令第12号", "明川市人民政府"));
        assert!(doubt("市政府其他文件", "明川市人民政府令第12号", "明川市人民政府"));
        assert!(doubt("市政府部门其他文件", "明府办〔2026〕1号", "明川市人民政府办公室"));
        assert!(!doubt("市政府部门其他文件", "", "明川市某县人民政府"));
        assert!(doubt("市政府其他文件", "明住建〔2026〕1号", "明川市住房和城乡建设局"));
        assert!(doubt("历史文件", "", "明川市人民政府办公室"));
    }

    #[test]
    fn years_in_force_are_whole_years() {
        let today = day("2026-06-30").unwrap();
        assert!(review(day("2021-06-30"), None, today).contains("已满 5 年"));
        assert!(review(day("2020-07-01"), None, today).contains("已满 5 年"));
        assert!(review(None, day("2020-02-29"), today).contains("自2020年2月29日成文已满 6 年"));
    }

    #[test]
    fn the_nearest_term_is_told() {
        let today = day("2026-06-30").unwrap();
        assert!(lapse(day("2026-07-30"), today).contains("，1 个月内届满"));
        assert!(lapse(day("2026-07-31"), today).contains("，3 个月内届满"));
        assert!(lapse(day("2026-12-30"), today).contains("，6 个月内届满"));
    }
}
