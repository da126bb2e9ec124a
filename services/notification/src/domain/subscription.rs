//! A subscription's life: asked for, confirmed, ended.

kit::id!(SubscriptionId);

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Asked for; the owner of the address has not said yes.
    Asked,
    Confirmed,
    Ended,
}

/// A subscription that was ended stays ended until it is asked for anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HasEnded;

impl State {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Ended => "ended",
        }
    }

    /// Reads the word of the database; one that is not known is not a living subscription.
    pub fn read(word: &str) -> Self {
        match word {
            "asked" => Self::Asked,
            "confirmed" => Self::Confirmed,
            _ => Self::Ended,
        }
    }

    /// Somebody asks for it again: what is confirmed stays so.
    pub fn asked_again(self) -> Self {
        match self {
            Self::Confirmed => Self::Confirmed,
            Self::Asked | Self::Ended => Self::Asked,
        }
    }

    /// The owner of the address says yes; saying so twice is once.
    pub fn confirm(self) -> Result<Self, HasEnded> {
        match self {
            Self::Asked | Self::Confirmed => Ok(Self::Confirmed),
            Self::Ended => Err(HasEnded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_link_does_not_revive_what_was_ended() {
        assert_eq!(State::Ended.confirm(), Err(HasEnded));
        assert_eq!(State::Ended.asked_again().confirm(), Ok(State::Confirmed));
        assert_eq!(State::Confirmed.asked_again(), State::Confirmed);
    }
}
