//! The working copy of a policy's next revision, and the two people it needs.

use chrono::{DateTime, Utc};

use super::{Person, content::Content};

/// Where a draft stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Its author writes.
    Editing,
    /// A second person looks at it.
    InReview,
    /// Sent back with a reason.
    Returned,
    /// A second person agreed.
    Approved,
    /// Approved, and to become public at a set minute.
    Scheduled,
}

impl DraftState {
    /// All states.
    pub const ALL: [Self; 5] =
        [Self::Editing, Self::InReview, Self::Returned, Self::Approved, Self::Scheduled];

    /// The word in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Editing => "editing",
            Self::InReview => "in_review",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Scheduled => "scheduled",
        }
    }

    /// Reads the word in the database.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// As a clerk calls it.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Editing => "起草中",
            Self::InReview => "待审核",
            Self::Returned => "已退回",
            Self::Approved => "已审核",
            Self::Scheduled => "待定时发布",
        }
    }
}

/// The working copy of a policy's next revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where it stands.
    pub state: DraftState,
    /// What it says.
    pub content: Content,
    /// Who began it.
    pub author: Person,
    /// Who changed it last.
    pub editor: Person,
    /// Who approved or returned it last.
    pub reviewer: Person,
    /// Who said that it be published at a set minute.
    pub publisher: Person,
    /// Why a published policy is revised.
    pub revision_reason: String,
    /// Why it was sent back.
    pub return_reason: String,
    /// The set minute.
    pub publish_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Draft {
    /// A new draft of `author`.
    pub fn new(content: Content, author: Person, reason: String, now: DateTime<Utc>) -> Self {
        Self {
            state: DraftState::Editing,
            content,
            editor: author.clone(),
            author,
            reviewer: Person::default(),
            publisher: Person::default(),
            revision_reason: reason,
            return_reason: String::new(),
            publish_at: None,
            updated_at: now,
        }
    }

    /// Whether `person` wrote any of it, and so may not review it.
    pub fn is_by(&self, person: &Person) -> bool {
        self.author.is(person) || self.editor.is(person)
    }
}
