//! Workbooks: SpreadsheetML (ECMA-376 Part 1 §18) and BIFF8 (MS-XLS).

mod cells;
mod margin;
mod number;
mod xls;
mod xlsx;

use crate::error::PaperError;
use crate::limits::Limits;
use crate::paper::Paper;

/// Reads a workbook in a package.
pub(crate) fn xlsx(bytes: &[u8], limits: &Limits, levels: u8) -> Result<Paper, PaperError> {
    xlsx::read(bytes, limits, levels)
}

/// Reads a workbook of Excel 97 to 2003.
pub(crate) fn xls(bytes: &[u8], limits: &Limits) -> Result<Paper, PaperError> {
    xls::read(bytes, limits)
}
