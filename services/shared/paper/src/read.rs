//! From bytes to a paper.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::PaperError;
use crate::kind::kind_of;
use crate::limits::Limits;
use crate::paper::{Kind, Paper};
use crate::{docx, html, pdf, plain, sheet};

/// Files within files are opened so many levels deep.
const LEVELS: u8 = 2;

/// Reads a file within [`Limits::DEFAULT`]. `name` is the name it was uploaded under, if
/// there was one; it tells CSV from other text and is believed in nothing else.
///
/// # Errors
///
/// [`PaperError`] says what is wrong with the file and what would be right.
pub fn read(bytes: &[u8], name: Option<&str>) -> Result<Paper, PaperError> {
    read_within(bytes, name, &Limits::DEFAULT)
}

/// Reads a file within limits of one's own.
///
/// # Errors
///
/// As [`read`].
pub fn read_within(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Paper, PaperError> {
    level(bytes, name, limits, LEVELS)
}

/// Reads a file that lies in another, `levels` deep at most; `None` where it lies deeper.
pub(crate) fn inner(
    bytes: &[u8],
    name: &str,
    limits: &Limits,
    levels: u8,
) -> Option<Result<Paper, PaperError>> {
    let below = levels.checked_sub(1)?;
    Some(level(bytes, Some(name), limits, below))
}

fn level(
    bytes: &[u8],
    name: Option<&str>,
    limits: &Limits,
    levels: u8,
) -> Result<Paper, PaperError> {
    if bytes.len() > limits.input {
        return Err(PaperError::TooLarge { bytes: bytes.len(), limit: limits.input });
    }
    let kind = guarded(Kind::Text, || kind_of(bytes, name))?;
    guarded(kind, || match kind {
        Kind::Text => plain::text(bytes, limits),
        Kind::Csv => plain::csv(bytes, limits),
        Kind::Html => html::read(bytes, limits),
        Kind::Docx => docx::read(bytes, limits, levels),
        Kind::Xlsx => sheet::xlsx(bytes, limits, levels),
        Kind::Xls => sheet::xls(bytes, limits),
        Kind::Pdf => pdf::read(bytes, limits, levels),
    })
}

/// Runs a reader so that a panic in it is an error of this one file.
///
/// The readers of packages, compound files and PDF are other people's and index into what
/// the file says; a file that makes one of them panic must not take the service down. Nothing
/// outlives the closure, so that no broken state is seen afterwards.
fn guarded<T>(kind: Kind, read: impl FnOnce() -> Result<T, PaperError>) -> Result<T, PaperError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(PaperError::Failed(kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_of_the_file() {
        let result: Result<(), _> = guarded(Kind::Pdf, || panic!("in a dependency"));
        assert_eq!(result, Err(PaperError::Failed(Kind::Pdf)));
    }

    #[test]
    fn the_size_is_looked_at_first() {
        let limits = Limits { input: 3, ..Limits::DEFAULT };
        let error = read_within(b"abcd", None, &limits).unwrap_err();
        assert_eq!(error, PaperError::TooLarge { bytes: 4, limit: 3 });
        assert_eq!(read(b"", None), Err(PaperError::Empty));
    }
}
