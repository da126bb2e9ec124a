//! The sample library: a city that does not exist, published through the public interface.

mod lifecycles;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    time::Duration,
};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    Client, Output,
    client::Failure,
    import::{organs, record},
    output::{cell, cut, list, text},
};

const ORGANS: &str = include_str!("../sample/organs.json");
const POLICIES: &str = include_str!("../sample/policies.jsonl");
const INTERPRETATIONS: &str = include_str!("../sample/interpretations.jsonl");

/// Why one person may publish what nobody reviewed.
const REASON: &str = "示例文库";
/// How long a platform that has just started may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the receipts are waited for.
const RECEIPTS: Duration = Duration::from_mins(1);
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Columns that a title may take.
const TITLE: usize = 44;
/// What follows from a publication, as the receipt names it.
const STEPS: [&str; 4] = ["interpretation", "index", "notification", "page"];

#[derive(Deserialize)]
struct Interpretation {
    id: String,
    /// The policy's id in the sample.
    policy: String,
    title: String,
    kind: String,
    form: String,
    interpreter: String,
    contact_phone: String,
    text: String,
}

/// A policy of the sample, as the platform took it.
struct Published {
    policy_id: String,
    title: String,
    is_new: bool,
}

/// Publishes the library where it is not there yet, and shows what each publication set going.
pub async fn load(data: &Path, output: Output) -> anyhow::Result<()> {
    let client = Client::of_data(data)?.patient(PATIENCE);
    organs::send(&client, &organs::read(ORGANS)?).await?;
    let policies = publish(&client).await?;
    let new: Vec<&Published> = policies.values().filter(|policy| policy.is_new).collect();
    if !new.is_empty() {
        output.line(format!("\nThe sample library: {} documents published.", new.len()));
        show_receipts(&client, &new, output).await?;
    }
    let interpreted = interpret(&client, &policies).await?;
    let filled = lifecycles::fill(&client, &policies).await?;
    if new.is_empty() && interpreted == 0 {
        output.line(format!("The sample library is already there: {} documents.", policies.len()));
    }
    if interpreted > 0 {
        output.line(format!("{interpreted} interpretations published; their tasks are closed."));
    }
    if filled > 0 {
        output.line(format!("{filled} documents have their stages, deliveries and payouts."));
    }
    Ok(())
}

/// Policies by their id in the sample.
async fn publish(client: &Client) -> anyhow::Result<BTreeMap<String, Published>> {
    let records = POLICIES
        .lines()
        .map(|line| record::read_line(line).map_err(|r| anyhow::anyhow!("{}: {}", r.id, r.reason)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let asked = json!({
        "records": records, "publish": true, "reason": REASON, "create_organs": false,
    });
    let answer: Value = client.post("/api/v1/policies/import", &asked).await?;
    let mut policies = BTreeMap::new();
    for (record, result) in records.iter().zip(list(&answer, "results")) {
        let outcome = text(result, "outcome");
        anyhow::ensure!(
            outcome != "refused",
            "{}: {}: {}",
            record.source_id,
            text(result, "field"),
            text(result, "reason")
        );
        let published = Published {
            policy_id: text(result, "policy_id").to_owned(),
            title: record.title.clone(),
            is_new: outcome == "created",
        };
        policies.insert(record.source_id.clone(), published);
    }
    Ok(policies)
}

/// Waits until each receipt is complete, and shows them one a line.
async fn show_receipts(
    client: &Client,
    policies: &[&Published],
    output: Output,
) -> anyhow::Result<()> {
    let ends = Instant::now() + RECEIPTS;
    let mut rows = Vec::new();
    let mut steps: HashMap<String, usize> = HashMap::new();
    for policy in policies {
        let receipt = receipt(client, &policy.policy_id, ends).await?;
        let mut row = vec![cut(&policy.title, TITLE)];
        for step in STEPS {
            let found = list(&receipt, "steps").iter().find(|found| text(found, "name") == step);
            let state = found.map_or("–".to_owned(), |found| cell(found, "state"));
            *steps.entry(state.clone()).or_default() += 1;
            row.push(state);
        }
        rows.push(row);
    }
    let heads = ["document", "interpretation task", "index", "notification", "page"];
    output.table(&heads, &rows);
    let mut sums: Vec<String> =
        steps.into_iter().map(|(state, count)| format!("{count} {state}")).collect();
    sums.sort_unstable();
    output.line(format!("{} receipts, steps: {}", rows.len(), sums.join(", ")));
    Ok(())
}

async fn receipt(client: &Client, policy_id: &str, ends: Instant) -> anyhow::Result<Value> {
    loop {
        let path = format!("/api/v1/policies/{policy_id}/receipt");
        let receipt: Value = client.get(&path, &[]).await?;
        let is_complete = !text(&receipt, "completed_at").is_empty();
        if is_complete || Instant::now() > ends {
            return Ok(receipt);
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// Publishes interpretations that are not there yet, and says how many those were.
async fn interpret(
    client: &Client,
    policies: &BTreeMap<String, Published>,
) -> anyhow::Result<usize> {
    let mut published = 0;
    for line in INTERPRETATIONS.lines() {
        let interpretation: Interpretation = serde_json::from_str(line)?;
        let policy = policies
            .get(&interpretation.policy)
            .with_context(|| format!("{}: no such policy", interpretation.policy))?;
        let draft = match existing(client, &policy.policy_id, &interpretation.id).await? {
            Some(found) if text(&found, "state") != "draft" => continue,
            Some(draft) => draft,
            None => create(client, &policy.policy_id, &interpretation).await?,
        };
        let path = format!("/api/v1/interpretations/{}/publish", text(&draft, "id"));
        let _: Value = client.post(&path, &json!({ "etag": draft.get("etag") })).await?;
        published += 1;
    }
    Ok(published)
}

async fn existing(
    client: &Client,
    policy_id: &str,
    source_id: &str,
) -> Result<Option<Value>, Failure> {
    let query = [("policy_id", policy_id.to_owned()), ("page_size", "100".to_owned())];
    let answer: Value = client.get("/api/v1/interpretations", &query).await?;
    let mut items = list(&answer, "items").iter();
    Ok(items.find(|item| text(item, "source_id") == source_id).cloned())
}

async fn create(
    client: &Client,
    policy_id: &str,
    interpretation: &Interpretation,
) -> Result<Value, Failure> {
    let Interpretation { id, policy: _, title, kind, form, interpreter, contact_phone, text } =
        interpretation;
    let asked = json!({
        "policy_id": policy_id, "title": title, "kind": kind, "form": form,
        "interpreter": interpreter, "contact_phone": contact_phone, "text": text,
        "source_id": id,
    });
    client.post("/api/v1/interpretations", &asked).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_fits_together() {
        let organs = organs::read(ORGANS).unwrap();
        let policies: Vec<_> =
            POLICIES.lines().map(|line| record::read_line(line).unwrap()).collect();
        assert!(organs.len() >= 30 && policies.len() >= 30);
        for line in INTERPRETATIONS.lines() {
            let interpretation: Interpretation = serde_json::from_str(line).unwrap();
            assert!(policies.iter().any(|policy| policy.source_id == interpretation.policy));
        }
    }
}
