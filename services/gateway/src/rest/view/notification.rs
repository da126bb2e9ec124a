//! Subscriptions and what was sent.

use chrono::{DateTime, Utc};
use contracts::notification as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{instant, number, word};
use crate::error::Error;

/// What one wants to hear of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscription {
    /// Where to.
    pub email: String,
    /// all, organ, category, keyword or policy.
    pub kind: String,
    /// Organ code, category, keyword or policy id.
    #[serde(default)]
    pub value: String,
    /// That as a person reads it.
    #[serde(default)]
    pub label: String,
    /// Only for operators who hold the consent: no confirmation is asked.
    #[serde(default)]
    pub confirmed: bool,
}

impl TryFrom<NewSubscription> for wire::CreateSubscriptionRequest {
    type Error = Error;

    fn try_from(new: NewSubscription) -> Result<Self, Error> {
        let NewSubscription { email, kind, value, label, confirmed } = new;
        let read = wire::SubscriptionKind::from_str_name;
        let kind = number("kind", &kind, "SUBSCRIPTION_KIND_", read)?;
        Ok(Self { email, kind, value, label, confirmed })
    }
}

/// What somebody wants to hear of.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// all, organ, category, keyword or policy.
    pub kind: String,
    /// Organ code, category, keyword or policy id.
    pub value: String,
    /// That as a person reads it.
    pub label: String,
    /// Whether the address has agreed.
    pub confirmed: bool,
    /// When it was asked for.
    pub created_at: Option<DateTime<Utc>>,
    /// The address, masked; only for operators.
    pub masked_email: String,
    /// Whether it is over.
    pub ended: bool,
}

impl From<wire::Subscription> for Subscription {
    fn from(subscription: wire::Subscription) -> Self {
        let kind = word(subscription.kind().as_str_name(), "SUBSCRIPTION_KIND_");
        let wire::Subscription {
            id,
            kind: _,
            value,
            label,
            confirmed,
            created_at,
            masked_email,
            ended,
        } = subscription;
        let created_at = instant(created_at);
        Self { id, kind, value, label, confirmed, created_at, masked_email, ended }
    }
}

/// One message to one subscriber.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// Its id.
    pub id: String,
    /// To whom.
    pub subscription_id: String,
    /// About which policy.
    pub policy_id: String,
    /// About which revision of it.
    pub revision: i64,
    /// published, corrected or withdrawn.
    pub occasion: String,
    /// waiting, sent, failed, in_doubt or digested.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it failed.
    pub error: String,
    /// Its Message-ID.
    pub message_id: String,
    /// When it was due.
    pub created_at: Option<DateTime<Utc>>,
    /// When it went out.
    pub sent_at: Option<DateTime<Utc>>,
    /// The address, masked.
    pub masked_email: String,
    /// Its subject.
    pub subject: String,
    /// Whether it was once in doubt and sent again.
    pub was_in_doubt: bool,
}

impl From<wire::Delivery> for Delivery {
    fn from(delivery: wire::Delivery) -> Self {
        let state = word(delivery.state().as_str_name(), "DELIVERY_STATE_");
        Self {
            id: delivery.id,
            subscription_id: delivery.subscription_id,
            policy_id: delivery.policy_id,
            revision: delivery.revision,
            occasion: delivery.occasion,
            state,
            attempts: delivery.attempts,
            error: delivery.error,
            message_id: delivery.message_id,
            created_at: instant(delivery.created_at),
            sent_at: instant(delivery.sent_at),
            masked_email: delivery.masked_email,
            subject: delivery.subject,
            was_in_doubt: delivery.was_in_doubt,
        }
    }
}

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deliveries {
    /// The deliveries.
    pub items: Vec<Delivery>,
    /// Asks for the page after this one; empty at the end.
    pub next_page_token: String,
    /// How many there are.
    pub total: u64,
    /// How many of them are in doubt.
    pub in_doubt: u64,
}

impl From<wire::ListDeliveriesResponse> for Deliveries {
    fn from(answer: wire::ListDeliveriesResponse) -> Self {
        let wire::ListDeliveriesResponse { deliveries, next_page_token, total, in_doubt } = answer;
        let items = deliveries.into_iter().map(Into::into).collect();
        Self { items, next_page_token, total, in_doubt }
    }
}

/// One message as it went out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// RFC 5322.
    pub message: String,
}
