//! Rows of the organ tree.

use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::domain::organ::Organ;
use crate::error::Error;

/// An organ and how often it was changed.
#[derive(Debug, Clone, FromQueryResult)]
pub struct OrganRow {
    /// Stable short name.
    pub code: String,
    /// Full standard name.
    pub name: String,
    /// Name as used in running text.
    pub short_name: String,
    /// Code of the organ above; empty for a root.
    pub parent_code: String,
    /// Kind of body.
    pub kind: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// JSON list.
    pub number_heads: String,
    /// Telephone.
    pub phone: String,
    /// 1 when new.
    pub revision: i64,
}

impl OrganRow {
    /// The heads of document numbers.
    pub fn heads(&self) -> Vec<String> {
        serde_json::from_str(&self.number_heads).unwrap_or_default()
    }
}

impl From<OrganRow> for Organ {
    fn from(row: OrganRow) -> Self {
        let number_heads = row.heads();
        let OrganRow {
            code,
            name,
            short_name,
            parent_code,
            kind,
            credit_code,
            number_heads: _,
            phone,
            revision: _,
        } = row;
        Self { code, name, short_name, parent_code, kind, credit_code, number_heads, phone }
    }
}

const COLUMNS: &str =
    "code, name, short_name, parent_code, kind, credit_code, number_heads, phone, revision";

/// All organs, with the tree locked until the transaction ends.
pub async fn lock_tree(tx: &Tx) -> Result<Vec<OrganRow>, Error> {
    let text = format!("SELECT id AS value FROM organ_tree{}", tx.for_update());
    let _: Option<i32> = db::scalar(&**tx, &text, vec![]).await?;
    let text = format!("SELECT {COLUMNS} FROM organs");
    Ok(db::all(&**tx, &text, vec![]).await?)
}

/// The organ with that code or full name.
pub async fn find(conn: &impl ConnectionTrait, organ: &str) -> Result<Option<OrganRow>, Error> {
    let text = format!(
        "SELECT {COLUMNS} FROM organs WHERE code = $1 OR name = $1 \
         ORDER BY CASE WHEN code = $1 THEN 0 ELSE 1 END LIMIT 1"
    );
    Ok(db::one(conn, &text, vec![organ.into()]).await?)
}

/// Organs after a code, in the order of codes.
pub async fn list(
    conn: &impl ConnectionTrait,
    after: &str,
    limit: i64,
) -> Result<Vec<OrganRow>, Error> {
    let text = format!("SELECT {COLUMNS} FROM organs WHERE code > $1 ORDER BY code LIMIT $2");
    Ok(db::all(conn, &text, vec![after.into(), limit.into()]).await?)
}

/// The organ's code and those of all below it, itself first.
pub async fn scope(
    conn: &impl ConnectionTrait,
    code: &str,
    limit: i64,
) -> Result<Vec<String>, Error> {
    #[derive(FromQueryResult)]
    struct Code {
        code: String,
    }
    let text = "WITH RECURSIVE below (code) AS (\
                  SELECT code FROM organs WHERE code = $1 \
                  UNION \
                  SELECT o.code FROM organs o JOIN below b ON o.parent_code = b.code) \
                SELECT code FROM below \
                ORDER BY CASE WHEN code = $1 THEN 0 ELSE 1 END, code LIMIT $2";
    let rows: Vec<Code> = db::all(conn, text, vec![code.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}

/// Writes an organ under its revision.
pub async fn save(tx: &Tx, organ: &Organ, revision: i64) -> Result<(), Error> {
    let Organ { code, name, short_name, parent_code, kind, credit_code, number_heads, phone } =
        organ;
    let text = format!(
        "INSERT INTO organs ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (code) DO UPDATE SET name = $2, short_name = $3, parent_code = $4, \
         kind = $5, credit_code = $6, number_heads = $7, phone = $8, revision = $9"
    );
    let heads = serde_json::to_string(number_heads).unwrap_or_else(|_| "[]".to_owned());
    let values = vec![
        code.as_str().into(),
        name.as_str().into(),
        short_name.as_str().into(),
        parent_code.as_str().into(),
        kind.as_str().into(),
        credit_code.as_str().into(),
        heads.into(),
        phone.as_str().into(),
        revision.into(),
    ];
    db::run(&**tx, &text, values).await?;
    Ok(())
}
