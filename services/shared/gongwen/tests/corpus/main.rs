//! The reader against what collections of real documents say of themselves, and against labels
//! that people wrote.
//!
//! Runs where `YANGGUANG_CORPUS` names the data folder. The reader sees title and text only.

#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]
#![expect(clippy::indexing_slicing, reason = "a value that is not there is a failed test")]

mod labelled;
mod metadata;
mod pace;
mod score;
mod source;
