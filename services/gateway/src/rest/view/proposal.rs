//! What a document proposes, and what speaks against it.

use contracts::documents as wire;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Content, ImportRecord};

/// A value that was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Proposal {
    /// Name of the field of the content; `relations` once for each.
    pub field: String,
    /// What was read.
    pub value: String,
    /// First character of its place in `text`.
    pub start: u32,
    /// Behind its last character; 0: it came with the file's title.
    pub end: u32,
    /// How sure the reading is, 0 to 100; below 60 a person must look.
    pub confidence: u32,
    /// Why it is not certain, in Chinese.
    pub doubts: Vec<String>,
}

impl From<wire::Proposal> for Proposal {
    fn from(proposal: wire::Proposal) -> Self {
        let wire::Proposal { field, value, start, end, confidence, doubts } = proposal;
        Self { field, value, start, end, confidence, doubts }
    }
}

/// Something that speaks against a policy as it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Concern {
    /// shared_number, near_duplicate, acts_on_itself, circle, no_power, target_unknown, future_day,
    /// organ_unknown or not_public.
    pub kind: String,
    /// Name of the field of the content.
    pub field: String,
    /// What is wrong and what would be right, in Chinese.
    pub detail: String,
    /// Whether the draft is not taken for review until it is mended.
    pub refuses: bool,
    /// The other policy, where there is one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_id: String,
}

impl From<wire::Concern> for Concern {
    fn from(concern: wire::Concern) -> Self {
        let wire::Concern { kind, field, detail, refuses, policy_id } = concern;
        Self { kind, field, detail, refuses, policy_id }
    }
}

/// What speaks against a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct Concerns {
    /// What is wrong.
    pub concerns: Vec<Concern>,
}

/// What a document proposes; nothing of it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Proposed {
    /// To be confirmed or corrected, and sent to create a policy.
    pub content: Content,
    /// Where each value comes from.
    pub proposals: Vec<Proposal>,
    /// The text that the places refer to.
    pub text: String,
    /// How many exposures of persons it holds.
    pub exposures: usize,
    /// What speaks against it.
    pub concerns: Vec<Concern>,
    /// What could not be read, in Chinese.
    pub notes: Vec<String>,
}

impl From<wire::ProposePolicyResponse> for Proposed {
    fn from(read: wire::ProposePolicyResponse) -> Self {
        Self {
            content: read.content.unwrap_or_default().into(),
            proposals: read.proposals.into_iter().map(Into::into).collect(),
            text: read.text,
            exposures: read.exposures.len(),
            concerns: read.concerns.into_iter().map(Into::into).collect(),
            notes: read.notes,
        }
    }
}

/// What a file holds as records.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadRecords {
    /// To be imported.
    pub records: Vec<ImportRecord>,
    /// Rows and lines that are no record.
    pub refusals: Vec<RecordRefusal>,
}

/// A row or line that is no record.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordRefusal {
    /// Where it stands, in Chinese.
    pub place: String,
    /// The field that is wrong; empty where it is no record at all.
    pub field: String,
    /// What is wrong with it, in Chinese.
    pub reason: String,
}

impl From<wire::ReadRecordsResponse> for ReadRecords {
    fn from(read: wire::ReadRecordsResponse) -> Self {
        let refusal = |refusal: wire::RecordRefusal| {
            let wire::RecordRefusal { place, field, reason } = refusal;
            RecordRefusal { place, field, reason }
        };
        Self {
            records: read.records.into_iter().map(Into::into).collect(),
            refusals: read.refusals.into_iter().map(refusal).collect(),
        }
    }
}
