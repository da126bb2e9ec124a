//! What interpretations hears.

use async_trait::async_trait;
use contracts::documents::{PolicyCorrected, PolicyPublished, PolicyWithdrawn, RevisionExpunged};
use kit::db::Tx;
use kit::{Failed, Handler, Heard};
use prost::Name as _;
use tracing::Instrument as _;

use crate::commands::Interpretations;
use crate::commands::follow::Occasion;
use crate::error::Error;

/// Under which this service tells of what it does.
const NAME: &str = "interpretations";

/// Keeps tasks true to what documents says of policies.
pub struct Follower(pub Interpretations);

impl Follower {
    /// The events that it hears.
    pub fn types() -> [String; 4] {
        [
            PolicyPublished::full_name(),
            PolicyCorrected::full_name(),
            PolicyWithdrawn::full_name(),
            RevisionExpunged::full_name(),
        ]
    }

    async fn follow(&self, tx: &Tx, event: &Heard) -> Result<(), Error> {
        let Self(commands) = self;
        let occasion = Occasion { at: event.occurred_at, actor: &event.actor };
        if event.is::<PolicyPublished>() {
            self.follow_publications(tx, std::slice::from_ref(event)).await
        } else if event.is::<PolicyCorrected>() {
            commands.follow_correction(tx, event.decode()?, occasion).await
        } else if event.is::<PolicyWithdrawn>() {
            commands.follow_withdrawal(tx, event.decode()?, occasion).await
        } else {
            let RevisionExpunged { policy_id, revision, .. } = event.decode()?;
            commands.follow_expunge(tx, policy_id.parse()?, revision).await
        }
    }

    /// Publications that one command said.
    async fn follow_publications(&self, tx: &Tx, events: &[Heard]) -> Result<(), Error> {
        let Some(first) = events.first() else { return Ok(()) };
        let published = events.iter().map(|event| Ok((event.decode()?, event.occurred_at)));
        let published = published.collect::<kit::Result<_>>()?;
        self.0.follow_publications(tx, published, &first.actor).await
    }

    /// An import's publications are followed together, everything else one by one.
    async fn follow_all(&self, tx: &Tx, events: &[Heard]) -> Result<(), Error> {
        for together in events.chunk_by(Heard::came_with) {
            match together {
                [first, _, ..] if first.is::<PolicyPublished>() => {
                    let span = first.span(NAME);
                    self.follow_publications(tx, together).instrument(span).await?;
                }
                _ => {
                    for event in together {
                        self.follow(tx, event).instrument(event.span(NAME)).await?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Handler for Follower {
    async fn handle(&self, tx: &Tx, event: &Heard) -> Result<(), Failed> {
        Ok(self.follow(tx, event).await?)
    }

    async fn handle_together(&self, tx: &Tx, events: &[Heard]) -> Option<Result<(), Failed>> {
        Some(self.follow_all(tx, events).await.map_err(Failed::from))
    }
}
