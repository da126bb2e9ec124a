//! Paging by key: a page begins after the last row of the one before it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Error, Result};

/// Rows of a page when the caller names no size.
const USUAL: u32 = 20;

/// First element of every token, so that the rest may change one day.
const VERSION: &str = "1";

/// The key of the last row of a page, opaque on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageToken(pub Vec<String>);

impl PageToken {
    /// The token as text.
    pub fn encode(&self) -> String {
        let parts: Vec<&str> =
            std::iter::once(VERSION).chain(self.0.iter().map(String::as_str)).collect();
        URL_SAFE_NO_PAD.encode(serde_json::json!(parts).to_string())
    }

    /// Reads a token that an earlier page gave.
    pub fn decode(text: &str) -> Result<Self> {
        let read = URL_SAFE_NO_PAD.decode(text).ok();
        let parts = read.and_then(|json| serde_json::from_slice::<Vec<String>>(&json).ok());
        match parts.as_deref() {
            Some([version, key @ ..]) if version == VERSION && !key.is_empty() => {
                Ok(Self(key.to_vec()))
            }
            _ => Err(refused()),
        }
    }
}

/// Which rows are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Most rows of the page.
    pub limit: u64,
    /// Key of the row that the page begins after; `None` at the first page.
    pub after: Option<Vec<String>>,
}

impl Page {
    /// Reads what a request says; sizes beyond `max` are cut to it, 0 means the usual size.
    pub fn parse(page_size: u32, page_token: &str, max: u32) -> Result<Self> {
        let wanted = if page_size == 0 { USUAL } else { page_size };
        let after = match page_token {
            "" => None,
            token => Some(PageToken::decode(token)?.0),
        };
        Ok(Self { limit: wanted.min(max).into(), after })
    }

    /// How many rows to read: one more than the page has, to know whether it is the last.
    pub fn fetch(&self) -> i64 {
        i64::try_from(self.limit).map_or(i64::MAX, |limit| limit.saturating_add(1))
    }

    /// The key of the row before, when it has as many parts as the order has columns.
    pub fn after<const N: usize>(&self) -> Result<Option<&[String; N]>> {
        let key = self.after.as_deref();
        key.map(|key| key.try_into().map_err(|_| refused())).transpose()
    }

    /// The token of the page that follows the row with this key.
    pub fn next(&self, key: Vec<String>) -> String {
        PageToken(key).encode()
    }

    /// Drops the row that was read beyond the page; answers the next page's token, empty at the end.
    pub fn cut<T>(&self, rows: &mut Vec<T>, key: impl FnOnce(&T) -> Vec<String>) -> String {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return String::new();
        }
        rows.truncate(limit);
        rows.last().map(|last| self.next(key(last))).unwrap_or_default()
    }
}

fn refused() -> Error {
    Error::field("page_token", "翻页标记无效，请从第一页重新开始")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Fault as _;

    #[test]
    fn a_page_goes_on_where_the_last_one_ended() {
        let first = Page::parse(2, "", 100).unwrap();
        assert_eq!((first.limit, first.fetch(), first.after.clone()), (2, 3, None));
        let mut rows = vec!["甲", "乙", "丙"];
        let token = first.cut(&mut rows, |row| vec![(*row).to_owned(), "7".to_owned()]);
        assert_eq!(rows, ["甲", "乙"]);
        let second = Page::parse(0, &token, 100).unwrap();
        assert_eq!(second.limit, 20);
        assert_eq!(second.after::<2>().unwrap().unwrap(), &["乙".to_owned(), "7".to_owned()]);
        assert!(second.after::<3>().is_err());
    }

    #[test]
    fn the_last_page_has_no_next() {
        let page = Page::parse(2, "", 100).unwrap();
        assert_eq!(page.cut(&mut vec![1, 2], |_| vec![]), "");
        assert_eq!(Page::parse(5000, "", 100).unwrap().limit, 100);
    }

    #[test]
    fn a_bad_token_names_its_field() {
        let of = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let future = of(r#"["2","x"]"#);
        for token in ["?", "aGFsbG8", &of("[]"), &of(r#"["1"]"#), &of("{}"), &future] {
            let error = Page::parse(10, token, 100).unwrap_err();
            assert_eq!(error.fields()[0].field, "page_token");
        }
    }
}
