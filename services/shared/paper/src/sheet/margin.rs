//! Headers and footers of sheets.

/// The text of a header or footer without its codes (§18.3.1.46): `&P` is a page number.
pub(super) fn text(source: &str) -> String {
    let mut out = String::new();
    let mut chars = source.chars().peekable();
    while let Some(ch) = chars.next() {
        if ch != '&' {
            out.push(ch);
            continue;
        }
        match chars.next() {
            Some('&') => out.push('&'),
            Some('L' | 'C' | 'R') => out.push('\n'),
            Some('P' | 'N') => out.push('1'),
            Some('"') => while chars.next().is_some_and(|ch| ch != '"') {},
            Some('0'..='9') => while chars.next_if(char::is_ascii_digit).is_some() {},
            Some('K') => while chars.next_if(char::is_ascii_hexdigit).is_some() {},
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_margins_are_left_out() {
        assert_eq!(
            text("&L&\"宋体,加粗\"&14内部&C第 &P 页&R&K01+000A&&B"),
            "\n内部\n第 1 页\n+000A&B"
        );
    }
}
