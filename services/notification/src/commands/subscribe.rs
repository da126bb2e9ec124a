//! Asking for, confirming and ending subscriptions.

use std::sync::Arc;

use chrono::TimeDelta;
use kit::{
    audit,
    auth::Caller,
    clock::Clock,
    db::{Db, Tx},
};

use super::fan_out;
use crate::{
    domain::{
        email::Email,
        interest::Interest,
        subscription::{HasEnded, State, SubscriptionId},
    },
    error::Error,
    store::{
        deliveries,
        subscriptions::{self, SubscriptionRow},
    },
    vault::{Use, Vault},
};

/// The subscriptions of the public.
pub struct Subscriptions {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub vault: Arc<Vault>,
    pub confirmations_per_day: i64,
}

impl Subscriptions {
    /// Notes what somebody asks for and has the address asked for its consent.
    ///
    /// It tells nothing: whether the address was known, or had subscribed already, is nobody's
    /// business but its owner's.
    #[tracing::instrument(name = "command.notification.subscribe", skip_all)]
    pub async fn ask(&self, email: &Email, interest: &Interest) -> Result<(), Error> {
        let now = self.clock.now();
        let tx = self.db.begin().await?;
        let row = self.keep(&tx, email, interest).await?;
        let state = row.state().asked_again();
        if state == State::Asked {
            subscriptions::set_state(&tx, row.id(), state, &interest.label, now).await?;
            let day = now - TimeDelta::days(1);
            let asked = deliveries::confirmations_since(&tx, &row.subscriber_id, day).await?;
            // Nobody's mailbox is flooded by what strangers type into our form.
            if asked < self.confirmations_per_day {
                let subscriber = &row.subscriber_id;
                deliveries::ask_confirmation(&tx, row.id(), subscriber, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Notes a subscription for an address whose consent the caller vouches for.
    #[tracing::instrument(name = "command.notification.enrol", skip_all)]
    pub async fn enrol(
        &self,
        caller: &Caller,
        email: &Email,
        interest: &Interest,
    ) -> Result<SubscriptionRow, Error> {
        let tx = self.db.begin().await?;
        let mut row = self.keep(&tx, email, interest).await?;
        let state = row.state().asked_again().confirm().map_err(|HasEnded| Error::Ended)?;
        subscriptions::set_state(&tx, row.id(), state, &interest.label, self.clock.now()).await?;
        let resource = format!("subscriptions/{}", row.id());
        audit::record(&tx, &*self.clock, caller, "subscription.enrol", &resource, "").await?;
        tx.commit().await?;
        state.as_str().clone_into(&mut row.state);
        row.label.clone_from(&interest.label);
        Ok(row)
    }

    /// The owner of the address says yes.
    #[tracing::instrument(name = "command.notification.confirm", skip_all)]
    pub async fn confirm(&self, token: &str) -> Result<SubscriptionRow, Error> {
        let id = self.vault.read_token(token, &[Use::Confirm])?;
        let tx = self.db.begin().await?;
        let mut row = subscriptions::lock(&tx, id).await?.ok_or(Error::Token)?;
        let state = row.state().confirm().map_err(|HasEnded| Error::Ended)?;
        subscriptions::set_state(&tx, id, state, &row.label, self.clock.now()).await?;
        tx.commit().await?;
        state.as_str().clone_into(&mut row.state);
        Ok(row)
    }

    /// Ends a subscription, and takes back what waits to be sent for it.
    #[tracing::instrument(name = "command.notification.unsubscribe", skip_all)]
    pub async fn end(&self, token: &str) -> Result<SubscriptionRow, Error> {
        let id = self.vault.read_token(token, &[Use::Leave, Use::Confirm])?;
        let now = self.clock.now();
        let tx = self.db.begin().await?;
        let mut row = subscriptions::lock(&tx, id).await?.ok_or(Error::Token)?;
        if row.state() != State::Ended {
            subscriptions::set_state(&tx, id, State::Ended, &row.label, now).await?;
            let announcements = deliveries::take_back(&tx, id).await?;
            fan_out::settle(&tx, &*self.clock, &announcements, "收件人已退订").await?;
        }
        tx.commit().await?;
        State::Ended.as_str().clone_into(&mut row.state);
        Ok(row)
    }

    async fn keep(
        &self,
        tx: &Tx,
        email: &Email,
        interest: &Interest,
    ) -> Result<SubscriptionRow, Error> {
        let now = self.clock.now();
        let subscriber = self.vault.subscriber_id(email)?;
        let sealed = self.vault.seal(&subscriber, email)?;
        subscriptions::keep_subscriber(tx, &subscriber, sealed, now).await?;
        let fresh = SubscriptionId::new(&*self.clock);
        Ok(subscriptions::keep(tx, fresh, &subscriber, interest, now).await?)
    }
}
