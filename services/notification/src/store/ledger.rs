//! The ledger as people look at it.

use chrono::{DateTime, Utc};
use kit::{Result, db};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

/// A delivery with what it told of.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DeliveryRow {
    pub id: String,
    pub purpose: String,
    pub subscription_id: Uuid,
    pub subscriber_id: String,
    pub state: String,
    pub attempts: i64,
    pub was_in_doubt: bool,
    pub error: String,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub sealed_email: Option<Vec<u8>>,
    pub policy_id: Option<String>,
    pub revision: Option<i64>,
    pub occasion: Option<String>,
    pub title: Option<String>,
}

/// Which deliveries to show; empty: any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub policy_id: String,
    pub states: Vec<&'static str>,
}

impl Filter {
    /// The condition, and its values after the first `after`.
    fn condition(&self, after: usize) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = Vec::new();
        let mut parts = vec!["1 = 1".to_owned()];
        if !self.policy_id.is_empty() {
            values.push(self.policy_id.as_str().into());
            parts.push(format!("a.policy_id = ${}", after + values.len()));
        }
        if !self.states.is_empty() {
            let list = db::list_of(after + values.len(), self.states.len());
            values.extend(self.states.iter().map(|state| Value::from(*state)));
            parts.push(format!("d.state IN ({list})"));
        }
        (parts.join(" AND "), values)
    }
}

/// How many deliveries there are, and how many of them are or were in doubt.
#[derive(Debug, Clone, Default, FromQueryResult)]
pub struct Totals {
    pub total: i64,
    pub in_doubt: i64,
}

const FROM: &str = "FROM deliveries d LEFT JOIN announcements a ON a.id = d.announcement_id";

/// Deliveries, newest first.
pub async fn page(
    conn: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<(DateTime<Utc>, String)>,
    limit: u64,
) -> Result<Vec<DeliveryRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values: Vec<Value> = vec![limit.into()];
    let mut condition = String::new();
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        condition.push_str("(d.created_at, d.id) < ($2, $3) AND ");
    }
    let (of_filter, more) = filter.condition(values.len());
    condition.push_str(&of_filter);
    values.extend(more);
    let text = format!(
        "SELECT d.id, d.purpose, d.subscription_id, d.subscriber_id, d.state, d.attempts, \
         d.was_in_doubt, d.error, d.created_at, d.sent_at, p.sealed_email, a.policy_id, \
         a.revision, a.occasion, a.title {FROM} \
         LEFT JOIN subscribers p ON p.id = d.subscriber_id \
         WHERE {condition} ORDER BY d.created_at DESC, d.id DESC LIMIT $1"
    );
    db::all(conn, &text, values).await
}

/// Counts the deliveries that a filter lets through.
pub async fn totals(conn: &impl ConnectionTrait, filter: &Filter) -> Result<Totals> {
    let (condition, values) = filter.condition(0);
    let text = format!(
        "SELECT count(*) AS total, count(CASE WHEN d.was_in_doubt THEN 1 END) AS in_doubt \
         {FROM} WHERE {condition}"
    );
    Ok(db::one(conn, &text, values).await?.unwrap_or_default())
}
