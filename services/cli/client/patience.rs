//! How long, and in which steps, a call waits for a platform that does not answer.

use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// Waits between attempts, each time longer, until a time is up.
pub struct Patience {
    ends: Instant,
    next: Duration,
}

impl Patience {
    /// Patience for so long from now.
    pub fn new(patience: Duration) -> Self {
        Self { ends: Instant::now() + patience, next: FIRST }
    }

    /// Waits for the next attempt; false where there shall be none.
    pub async fn wait(&mut self, asked: Option<Duration>) -> bool {
        let pause = asked.unwrap_or(self.next);
        if Instant::now() + pause > self.ends {
            return false;
        }
        tokio::time::sleep(pause).await;
        self.next = (self.next * 2).min(LONGEST);
        true
    }
}
