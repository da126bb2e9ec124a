//! What must not be published in the text of an organ: identity numbers, private telephones,
//! bank accounts, travel documents, number plates, home addresses, private mail and chat
//! accounts, and the names beside them.
//!
//! [`find`] reads a text once and says where they stand; [`mask()`] writes the text that may be
//! published. Neither decides: whether a finding is published is for a named reviewer
//! (《政府信息公开条例》 articles 15 and 17, 《个人信息保护法》 articles 25 and 28).
//!
//! What looks alike but is public is told apart: unified social credit codes (GB 32100),
//! document, index and order numbers, amounts, dates. The telephones, mail addresses and
//! accounts of organs are findings with [`Finding::personal`] `false`.
//!
//! ```
//! use privacy::{Certainty, Kind, find, mask};
//!
//! let text = "申请人王建国，身份证号11010519491231002X，电话13812345678。";
//! let findings = find(text);
//! assert_eq!(findings[1].kind, Kind::IdentityNumber);
//! assert_eq!(findings[1].certainty, Certainty::Certain);
//! assert_eq!(mask(text, &findings), "申请人王**，身份证号110*************2X，电话138****5678。");
//! ```

mod address;
mod check;
mod contact;
mod context;
mod draft;
mod finding;
mod glyph;
mod mask;
mod name;
mod number;
mod scan;
mod table;
mod words;

pub use finding::{Certainty, Finding, Kind};
pub use mask::{mask, mask_value};
pub use scan::find;

#[cfg(test)]
mod tests;
