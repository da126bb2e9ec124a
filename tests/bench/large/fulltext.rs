//! PostgreSQL's own full text over texts that were segmented for it, and the questions to it.

use anyhow::{Context as _, Result};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, FromQueryResult};
use search::engine::Words;

use super::{sql, words};

/// Texts that are read and written at once.
const BATCH: i64 = 500;

const TABLE: &str = "DROP TABLE IF EXISTS bench.fulltext; CREATE TABLE bench.fulltext \
    (id uuid PRIMARY KEY, title text NOT NULL, words text NOT NULL, terms tsvector NOT NULL)";
const READ: &str = "SELECT p.id::text AS id, p.title, r.body FROM documents.policies p \
    JOIN documents.revisions r ON r.policy_id = p.id AND r.revision = p.public_revision \
    WHERE p.state = 'published' AND NOT p.expunged AND p.id > $1::uuid ORDER BY p.id LIMIT $2";
const WRITE: &str = "INSERT INTO bench.fulltext \
    SELECT (e->>0)::uuid, e->>1, e->>2, to_tsvector('simple', e->>2) \
    FROM json_array_elements($1::json) AS e";
const INDEX: &str = "SET maintenance_work_mem = '256MB'; \
    CREATE INDEX fulltext_terms ON bench.fulltext USING gin (terms) WITH (fastupdate = off); \
    RESET maintenance_work_mem";

/// The ten best with their titles.
pub const RANKED: &str = "SELECT id, title, ts_rank(terms, asked) AS rank \
    FROM bench.fulltext, to_tsquery('simple', $1) AS asked \
    WHERE terms @@ asked ORDER BY rank DESC, id LIMIT 10";
/// The same with an extract of each, what was asked for being marked.
pub const MARKED: &str = "SELECT id, title, rank, ts_headline('simple', words, asked) AS extract \
    FROM (SELECT id, title, words, asked, ts_rank(terms, asked) AS rank \
    FROM bench.fulltext, to_tsquery('simple', $1) AS asked \
    WHERE terms @@ asked ORDER BY rank DESC, id LIMIT 10) AS best ORDER BY rank DESC, id";

#[derive(FromQueryResult)]
struct Text {
    id: String,
    title: String,
    body: String,
}

/// Makes the table of all that is public, with its index.
pub async fn build(db: &DatabaseConnection) -> Result<()> {
    let words = tokio::task::spawn_blocking(Words::load).await??;
    db.execute_unprepared(TABLE).await?;
    let mut last = "00000000-0000-0000-0000-000000000000".to_owned();
    let mut coming = read(db, &last).await?;
    while let Some(end) = coming.last() {
        last.clone_from(&end.id);
        let rows = coming.iter().map(|text| row(&words, text)).collect::<Vec<_>>();
        let rows = serde_json::to_string(&rows)?;
        let write = db.execute_raw(sql::statement(WRITE, vec![rows.into()]));
        let (written, read) = tokio::join!(write, read(db, &last));
        written.context("segmented texts")?;
        coming = read?;
    }
    db.execute_unprepared(INDEX).await?;
    db.execute_unprepared("VACUUM ANALYZE bench.fulltext").await?;
    Ok(())
}

async fn read(db: &DatabaseConnection, last: &str) -> Result<Vec<Text>> {
    let rows = db.query_all_raw(sql::statement(READ, vec![last.into(), BATCH.into()])).await?;
    Ok(rows.iter().map(|row| Text::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

fn row(words: &Words, text: &Text) -> [String; 3] {
    let mut segmented = String::with_capacity(text.body.len() * 3 / 2);
    words::segmented(words, &text.title, &mut segmented);
    segmented.push('\n');
    words::segmented(words, &text.body, &mut segmented);
    [text.id.clone(), text.title.clone(), segmented]
}
