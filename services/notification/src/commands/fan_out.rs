//! From one announcement to everyone who asked, and back to one event that says how it went.

use std::collections::HashMap;

use contracts::notification::{FanOutCompleted, FanOutDelayed};
use kit::{
    clock::Clock,
    db::Tx,
    outbox::{self, NewEvent, Subject},
};
use uuid::Uuid;

use crate::{
    domain::{
        delivery::State,
        news::{Audience, News},
    },
    error::Error,
    store::announcements::{self, Settled, Tally},
};

/// Who stands in events for what the service does by itself.
pub const ACTOR: &str = "services/notification";

/// Writes the ledger rows of announcements; the event's id makes each of them once.
#[tracing::instrument(name = "command.notification.announce", skip_all)]
pub async fn announce(tx: &Tx, clock: &dyn Clock, news: &[(Uuid, News)]) -> Result<(), Error> {
    let now = clock.now();
    let new = announcements::insert(tx, news, now).await?;
    let (mut unwanted, mut unasked, mut digested) = (Vec::new(), Vec::new(), Vec::new());
    for (event, news) in news.iter().filter(|(event, _)| new.contains(event)) {
        let addressed = match news.audience {
            Audience::Nobody => {
                unwanted.push(*event);
                continue;
            }
            Audience::InDigest => State::Digested,
            Audience::AtOnce => State::Waiting,
        };
        let count = announcements::address(tx, *event, news, addressed, now).await?;
        if count == 0 {
            unasked.push(*event);
        } else if addressed == State::Digested {
            digested.push(*event);
        }
    }
    settle(tx, clock, &unwanted, "按发布时的选择，不发送通知").await?;
    settle(tx, clock, &unasked, "没有人订阅相关内容").await?;
    settle(tx, clock, &digested, "").await
}

/// Says of those announcements that have no open delivery any more how they went, once.
///
/// `empty` is the reason that is given where nobody was written to.
pub async fn settle(tx: &Tx, clock: &dyn Clock, ids: &[Uuid], empty: &str) -> Result<(), Error> {
    let settled = announcements::complete(tx, ids, clock.now()).await?;
    if settled.is_empty() {
        return Ok(());
    }
    let done: Vec<Uuid> = settled.iter().map(|announcement| announcement.id).collect();
    let mut counts: HashMap<Uuid, Counts> = HashMap::new();
    for tally in announcements::tally(tx, &done).await? {
        counts.entry(tally.announcement_id).or_default().add(&tally);
    }
    let events = settled
        .into_iter()
        .map(|announcement| {
            let counts = counts.remove(&announcement.id).unwrap_or_default();
            counts.event(announcement, empty)
        })
        .collect();
    outbox::append_many(tx, clock, events, ACTOR).await?;
    Ok(())
}

/// Says of announcements what keeps their messages, where that is news.
pub async fn delay(tx: &Tx, clock: &dyn Clock, delays: &[(Uuid, String)]) -> Result<(), Error> {
    let mut events = Vec::new();
    for (id, reason) in delays {
        let Some(news) = announcements::note_delay(tx, *id, reason).await? else { continue };
        let Settled { policy_id, revision, .. } = news;
        let aggregate = format!("policies/{policy_id}");
        let event = FanOutDelayed { policy_id, revision, reason: reason.clone() };
        events.push(NewEvent::of(&event, Subject { aggregate: &aggregate, revision }));
    }
    outbox::append_many(tx, clock, events, ACTOR).await?;
    Ok(())
}

/// How the deliveries of one announcement ended; each counts in one place.
#[derive(Default)]
struct Counts {
    sent: u32,
    failed: u32,
    in_doubt: u32,
    digested: u32,
}

impl Counts {
    fn add(&mut self, tally: &Tally) {
        let place = match State::read(&tally.state) {
            Some(State::Sent) if tally.was_in_doubt => &mut self.in_doubt,
            Some(State::Sent) => &mut self.sent,
            Some(State::Failed) => &mut self.failed,
            Some(State::Digested) => &mut self.digested,
            _ => return,
        };
        *place += u32::try_from(tally.count).unwrap_or(u32::MAX);
    }

    fn event(self, announcement: Settled, empty: &str) -> NewEvent {
        let Settled { id: _, policy_id, revision, occasion } = announcement;
        let Self { sent, failed, in_doubt, digested } = self;
        let nobody = sent + failed + in_doubt + digested == 0;
        let aggregate = format!("policies/{policy_id}");
        let event = FanOutCompleted {
            policy_id,
            revision,
            occasion,
            sent,
            failed,
            in_doubt,
            digested,
            reason: if nobody { empty.to_owned() } else { String::new() },
        };
        NewEvent::of(&event, Subject { aggregate: &aggregate, revision })
    }
}
