//! How things look in JSON: the messages of the contracts, in words instead of numbers.

mod effect;
mod expunge;
mod identity;
mod intake;
mod interpretation;
mod library;
mod lifecycle;
mod notification;
mod operations;
mod policy;
mod proposal;
mod receipt;
mod relation;
mod search;

use chrono::{DateTime, Utc};
use prost_types::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

pub use effect::*;
pub use expunge::*;
pub use identity::*;
pub use intake::*;
pub use interpretation::*;
pub use library::*;
pub use lifecycle::*;
pub use notification::*;
pub use operations::*;
pub use policy::*;
pub use proposal::*;
pub use receipt::*;
pub use relation::*;
pub use search::*;

use crate::error::Error;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The things.
    pub items: Vec<T>,
    /// Asks for the page after this one; empty at the end.
    pub next_page_token: String,
    /// How many there are on all pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// A page of things that are counted.
    pub fn of<W>(items: Vec<W>, next_page_token: String, total: u64) -> Self
    where
        T: From<W>,
    {
        Self { total: Some(total), ..Self::uncounted(items, next_page_token) }
    }

    /// A page of things that nobody counts.
    pub fn uncounted<W>(items: Vec<W>, next_page_token: String) -> Self
    where
        T: From<W>,
    {
        let items = items.into_iter().map(T::from).collect();
        Self { items, next_page_token, total: None }
    }
}

/// All things of a short list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// The things.
    pub items: Vec<T>,
}

impl<T> Items<T> {
    /// All of them.
    pub fn of<W>(items: Vec<W>) -> Self
    where
        T: From<W>,
    {
        Self { items: items.into_iter().map(T::from).collect() }
    }
}

/// That something was done about which nothing more is to be said.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {}

/// An instant as RFC 3339.
pub(super) fn instant(at: Option<Timestamp>) -> Option<DateTime<Utc>> {
    at.and_then(kit::clock::from_wire)
}

/// `EFFECT_IN_FORCE` → `in_force`; what is not specified is empty.
pub(super) fn word(name: &str, prefix: &str) -> String {
    let word = name.strip_prefix(prefix).unwrap_or(name).to_ascii_lowercase();
    if word == "unspecified" { String::new() } else { word }
}

/// `in_force` → the number of `EFFECT_IN_FORCE`; empty is "not specified".
pub(super) fn number<E: Into<i32>>(
    field: &str,
    word: &str,
    prefix: &str,
    read: fn(&str) -> Option<E>,
) -> Result<i32, Error> {
    if word.is_empty() {
        return Ok(0);
    }
    let name = format!("{prefix}{}", word.to_ascii_uppercase());
    read(&name).map(Into::into).ok_or_else(|| Error::Parameter {
        field: field.to_owned(),
        detail: format!("没有“{word}”这个取值"),
    })
}

#[cfg(test)]
mod tests {
    use contracts::documents::Effect;

    use super::*;

    #[test]
    fn numbers_and_words_agree() {
        for effect in [Effect::NotYetInForce, Effect::InForce, Effect::Lapsed, Effect::Repealed] {
            let word = word(effect.as_str_name(), "EFFECT_");
            let back = number("effect", &word, "EFFECT_", Effect::from_str_name).unwrap();
            assert_eq!(back, effect as i32);
        }
        assert_eq!(word(Effect::Unspecified.as_str_name(), "EFFECT_"), "");
        assert_eq!(number("effect", "", "EFFECT_", Effect::from_str_name).unwrap(), 0);
    }

    #[test]
    fn an_unknown_word_names_its_parameter() {
        let error = number("effect", "valid", "EFFECT_", Effect::from_str_name).unwrap_err();
        assert!(matches!(error, Error::Parameter { field, .. } if field == "effect"));
    }
}
