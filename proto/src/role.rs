//! The roles that an account can hold, as they stand in tokens.

/// The open-government office: everything of every organ.
pub const OFFICE: &str = "office";
/// A clerk who writes for an organ.
pub const EDITOR: &str = "editor";
/// A second person who approves and publishes for an organ.
pub const REVIEWER: &str = "reviewer";
/// A clerk who answers requests for disclosure.
pub const HANDLER: &str = "handler";
/// An operator of the 12345 hotline.
pub const HOTLINE: &str = "hotline";
/// One who appraises.
pub const EVALUATOR: &str = "evaluator";
/// IT operations: dead letters, replay, accounts.
pub const OPS: &str = "ops";
/// A service of the platform itself.
pub const SERVICE: &str = "service";

/// Every role that a person can be given.
pub const OF_PEOPLE: [&str; 7] = [OFFICE, EDITOR, REVIEWER, HANDLER, HOTLINE, EVALUATOR, OPS];
