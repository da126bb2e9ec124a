//! 公文: what official documents carry, read from what people write.
//!
//! - [`anchor`]: names for the articles of a text, to point at them in an address.
//! - [`number`]: the document number (发文字号), as in `淮府办〔2023〕12号`.
//! - [`index_number`]: the index number (索引号) of an item of disclosed information.
//! - [`organ_code`]: the codes of organs that index numbers begin with.
//! - [`date`]: dates, also those that lost their 年, 月 or 日.
//! - [`document`]: a whole document: its title, organs, dates, period of validity and outline.
//! - [`relation`]: what a document does to others: repeal, amend, forward, issue, interpret.
//!
//! Reading never guesses: what has two readings comes back as a reason for a person to see.

pub mod anchor;
mod cite;
pub mod date;
pub mod document;
mod field;
pub mod glyph;
pub mod index_number;
mod lines;
pub mod number;
mod organ;
pub mod organ_code;
pub mod relation;
mod span;

pub use document::{Category, Disclosure, Document, analyze};
pub use field::Field;
pub use index_number::{IndexNumber, IndexNumberError};
pub use number::{DocumentNumber, Flaw, Parsed};
pub use organ_code::{OrganCodeError, organ_code_is_valid};
pub use relation::{Relation, RelationType};
pub use span::Span;
