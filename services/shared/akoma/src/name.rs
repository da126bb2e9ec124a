//! The names of work, expression and manifestation (Akoma Ntoso Naming Convention 1.0, clause 4).

use crate::policy::Policy;

/// What names the documents of China (ISO 3166-1).
pub(crate) const COUNTRY: &str = "cn";
/// Chinese (ISO 639-2).
pub(crate) const LANGUAGE: &str = "zho";
/// The format of the file.
pub(crate) const FORMAT: &str = "xml";

/// The names at the three levels, of the whole document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub work: String,
    pub expression: String,
    pub manifestation: String,
    /// The number in the name of the work.
    pub number: String,
}

impl Names {
    pub fn of(policy: &Policy) -> Self {
        let (kind, subtype) = policy.class.element();
        let number = match safe(&policy.document_number) {
            number if number.is_empty() => safe(&policy.id),
            number => number,
        };
        let mut parts = vec!["/akn", COUNTRY, kind, subtype];
        let organ = safe(&policy.organ.code);
        parts.extend(Some(organ.as_str()).filter(|organ| !organ.is_empty()));
        let day = policy.dated().to_string();
        parts.extend([day.as_str(), number.as_str()]);
        let work = parts.join("/");
        let expression =
            format!("{work}/{LANGUAGE}@{};{}", policy.revised_on, policy.revision.max(1));
        let manifestation = format!("{expression}.{FORMAT}");
        Self { work, expression, manifestation, number }
    }

    /// The main component at each level.
    pub fn components(&self) -> [String; 3] {
        [
            format!("{}/!main", self.work),
            format!("{}/!main", self.expression),
            format!("{}/!main.{FORMAT}", self.expression),
        ]
    }
}

/// A part of a name: letters and digits, other characters become one hyphen each run.
fn safe(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_has_no_brackets_and_slashes() {
        assert_eq!(safe("明府办〔2026〕88号"), "明府办-2026-88号");
        assert_eq!(safe("a/../b?c#d"), "a-b-c-d");
        assert_eq!(safe("〔〕"), "");
    }
}
