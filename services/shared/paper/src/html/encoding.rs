//! The encoding that a page declares (HTML Living Standard §13.2.3.2).

/// How far from the beginning of a page its declaration is looked for. The standard says
/// 1024 bytes; real pages put scripts first.
const HEAD: usize = 4096;

/// The label after `charset=` in the head of a page.
pub(super) fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.split("charset")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('='))
        .map(|rest| {
            rest.trim_start_matches([' ', '"', '\''])
                .chars()
                .take_while(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '-' | '_' | ':'))
                .collect::<String>()
        })
        .find(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_known() {
        assert_eq!(declared(b"<meta charset=\"GBK\">").unwrap(), "gbk");
        let long = b"<meta http-equiv=Content-Type content='text/html; charset = gb2312'>";
        assert_eq!(declared(long).unwrap(), "gb2312");
        assert_eq!(declared(b"<meta charset>"), None);
    }
}
