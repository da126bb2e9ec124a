//! The deliverer: sends what waits, for as long as the service runs.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use kit::{Fault, clock::Clock, db::Db, lease::Lease};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    commands::deliver::{self, Report},
    domain::{
        delivery::{Outcome, Patience},
        interest::{Interest, Kind},
        news::{Notice, Occasion},
    },
    error::Error,
    letters::{Content, Letters, Parcel},
    store::{deliveries::Taken, digests},
    transport::Transport,
    vault::Vault,
};

/// How long to rest when nothing is due.
const REST: Duration = Duration::from_millis(250);
/// How long to rest when the database is away.
const PAUSE: Duration = Duration::from_secs(2);
/// How long results are gathered before they are noted together.
const GATHER: Duration = Duration::from_millis(200);

/// Sends what waits.
pub struct Deliverer {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub transport: Arc<Transport>,
    pub letters: Letters,
    pub vault: Arc<Vault>,
    pub patience: Patience,
    pub batch: u64,
    pub parallel: usize,
}

impl Deliverer {
    /// Delivers whenever this process holds the lease, until it is asked to stop.
    ///
    /// What was taken up is finished and noted first: the lease is given back only then.
    pub async fn run(self, lease: Lease, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            match lease.hold().await {
                Ok(true) => tokio::select! {
                    () = lease.until_lost() => tracing::warn!("the deliverer lost its lease"),
                    () = self.deliver(&shutdown) => {}
                },
                Ok(false) => rest(PAUSE, &shutdown).await,
                Err(error) => {
                    tracing::warn!(error = error.chain(), "the deliverer cannot take its lease");
                    rest(PAUSE, &shutdown).await;
                }
            }
        }
        if let Err(error) = lease.release().await {
            tracing::warn!(error = error.chain(), "the deliverer did not give back its lease");
        }
    }

    /// Looks after what an earlier deliverer left, then delivers until asked to stop.
    async fn deliver(&self, shutdown: &CancellationToken) {
        while let Err(error) = self.recover().await {
            tracing::warn!(error = kit::error::chain(&error), "cut-off deliveries stay so");
            rest(PAUSE, shutdown).await;
            if shutdown.is_cancelled() {
                return;
            }
        }
        while !shutdown.is_cancelled() {
            match self.round(shutdown).await {
                Ok(0) => rest(REST, shutdown).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(error = kit::error::chain(&error), "a round failed");
                    rest(PAUSE, shutdown).await;
                    // What was taken and not noted would otherwise wait for the next start.
                    if let Err(error) = self.recover().await {
                        tracing::warn!(error = kit::error::chain(&error), "still cut off");
                    }
                }
            }
        }
    }

    /// Looks after what was being sent when the last deliverer ended.
    pub async fn recover(&self) -> Result<(), Error> {
        let once = self.transport.is_exactly_once();
        let count = deliver::recover(&self.db, &*self.clock, &self.patience, once).await?;
        if count > 0 {
            tracing::info!(deliveries = count, in_doubt = !once, "cut-off deliveries were found");
        }
        Ok(())
    }

    /// Takes up a batch, sends it, and notes the results as they come in.
    pub async fn round(&self, shutdown: &CancellationToken) -> Result<usize, Error> {
        let taken = deliver::take(&self.db, &*self.clock, self.batch).await?;
        let count = taken.len();
        let most = usize::try_from(self.batch).unwrap_or(usize::MAX);
        let reports = futures::stream::iter(taken)
            .map(|taken| self.try_one(taken, shutdown))
            .buffer_unordered(self.parallel);
        let gathered = tokio_stream::StreamExt::chunks_timeout(reports, most, GATHER);
        let mut gathered = std::pin::pin!(gathered);
        while let Some(reports) = gathered.next().await {
            self.note(reports, shutdown).await?;
        }
        Ok(count)
    }

    /// Notes results, again and again while the database is away: a message that has left and is
    /// not noted would be sent twice.
    async fn note(&self, reports: Vec<Report>, shutdown: &CancellationToken) -> Result<(), Error> {
        loop {
            let noting =
                deliver::note(&self.db, &*self.clock, &self.patience, reports.clone()).await;
            match noting {
                Err(error) if !shutdown.is_cancelled() && error.kind().is_transient() => {
                    tracing::warn!(error = kit::error::chain(&error), "results cannot be noted");
                    rest(PAUSE, shutdown).await;
                }
                outcome => return outcome,
            }
        }
    }

    pub async fn try_one(&self, taken: Taken, shutdown: &CancellationToken) -> Report {
        if shutdown.is_cancelled() {
            return Report::of(&taken, Outcome::Untouched);
        }
        let outcome = match self.pack(&taken).await {
            Ok(Some(parcel)) => match self.letters.write(&parcel, self.clock.now()) {
                Ok(letter) => self.transport.send(&letter).await,
                Err(error) => cannot(&taken, &error),
            },
            Ok(None) => Outcome::Refused("订阅已不存在".to_owned()),
            Err(error) => cannot(&taken, &error),
        };
        Report::of(&taken, outcome)
    }

    /// Puts together what the message is made of; `None` where its subscriber is forgotten.
    async fn pack(&self, taken: &Taken) -> Result<Option<Parcel>, Error> {
        let (Some(sealed), Some(kind)) =
            (&taken.sealed_email, taken.kind.as_deref().and_then(Kind::read))
        else {
            return Ok(None);
        };
        let content = match (taken.purpose.as_str(), notice(taken)) {
            ("confirmation", _) => Content::Confirmation,
            ("digest", _) => {
                let entries = digests::entries(self.db.conn(), &taken.id).await?;
                let notices = entries.notices.into_iter().map(Notice::from).collect();
                Content::Digest { notices, total: entries.total }
            }
            (_, Some(notice)) => Content::Announcement(notice),
            (_, None) => return Ok(None),
        };
        Ok(Some(Parcel {
            delivery_id: taken.id.clone(),
            email: self.vault.unseal(&taken.subscriber_id, sealed)?,
            subscription: taken.subscription_id.into(),
            interest: Interest {
                kind,
                value: taken.value.clone().unwrap_or_default(),
                label: taken.label.clone().unwrap_or_default(),
            },
            content,
        }))
    }
}

fn notice(taken: &Taken) -> Option<Notice> {
    Some(Notice {
        occasion: Occasion::read(taken.occasion.as_deref()?),
        policy_id: taken.policy_id.clone()?,
        title: taken.title.clone()?,
        document_number: taken.document_number.clone()?,
        organ_name: taken.organ_name.clone()?,
        summary: taken.summary.clone()?,
        reason: taken.reason.clone()?,
    })
}

/// A fault of ours: it may be mended before patience ends.
fn cannot(taken: &Taken, error: &Error) -> Outcome {
    let delivery = taken.id.as_str();
    tracing::error!(delivery.id = delivery, error = kit::error::chain(error), "not written");
    Outcome::Later("邮件无法生成".to_owned())
}

async fn rest(time: Duration, shutdown: &CancellationToken) {
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = sleep(time) => {}
    }
}
