//! 公文: what official documents carry, read from what people write.
//!
//! - [`number`]: the document number (发文字号), as in `淮府办〔2023〕12号`.
//! - [`index_number`]: the index number (索引号) of an item of disclosed information.
//! - [`organ_code`]: the codes of organs that index numbers begin with.
//!
//! Reading never guesses: what has two readings comes back as a reason for a person to see.

mod glyph;
pub mod index_number;
pub mod number;
pub mod organ_code;

pub use index_number::{IndexNumber, IndexNumberError};
pub use number::{DocumentNumber, Flaw, Parsed};
pub use organ_code::{OrganCodeError, organ_code_is_valid};
