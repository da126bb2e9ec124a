//! What is there, asked of a running platform through its public interface.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::{
    clerks::WHY,
    library::{Library, Record},
    portal::Portal,
};

/// Nothing moves for so long: what is not done by then is not done.
const STANDSTILL: Duration = Duration::from_secs(60);
/// All is done, and nothing more happens for so long.
const CALM: Duration = Duration::from_secs(2);
/// Searches under way at a time.
const SEARCHES: usize = 4;

/// The organ that imports.
pub const IMPORTER: &str = "root";

/// What an import into a fresh platform needs: an organ, and somebody who hears of everything.
pub async fn prepare(portal: &Portal) {
    let organ = json!({ "code": IMPORTER, "name": "晴川市人民政府", "kind": "government" });
    portal.post("organs/import", &json!({ "organs": [organ] })).await;
    let subscriber = json!({ "email": "all@example.org", "kind": "all", "confirmed": true });
    portal.post("subscriptions", &subscriber).await;
}

/// Arguments of an import that everybody hears of.
pub fn import_arguments(files: &[impl AsRef<Path>], report: &Path) -> Vec<String> {
    let mut arguments = vec!["import".to_owned(), "documents".to_owned()];
    arguments.extend(files.iter().map(|file| file.as_ref().display().to_string()));
    arguments.extend(["--publish", "--create-organs", "--json", "--notify", "all"].map(Into::into));
    arguments.extend(["--organ", IMPORTER, "--reason", "历史文件迁移"].map(Into::into));
    arguments.extend(["--report".to_owned(), report.display().to_string()]);
    arguments
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}")).to_owned()
}

/// Waits until every receipt is complete and every log was read to its end.
pub async fn settled(portal: &Portal, receipts: usize) {
    let (mut last, mut moved) = (String::new(), Instant::now());
    loop {
        let now = progress(portal).await;
        let shown = now.to_string();
        if shown != last {
            (last, moved) = (shown, Instant::now());
        }
        if now.is_settled(receipts) && moved.elapsed() > CALM {
            return;
        }
        assert!(moved.elapsed() < STANDSTILL, "{receipts} receipts are wanted, but: {last}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// How far the platform has come.
struct Progress {
    receipts: u64,
    incomplete: u64,
    services: Vec<Value>,
}

async fn progress(portal: &Portal) -> Progress {
    let count = async |query: &[(&str, &str)]| {
        portal.get("receipts", query).await["total"].as_u64().expect("a total")
    };
    Progress {
        receipts: count(&[("page_size", "1")]).await,
        incomplete: count(&[("incomplete", "true"), ("page_size", "1")]).await,
        services: portal.get("events/services", &[]).await["items"].as_array().unwrap().clone(),
    }
}

impl Progress {
    fn is_settled(&self, receipts: usize) -> bool {
        self.receipts == u64::try_from(receipts).unwrap()
            && self.incomplete == 0
            && self.services.len() == 6
            && self.services.iter().all(is_level)
    }
}

impl std::fmt::Display for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { receipts, incomplete, services } = self;
        write!(f, "{receipts} receipts, {incomplete} incomplete, {}", json!(services))
    }
}

/// Whether a service's log is in its stream, nothing waits at its readers, and nothing died.
fn is_level(service: &Value) -> bool {
    let readers = service["readers"].as_array().unwrap();
    service["log_position"] == service["stream_position"]
        && readers.iter().all(|reader| reader["waiting"] == 0)
        && service["dead_letters"] == 0
}

/// Everything that followed from the publications of a library.
#[derive(Debug, PartialEq, Eq)]
pub struct Standing {
    /// Public policies by the source's id.
    policies: BTreeMap<String, String>,
    /// Tombstones by the source's id.
    withdrawn: BTreeMap<String, String>,
    /// States of the tasks by policy.
    tasks: BTreeMap<String, String>,
    /// Policies by delivery.
    deliveries: BTreeMap<String, String>,
    /// Names of the messages in the folder.
    mails: BTreeSet<String>,
    /// Policies in the index.
    indexed: u64,
    /// When receipts were completed, by policy and revision.
    receipts: BTreeMap<String, String>,
}

/// What was written here and not imported goes by its title.
fn name_after_title(item: &mut Value) {
    if item["source_id"] == "" {
        let content = item.get("content").unwrap_or(item);
        item["source_id"] = content["title"].clone();
    }
}

/// Items by key, of which each may be there once.
fn unique(items: &[Value], key: &str, value: &str) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for item in items {
        if let Some(other) = map.insert(text(item, key), text(item, value)) {
            panic!("{} is there twice: {other} and {item}", text(item, key));
        }
    }
    map
}

impl Standing {
    /// Asks for it.
    pub async fn read(portal: &Portal, outbox: &Path) -> Self {
        let policies = async |state| {
            let mut policies = portal.all("policies", &[("state", state)]).await;
            policies.iter_mut().for_each(name_after_title);
            unique(&policies, "source_id", "id")
        };
        let (public, withdrawn) = (policies("published").await, policies("withdrawn").await);
        let tasks = portal.all("tasks", &[]).await;
        let deliveries = portal.all("deliveries", &[]).await;
        assert!(deliveries.iter().all(|d| d["state"] == "sent"), "every delivery is sent");
        let mut receipts = portal.all("receipts", &[]).await;
        for receipt in &mut receipts {
            receipt["key"] =
                json!(format!("{} {}", text(receipt, "policy_id"), receipt["revision"]));
        }
        Self {
            policies: public,
            withdrawn,
            tasks: unique(&tasks, "policy_id", "state"),
            deliveries: unique(&deliveries, "id", "policy_id"),
            mails: mails(outbox),
            indexed: portal.get("search/state", &[]).await["policies"].as_u64().unwrap(),
            receipts: unique(&receipts, "key", "completed_at"),
        }
    }

    /// Holds it against what must be there: nothing is missing, nothing is double.
    pub fn equals(&self, library: &Library) {
        let expected = library.by_id();
        let is_withdrawn = |id: &&str| library.withdrawn.contains(*id);
        let (gone, stay): (BTreeSet<&str>, BTreeSet<&str>) =
            expected.keys().copied().partition(|id| is_withdrawn(id));
        for (there, wanted) in [(&self.policies, stay), (&self.withdrawn, gone)] {
            let there: BTreeSet<&str> = there.keys().map(String::as_str).collect();
            assert!(
                there == wanted,
                "lost: {:?}; strange: {:?}",
                wanted.difference(&there).collect::<Vec<_>>(),
                there.difference(&wanted).collect::<Vec<_>>()
            );
        }
        let all = || self.policies.iter().chain(&self.withdrawn);
        let ids: BTreeSet<&String> = all().map(|(_, id)| id).collect();
        assert_eq!(ids.len(), expected.len(), "each record is one policy");

        let of_tasks: BTreeSet<&String> = self.tasks.keys().collect();
        assert!(ids == of_tasks, "each policy has one task");
        for (source, policy) in all() {
            let right = match (expected[source.as_str()].due, is_withdrawn(&source.as_str())) {
                (false, _) => "waived",
                (true, false) => "open",
                (true, true) => "closed",
            };
            assert_eq!(self.tasks[policy], right, "the task of {source}");
        }

        let mut told: BTreeMap<&str, usize> = BTreeMap::new();
        for policy in self.deliveries.values() {
            *told.entry(policy).or_default() += 1;
        }
        let mut receipts = BTreeSet::new();
        for (source, policy) in all() {
            let changes = library.changes(source);
            assert_eq!(told.remove(policy.as_str()), Some(changes), "what one hears of {source}");
            receipts.extend((1..=changes).map(|revision| format!("{policy} {revision}")));
        }
        assert!(told.is_empty(), "nobody hears of anything else: {told:?}");
        let sent: BTreeSet<String> = self.deliveries.keys().cloned().collect();
        assert!(
            self.mails == sent,
            "each delivery is one message: {} of {}",
            self.mails.len(),
            sent.len()
        );

        let complete: BTreeSet<String> = self.receipts.keys().cloned().collect();
        assert!(complete == receipts, "each change has one receipt");
        let public = u64::try_from(self.policies.len()).unwrap();
        assert_eq!(
            self.indexed, public,
            "the index holds each once, and nothing that is withdrawn"
        );
    }

    /// The figures, for people.
    pub fn figures(&self) -> String {
        let open = self.tasks.values().filter(|state| *state == "open").count();
        format!(
            "{} published, {} withdrawn, {open} tasks open, {} mails, {} indexed, {} receipts complete",
            self.policies.len(),
            self.withdrawn.len(),
            self.mails.len(),
            self.indexed,
            self.receipts.len()
        )
    }
}

/// Names of the messages in a folder, without what is not finished.
pub fn mails(outbox: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(outbox).expect("the folder of sent messages");
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(".eml").map(str::to_owned)).collect()
}

/// Seeks every record by its title, and by its number if it has one; answers with how many
/// searches that took.
pub async fn each_is_found(portal: &Portal, library: &Library) -> usize {
    let by_title = library.taken.iter().map(|record| (record, record.title.clone()));
    let by_number =
        library.taken.iter().filter_map(|record| Some((record, record.number.clone()?)));
    let searches: Vec<(&Record, String)> = by_title.chain(by_number).collect();
    let count = searches.len();
    let missed: Vec<String> = stream::iter(searches)
        .map(|(record, query)| async move {
            let found = found(portal, &query).await;
            (!found.contains(&record.id)).then(|| format!("{} by {query:?}: {found:?}", record.id))
        })
        .buffer_unordered(SEARCHES)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(
        missed.is_empty(),
        "{} of {count} were not found: {:#?}",
        missed.len(),
        missed.iter().take(10).collect::<Vec<_>>()
    );
    count
}

/// Looks for everything that was withdrawn: each is a tombstone that says why, and no search finds
/// it.
pub async fn none_is_left(portal: &Portal, library: &Library) {
    for record in &library.that(true).taken {
        let by_title = found(portal, &record.title).await;
        assert!(!by_title.contains(&record.id), "{} is found", record.id);
    }
    for stone in portal.all("policies", &[("state", "withdrawn")]).await {
        let stone = portal.get(&format!("policies/{}", text(&stone, "id")), &[]).await;
        assert_eq!(text(&stone, "withdrawal_reason"), WHY, "{stone}");
        assert_eq!(stone["content"]["text"].as_str().unwrap_or_default(), "", "{stone}");
    }
}

/// Sources' ids on the first page of a search.
async fn found(portal: &Portal, query: &str) -> Vec<String> {
    let page = portal.get("search", &[("q", query), ("page_size", "20")]).await;
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .cloned()
        .map(|mut item| {
            name_after_title(&mut item);
            text(&item, "source_id")
        })
        .collect()
}
