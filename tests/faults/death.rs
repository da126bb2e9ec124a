//! Everything dies again and again while a library is taken in, and nothing is lost or doubled.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::Value;
use tokio::time::sleep;

use crate::{
    clerks::Clerks,
    cluster::{Cluster, GROUND, SERVICES},
    harness::PASSWORD,
    library::{self, Library},
    standing::{self, Standing},
};

/// Chooses who dies when; printed, so that a failure can be tried again.
const SEED: &str = "YANGGUANG_SEED";
/// Seven times everyone.
const KILLS: usize = 7 * (SERVICES.len() + GROUND.len());
/// Documents of our own; those of the corpora come to them.
const GENERATED: usize = 1_500;
/// Policies that clerks publish meanwhile; every fifth is withdrawn again, and every fifth, also
/// another one, corrected.
const WRITTEN: usize = 25;
/// Imported policies that clerks withdraw meanwhile.
const WITHDRAWN: usize = 15;
/// Of so many documents one is sought: that of all is another test's.
const SOUGHT: usize = 3;
/// Records of one import.
const PART: usize = 75;

fn seed() -> u64 {
    let given = std::env::var(SEED).ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| StdRng::from_os_rng().random());
    println!("the schedule is that of {SEED}={seed}");
    seed
}

/// How many were killed.
#[derive(Default)]
struct Toll {
    kills: AtomicUsize,
}

impl Toll {
    fn is_paid(&self) -> bool {
        self.kills.load(Ordering::Relaxed) >= KILLS
    }
}

/// Kills in turn, in an order and at moments of chance, and goes on as a mere supervisor.
async fn reap(cluster: &mut Cluster, seed: u64, toll: &Toll) -> ! {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut everyone: Vec<&str> = GROUND.iter().chain(&SERVICES).copied().collect();
    loop {
        everyone.shuffle(&mut chance);
        for victim in &everyone {
            let life = chance.random_range(300..2_200);
            let pause = chance.random_range(50..900);
            supervise(cluster, &[], life).await;
            if toll.is_paid() {
                continue;
            }
            // Sometimes another dies with it.
            let mut victims = vec![*victim];
            if chance.random_bool(0.2) {
                victims.push(everyone[chance.random_range(0..everyone.len())]);
                victims.dedup();
            }
            for victim in &victims {
                cluster.kill(victim);
            }
            toll.kills.fetch_add(victims.len(), Ordering::Relaxed);
            supervise(cluster, &victims, pause).await;
        }
    }
}

/// Starts what is not there, for so many milliseconds.
async fn supervise(cluster: &mut Cluster, dead: &[&str], milliseconds: u64) {
    let until = Instant::now() + Duration::from_millis(milliseconds);
    while Instant::now() < until {
        sleep(Duration::from_millis(50)).await;
        cluster.tend(dead);
    }
}

/// The command line as an operator uses it, who begins an import that failed again.
struct Operator {
    server: String,
    report: PathBuf,
    failures: usize,
}

impl Operator {
    /// Imports a file until that is done; answers with how many were new, and how many known.
    async fn import(&mut self, part: &Path) -> (u64, u64) {
        let arguments = standing::import_arguments(&[part], &self.report);
        loop {
            let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_yangguang"))
                .args(&arguments)
                .args(["--server", &self.server, "--account", "admin", "--password", PASSWORD])
                .args(["--patience", "20"])
                .env_remove("YANGGUANG_TOKEN")
                .kill_on_drop(true)
                .output()
                .await
                .unwrap();
            if output.status.success() {
                let said: Value = serde_json::from_slice(&output.stdout).unwrap();
                return (said["created"].as_u64().unwrap(), said["unchanged"].as_u64().unwrap());
            }
            let told = String::from_utf8_lossy(&output.stderr);
            let report = std::fs::read_to_string(&self.report).unwrap_or_default();
            assert_ne!(output.status.code(), Some(3), "sound records were refused: {report}");
            println!("an import is begun again: {}", told.trim());
            self.failures += 1;
            sleep(Duration::from_millis(500)).await;
        }
    }
}

/// The library in the files that are imported one by one.
struct Parts {
    library: Library,
    files: BTreeMap<PathBuf, u64>,
}

impl Parts {
    fn write(folder: &Path) -> Self {
        let mut library = Library::generated(0, GENERATED);
        if let Some(corpora) = library::corpora() {
            let names = ["policies/statecouncil", "policies/hebei", "city-policies/documents"];
            let files = names.map(|name| corpora.join(format!("{name}.jsonl.gz")));
            library = library.with(Library::read(&files));
        }
        // Those without a title are another test's.
        library.refused.clear();
        let files = library.write(folder, "part", PART);
        let sizes = library.taken.chunks(PART).map(|part| u64::try_from(part.len()).unwrap());
        let files = files.into_iter().zip(sizes).collect();
        Self { library, files }
    }
}

/// Imports everything, then again and again what was answered OK, until the toll is paid.
async fn import(operator: &mut Operator, parts: &Parts, toll: &Toll, seed: u64) -> usize {
    for (part, records) in &parts.files {
        let (created, unchanged) = operator.import(part).await;
        assert_eq!(created + unchanged, *records, "{}", part.display());
    }
    let mut chance = StdRng::seed_from_u64(seed);
    let mut again = 0;
    while !toll.is_paid() {
        let place = chance.random_range(0..parts.files.len());
        let (part, records) = parts.files.iter().nth(place).unwrap();
        let counts = operator.import(part).await;
        assert_eq!(counts, (0, *records), "what was answered OK is there: {}", part.display());
        again += 1;
    }
    again
}

/// Ids of a library's records from one on, so many apart.
fn ids(library: &Library, from: usize, apart: usize) -> impl Iterator<Item = String> {
    library.taken.iter().skip(from).step_by(apart).map(|record| record.id.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_everything_dies_in_turn() {
    let Some(mut cluster) = Cluster::start() else { return };
    let seed = seed();
    let address = cluster.server();
    let portal = cluster.portal();
    let prepared = async {
        standing::prepare(&portal).await;
        Clerks::hire(&portal, &address).await
    };
    let clerks = tokio::select! {
        clerks = prepared => clerks,
        () = supervise(&mut cluster, &[], u64::from(u32::MAX)) => return,
    };
    let parts = Parts::write(cluster.folder());
    let outbox = cluster.outbox();
    let mut operator =
        Operator { server: address, report: cluster.folder().join("refused.jsonl"), failures: 0 };

    let toll = Toll::default();
    let begun = Instant::now();
    let work = async {
        let mut written = Library::written(WRITTEN);
        let [withdrawn, corrected] = [2, 3].map(|from| ids(&written, from, 5).collect());
        written.withdrawn = withdrawn;
        written.corrected = corrected;
        // Of some both becomes of them.
        written.corrected.extend(ids(&written, 2, 10).collect::<Vec<_>>());
        let mut imported = parts.library.clone();
        imported.withdrawn = ids(&imported, 0, 60).take(WITHDRAWN).collect();
        let writing = async {
            clerks.publish(&written).await;
            clerks.withdraw_imported(&imported).await;
        };
        let importing = import(&mut operator, &parts, &toll, seed);
        let (again, ()) = tokio::join!(importing, writing);
        let all = imported.clone().with(written);
        let died = begun.elapsed();
        standing::settled(&portal, all.all_changes()).await;
        let followed = begun.elapsed().saturating_sub(died);
        let standing = Standing::read(&portal, &outbox).await;
        standing.equals(&all);
        let searches = standing::each_is_found(&portal, &all.that(false).every(SOUGHT)).await;
        standing::none_is_left(&portal, &all).await;
        for (part, records) in &parts.files {
            assert_eq!(operator.import(part).await, (0, *records), "all is there");
        }
        println!(
            "{} kills in {:.1} s; imports begun again {}, of what was done {again}; \
             all followed {:.1} s after the last; {}; {searches} searches",
            toll.kills.load(Ordering::Relaxed),
            died.as_secs_f64(),
            operator.failures,
            followed.as_secs_f64(),
            standing.figures(),
        );
    };
    tokio::select! {
        () = work => {}
        _ = reap(&mut cluster, seed, &toll) => {}
    }
    println!("{} times a process ended by itself, and was started again", cluster.gave_up);
}
