//! What a draft would expose of persons, for the page of its policy.

use contracts::documents::{Exposure, ListExposuresRequest};

use super::{Visit, visit::if_allowed};
use crate::problem::Problem;

/// The findings of a draft that nobody has decided on.
#[derive(Debug, Clone, Default)]
pub struct Privacy {
    pub findings: Vec<Finding>,
    /// Ids of those that can be masked, joined by commas.
    pub maskable: String,
    /// Ids of all, joined by commas.
    pub all: String,
    /// What could not be looked into.
    pub notes: Vec<String>,
}

/// One finding.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    pub place: String,
    pub kind: String,
    pub excerpt: String,
    pub certain: bool,
    pub maskable: bool,
}

/// Asks what the draft of a policy would expose.
pub async fn of(visit: &Visit, id: &str, drafted: bool) -> Result<Privacy, Problem> {
    if !drafted {
        return Ok(Privacy::default());
    }
    let request = ListExposuresRequest { policy_id: id.to_owned() };
    let found = if_allowed(visit.clients.documents().list_exposures(request).await)?;
    let joined = |exposures: &mut dyn Iterator<Item = &Exposure>| {
        exposures.map(|exposure| exposure.id.as_str()).collect::<Vec<_>>().join(",")
    };
    Ok(Privacy {
        maskable: joined(&mut found.exposures.iter().filter(|exposure| exposure.maskable)),
        all: joined(&mut found.exposures.iter()),
        findings: found.exposures.into_iter().map(finding).collect(),
        notes: found.notes,
    })
}

/// An exposure as a page shows it.
pub(super) fn finding(exposure: Exposure) -> Finding {
    let Exposure { id: _, place, kind, certain, excerpt, maskable } = exposure;
    Finding { place, kind, excerpt, certain, maskable }
}
