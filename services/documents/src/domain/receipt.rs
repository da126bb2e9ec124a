//! The receipt: what must follow from a publication, revision or withdrawal.

/// What happened to a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Public for the first time.
    Published,
    /// Public in a new revision.
    Corrected,
    /// Taken from the public.
    Withdrawn,
}

impl Occasion {
    /// All occasions.
    pub const ALL: [Self; 3] = [Self::Published, Self::Corrected, Self::Withdrawn];

    /// The word in events and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A step that is registered to follow: who does it, and on which occasions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepKind {
    /// Name on the receipt, and key of its delay in the configuration.
    pub name: &'static str,
    /// The service that does it; when it gives an event up, the step has failed.
    pub service: &'static str,
    /// When it is expected.
    pub occasions: &'static [Occasion],
}

/// The interpretation task is opened, waived, or follows the policy.
pub const INTERPRETATION: &str = "interpretation";
/// Every living replica's index has it, or has it no more.
pub const INDEX: &str = "index";
/// Everyone who asked has been written to.
pub const NOTIFICATION: &str = "notification";
/// Every living replica of the portal shows it.
pub const PAGE: &str = "page";

/// Every registered step, in the order of the receipt.
pub const STEPS: [StepKind; 4] = [
    StepKind { name: INTERPRETATION, service: "interpretations", occasions: &Occasion::ALL },
    StepKind { name: INDEX, service: "search", occasions: &Occasion::ALL },
    StepKind { name: NOTIFICATION, service: "notification", occasions: &Occasion::ALL },
    StepKind { name: PAGE, service: "gateway", occasions: &Occasion::ALL },
];

/// The steps that an occasion sets going.
pub fn steps_of(occasion: Occasion) -> impl Iterator<Item = &'static StepKind> {
    STEPS.iter().filter(move |step| step.occasions.contains(&occasion))
}

/// The step that a service does, if it does one.
pub fn step_of_service(service: &str) -> Option<&'static StepKind> {
    STEPS.iter().find(|step| step.service == service)
}

/// The state of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Not reported yet.
    Waiting,
    /// Reported.
    Done,
    /// Not reported in time.
    Late,
    /// Given up, with a reason.
    Failed,
}

impl StepState {
    /// The word in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Late => "late",
            Self::Failed => "failed",
        }
    }

    /// Reads the word in the database.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Done, Self::Late, Self::Failed]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occasion_sets_all_four_steps_going() {
        for occasion in Occasion::ALL {
            let names: Vec<_> = steps_of(occasion).map(|step| step.name).collect();
            assert_eq!(names, [INTERPRETATION, INDEX, NOTIFICATION, PAGE]);
        }
    }

    #[test]
    fn a_service_that_gives_up_names_its_step() {
        assert_eq!(step_of_service("search").unwrap().name, INDEX);
        assert_eq!(step_of_service("identity"), None);
    }
}
