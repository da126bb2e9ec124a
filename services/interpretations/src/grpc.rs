//! `InterpretationService` on the wire: parse, call, answer.

use contracts::interpretations::interpretation_service_server::InterpretationService;
use contracts::interpretations::{
    CreateInterpretationRequest, CreateInterpretationResponse, GetInterpretationRequest,
    GetInterpretationResponse, GetTaskRequest, GetTaskResponse, Interpretation,
    ListInterpretationsRequest, ListInterpretationsResponse, ListTasksRequest, ListTasksResponse,
    PublishInterpretationRequest, PublishInterpretationResponse, UpdateInterpretationRequest,
    UpdateInterpretationResponse, WithdrawInterpretationRequest, WithdrawInterpretationResponse,
};
use contracts::role;
use kit::auth::{Access, caller};
use tonic::{Request, Response, Status};

use crate::commands::Interpretations;
use crate::domain::interpretation::{Content, ContentFault, Kind};
use crate::error::Error;
use crate::queries::page;

const WRITERS: &[&str] = &[role::EDITOR, role::REVIEWER, role::OFFICE];
const READERS: &[&str] = &[role::EDITOR, role::REVIEWER, role::OFFICE, role::SERVICE];

/// Who may call what; of which organ is checked where the policy is known.
pub const ACCESS: &[Access] = &[
    Access::roles("ListTasks", READERS),
    Access::roles("GetTask", READERS),
    Access::roles("CreateInterpretation", WRITERS),
    Access::roles("UpdateInterpretation", WRITERS),
    Access::roles("PublishInterpretation", WRITERS),
    Access::roles("WithdrawInterpretation", WRITERS),
    Access::anyone("GetInterpretation"),
    Access::anyone("ListInterpretations"),
];

/// The service over its commands and queries.
pub struct Grpc(pub Interpretations);

#[tonic::async_trait]
impl InterpretationService for Grpc {
    async fn list_tasks(
        &self,
        request: Request<ListTasksRequest>,
    ) -> Result<Response<ListTasksResponse>, Status> {
        let caller = caller(&request);
        let request = request.into_inner();
        let state = request.state();
        let ListTasksRequest { organ_code, state: _, page_size, page_token } = request;
        let page = page(page_size, &page_token)?;
        Ok(Response::new(self.0.list_tasks(&organ_code, state, &page, &caller).await?))
    }

    async fn get_task(
        &self,
        request: Request<GetTaskRequest>,
    ) -> Result<Response<GetTaskResponse>, Status> {
        let caller = caller(&request);
        let policy = request.into_inner().policy_id.parse()?;
        let task = self.0.get_task(policy, &caller).await?;
        Ok(Response::new(GetTaskResponse { task: Some(task) }))
    }

    async fn create_interpretation(
        &self,
        request: Request<CreateInterpretationRequest>,
    ) -> Result<Response<CreateInterpretationResponse>, Status> {
        let caller = caller(&request);
        let CreateInterpretationRequest { interpretation, request_id } = request.into_inner();
        let wanted = interpretation.unwrap_or_default();
        let policy = wanted.policy_id.parse()?;
        let content = read(&wanted)?;
        let source_id = wanted.source_id.trim();
        let made = self.0.create(policy, content, source_id, &request_id, &caller).await?;
        Ok(Response::new(CreateInterpretationResponse { interpretation: Some(made) }))
    }

    async fn update_interpretation(
        &self,
        request: Request<UpdateInterpretationRequest>,
    ) -> Result<Response<UpdateInterpretationResponse>, Status> {
        let caller = caller(&request);
        let wanted = request.into_inner().interpretation.unwrap_or_default();
        let id = wanted.id.parse()?;
        let row = self.0.update(id, read(&wanted)?, &wanted.etag, &caller).await?;
        Ok(Response::new(UpdateInterpretationResponse { interpretation: Some(row.into()) }))
    }

    async fn publish_interpretation(
        &self,
        request: Request<PublishInterpretationRequest>,
    ) -> Result<Response<PublishInterpretationResponse>, Status> {
        let caller = caller(&request);
        let PublishInterpretationRequest { interpretation_id, etag } = request.into_inner();
        let row = self.0.publish(interpretation_id.parse()?, &etag, &caller).await?;
        Ok(Response::new(PublishInterpretationResponse { interpretation: Some(row.into()) }))
    }

    async fn withdraw_interpretation(
        &self,
        request: Request<WithdrawInterpretationRequest>,
    ) -> Result<Response<WithdrawInterpretationResponse>, Status> {
        let caller = caller(&request);
        let WithdrawInterpretationRequest { interpretation_id, reason, etag } =
            request.into_inner();
        let row = self.0.withdraw(interpretation_id.parse()?, &reason, &etag, &caller).await?;
        Ok(Response::new(WithdrawInterpretationResponse { interpretation: Some(row.into()) }))
    }

    async fn get_interpretation(
        &self,
        request: Request<GetInterpretationRequest>,
    ) -> Result<Response<GetInterpretationResponse>, Status> {
        let caller = caller(&request);
        let id = request.into_inner().interpretation_id.parse()?;
        let interpretation = self.0.get_interpretation(id, &caller).await?;
        Ok(Response::new(GetInterpretationResponse { interpretation: Some(interpretation) }))
    }

    async fn list_interpretations(
        &self,
        request: Request<ListInterpretationsRequest>,
    ) -> Result<Response<ListInterpretationsResponse>, Status> {
        let caller = caller(&request);
        let request = request.into_inner();
        let state = request.state();
        let ListInterpretationsRequest { policy_id, state: _, organ_code, page_size, page_token } =
            request;
        let policy = match policy_id.as_str() {
            "" => None,
            id => Some(id.parse()?),
        };
        let page = page(page_size, &page_token)?;
        let listed =
            self.0.list_interpretations(policy, state, &organ_code, &page, &caller).await?;
        Ok(Response::new(listed))
    }
}

/// The part of the message that a clerk writes.
fn read(wanted: &Interpretation) -> Result<Content, Error> {
    let kind =
        Kind::from_word(&wanted.kind).ok_or_else(|| ContentFault::Kind(wanted.kind.clone()))?;
    Ok(Content {
        title: wanted.title.trim().to_owned(),
        kind,
        form: wanted.form.trim().to_owned(),
        interpreter: wanted.interpreter.trim().to_owned(),
        contact_phone: wanted.contact_phone.trim().to_owned(),
        text: wanted.text.trim().to_owned(),
    })
}
