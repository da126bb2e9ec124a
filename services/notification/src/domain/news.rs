//! What there is to tell of a policy.

use contracts::documents::{Announcement, PolicyFacts};

use super::interest::matching_form;

/// What happened to the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    Published,
    Corrected,
    Withdrawn,
    Amended,
    Repealed,
    Lapsed,
}

impl Occasion {
    /// The word in the database and in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
            Self::Amended => "amended",
            Self::Repealed => "repealed",
            Self::Lapsed => "lapsed",
        }
    }

    /// Reads the word of the database.
    pub fn read(word: &str) -> Self {
        match word {
            "corrected" => Self::Corrected,
            "withdrawn" => Self::Withdrawn,
            "amended" => Self::Amended,
            "repealed" => Self::Repealed,
            "lapsed" => Self::Lapsed,
            _ => Self::Published,
        }
    }

    /// The word in subjects and lists.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Published => "政策发布",
            Self::Corrected => "政策更正",
            Self::Withdrawn => "政策撤下",
            Self::Amended => "政策修改",
            Self::Repealed => "政策废止",
            Self::Lapsed => "政策失效",
        }
    }
}

/// Who is to hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Nobody,
    /// Everyone who asked, in one message a day.
    InDigest,
    /// Everyone who asked, at once.
    AtOnce,
}

/// What a message says of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub occasion: Occasion,
    pub policy_id: String,
    pub title: String,
    pub document_number: String,
    pub organ_name: String,
    pub summary: String,
    pub reason: String,
}

impl Notice {
    /// The line that a mailbox shows.
    pub fn subject(&self) -> String {
        format!("【{}】{}", self.occasion.in_words(), self.title)
    }
}

/// One announcement: what to say, and what decides to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    pub notice: Notice,
    pub revision: i64,
    pub audience: Audience,
    pub organ_code: String,
    pub category: String,
    /// Everything that keywords are looked for in, in its matching form.
    pub text: String,
}

impl News {
    /// Reads the facts of an event.
    pub fn of(occasion: Occasion, facts: PolicyFacts, reason: String) -> Self {
        let audience = match facts.announcement() {
            Announcement::None => Audience::Nobody,
            Announcement::Digest => Audience::InDigest,
            Announcement::All | Announcement::Unspecified => Audience::AtOnce,
        };
        // A line break between the parts, which no keyword has: none is found across two of them.
        let parts = [&facts.title, &facts.document_number, &facts.summary];
        let text = parts
            .into_iter()
            .chain(&facts.keywords)
            .map(|part| matching_form(part))
            .collect::<Vec<_>>()
            .join("\n");
        Self {
            revision: facts.revision,
            audience,
            organ_code: facts.organ_code,
            category: facts.category,
            text,
            notice: Notice {
                occasion,
                policy_id: facts.policy_id,
                title: facts.title,
                document_number: facts.document_number,
                organ_name: facts.organ_name,
                summary: facts.summary,
                reason,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_look_into_title_number_summary_and_keywords_but_not_across() {
        let facts = PolicyFacts {
            title: "关于供水".into(),
            document_number: "淮府办〔2023〕12号".into(),
            summary: "价格调整".into(),
            keywords: vec!["民生".into()],
            announcement: Announcement::Digest.into(),
            ..PolicyFacts::default()
        };
        let news = News::of(Occasion::Published, facts, String::new());
        assert_eq!(news.audience, Audience::InDigest);
        for found in ["供水", "〔2023〕12号", "价格", "民生"] {
            assert!(news.text.contains(found), "{found}");
        }
        assert!(!news.text.contains("调整民生"));
    }
}
