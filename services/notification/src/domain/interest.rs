//! What a person wants to hear of.

use uuid::Uuid;

/// Most characters of a value or label.
const MAX_CHARS: usize = 60;
/// Fewest characters of a keyword: one alone is in nearly every title.
const MIN_KEYWORD: usize = 2;

/// The kinds of subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    All,
    Organ,
    Category,
    Keyword,
    Policy,
}

impl Kind {
    const EVERY: [Self; 5] = [Self::All, Self::Organ, Self::Category, Self::Keyword, Self::Policy];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Organ => "organ",
            Self::Category => "category",
            Self::Keyword => "keyword",
            Self::Policy => "policy",
        }
    }

    /// Reads the word of the database.
    pub fn read(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A kind with its value, and how a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    pub kind: Kind,
    /// Organ code, category, keyword in its matching form, or policy id; empty for all.
    pub value: String,
    pub label: String,
}

/// Why an interest cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadInterest {
    Missing,
    TooLong,
    ShortKeyword,
    NotAPolicy,
}

impl Interest {
    /// Reads what a person asked for.
    pub fn new(kind: Kind, value: &str, label: &str) -> Result<Self, BadInterest> {
        let value = value.trim();
        if value.chars().count() > MAX_CHARS {
            return Err(BadInterest::TooLong);
        }
        let matching = match kind {
            Kind::All => String::new(),
            _ if value.is_empty() => return Err(BadInterest::Missing),
            Kind::Keyword => matching_form(value),
            Kind::Policy => value.parse::<Uuid>().map_err(|_| BadInterest::NotAPolicy)?.to_string(),
            Kind::Organ | Kind::Category => value.to_owned(),
        };
        if kind == Kind::Keyword && matching.chars().count() < MIN_KEYWORD {
            return Err(BadInterest::ShortKeyword);
        }
        let label = if label.trim().is_empty() { value } else { label };
        Ok(Self { kind, value: matching, label: harmless(label) })
    }

    /// The interest in words: `机关“市教育局”发布的政策文件`.
    pub fn in_words(&self) -> String {
        let label = &self.label;
        match self.kind {
            Kind::All => "全部政策文件".to_owned(),
            Kind::Organ => format!("机关“{label}”的政策文件"),
            Kind::Category => format!("类别“{label}”的政策文件"),
            Kind::Keyword => format!("含有“{label}”的政策文件"),
            Kind::Policy => format!("政策文件“{label}”的变化"),
        }
    }
}

/// The form in which keywords and texts are compared: lower case, half width, no spaces.
pub fn matching_form(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A label goes into mail to an address that somebody typed: without what makes a link or a header.
fn harmless(label: &str) -> String {
    let kept = label.trim().chars().filter(|c| !c.is_control() && !"./:@<>\\\"".contains(*c));
    kept.take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_compared_without_width_case_or_space() {
        let interest = Interest::new(Kind::Keyword, " ５Ｇ 基站 ", "").unwrap();
        assert_eq!(interest.value, "5g基站");
        assert_eq!(interest.label, "５Ｇ 基站");
        assert!(matching_form("关于5G基站建设的通知").contains(&interest.value));
    }

    #[test]
    fn a_label_carries_no_link() {
        let interest =
            Interest::new(Kind::Organ, "edu", "快看 http://evil.example/x\r\nBcc: a@b.c").unwrap();
        assert_eq!(interest.label, "快看 httpevilexamplexBcc abc");
    }

    #[test]
    fn what_cannot_be_subscribed_to_is_refused() {
        assert_eq!(Interest::new(Kind::Organ, " ", ""), Err(BadInterest::Missing));
        assert_eq!(Interest::new(Kind::Keyword, "水", ""), Err(BadInterest::ShortKeyword));
        assert_eq!(Interest::new(Kind::Policy, "x", ""), Err(BadInterest::NotAPolicy));
        assert_eq!(Interest::new(Kind::Keyword, &"长".repeat(61), ""), Err(BadInterest::TooLong));
        assert_eq!(Interest::new(Kind::All, "ignored", "").unwrap().value, "");
    }
}
