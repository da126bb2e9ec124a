//! `IntakeService` on the wire: parse, call, answer.

use contracts::documents::{
    self as wire, ListConcernsRequest, ListConcernsResponse, ProposePolicyRequest,
    ProposePolicyResponse, ReadRecordsRequest, ReadRecordsResponse, RecordRefusal,
    intake_service_server::IntakeService,
};
use kit::auth::{Access, caller};
use tonic::{Request, Response};

use super::{Answer, CLERKS, WRITERS, parse};
use crate::{
    commands::{Brought, Documents, Read},
    domain::{concern::Concern, proposal::Proposal},
    error::Error,
    queries,
};

/// To whom each method is open.
pub const ACCESS: &[Access] = &[
    Access::roles("ProposePolicy", WRITERS),
    Access::roles("ReadRecords", super::IMPORTERS),
    Access::roles("ListConcerns", CLERKS),
];

/// Answers for what clerks bring.
pub struct Intake(pub Documents);

#[tonic::async_trait]
impl IntakeService for Intake {
    async fn propose_policy(
        &self,
        request: Request<ProposePolicyRequest>,
    ) -> Answer<ProposePolicyResponse> {
        let caller = caller(&request);
        let ProposePolicyRequest { file_name, content, text, organ_code } = request.into_inner();
        let brought = match (content.is_empty() && file_name.is_empty(), text.trim().is_empty()) {
            (false, _) => Brought::File(file_name, content),
            (true, false) => Brought::Text(text),
            (true, true) => {
                return Err(Error::invalid("content", "请选择文件，或者粘贴正文").into());
            }
        };
        let Read { reading, exposures, concerns, sha256 } =
            self.0.propose(&caller, brought, &organ_code).await?;
        Ok(Response::new(ProposePolicyResponse {
            content: Some(queries::content(reading.proposed.content)),
            proposals: reading.proposed.proposals.into_iter().map(proposal).collect(),
            text: reading.text,
            exposures: exposures.into_iter().map(parse::exposure).collect(),
            concerns: concerns.into_iter().map(concern).collect(),
            notes: reading.notes,
            sha256,
        }))
    }

    async fn read_records(
        &self,
        request: Request<ReadRecordsRequest>,
    ) -> Answer<ReadRecordsResponse> {
        let ReadRecordsRequest { file_name, content } = request.into_inner();
        let read = self.0.read_records(file_name, content).await?;
        let refusal = |(place, broken): (String, crate::domain::Violation)| RecordRefusal {
            place,
            field: broken.field.to_owned(),
            reason: broken.description,
        };
        Ok(Response::new(ReadRecordsResponse {
            records: read.records.into_iter().map(parse::to_import).collect(),
            refusals: read.refused.into_iter().map(refusal).collect(),
        }))
    }

    async fn list_concerns(
        &self,
        request: Request<ListConcernsRequest>,
    ) -> Answer<ListConcernsResponse> {
        let caller = caller(&request);
        let id = parse::id(&request.into_inner().policy_id)?;
        let concerns = self.0.concerns_of(&caller, id).await?;
        Ok(Response::new(ListConcernsResponse {
            concerns: concerns.into_iter().map(concern).collect(),
        }))
    }
}

fn concern(concern: Concern) -> wire::Concern {
    wire::Concern {
        kind: concern.kind.word().to_owned(),
        field: concern.field().to_owned(),
        refuses: concern.kind.refuses(),
        detail: concern.detail,
        policy_id: concern.policy_id.map(|id| id.to_string()).unwrap_or_default(),
    }
}

fn proposal(proposal: Proposal) -> wire::Proposal {
    let Proposal { field, value, place, confidence, doubts } = proposal;
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let (start, end) = place.unwrap_or_default();
    wire::Proposal {
        field: field.to_owned(),
        value,
        start: offset(start),
        end: offset(end),
        confidence: confidence.into(),
        doubts,
    }
}
