//! The title of a file: what its properties state, or what its first page shows largest.

use hayro_syntax::Pdf;

use super::layout::Line;
use super::string;
use crate::draft::Draft;
use crate::shape::is_wide;

/// How much larger than the text a title is.
const LARGER: f64 = 1.15;
/// Lines that a title is broken into at most.
const MOST_LINES: usize = 7;

/// Finds the title.
pub(super) fn read(pdf: &Pdf, first: &[Line], draft: &mut Draft<'_>) {
    let stated = pdf.metadata().title.as_deref().and_then(string::decoded).unwrap_or_default();
    // Programs put the name of the file there, or of the page it was printed from.
    let file = [".doc", ".wps", ".pdf", ".htm", ".xls", "Microsoft", "untitled", "文档"];
    if stated.chars().any(is_wide) && !file.iter().any(|mark| stated.contains(mark)) {
        draft.entitle(&stated);
    }
    draft.entitle(&largest(first).unwrap_or_default());
}

/// The first neighbouring lines that are larger than the text around them, but for the name
/// of the organ in red, which is larger still and ends with 文件.
fn largest(lines: &[Line]) -> Option<String> {
    let mut sizes: Vec<f64> = lines.iter().map(|line| line.size).collect();
    sizes.sort_by(f64::total_cmp);
    let usual = sizes.get(sizes.len() / 2)?;
    let mut title = String::new();
    let mut count = 0;
    let mut size = 0.0;
    for line in lines.iter().filter(|line| !line.text.ends_with("文件")) {
        let large = line.size > usual * LARGER && !line.text.contains('〔');
        if large && (count == 0 || (line.size / size - 1.0_f64).abs() < 0.05) && count < MOST_LINES
        {
            title.push_str(&line.text);
            (count, size) = (count + 1, line.size);
        } else if count > 0 {
            break;
        }
    }
    (title.chars().count() > 3).then_some(title)
}
