//! Who did what to which thing, written in the transaction that did it.

use chrono::{DateTime, Utc};
use contracts::platform::AuditEntry;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    Result,
    auth::Caller,
    clock::{self, Clock},
    db::{self, Db, Tx},
    page::Page,
};

pub(crate) const DDL: &str = "
CREATE TABLE audit (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id text NOT NULL,
    actor_name text NOT NULL,
    action text NOT NULL,
    resource text NOT NULL,
    detail text NOT NULL
);
CREATE INDEX audit_of_resource ON audit (resource, id);
";

/// One row of the trail.
#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    at: DateTime<Utc>,
    actor_id: String,
    actor_name: String,
    action: String,
    resource: String,
    detail: String,
}

/// Records that `caller` did `action` to `resource`.
pub async fn record(
    tx: &Tx,
    clock: &dyn Clock,
    caller: &Caller,
    action: &str,
    resource: &str,
    detail: &str,
) -> Result<()> {
    let values = vec![
        crate::id::new(clock).into(),
        clock.now().into(),
        caller.actor().into(),
        caller.name.as_str().into(),
        action.into(),
        resource.into(),
        detail.into(),
    ];
    db::run(
        &**tx,
        "INSERT INTO audit (id, at, actor_id, actor_name, action, resource, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values,
    )
    .await?;
    Ok(())
}

/// A service's newest entries first, of one resource or (when it is empty) of all; and the token
/// of the next page.
pub async fn list(
    db: &Db,
    service: &str,
    resource: &str,
    page: &Page,
) -> Result<(Vec<AuditEntry>, String)> {
    let before = match page.after::<1>()? {
        Some([id]) => crate::id::parse(id, "PageToken")?,
        None => Uuid::max(),
    };
    let mut rows = db::all::<Row>(
        db.conn(),
        "SELECT id, at, actor_id, actor_name, action, resource, detail FROM audit \
         WHERE id < $1 AND ($2 = '' OR resource = $2) ORDER BY id DESC LIMIT $3",
        vec![before.into(), resource.into(), page.fetch().into()],
    )
    .await?;
    let next = page.cut(&mut rows, |last| vec![last.id.to_string()]);
    Ok((rows.into_iter().map(|row| row.of(service)).collect(), next))
}

impl Row {
    fn of(self, service: &str) -> AuditEntry {
        let Self { id, at, actor_id, actor_name, action, resource, detail } = self;
        AuditEntry {
            id: id.to_string(),
            service: service.to_owned(),
            at: Some(clock::to_wire(at)),
            actor_id,
            actor_name,
            action,
            resource,
            detail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[tokio::test]
    async fn the_trail_is_read_newest_first_and_by_page() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&db::Place::File(folder.path().join("a.db"))).await.unwrap();
        db.migrate(&[&[db::Migration { name: "audit", sql: DDL }]]).await.unwrap();
        let clock = ManualClock::default();
        let caller =
            Caller { account_id: "7".into(), name: "李明".into(), ..Caller::anonymous() };
        let tx = db.begin().await.unwrap();
        for action in ["policy.draft", "policy.review", "policy.publish"] {
            clock.advance(chrono::TimeDelta::seconds(1));
            record(&tx, &clock, &caller, action, "policies/1", "").await.unwrap();
        }
        record(&tx, &clock, &caller, "policy.draft", "policies/2", "").await.unwrap();
        tx.commit().await.unwrap();

        let first = Page::parse(2, "", 10).unwrap();
        let (entries, next) = list(&db, "documents", "policies/1", &first).await.unwrap();
        assert_eq!(entries[0].action, "policy.publish");
        assert_eq!(entries[0].actor_id, "accounts/7");
        assert_eq!(entries[0].at, Some(clock::to_wire(clock.now())));
        let second = Page::parse(2, &next, 10).unwrap();
        let (entries, next) = list(&db, "documents", "policies/1", &second).await.unwrap();
        assert_eq!((entries.len(), next.as_str()), (1, ""));
        assert_eq!(entries[0].action, "policy.draft");
        assert_eq!(
            list(&db, "documents", "", &Page::parse(9, "", 10).unwrap()).await.unwrap().0.len(),
            4
        );
    }
}
