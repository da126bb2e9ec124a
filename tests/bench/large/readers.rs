//! Fifty readers over loopback HTTP, each on a connection of its own that stays open.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::{
    figures::{count_of, rate, ratio},
    machine::cpu,
    pages::Connection,
};

/// How many read at once.
pub const READERS: usize = 50;
/// How long each side is read in a round.
const ROUND: Duration = Duration::from_secs(6);

/// What the readers of one side have seen.
#[derive(Default)]
pub struct Seen {
    /// How long each answer took.
    pub took: Vec<Duration>,
    /// Questions that were not answered by a page.
    pub failed: usize,
    wall: Duration,
    cpu: Duration,
}

impl Seen {
    /// Pages a second.
    pub fn rate(&self) -> f64 {
        rate(self.took.len(), self.wall)
    }

    /// Milliseconds of processor time a page, without the database's.
    pub fn cpu_each(&self) -> f64 {
        ratio(self.cpu.as_secs_f64() * 1000.0, count_of(self.took.len()))
    }
}

/// Reads for a round; each reader begins elsewhere in the list.
pub async fn read(address: &str, paths: &[String], pids: &[u32], seen: &mut Seen) -> Result<()> {
    let before = cpu(pids);
    let started = Instant::now();
    let readers = (0..READERS).map(|reader| async move {
        let mut connection = Connection::open(address).await?;
        let (mut took, mut failed) = (Vec::new(), 0);
        let first = reader * paths.len() / READERS;
        for path in paths.iter().cycle().skip(first) {
            if started.elapsed() > ROUND {
                break;
            }
            let asked = Instant::now();
            if connection.get(path).await.is_ok() {
                took.push(asked.elapsed());
            } else {
                failed += 1;
                connection = Connection::open(address).await?;
            }
        }
        anyhow::Ok((took, failed))
    });
    for (took, failed) in futures::future::try_join_all(readers).await? {
        seen.took.extend(took);
        seen.failed += failed;
    }
    seen.wall += started.elapsed();
    seen.cpu += cpu(pids).saturating_sub(before);
    Ok(())
}
