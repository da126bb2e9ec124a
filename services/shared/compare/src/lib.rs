//! Two versions of an official text side by side: which paragraphs stand, which came, went or were
//! changed, and which words of these.
//!
//! Nothing is read or written here. Paragraphs are lines ([`paragraphs`]); [`compare`] aligns them
//! by their likeness and marks the words of those that were changed. Chinese has no spaces between
//! words, so characters are compared one by one and grouped afterwards: numbers of articles,
//! figures and Latin words are never cut, a change begins at a clause where it can, and short
//! stretches that only happen to be alike between two changes belong to them.
//!
//! ```
//! use compare::{Kind, Stretch, compare, paragraphs};
//!
//! let before = paragraphs("第一条　总则。\n第二条　三日内办结。");
//! let after = paragraphs("第一条　总则。\n第二条　五日内办结。");
//! let stretches = compare(&before, &after);
//! assert_eq!(stretches[0], Stretch::Same { before: 0..1, after: 0..1 });
//! let Stretch::Changed { pieces, .. } = &stretches[1] else { panic!() };
//! assert_eq!((pieces[1].kind, pieces[1].text.as_str()), (Kind::Deleted, "三"));
//! assert_eq!((pieces[2].kind, pieces[2].text.as_str()), (Kind::Inserted, "五"));
//! ```
//!
//! Work is bounded: what is too large to be aligned is told as gone and come.

mod align;
mod clean;
mod pieces;
mod words;

pub use align::{Stretch, compare};
pub use pieces::{Kind, Piece, pieces};

/// The paragraphs of a text: its lines without white space around them, empty ones left out.
pub fn paragraphs(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}
