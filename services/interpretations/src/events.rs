//! What interpretations hears.

use async_trait::async_trait;
use contracts::documents::{PolicyCorrected, PolicyPublished, PolicyWithdrawn, RevisionExpunged};
use kit::db::Tx;
use kit::{Failed, Handler, Heard};
use prost::Name as _;

use crate::commands::Interpretations;
use crate::commands::follow::Occasion;
use crate::error::Error;

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
            commands.follow_publication(tx, event.decode()?, occasion).await
        } else if event.is::<PolicyCorrected>() {
            commands.follow_correction(tx, event.decode()?, occasion).await
        } else if event.is::<PolicyWithdrawn>() {
            commands.follow_withdrawal(tx, event.decode()?, occasion).await
        } else {
            let RevisionExpunged { policy_id, revision, .. } = event.decode()?;
            commands.follow_expunge(tx, policy_id.parse()?, revision).await
        }
    }
}

#[async_trait]
impl Handler for Follower {
    async fn handle(&self, tx: &Tx, event: &Heard) -> Result<(), Failed> {
        Ok(self.follow(tx, event).await?)
    }
}
