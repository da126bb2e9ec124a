//! Shared readers: what a service hears from another, applied exactly once.
//!
//! A reader takes events in the order of the producer's log and applies each batch in one
//! transaction of its own database, together with the mark of how far it has come. An event that
//! fails holds back the later ones of its aggregate, and nobody else's; it is tried again with
//! growing delays and at last laid among the dead letters, with those behind it, where an operator
//! finds it.

mod mark;
mod run;
mod waiting;

use async_trait::async_trait;

pub use crate::bus::Heard;
pub(crate) use mark::Mark;
pub(crate) use run::Reader;

use crate::db::Tx;

/// What a service does with what it hears: database work only, within the given transaction.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Applies one event; effect and mark are one transaction.
    async fn handle(&self, tx: &Tx, event: &Heard) -> Result<(), Failed>;

    /// Applies several events in their order, all or none, where that costs less than one by one;
    /// `None` where it does not.
    async fn handle_together(&self, _: &Tx, _: &[Heard]) -> Option<Result<(), Failed>> {
        None
    }
}

/// Why an event could not be handled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// It may succeed later: the event is tried again.
    #[error("{0}")]
    Transient(String),
    /// It cannot succeed as things are: the event goes to the dead letters at once.
    #[error("{0}")]
    Final(String),
}
