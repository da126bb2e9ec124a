//! Renditions, changes and findings in JSON.

use contracts::documents as wire;
use serde::Serialize;
use utoipa::ToSchema;

use super::word;
use crate::renditions;

/// A revision as a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rendition {
    /// pdf or docx.
    pub format: String,
    /// Number of the revision.
    pub revision: i64,
    /// Name under which it is saved.
    pub file_name: String,
    /// Media type.
    pub media_type: String,
    /// Permanent path on the portal.
    pub path: String,
    /// Bytes; left out while it has not been made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// SHA-256 in hexadecimal; left out while it has not been made.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

impl From<wire::Rendition> for Rendition {
    fn from(rendition: wire::Rendition) -> Self {
        let (path, format) = (renditions::path(&rendition), rendition.format());
        let wire::Rendition { revision, file_name, media_type, size, sha256, .. } = rendition;
        let format = renditions::ending(format).to_owned();
        let size = (size > 0).then_some(size);
        Self { format, revision, file_name, media_type, path, size, sha256 }
    }
}

/// Something about a policy that the public sees change.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyChange {
    /// published, corrected, withdrawn, commenced, amended, repealed, lapsed or revived.
    pub kind: String,
    /// The day, as YYYY-MM-DD.
    pub on: String,
    /// Why, in Chinese.
    pub reason: String,
    /// Id of the policy.
    pub policy_id: String,
    /// Its title.
    pub title: String,
    /// 发文字号.
    pub document_number: String,
    /// Code of its organ.
    pub organ_code: String,
    /// Name of its organ.
    pub organ_name: String,
    /// 文件类别.
    pub category: String,
    /// The revision that was published, corrected or withdrawn; 0 for a change of effect.
    pub revision: i64,
    /// The policy that does it, where one does.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by_policy_id: String,
}

impl From<wire::PolicyChange> for PolicyChange {
    fn from(change: wire::PolicyChange) -> Self {
        let kind = word(change.kind().as_str_name(), "CHANGE_KIND_");
        let wire::PolicyChange {
            kind: _,
            on,
            reason,
            policy_id,
            title,
            document_number,
            organ_code,
            organ_name,
            category,
            revision,
            by_policy_id,
        } = change;
        Self {
            kind,
            on,
            reason,
            policy_id,
            title,
            document_number,
            organ_code,
            organ_name,
            category,
            revision,
            by_policy_id,
        }
    }
}

/// Something of a public policy that a clerk must complete or review.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityFinding {
    /// number_missing, issue_date_missing, effective_date_missing, relation_broken,
    /// category_doubtful, review_overdue or lapsing.
    pub kind: String,
    /// Id of the policy.
    pub policy_id: String,
    /// Its title.
    pub title: String,
    /// 发文字号.
    pub document_number: String,
    /// Code of its organ.
    pub organ_code: String,
    /// Name of its organ.
    pub organ_name: String,
    /// 文件类别.
    pub category: String,
    /// What was found, in Chinese.
    pub detail: String,
    /// The day that it is about, as YYYY-MM-DD.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub on: String,
}

impl From<wire::QualityFinding> for QualityFinding {
    fn from(finding: wire::QualityFinding) -> Self {
        let kind = word(finding.kind().as_str_name(), "QUALITY_KIND_");
        let wire::QualityFinding {
            kind: _,
            policy_id,
            title,
            document_number,
            organ_code,
            organ_name,
            category,
            detail,
            on,
        } = finding;
        Self {
            kind,
            policy_id,
            title,
            document_number,
            organ_code,
            organ_name,
            category,
            detail,
            on,
        }
    }
}
