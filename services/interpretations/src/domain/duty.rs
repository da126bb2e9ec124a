//! Whether a policy must be interpreted.

use std::collections::BTreeSet;

use chrono::NaiveDate;

/// From one day of issue on: what must be interpreted, and how soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub version: String,
    /// Day of issue from which it holds.
    pub from: NaiveDate,
    /// Working days for the interpretation.
    pub working_days: u32,
    /// Categories that must be interpreted.
    pub categories: BTreeSet<String>,
}

/// The rules in the order of the days from which they hold.
#[derive(Debug, Clone, Default)]
pub struct RuleTable(Vec<Rule>);

/// What the rules say about one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Duty<'a> {
    /// It must be interpreted, under this rule.
    Due(&'a Rule),
    /// It need not be, for this reason.
    Waived(String),
}

impl RuleTable {
    /// A table of these rules, in whatever order they come.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        let mut rules: Vec<Rule> = rules.into_iter().collect();
        rules.sort_by_key(|rule| rule.from);
        Self(rules)
    }

    /// Judges a policy by its category and date of issue.
    pub fn judge(&self, category: &str, issued_on: Option<NaiveDate>) -> Duty<'_> {
        let Some(newest) = self.0.last() else {
            return Duty::Waived("没有配置须解读的文件类别".to_owned());
        };
        let rule = match issued_on {
            None => newest,
            Some(day) => match self.0.iter().rev().find(|rule| rule.from <= day) {
                Some(rule) => rule,
                None => return Duty::Waived(self.too_old(day)),
            },
        };
        let category = category.trim();
        if category.is_empty() {
            return Duty::Waived("文件类别未填写，不属于须解读的类别".to_owned());
        }
        if !rule.categories.contains(category) {
            let version = &rule.version;
            return Duty::Waived(format!("“{category}”不属于须解读的文件类别（规则 {version}）"));
        }
        if issued_on.is_none() {
            return Duty::Waived("成文日期不明，无法判断是否须解读".to_owned());
        }
        Duty::Due(rule)
    }

    fn too_old(&self, day: NaiveDate) -> String {
        let since = self.0.first().map(|rule| rule.from).unwrap_or_default();
        format!("成文日期 {day} 早于 {since}，不要求解读")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rule(version: &str, from: &str, categories: &[&str]) -> Rule {
        Rule {
            version: version.to_owned(),
            from: day(from),
            working_days: 3,
            categories: categories.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn table() -> RuleTable {
        RuleTable::new([
            rule("2024", "2024-07-01", &["政府规章", "规范性文件", "其他文件"]),
            rule("2018", "2018-01-01", &["政府规章", "规范性文件"]),
        ])
    }

    fn version(duty: &Duty<'_>) -> Option<String> {
        match duty {
            Duty::Due(rule) => Some(rule.version.clone()),
            Duty::Waived(_) => None,
        }
    }

    fn reason(duty: Duty<'_>) -> String {
        match duty {
            Duty::Due(rule) => panic!("due under {}", rule.version),
            Duty::Waived(reason) => reason,
        }
    }

    #[test]
    fn the_rule_of_the_day_of_issue_holds() {
        let table = table();
        let judge = |category, issued| version(&table.judge(category, Some(day(issued))));
        assert_eq!(judge("规范性文件", "2018-01-01").as_deref(), Some("2018"));
        assert_eq!(judge(" 政府规章 ", "2024-06-30").as_deref(), Some("2018"));
        assert_eq!(judge("其他文件", "2024-06-30"), None);
        assert_eq!(judge("其他文件", "2024-07-01").as_deref(), Some("2024"));
    }

    #[test]
    fn what_is_not_due_is_waived_with_its_reason() {
        let table = table();
        let old = reason(table.judge("规范性文件", Some(day("2017-12-31"))));
        assert_eq!(old, "成文日期 2017-12-31 早于 2018-01-01，不要求解读");
        assert!(reason(table.judge("地方性法规", Some(day("2020-01-01")))).contains("地方性法规"));
        assert!(reason(table.judge("规范性文件", None)).contains("成文日期不明"));
        assert!(reason(table.judge("地方性法规", None)).contains("地方性法规"));
        assert!(reason(table.judge("", Some(day("2020-01-01")))).contains("未填写"));
    }

    #[test]
    fn without_rules_nothing_is_due() {
        assert_eq!(version(&RuleTable::default().judge("规范性文件", None)), None);
    }
}
