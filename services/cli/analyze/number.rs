//! `yangguang analyze number`: document numbers as people type them.

use std::io::{self, BufRead as _};

use anyhow::Context as _;
use gongwen::number::{Parsed, parse};
use serde::Serialize;

use super::super::{Outcome, Output, output};

/// What a line was read as.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Reading {
    /// As it was typed.
    input: String,
    /// The canonical form, where there is one reading only.
    normal: Option<String>,
    /// Why there is none, or why a person should confirm it.
    reason: Option<String>,
}

impl Reading {
    fn of(input: String) -> Self {
        let (normal, reason) = match parse(&input) {
            Parsed::Exact(number) => (Some(number.to_string()), None),
            Parsed::Repaired(number) => {
                (Some(number.to_string()), Some("原文残缺，已补全，请核对".to_owned()))
            }
            Parsed::Ambiguous(flaw) | Parsed::None(flaw) => (None, Some(flaw.to_string())),
        };
        Self { input, normal, reason }
    }
}

/// Runs the command: with `--json` each line is a JSON string, which may hold line breaks.
pub fn run(output: Output) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Done;
    for (number, line) in (1..).zip(io::stdin().lock().lines()) {
        let line = line.with_context(|| format!("line {number}: the input must be UTF-8"))?;
        let typed = if output.is_json() { serde_json::from_str(&line) } else { Ok(line) };
        match typed {
            Ok(typed) => output::record(&Reading::of(typed))?,
            Err(error) => {
                eprintln!("line {number}: not a JSON string ({error})");
                outcome = Outcome::SomeRefused;
            }
        }
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_a_normal_form_or_a_reason() {
        let exact = Reading::of("明府办[2024]012".to_owned());
        assert_eq!((exact.normal.as_deref(), exact.reason), (Some("明府办〔2024〕12号"), None));
        let repaired = Reading::of("明府办〔202412号".to_owned());
        assert_eq!(repaired.normal.as_deref(), Some("明府办〔2024〕12号"));
        assert!(repaired.reason.is_some());
        let refused = Reading::of("MFGS-2024-1".to_owned());
        assert!(refused.normal.is_none() && refused.reason.is_some());
    }
}
