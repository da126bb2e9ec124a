//! The shape all text is given: lines without what nobody sees.

use crate::radical;

/// A text with `\n` as its only line break, no blank at the ends of a line (tabs between
/// cells stay), at most one empty line in a row and none at either end.
///
/// Characters that are not shown but may part a number (zero width, soft hyphens, control
/// characters, marks of direction) are left out, and radicals are the characters they look like, so that a check sees what a reader sees.
pub(crate) fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0_usize;
    let text = text.replace("\r\n", "\n");
    for line in text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let kept = line.trim_end_matches(is_blank).chars().filter(|ch| !is_unseen(*ch));
        let start = out.len();
        if start > 0 {
            out.push('\n');
        }
        let from = out.len();
        out.extend(kept.map(radical::character));
        let bare = out.get(from..).unwrap_or_default().trim_end_matches(is_blank).len();
        out.truncate(from + bare);
        if out.len() > from {
            // A leading tab is an empty first cell; leading blanks are an indent.
            let lead = out.get(from..).unwrap_or_default();
            let lead = lead.len() - lead.trim_start_matches(is_space).len();
            out.replace_range(from..from + lead, "");
            empty = 0;
        } else {
            empty += 1;
            if empty > 1 || start == 0 {
                out.truncate(start);
            }
        }
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// A text as one line, its breaks and runs of blanks as one space each, none between
/// Chinese characters.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for ch in text.chars().filter(|ch| ch.is_whitespace() || !is_unseen(*ch)) {
        if ch.is_whitespace() {
            blank = true;
            continue;
        }
        let last = out.chars().next_back();
        if blank && last.is_some_and(|last| !(is_wide(last) && is_wide(ch))) {
            out.push(' ');
        }
        blank = false;
        out.push(radical::character(ch));
    }
    out
}

/// A text without the lines that only number pages: `— 3 —`, `- 3 -`, `第3页 共5页`, `3/5`.
pub(crate) fn without_page_numbers(text: &str) -> String {
    let kept: Vec<&str> = text.lines().filter(|line| !is_page_number(line)).collect();
    kept.join("\n")
}

/// Whether a line only numbers a page (GB/T 9704-2012 §7.5 and what offices print).
pub(crate) fn is_page_number(line: &str) -> bool {
    let bare: String = line.split_whitespace().collect();
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let marks = bare.chars().all(|ch| ch.is_ascii_digit() || "—-–－―─第页共/,，·.".contains(ch));
    marks
        && (1..=8).contains(&digits)
        && bare.chars().count() <= 16
        && !bare.contains("..")
        && !bare.trim_matches(['—', '-', '–', '－', '―', '─']).contains(['-', '.', ',', '，'])
}

/// Whether a character takes the width of a Chinese one.
pub(crate) fn is_wide(ch: char) -> bool {
    matches!(ch, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{20000}'..='\u{3ffff}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Whether a character is blank space within a line.
pub(crate) fn is_blank(ch: char) -> bool {
    ch.is_whitespace() || is_unseen(ch)
}

fn is_space(ch: char) -> bool {
    ch != '\t' && is_blank(ch)
}

/// Characters without ink or width.
fn is_unseen(ch: char) -> bool {
    matches!(ch, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_blanks_and_empty_runs() {
        assert_eq!(lines("\n\n　　甲 乙　\r\n\r\n\r\n丙\u{a0}\n"), "甲 乙\n\n丙");
        assert_eq!(lines("\t甲\t\n\t"), "\t甲");
        assert_eq!(lines(" \u{200b} "), "");
        assert_eq!(lines("138\u{200b}1234\u{ad}5678"), "13812345678");
    }

    #[test]
    fn page_numbers_are_known() {
        for line in
            ["— 3 —", "-12-", "第 3 页 共 5 页", "3/5", "－１－".replace('１', "1").as_str(), "7"]
        {
            assert!(is_page_number(line), "{line}");
        }
        for line in ["", "—", "0554-6641234", "第三页", "3.5", "13812345678", "第3页说明"]
        {
            assert!(!is_page_number(line), "{line}");
        }
    }

    #[test]
    fn one_line_keeps_the_space_between_words() {
        assert_eq!(one_line(" 关于\n印发 《A  B》的\t通知 "), "关于印发《A B》的通知");
    }
}
