//! What speaks against a draft, for the page of its policy and for the form that a document filled.

use contracts::documents::{self as wire, ListConcernsRequest};

use super::{Visit, visit::if_allowed};
use crate::problem::Problem;

/// Something that a clerk should look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concern {
    pub text: String,
    /// Whether it must be mended before review.
    pub refuses: bool,
    /// The other policy.
    pub url: Option<String>,
}

impl From<wire::Concern> for Concern {
    fn from(concern: wire::Concern) -> Self {
        let wire::Concern { kind: _, field: _, detail, refuses, policy_id } = concern;
        let url = (!policy_id.is_empty()).then(|| format!("/console/policies/{policy_id}"));
        Self { text: detail, refuses, url }
    }
}

/// Asks what speaks against the draft of a policy.
pub async fn of(visit: &Visit, id: &str, drafted: bool) -> Result<Vec<Concern>, Problem> {
    if !drafted {
        return Ok(Vec::new());
    }
    let request = ListConcernsRequest { policy_id: id.to_owned() };
    let found = if_allowed(visit.clients.intake().list_concerns(request).await)?;
    Ok(found.concerns.into_iter().map(Concern::from).collect())
}
