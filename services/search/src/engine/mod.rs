//! The search engine: pure of bus and wire, so that it can be tried by itself.

mod bodies;
mod correct;
mod directory;
pub mod effect;
mod facets;
mod fold;
mod highlight;
mod index;
mod level;
mod on_day;
mod passages;
mod plain;
mod plan;
mod query;
mod rank;
mod record;
mod related;
mod schema;
mod search;
mod segment;
mod shelf;
mod sounds;
mod suggest;
mod synonyms;
#[cfg(test)]
mod tests;
mod tokenizer;
mod weights;
mod words;

pub use effect::{Day, EFFECTS, Effect};
pub use facets::{Bucket, Facets};
pub use highlight::{Piece, opening};
pub use index::{Change, Index, Mark};
pub use passages::{Passage, Within};
pub use plain::plain;
pub use query::Filter;
pub use record::{Entry, Record};
pub use search::{Found, Hit, Request};
pub use shelf::Shelf;
pub use synonyms::{BadLine, Synonyms};
pub use words::Words;

/// Version of the format of an index; a folder of another version is built anew.
pub const SCHEMA: u32 = 3;

/// Why the engine could not do something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The dictionary that is compiled in cannot be read.
    #[error("dictionary: {0}")]
    Dictionary(String),
    /// A file of the index.
    #[error("index folder: {0}")]
    Io(#[from] std::io::Error),
    /// The index itself.
    #[error("index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// Changes that were being taken in did not all come.
    #[error("changes were cut off")]
    CutOff,
    /// Something in the index is not as it was written.
    #[error("index is damaged: {0}")]
    Damaged(String),
}

impl Error {
    /// Whether the disk has no room left.
    pub fn is_full(&self) -> bool {
        let full = |error: &std::io::Error| {
            matches!(
                error.kind(),
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
            )
        };
        match self {
            Self::Io(error) => full(error),
            Self::Index(tantivy::TantivyError::IoError(error)) => full(error),
            other => {
                let said = other.to_string();
                said.contains("StorageFull") || said.contains("No space left")
            }
        }
    }
}
