//! What the search finds of what plainly contains a word, in the documents of one year: of all years
//! together more is found than anyone can page through.

use std::collections::HashSet;

use anyhow::Result;
use contracts::search::SearchRequest;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use super::sql::statement;
use crate::{
    figures::{count_of, ratio},
    product::Product,
    recall::{Recall, WORDS},
};

const YEAR: i32 = 2015;
const PAGE: u32 = 100;
const TRUTH: &str = "SELECT p.id::text AS value FROM documents.policies p \
    JOIN documents.revisions r ON r.policy_id = p.id AND r.revision = p.public_revision \
    WHERE p.state = 'published' AND NOT p.expunged AND p.issued_year = $1 \
    AND (strpos(p.title, $2) > 0 OR strpos(r.body, $2) > 0)";

/// Asks for every common word.
pub async fn of(product: &Product, db: &DatabaseConnection) -> Result<Recall> {
    let mut recall = Recall::default();
    for word in WORDS {
        let values = vec![i64::from(YEAR).into(), word.into()];
        let rows = db.query_all_raw(statement(TRUTH, values)).await?;
        let truth: HashSet<String> =
            rows.iter().map(|row| row.try_get("", "value")).collect::<Result<_, _>>()?;
        let found = found(product, word).await?;
        recall.add(truth.len(), truth.intersection(&found).count(), found.len());
    }
    recall.share = ratio(count_of(recall.found), count_of(recall.truths));
    Ok(recall)
}

async fn found(product: &Product, word: &str) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    let mut page_token = String::new();
    loop {
        let request = SearchRequest {
            query: word.to_owned(),
            year: YEAR,
            page_size: PAGE,
            page_token,
            ..SearchRequest::default()
        };
        let answer = product.search(request).await?;
        found.extend(answer.hits.into_iter().map(|hit| hit.policy_id));
        if answer.next_page_token.is_empty() {
            return Ok(found);
        }
        page_token = answer.next_page_token;
    }
}
