//! What can be asked: rows become messages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::notification as wire;
use kit::{clock, db::Db, page::Page};

use crate::{
    domain::{
        delivery::State,
        interest::Kind,
        news::Occasion,
        subscription::{self, SubscriptionId},
    },
    error::Error,
    letters,
    store::{
        deliveries,
        ledger::{self, DeliveryRow, Filter},
        subscriptions::{self, SubscriptionRow},
    },
    transport::Transport,
    vault::{Use, Vault},
};

/// Most rows of a page.
const MAX_PAGE: u32 = 200;

/// The service's questions.
pub struct Queries {
    pub db: Db,
    pub vault: Arc<Vault>,
    pub transport: Arc<Transport>,
    pub message_domain: String,
}

impl Queries {
    /// What a token stands for.
    pub async fn subscription(&self, token: &str) -> Result<wire::Subscription, Error> {
        let id: SubscriptionId = self.vault.read_token(token, &[Use::Confirm, Use::Leave])?;
        let row = subscriptions::find(self.db.conn(), id).await?.ok_or(Error::Token)?;
        Ok(public(row))
    }

    /// All subscriptions, newest first, with masked addresses.
    pub async fn subscriptions(
        &self,
        page_size: u32,
        page_token: &str,
    ) -> Result<wire::ListSubscriptionsResponse, Error> {
        let page = Page::parse(page_size, page_token, MAX_PAGE)?;
        let after = match page.after::<2>()? {
            Some([at, id]) => Some((instant(at)?, kit::id::parse(id, "PageToken")?)),
            None => None,
        };
        let mut rows = subscriptions::page(self.db.conn(), after, page.limit + 1).await?;
        let next_page_token = page.cut(&mut rows, |row| key(row.created_at, &row.id));
        let subscriptions = rows.into_iter().map(|row| self.for_operators(row)).collect();
        Ok(wire::ListSubscriptionsResponse { subscriptions, next_page_token })
    }

    /// A subscription with its masked address.
    pub fn for_operators(&self, row: SubscriptionRow) -> wire::Subscription {
        let masked_email = self.masked(&row.subscriber_id, row.sealed_email.as_deref());
        wire::Subscription { masked_email, ..public(row) }
    }

    /// Deliveries, newest first.
    pub async fn deliveries(
        &self,
        request: wire::ListDeliveriesRequest,
    ) -> Result<wire::ListDeliveriesResponse, Error> {
        let filter = Filter { states: states(request.state()), policy_id: request.policy_id };
        let page = Page::parse(request.page_size, &request.page_token, MAX_PAGE)?;
        let after = match page.after::<2>()? {
            Some([at, id]) => Some((instant(at)?, id.clone())),
            None => None,
        };
        let conn = self.db.conn();
        let mut rows = ledger::page(conn, &filter, after, page.limit + 1).await?;
        let next_page_token = page.cut(&mut rows, |row| key(row.created_at, &row.id));
        let totals = ledger::totals(conn, &filter).await?;
        Ok(wire::ListDeliveriesResponse {
            deliveries: rows.into_iter().map(|row| self.delivery(row)).collect(),
            next_page_token,
            total: u64::try_from(totals.total).unwrap_or_default(),
            in_doubt: u64::try_from(totals.in_doubt).unwrap_or_default(),
        })
    }

    /// A message as it went out.
    pub async fn message(&self, delivery_id: String) -> Result<String, Error> {
        // Only ids of the ledger become file names.
        if deliveries::state(self.db.conn(), &delivery_id).await?.is_none() {
            return Err(Error::NoDelivery(delivery_id));
        }
        let kept = self.transport.kept(&delivery_id).await?;
        kept.ok_or(Error::NoMessage(delivery_id))
    }

    fn delivery(&self, row: DeliveryRow) -> wire::Delivery {
        let DeliveryRow {
            id,
            purpose,
            subscription_id,
            subscriber_id,
            state,
            attempts,
            was_in_doubt,
            error,
            created_at,
            sent_at,
            sealed_email,
            policy_id,
            revision,
            occasion,
            title,
        } = row;
        let subject = match (purpose.as_str(), &occasion, title) {
            ("confirmation", ..) => "确认订阅".to_owned(),
            ("digest", ..) => "每日摘要".to_owned(),
            (_, Some(occasion), Some(title)) => {
                format!("【{}】{title}", Occasion::read(occasion).in_words())
            }
            _ => String::new(),
        };
        wire::Delivery {
            message_id: letters::message_id(&id, &self.message_domain),
            id,
            subscription_id: subscription_id.to_string(),
            policy_id: policy_id.unwrap_or_default(),
            revision: revision.unwrap_or_default(),
            occasion: occasion.unwrap_or_default(),
            state: state_on_wire(&state).into(),
            attempts: u32::try_from(attempts).unwrap_or_default(),
            error,
            created_at: Some(clock::to_wire(created_at)),
            sent_at: sent_at.map(clock::to_wire),
            masked_email: self.masked(&subscriber_id, sealed_email.as_deref()),
            subject,
            was_in_doubt,
        }
    }

    /// The masked address; empty where it is forgotten or sealed with another key.
    fn masked(&self, subscriber_id: &str, sealed: Option<&[u8]>) -> String {
        sealed
            .and_then(|sealed| self.vault.unseal(subscriber_id, sealed).ok())
            .map(|email| email.masked())
            .unwrap_or_default()
    }
}

/// A subscription without anything of its address.
pub fn public(row: SubscriptionRow) -> wire::Subscription {
    let state = row.state();
    let SubscriptionRow {
        id,
        subscriber_id: _,
        kind,
        value,
        label,
        state: _,
        created_at,
        sealed_email: _,
    } = row;
    wire::Subscription {
        id: id.to_string(),
        kind: Kind::read(&kind).map_or(wire::SubscriptionKind::Unspecified, kind_on_wire).into(),
        value,
        label,
        confirmed: state == subscription::State::Confirmed,
        created_at: Some(clock::to_wire(created_at)),
        masked_email: String::new(),
        ended: state == subscription::State::Ended,
    }
}

/// A kind on the wire.
pub fn kind_on_wire(kind: Kind) -> wire::SubscriptionKind {
    match kind {
        Kind::All => wire::SubscriptionKind::All,
        Kind::Organ => wire::SubscriptionKind::Organ,
        Kind::Category => wire::SubscriptionKind::Category,
        Kind::Keyword => wire::SubscriptionKind::Keyword,
        Kind::Policy => wire::SubscriptionKind::Policy,
    }
}

fn state_on_wire(word: &str) -> wire::DeliveryState {
    match State::read(word) {
        Some(State::Waiting | State::Sending) => wire::DeliveryState::Waiting,
        Some(State::Sent) => wire::DeliveryState::Sent,
        Some(State::Failed) => wire::DeliveryState::Failed,
        Some(State::InDoubt) => wire::DeliveryState::InDoubt,
        Some(State::Digested) => wire::DeliveryState::Digested,
        None => wire::DeliveryState::Unspecified,
    }
}

/// The words of the ledger that a state on the wire stands for; none: any.
fn states(state: wire::DeliveryState) -> Vec<&'static str> {
    let states: &[State] = match state {
        wire::DeliveryState::Unspecified => &[],
        wire::DeliveryState::Waiting => &[State::Waiting, State::Sending],
        wire::DeliveryState::Sent => &[State::Sent],
        wire::DeliveryState::Failed => &[State::Failed],
        wire::DeliveryState::InDoubt => &[State::InDoubt],
        wire::DeliveryState::Digested => &[State::Digested],
    };
    states.iter().map(|state| state.as_str()).collect()
}

fn key(at: DateTime<Utc>, id: &impl ToString) -> Vec<String> {
    vec![at.timestamp_micros().to_string(), id.to_string()]
}

fn instant(micros: &str) -> Result<DateTime<Utc>, Error> {
    let at = micros.parse().ok().and_then(DateTime::from_timestamp_micros);
    at.ok_or_else(|| {
        Error::Kit(kit::Error::field("page_token", "翻页标记无效，请从第一页重新开始"))
    })
}
