//! The rules of the policy library. Nothing here waits, asks, or names a table.

pub mod concern;
pub mod content;
pub mod day;
pub mod draft;
pub mod effect;
pub mod exposure;
pub mod index_number;
pub mod intake;
pub mod lifecycle;
pub mod likeness;
pub mod media;
pub mod number;
pub mod policy;
pub mod proposal;
pub mod quality;
pub mod reading;
pub mod receipt;
pub mod rendition;
pub mod text;

use serde::{Deserialize, Serialize};

kit::id!(PolicyId);
kit::id!(AttachmentId);
kit::id!(ReceiptId);
kit::id!(WorklistEntryId);
kit::id!(ExpungeId);

/// Who did something: the account, and the name that it bore then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id of the account; empty: nobody yet.
    pub account_id: String,
    /// Name at the time.
    pub name: String,
}

impl Person {
    /// Whether this names somebody.
    pub fn is_someone(&self) -> bool {
        !self.account_id.is_empty()
    }

    /// Whether both are the same account.
    pub fn is(&self, other: &Self) -> bool {
        self.is_someone() && self.account_id == other.account_id
    }
}

/// A field that breaks a rule, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field's name in the contract.
    pub field: &'static str,
    /// What is wrong and what would be right, in Chinese.
    pub description: String,
}

impl Violation {
    /// Names a field and what is wrong with it.
    pub fn new(field: &'static str, description: impl Into<String>) -> Self {
        Self { field, description: description.into() }
    }
}
