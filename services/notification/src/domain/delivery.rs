//! What becomes of a message: how often it is tried, and what is said of one in doubt.

use std::time::Duration;

/// Where a delivery stands in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    /// Handed to the transport; noted before the conversation begins.
    Sending,
    Sent,
    Failed,
    /// Cut off between sending and noting; to be sent once more with the same id.
    InDoubt,
    /// Part of a digest instead of a message of its own.
    Digested,
}

impl State {
    const EVERY: [Self; 6] =
        [Self::Waiting, Self::Sending, Self::Sent, Self::Failed, Self::InDoubt, Self::Digested];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::InDoubt => "in_doubt",
            Self::Digested => "digested",
        }
    }

    /// Reads the word of the database.
    pub fn read(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|state| state.as_str() == word)
    }
}

/// What the transport said of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// The other side will never take it.
    Refused(String),
    /// It certainly did not get through, and may later.
    Later(String),
    /// It may have got through.
    InDoubt(String),
    /// It was not tried: the service is stopping.
    Untouched,
}

/// How long a delivery is tried.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub attempts: i64,
    pub first: Duration,
    pub longest: Duration,
}

/// What the ledger notes after a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub state: State,
    /// How long until the next try, where there is one.
    pub wait: Duration,
    pub error: String,
    pub was_in_doubt: bool,
    /// Whether the try counts.
    pub counted: bool,
}

impl Patience {
    /// Judges the try number `attempt` (from 1) of a delivery.
    pub fn judge(&self, outcome: Outcome, attempt: i64, was_in_doubt: bool) -> Verdict {
        let verdict =
            |state, wait, error| Verdict { state, wait, error, was_in_doubt, counted: true };
        match outcome {
            Outcome::Sent => verdict(State::Sent, Duration::ZERO, String::new()),
            Outcome::Refused(error) => verdict(State::Failed, Duration::ZERO, error),
            Outcome::Later(error) if attempt >= self.attempts => {
                verdict(State::Failed, Duration::ZERO, format!("已尝试 {attempt} 次：{error}"))
            }
            Outcome::Later(error) => verdict(State::Waiting, self.wait_after(attempt), error),
            // Once more is what a person forgives; a second doubt ends it.
            Outcome::InDoubt(error) if was_in_doubt => {
                verdict(State::Failed, Duration::ZERO, format!("两次投递结果不明：{error}"))
            }
            Outcome::InDoubt(error) => Verdict {
                was_in_doubt: true,
                ..verdict(State::InDoubt, self.wait_after(attempt), error)
            },
            Outcome::Untouched => Verdict {
                counted: false,
                ..verdict(
                    if was_in_doubt { State::InDoubt } else { State::Waiting },
                    Duration::ZERO,
                    String::new(),
                )
            },
        }
    }

    /// Each wait is three times the one before.
    fn wait_after(&self, attempt: i64) -> Duration {
        let steps = u32::try_from(attempt.clamp(1, 20) - 1).unwrap_or(0);
        self.first.saturating_mul(3_u32.saturating_pow(steps)).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience =
        Patience { attempts: 4, first: Duration::from_secs(10), longest: Duration::from_secs(60) };

    #[test]
    fn waits_grow_up_to_the_longest_and_then_it_has_failed() {
        let waits: Vec<u64> = (1..4)
            .map(|n| PATIENCE.judge(Outcome::Later("x".into()), n, false).wait.as_secs())
            .collect();
        assert_eq!(waits, [10, 30, 60]);
        let last = PATIENCE.judge(Outcome::Later("451".into()), 4, false);
        assert_eq!((last.state, last.error.as_str()), (State::Failed, "已尝试 4 次：451"));
    }

    #[test]
    fn a_delivery_in_doubt_is_sent_once_more_and_remembered() {
        let first = PATIENCE.judge(Outcome::InDoubt("断开".into()), 1, false);
        assert_eq!((first.state, first.was_in_doubt), (State::InDoubt, true));
        let sent = PATIENCE.judge(Outcome::Sent, 2, true);
        assert_eq!((sent.state, sent.was_in_doubt), (State::Sent, true));
        let again = PATIENCE.judge(Outcome::InDoubt("断开".into()), 2, true);
        assert_eq!(again.state, State::Failed);
    }

    #[test]
    fn stopping_does_not_count_as_a_try() {
        let verdict = PATIENCE.judge(Outcome::Untouched, 1, false);
        assert_eq!((verdict.state, verdict.counted), (State::Waiting, false));
    }
}
