//! What it hears: publications, corrections, withdrawals, and the end or change of an effect.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::documents::{
    EffectChange, PolicyAmended, PolicyCorrected, PolicyLapsed, PolicyPublished, PolicyRepealed,
    PolicyWithdrawn,
};
use kit::{Failed, Handler, Heard, clock::Clock, db::Tx};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    commands::fan_out,
    domain::news::{News, Occasion},
    error::Error,
};

/// Under which this service tells of what it does.
const NAME: &str = "notification";

/// Announces what it hears to everyone who asked.
pub struct Announcer {
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Handler for Announcer {
    async fn handle(&self, tx: &Tx, event: &Heard) -> Result<(), Failed> {
        let news = [(event.id, read(event)?)];
        Ok(fan_out::announce(tx, &*self.clock, &news).await?)
    }

    async fn handle_together(&self, tx: &Tx, events: &[Heard]) -> Option<Result<(), Failed>> {
        Some(self.announce_all(tx, events).await.map_err(Failed::from))
    }
}

impl Announcer {
    /// What one command said is announced together.
    async fn announce_all(&self, tx: &Tx, events: &[Heard]) -> Result<(), Error> {
        for together in events.chunk_by(Heard::came_with) {
            let Some(first) = together.first() else { continue };
            let news = together.iter().map(|event| Ok((event.id, read(event)?)));
            let news: Vec<(Uuid, News)> = news.collect::<Result<_, Error>>()?;
            let span = first.span(NAME);
            fan_out::announce(tx, &*self.clock, &news).instrument(span).await?;
        }
        Ok(())
    }
}

fn reason_of(change: Option<EffectChange>) -> String {
    change.unwrap_or_default().reason
}

/// Reads what there is to announce. An event that names no policy is never passed over: a reader
/// that keeps silent leaves a receipt that waits for ever.
fn read(event: &Heard) -> Result<News, Error> {
    let news = if event.is::<PolicyPublished>() {
        let PolicyPublished { policy } = event.decode()?;
        policy.map(|facts| News::of(Occasion::Published, facts, String::new()))
    } else if event.is::<PolicyCorrected>() {
        let PolicyCorrected { policy, reason } = event.decode()?;
        policy.map(|facts| News::of(Occasion::Corrected, facts, reason))
    } else if event.is::<PolicyWithdrawn>() {
        let PolicyWithdrawn { policy, reason, withdrawn_at: _ } = event.decode()?;
        policy.map(|facts| News::of(Occasion::Withdrawn, facts, reason))
    } else if event.is::<PolicyAmended>() {
        let PolicyAmended { policy, change } = event.decode()?;
        policy.map(|facts| News::of(Occasion::Amended, facts, reason_of(change)))
    } else if event.is::<PolicyRepealed>() {
        let PolicyRepealed { policy, change } = event.decode()?;
        policy.map(|facts| News::of(Occasion::Repealed, facts, reason_of(change)))
    } else if event.is::<PolicyLapsed>() {
        let PolicyLapsed { policy, change } = event.decode()?;
        policy.map(|facts| News::of(Occasion::Lapsed, facts, reason_of(change)))
    } else {
        None
    };
    news.filter(|news| !news.notice.policy_id.is_empty()).ok_or(Error::NamesNoPolicy)
}
