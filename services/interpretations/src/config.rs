//! The section `[interpretations]` of the configuration.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::duty::{Rule, RuleTable};

/// The longest term that makes sense.
const LONGEST_TERM: u32 = 60;

/// How interpretations is set up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Longest text of an interpretation, in bytes.
    pub text_limit: usize,
    /// Which policies must be interpreted.
    pub rules: Vec<RuleLine>,
}

/// One line of the rule table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleLine {
    /// Its name.
    pub version: String,
    /// Day of issue from which it holds.
    pub from: NaiveDate,
    /// Working days for the interpretation.
    pub working_days: u32,
    /// Categories that must be interpreted.
    pub categories: Vec<String>,
}

impl Config {
    /// The rule table in the form that judges.
    pub fn rule_table(&self) -> RuleTable {
        RuleTable::new(self.rules.iter().map(|line| Rule {
            version: line.version.clone(),
            from: line.from,
            working_days: line.working_days,
            categories: line.categories.iter().map(|name| name.trim().to_owned()).collect(),
        }))
    }
}

impl kit::config::Validate for Config {
    fn validate(&self) -> Result<(), String> {
        if !(1_024..=4 * 1024 * 1024).contains(&self.text_limit) {
            return Err("text_limit must be between 1024 and 4194304".to_owned());
        }
        for (index, line) in self.rules.iter().enumerate() {
            if line.version.trim().is_empty() {
                return Err(format!("rules[{index}].version must not be empty"));
            }
            if !(1..=LONGEST_TERM).contains(&line.working_days) {
                return Err(format!(
                    "rules[{index}].working_days must be between 1 and {LONGEST_TERM}"
                ));
            }
            if self.rules.iter().skip(index + 1).any(|later| later.from == line.from) {
                return Err(format!("rules[{index}].from occurs twice: {}", line.from));
            }
        }
        Ok(())
    }
}
