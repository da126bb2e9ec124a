//! How long, and in which steps, a call waits for a platform that does not answer.

use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// Waits between attempts, each time longer, until a time is up.
pub struct Patience {
    length: Duration,
    /// Set by the first failure: how long a good attempt takes is not its matter.
    ends: Option<Instant>,
    next: Duration,
}

impl Patience {
    /// Patience for so long after the first failure.
    pub fn new(length: Duration) -> Self {
        Self { length, ends: None, next: FIRST }
    }

    /// Waits for the next attempt; false where there shall be none.
    pub async fn wait(&mut self, asked: Option<Duration>) -> bool {
        let pause = asked.unwrap_or(self.next);
        let ends = *self.ends.get_or_insert_with(|| Instant::now() + self.length);
        if Instant::now() + pause > ends {
            return false;
        }
        tokio::time::sleep(pause).await;
        self.next = (self.next * 2).min(LONGEST);
        true
    }
}
