//! Identities: version 7 UUIDs, which sort by the time they were made; and secrets.

use uuid::{NoContext, Uuid};

use crate::clock::Clock;

/// What `id!` needs wherever it is used.
#[doc(hidden)]
pub mod parts {
    pub use sea_orm;
    pub use serde;
    pub use uuid;
}

/// A new identity, stamped by `clock`.
pub fn new(clock: &dyn Clock) -> Uuid {
    let now = clock.now();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let moment = uuid::Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos());
    Uuid::new_v7(moment)
}

/// A word that nobody can guess: 32 random bytes in hexadecimal.
pub fn secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// Reads an identity; `type_name` tells which field is wrong when it is not one.
pub fn parse(text: &str, type_name: &str) -> crate::Result<Uuid> {
    // Only the usual spelling: two spellings of one identity are two keys in caches and marks.
    let read = Uuid::try_parse(text).ok().filter(|id| id.to_string() == text);
    read.ok_or_else(|| {
        crate::Error::field(snake_case(type_name), format!("“{text}”不是有效的编号（应为 UUID）"))
    })
}

/// `PolicyId` → `policy_id`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// Makes a type for the identity of one sort of thing: `kit::id!(PolicyId);`.
///
/// It is a UUID in the database, its usual text on the wire, and no other sort's identity.
#[macro_export]
macro_rules! id {
    ($(#[$attribute:meta])* $name:ident) => {
        #[doc = concat!("An identity, `", stringify!($name), "`.")]
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($crate::id::parts::uuid::Uuid);

        impl $name {
            /// A new identity, stamped by `clock`.
            pub fn new(clock: &dyn $crate::clock::Clock) -> Self {
                Self($crate::id::new(clock))
            }

            /// The bare UUID.
            pub const fn uuid(self) -> $crate::id::parts::uuid::Uuid {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::Error;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::Error> {
                $crate::id::parse(text, stringify!($name)).map(Self)
            }
        }

        impl From<$crate::id::parts::uuid::Uuid> for $name {
            fn from(id: $crate::id::parts::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for $crate::id::parts::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<$name> for $crate::id::parts::sea_orm::Value {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl $crate::id::parts::sea_orm::sea_query::Nullable for $name {
            fn null() -> $crate::id::parts::sea_orm::Value {
                <$crate::id::parts::uuid::Uuid
                    as $crate::id::parts::sea_orm::sea_query::Nullable>::null()
            }
        }

        impl<'de> $crate::id::parts::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::id::parts::serde::Deserializer<'de>>(
                from: D,
            ) -> ::std::result::Result<Self, D::Error> {
                <$crate::id::parts::uuid::Uuid
                    as $crate::id::parts::serde::Deserialize>::deserialize(from).map(Self)
            }
        }

        impl $crate::id::parts::sea_orm::TryGetable for $name {
            fn try_get_by<I: $crate::id::parts::sea_orm::ColIdx>(
                row: &$crate::id::parts::sea_orm::QueryResult,
                index: I,
            ) -> ::std::result::Result<Self, $crate::id::parts::sea_orm::TryGetError> {
                <$crate::id::parts::uuid::Uuid
                    as $crate::id::parts::sea_orm::TryGetable>::try_get_by(row, index)
                    .map(Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::{clock::ManualClock, error::Fault as _};

    id!(DraftPolicyId);

    #[test]
    fn identities_sort_by_time_and_survive_text() {
        let clock = ManualClock::default();
        let first = DraftPolicyId::new(&clock);
        clock.advance(chrono::TimeDelta::milliseconds(1));
        let second = DraftPolicyId::new(&clock);
        assert!(first < second);
        assert_eq!(first.to_string().parse::<DraftPolicyId>().unwrap(), first);
    }

    #[test]
    fn a_wrong_identity_names_its_field() {
        for text in ["", "7", "{0197f0a2-0000-7000-8000-000000000000}"] {
            let error = text.parse::<DraftPolicyId>().unwrap_err();
            assert_eq!(error.fields()[0].field, "draft_policy_id");
        }
    }
}
