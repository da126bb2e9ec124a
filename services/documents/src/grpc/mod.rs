//! `PolicyService` on the wire: parse, call, answer.

pub mod intake;
pub mod library;
pub mod lifecycle;
mod parse;

use std::pin::Pin;

use contracts::{
    documents::{
        AddAttachmentRequest, AddAttachmentResponse, ApproveDraftRequest, ApproveDraftResponse,
        ApproveExpungeRequest, ApproveExpungeResponse, AttachmentChunk, BatchGetPoliciesRequest,
        BatchGetPoliciesResponse, CountPoliciesRequest, CountPoliciesResponse, CreatePolicyRequest,
        CreatePolicyResponse, DiscardDraftRequest, DiscardDraftResponse, GetAttachmentRequest,
        GetPolicyRequest, GetPolicyResponse, GetReceiptRequest, GetReceiptResponse,
        GetRevisionRequest, GetRevisionResponse, ImportPoliciesRequest, ImportPoliciesResponse,
        JustifyExposuresRequest, JustifyExposuresResponse, ListExposuresRequest,
        ListExposuresResponse, ListExpungesRequest, ListExpungesResponse, ListPoliciesRequest,
        ListPoliciesResponse, ListReceiptsRequest, ListReceiptsResponse, ListRevisionsRequest,
        ListRevisionsResponse, ListWorklistRequest, ListWorklistResponse, MaskExposuresRequest,
        MaskExposuresResponse, OverruleEffectRequest, OverruleEffectResponse, Policy,
        PublishPolicyRequest, PublishPolicyResponse, RemoveAttachmentRequest,
        RemoveAttachmentResponse, RequestExpungeRequest, RequestExpungeResponse,
        ResolveWorklistEntryRequest, ResolveWorklistEntryResponse, ReturnDraftRequest,
        ReturnDraftResponse, SubmitDraftRequest, SubmitDraftResponse, UnschedulePolicyRequest,
        UnschedulePolicyResponse, UpdateDraftRequest, UpdateDraftResponse, WatchReceiptRequest,
        WatchReceiptResponse, WithdrawPolicyRequest, WithdrawPolicyResponse,
        policy_service_server::PolicyService,
    },
    role::{EDITOR, OFFICE, OPS, REVIEWER, SERVICE},
};
use futures::{Stream, StreamExt as _};
use kit::auth::{Access, Caller, caller};
use tonic::{Request, Response, Status};

use crate::{commands::Documents, queries::effect::effect_of};

/// Most bytes of a message: a batch of an import, or several bodies at once.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;

const WRITERS: &[&str] = &[EDITOR, OFFICE];
const REVIEWERS: &[&str] = &[REVIEWER, OFFICE];
const CLERKS: &[&str] = &[EDITOR, REVIEWER, OFFICE];
const IMPORTERS: &[&str] = &[EDITOR, OFFICE, OPS, SERVICE];
const WATCHERS: &[&str] = &[EDITOR, REVIEWER, OFFICE, OPS, SERVICE];

/// To whom each method is open.
pub const ACCESS: &[Access] = &[
    Access::roles("CreatePolicy", WRITERS),
    Access::roles("UpdateDraft", WRITERS),
    Access::roles("ListExposures", CLERKS),
    Access::roles("MaskExposures", WRITERS),
    Access::roles("JustifyExposures", CLERKS),
    Access::roles("SubmitDraft", WRITERS),
    Access::roles("ReturnDraft", REVIEWERS),
    Access::roles("ApproveDraft", REVIEWERS),
    Access::roles("DiscardDraft", WRITERS),
    Access::roles("PublishPolicy", REVIEWERS),
    Access::roles("UnschedulePolicy", REVIEWERS),
    Access::roles("WithdrawPolicy", REVIEWERS),
    Access::roles("OverruleEffect", REVIEWERS),
    Access::roles("RequestExpunge", CLERKS),
    Access::roles("ApproveExpunge", REVIEWERS),
    Access::roles("ListExpunges", CLERKS),
    Access::anyone("GetPolicy"),
    Access::anyone("BatchGetPolicies"),
    Access::anyone("ListPolicies"),
    Access::anyone("CountPolicies"),
    Access::anyone("ListRevisions"),
    Access::anyone("GetRevision"),
    Access::roles("AddAttachment", WRITERS),
    Access::roles("RemoveAttachment", WRITERS),
    Access::anyone("GetAttachment"),
    Access::roles("ImportPolicies", IMPORTERS),
    Access::roles("ListWorklist", CLERKS),
    Access::roles("ResolveWorklistEntry", CLERKS),
    Access::roles("GetReceipt", WATCHERS),
    Access::roles("ListReceipts", WATCHERS),
    Access::roles("WatchReceipt", WATCHERS),
];

type Answer<T> = Result<Response<T>, Status>;
type Streamed<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Answers for the policy library.
pub struct Grpc(pub Documents);

impl Grpc {
    /// The policy as it is after a command, for who gave it.
    async fn policy(&self, caller: &Caller, id: crate::domain::PolicyId) -> Result<Policy, Status> {
        Ok(self.0.get(caller, id).await?)
    }
}

#[tonic::async_trait]
impl PolicyService for Grpc {
    async fn create_policy(
        &self,
        request: Request<CreatePolicyRequest>,
    ) -> Answer<CreatePolicyResponse> {
        let caller = caller(&request);
        let CreatePolicyRequest { content, request_id } = request.into_inner();
        let content = parse::content(content)?;
        let id = self.0.create(&caller, content, &request_id).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(CreatePolicyResponse { policy }))
    }

    async fn update_draft(
        &self,
        request: Request<UpdateDraftRequest>,
    ) -> Answer<UpdateDraftResponse> {
        let caller = caller(&request);
        let UpdateDraftRequest { policy_id, content, revision_reason, etag } = request.into_inner();
        let (id, content) = (parse::id(&policy_id)?, parse::content(content)?);
        self.0.update_draft(&caller, id, content, &revision_reason, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(UpdateDraftResponse { policy }))
    }

    async fn list_exposures(
        &self,
        request: Request<ListExposuresRequest>,
    ) -> Answer<ListExposuresResponse> {
        let caller = caller(&request);
        let id = parse::id(&request.into_inner().policy_id)?;
        let (exposures, notes) = self.0.exposures(&caller, id).await?;
        let exposures = exposures.into_iter().map(parse::exposure).collect();
        Ok(Response::new(ListExposuresResponse { exposures, notes }))
    }

    async fn mask_exposures(
        &self,
        request: Request<MaskExposuresRequest>,
    ) -> Answer<MaskExposuresResponse> {
        let caller = caller(&request);
        let MaskExposuresRequest { policy_id, exposure_ids, etag } = request.into_inner();
        let id = parse::id(&policy_id)?;
        self.0.mask_exposures(&caller, id, &exposure_ids, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(MaskExposuresResponse { policy }))
    }

    async fn justify_exposures(
        &self,
        request: Request<JustifyExposuresRequest>,
    ) -> Answer<JustifyExposuresResponse> {
        let caller = caller(&request);
        let JustifyExposuresRequest { policy_id, exposure_ids, reason, etag } =
            request.into_inner();
        let id = parse::id(&policy_id)?;
        self.0.justify_exposures(&caller, id, &exposure_ids, &reason, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(JustifyExposuresResponse { policy }))
    }

    async fn submit_draft(
        &self,
        request: Request<SubmitDraftRequest>,
    ) -> Answer<SubmitDraftResponse> {
        let caller = caller(&request);
        let SubmitDraftRequest { policy_id, etag } = request.into_inner();
        let id = parse::id(&policy_id)?;
        self.0.submit_draft(&caller, id, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(SubmitDraftResponse { policy }))
    }

    async fn return_draft(
        &self,
        request: Request<ReturnDraftRequest>,
    ) -> Answer<ReturnDraftResponse> {
        let caller = caller(&request);
        let ReturnDraftRequest { policy_id, reason, etag } = request.into_inner();
        let id = parse::id(&policy_id)?;
        self.0.return_draft(&caller, id, &reason, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(ReturnDraftResponse { policy }))
    }

    async fn approve_draft(
        &self,
        request: Request<ApproveDraftRequest>,
    ) -> Answer<ApproveDraftResponse> {
        let caller = caller(&request);
        let ApproveDraftRequest { policy_id, etag } = request.into_inner();
        let id = parse::id(&policy_id)?;
        self.0.approve_draft(&caller, id, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(ApproveDraftResponse { policy }))
    }

    async fn discard_draft(
        &self,
        request: Request<DiscardDraftRequest>,
    ) -> Answer<DiscardDraftResponse> {
        let caller = caller(&request);
        let DiscardDraftRequest { policy_id, etag } = request.into_inner();
        let id = parse::id(&policy_id)?;
        // A policy that was never public is gone with its draft.
        let policy = if self.0.discard_draft(&caller, id, &etag).await? {
            Some(self.policy(&caller, id).await?)
        } else {
            None
        };
        Ok(Response::new(DiscardDraftResponse { policy }))
    }

    async fn publish_policy(
        &self,
        request: Request<PublishPolicyRequest>,
    ) -> Answer<PublishPolicyResponse> {
        let caller = caller(&request);
        let PublishPolicyRequest { policy_id, etag, publish_at, request_id } = request.into_inner();
        let (id, at) = (parse::id(&policy_id)?, parse::minute(publish_at)?);
        self.0.publish(&caller, id, &etag, at, &request_id).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(PublishPolicyResponse { policy }))
    }

    async fn unschedule_policy(
        &self,
        request: Request<UnschedulePolicyRequest>,
    ) -> Answer<UnschedulePolicyResponse> {
        let caller = caller(&request);
        let UnschedulePolicyRequest { policy_id, etag } = request.into_inner();
        let id = parse::id(&policy_id)?;
        self.0.unschedule(&caller, id, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(UnschedulePolicyResponse { policy }))
    }

    async fn withdraw_policy(
        &self,
        request: Request<WithdrawPolicyRequest>,
    ) -> Answer<WithdrawPolicyResponse> {
        let caller = caller(&request);
        let WithdrawPolicyRequest { policy_id, reason, etag, request_id } = request.into_inner();
        let id = parse::id(&policy_id)?;
        self.0.withdraw(&caller, id, &reason, &etag, &request_id).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(WithdrawPolicyResponse { policy }))
    }

    async fn overrule_effect(
        &self,
        request: Request<OverruleEffectRequest>,
    ) -> Answer<OverruleEffectResponse> {
        let caller = caller(&request);
        let effect = effect_of(request.get_ref().effect());
        let OverruleEffectRequest { policy_id, effect: _, from, reason, etag } =
            request.into_inner();
        let (id, from) = (parse::id(&policy_id)?, parse::day("from", &from)?);
        self.0.overrule_effect(&caller, id, effect, from, &reason, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(OverruleEffectResponse { policy }))
    }

    async fn request_expunge(
        &self,
        request: Request<RequestExpungeRequest>,
    ) -> Answer<RequestExpungeResponse> {
        let caller = caller(&request);
        let RequestExpungeRequest { policy_id, revision, ground } = request.into_inner();
        let id = parse::id(&policy_id)?;
        let expunge = self.0.request_expunge(&caller, id, revision, &ground).await?;
        Ok(Response::new(RequestExpungeResponse { expunge_id: expunge.to_string() }))
    }

    async fn approve_expunge(
        &self,
        request: Request<ApproveExpungeRequest>,
    ) -> Answer<ApproveExpungeResponse> {
        let caller = caller(&request);
        let expunge = parse::id(&request.into_inner().expunge_id)?;
        let (policy, revision) = self.0.approve_expunge(&caller, expunge).await?;
        let revision = Some(self.0.revision(&caller, policy, revision).await?);
        Ok(Response::new(ApproveExpungeResponse { revision }))
    }

    async fn list_expunges(
        &self,
        request: Request<ListExpungesRequest>,
    ) -> Answer<ListExpungesResponse> {
        let caller = caller(&request);
        Ok(Response::new(self.0.expunges(&caller, request.get_ref()).await?))
    }

    async fn get_policy(&self, request: Request<GetPolicyRequest>) -> Answer<GetPolicyResponse> {
        let caller = caller(&request);
        let GetPolicyRequest { policy_id, by_source_id, as_of } = request.into_inner();
        let day = parse::day("as_of", &as_of)?.unwrap_or_else(|| self.0.clock.today());
        let policy = if by_source_id {
            self.0.get_by_source(&caller, &policy_id, day).await?
        } else {
            self.0.get_as_of(&caller, parse::id(&policy_id)?, day).await?
        };
        Ok(Response::new(GetPolicyResponse { policy: Some(policy) }))
    }

    async fn batch_get_policies(
        &self,
        request: Request<BatchGetPoliciesRequest>,
    ) -> Answer<BatchGetPoliciesResponse> {
        let ids = parse::ids(&request.into_inner().policy_ids)?;
        let policies = self.0.batch_get(&ids).await?;
        Ok(Response::new(BatchGetPoliciesResponse { policies }))
    }

    async fn list_policies(
        &self,
        request: Request<ListPoliciesRequest>,
    ) -> Answer<ListPoliciesResponse> {
        let caller = caller(&request);
        Ok(Response::new(self.0.list(&caller, request.get_ref()).await?))
    }

    async fn count_policies(
        &self,
        request: Request<CountPoliciesRequest>,
    ) -> Answer<CountPoliciesResponse> {
        Ok(Response::new(self.0.count(request.get_ref()).await?))
    }

    async fn list_revisions(
        &self,
        request: Request<ListRevisionsRequest>,
    ) -> Answer<ListRevisionsResponse> {
        let caller = caller(&request);
        let id = parse::id(&request.into_inner().policy_id)?;
        let revisions = self.0.revisions(&caller, id).await?;
        Ok(Response::new(ListRevisionsResponse { revisions }))
    }

    async fn get_revision(
        &self,
        request: Request<GetRevisionRequest>,
    ) -> Answer<GetRevisionResponse> {
        let caller = caller(&request);
        let GetRevisionRequest { policy_id, revision } = request.into_inner();
        let revision = self.0.revision(&caller, parse::id(&policy_id)?, revision).await?;
        Ok(Response::new(GetRevisionResponse { revision: Some(revision) }))
    }

    async fn add_attachment(
        &self,
        request: Request<AddAttachmentRequest>,
    ) -> Answer<AddAttachmentResponse> {
        let caller = caller(&request);
        let AddAttachmentRequest { policy_id, file_name, content, etag, sha256 } =
            request.into_inner();
        let id = parse::id(&policy_id)?;
        let content = match (content.is_empty(), sha256.is_empty()) {
            (true, false) => self.0.brought_file(&sha256).await?,
            _ => content,
        };
        let added = self.0.add_attachment(&caller, id, &file_name, content, &etag).await?;
        let policy = self.policy(&caller, id).await?;
        let added = added.to_string();
        let draft = policy.draft.as_ref();
        let attachment = draft.and_then(|d| d.attachments.iter().find(|a| a.id == added)).cloned();
        Ok(Response::new(AddAttachmentResponse { policy: Some(policy), attachment }))
    }

    async fn remove_attachment(
        &self,
        request: Request<RemoveAttachmentRequest>,
    ) -> Answer<RemoveAttachmentResponse> {
        let caller = caller(&request);
        let RemoveAttachmentRequest { policy_id, attachment_id, etag } = request.into_inner();
        let (id, attachment) = (parse::id(&policy_id)?, parse::id(&attachment_id)?);
        self.0.remove_attachment(&caller, id, attachment, &etag).await?;
        let policy = Some(self.policy(&caller, id).await?);
        Ok(Response::new(RemoveAttachmentResponse { policy }))
    }

    type GetAttachmentStream = Streamed<AttachmentChunk>;

    async fn get_attachment(
        &self,
        request: Request<GetAttachmentRequest>,
    ) -> Answer<Self::GetAttachmentStream> {
        let caller = caller(&request);
        let id = parse::id(&request.into_inner().attachment_id)?;
        let chunks = self.0.read_attachment(&caller, id).await?;
        Ok(Response::new(Box::pin(chunks.map(|chunk| chunk.map_err(Status::from)))))
    }

    async fn import_policies(
        &self,
        request: Request<ImportPoliciesRequest>,
    ) -> Answer<ImportPoliciesResponse> {
        let caller = caller(&request);
        let (ids, batch) = parse::batch(request.into_inner())?;
        let outcomes = self.0.import(&caller, batch).await?;
        let results = ids.into_iter().zip(outcomes).map(parse::result).collect();
        Ok(Response::new(ImportPoliciesResponse { results }))
    }

    async fn list_worklist(
        &self,
        request: Request<ListWorklistRequest>,
    ) -> Answer<ListWorklistResponse> {
        let caller = caller(&request);
        Ok(Response::new(self.0.worklist(&caller, request.get_ref()).await?))
    }

    async fn resolve_worklist_entry(
        &self,
        request: Request<ResolveWorklistEntryRequest>,
    ) -> Answer<ResolveWorklistEntryResponse> {
        let caller = caller(&request);
        let ResolveWorklistEntryRequest { entry_id, remark } = request.into_inner();
        self.0.resolve_worklist_entry(&caller, parse::id(&entry_id)?, &remark).await?;
        Ok(Response::new(ResolveWorklistEntryResponse {}))
    }

    async fn get_receipt(&self, request: Request<GetReceiptRequest>) -> Answer<GetReceiptResponse> {
        let caller = caller(&request);
        let GetReceiptRequest { policy_id, revision } = request.into_inner();
        let receipt = self.0.receipt_of(&caller, parse::id(&policy_id)?, revision).await?;
        Ok(Response::new(GetReceiptResponse { receipt: Some(receipt) }))
    }

    async fn list_receipts(
        &self,
        request: Request<ListReceiptsRequest>,
    ) -> Answer<ListReceiptsResponse> {
        let caller = caller(&request);
        Ok(Response::new(self.0.receipts(&caller, request.get_ref()).await?))
    }

    type WatchReceiptStream = Streamed<WatchReceiptResponse>;

    async fn watch_receipt(
        &self,
        request: Request<WatchReceiptRequest>,
    ) -> Answer<Self::WatchReceiptStream> {
        let caller = caller(&request);
        let id = parse::id(&request.into_inner().policy_id)?;
        let receipts = self.0.watch(caller, id).map(|receipt| match receipt {
            Ok(receipt) => Ok(WatchReceiptResponse { receipt: Some(receipt) }),
            Err(error) => Err(error.into()),
        });
        Ok(Response::new(Box::pin(receipts)))
    }
}
