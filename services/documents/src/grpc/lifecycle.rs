//! `LifecycleService` on the wire: parse, call, answer.

use contracts::{
    documents::{
        self as wire, AddDeliveryRequest, AddDeliveryResponse, AddPayoutRequest, AddPayoutResponse,
        AddStageMaterialRequest, AddStageMaterialResponse, CorrectPayoutRequest,
        CorrectPayoutResponse, GetLifecycleRequest, GetLifecycleResponse, LifecycleStage,
        MarkStageNotApplicableRequest, MarkStageNotApplicableResponse, RemoveDeliveryRequest,
        RemoveDeliveryResponse, RemoveStageMaterialRequest, RemoveStageMaterialResponse,
        SetStageRequest, SetStageResponse, UpdateDeliveryRequest, UpdateDeliveryResponse,
        lifecycle_service_server::LifecycleService,
    },
    role::{EDITOR, OFFICE, REVIEWER},
};
use kit::auth::{Access, Caller, caller};
use tonic::{Request, Response, Status};

use super::{Answer, parse};
use crate::{
    commands::{
        Documents,
        lifecycle::{Asked, Figures, NewMaterial},
    },
    domain::{
        PolicyId,
        lifecycle::{
            Stage,
            delivery::{Audience, Terms},
            stage::{Material, Record},
        },
    },
    error::{Error, Result},
};

const CLERKS: &[&str] = &[EDITOR, REVIEWER, OFFICE];

/// To whom each method is open.
pub const ACCESS: &[Access] = &[
    Access::anyone("GetLifecycle"),
    Access::roles("SetStage", CLERKS),
    Access::roles("MarkStageNotApplicable", CLERKS),
    Access::roles("AddStageMaterial", CLERKS),
    Access::roles("RemoveStageMaterial", CLERKS),
    Access::roles("AddDelivery", CLERKS),
    Access::roles("UpdateDelivery", CLERKS),
    Access::roles("RemoveDelivery", CLERKS),
    Access::roles("AddPayout", CLERKS),
    Access::roles("CorrectPayout", CLERKS),
];

/// Answers for lifecycles.
pub struct Lifecycles(pub Documents);

impl Lifecycles {
    /// The lifecycle as it is after a command, for who gave it.
    async fn now(&self, caller: &Caller, id: PolicyId) -> Result<Option<wire::Lifecycle>, Status> {
        Ok(Some(self.0.lifecycle(caller, id).await?))
    }
}

#[tonic::async_trait]
impl LifecycleService for Lifecycles {
    async fn get_lifecycle(
        &self,
        request: Request<GetLifecycleRequest>,
    ) -> Answer<GetLifecycleResponse> {
        let caller = caller(&request);
        let id = parse::id(&request.into_inner().policy_id)?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(GetLifecycleResponse { lifecycle }))
    }

    async fn set_stage(&self, request: Request<SetStageRequest>) -> Answer<SetStageResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let (id, stage) = (parse::id(&request.policy_id)?, stage(request.stage())?);
        let record = Record {
            began_on: parse::day("began_on", &request.began_on)?,
            ended_on: parse::day("ended_on", &request.ended_on)?,
            organ_code: request.organ_code,
            organ_name: String::new(),
            summary: request.summary,
            is_major_decision: request.is_major_decision,
        };
        let asked = Asked {
            etag: &request.etag,
            reason: &request.reason,
            privacy_reason: &request.privacy_reason,
            ..Asked::default()
        };
        self.0.set_stage(&caller, id, stage, record, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(SetStageResponse { lifecycle }))
    }

    async fn mark_stage_not_applicable(
        &self,
        request: Request<MarkStageNotApplicableRequest>,
    ) -> Answer<MarkStageNotApplicableResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let (id, stage) = (parse::id(&request.policy_id)?, stage(request.stage())?);
        let asked = Asked { etag: &request.etag, reason: &request.reason, ..Asked::default() };
        self.0.mark_stage_not_applicable(&caller, id, stage, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(MarkStageNotApplicableResponse { lifecycle }))
    }

    async fn add_stage_material(
        &self,
        request: Request<AddStageMaterialRequest>,
    ) -> Answer<AddStageMaterialResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let (id, stage) = (parse::id(&request.policy_id)?, stage(request.stage())?);
        let material = Material {
            id: String::new(),
            title: request.title,
            kind: request.kind,
            url: request.url,
            text: request.text,
            dated_on: parse::day("dated_on", &request.dated_on)?,
            attachment_id: String::new(),
        };
        let (file_name, content) = (request.file_name, request.content);
        let new = NewMaterial { material, file_name, content };
        let asked = Asked {
            etag: &request.etag,
            request_id: &request.request_id,
            reason: "",
            privacy_reason: &request.privacy_reason,
        };
        self.0.add_stage_material(&caller, id, stage, new, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(AddStageMaterialResponse { lifecycle }))
    }

    async fn remove_stage_material(
        &self,
        request: Request<RemoveStageMaterialRequest>,
    ) -> Answer<RemoveStageMaterialResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let RemoveStageMaterialRequest { policy_id, material_id, reason, etag } = request;
        let id = parse::id(&policy_id)?;
        let asked = Asked { etag: &etag, reason: &reason, ..Asked::default() };
        self.0.remove_stage_material(&caller, id, &material_id, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(RemoveStageMaterialResponse { lifecycle }))
    }

    async fn add_delivery(
        &self,
        request: Request<AddDeliveryRequest>,
    ) -> Answer<AddDeliveryResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let (id, terms) = (parse::id(&request.policy_id)?, terms(request.terms)?);
        let asked = Asked {
            etag: &request.etag,
            request_id: &request.request_id,
            reason: "",
            privacy_reason: &request.privacy_reason,
        };
        self.0.add_delivery(&caller, id, terms, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(AddDeliveryResponse { lifecycle }))
    }

    async fn update_delivery(
        &self,
        request: Request<UpdateDeliveryRequest>,
    ) -> Answer<UpdateDeliveryResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let (id, terms) = (parse::id(&request.policy_id)?, terms(request.terms)?);
        let asked = Asked {
            etag: &request.etag,
            reason: &request.reason,
            privacy_reason: &request.privacy_reason,
            ..Asked::default()
        };
        self.0.update_delivery(&caller, id, &request.delivery_id, terms, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(UpdateDeliveryResponse { lifecycle }))
    }

    async fn remove_delivery(
        &self,
        request: Request<RemoveDeliveryRequest>,
    ) -> Answer<RemoveDeliveryResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let RemoveDeliveryRequest { policy_id, delivery_id, reason, etag } = request;
        let id = parse::id(&policy_id)?;
        let asked = Asked { etag: &etag, reason: &reason, ..Asked::default() };
        self.0.remove_delivery(&caller, id, &delivery_id, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(RemoveDeliveryResponse { lifecycle }))
    }

    async fn add_payout(&self, request: Request<AddPayoutRequest>) -> Answer<AddPayoutResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let id = parse::id(&request.policy_id)?;
        let figures = Figures {
            from: parse::day("paid_from", &request.paid_from)?,
            until: parse::day("paid_until", &request.paid_until)?,
            recipients: request.recipients,
            fen: request.paid_fen,
            remark: request.remark,
        };
        let asked = Asked {
            etag: &request.etag,
            request_id: &request.request_id,
            reason: "",
            privacy_reason: &request.privacy_reason,
        };
        self.0.add_payout(&caller, id, &request.delivery_id, figures, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(AddPayoutResponse { lifecycle }))
    }

    async fn correct_payout(
        &self,
        request: Request<CorrectPayoutRequest>,
    ) -> Answer<CorrectPayoutResponse> {
        let (caller, request) = (caller(&request), request.into_inner());
        let id = parse::id(&request.policy_id)?;
        let figures = Figures {
            from: parse::day("paid_from", &request.paid_from)?,
            until: parse::day("paid_until", &request.paid_until)?,
            recipients: request.recipients,
            fen: request.paid_fen,
            remark: request.remark,
        };
        let asked = Asked {
            etag: &request.etag,
            reason: &request.reason,
            privacy_reason: &request.privacy_reason,
            ..Asked::default()
        };
        let which = (request.delivery_id.as_str(), request.payout_id.as_str());
        self.0.correct_payout(&caller, id, which, figures, asked).await?;
        let lifecycle = self.now(&caller, id).await?;
        Ok(Response::new(CorrectPayoutResponse { lifecycle }))
    }
}

fn stage(stage: LifecycleStage) -> Result<Stage> {
    Ok(match stage {
        LifecycleStage::Unspecified => return Err(Error::invalid("stage", "请选择九个环节之一")),
        LifecycleStage::Demand => Stage::Demand,
        LifecycleStage::Study => Stage::Study,
        LifecycleStage::Justification => Stage::Justification,
        LifecycleStage::Deliberation => Stage::Deliberation,
        LifecycleStage::Publication => Stage::Publication,
        LifecycleStage::Interpretation => Stage::Interpretation,
        LifecycleStage::Enquiry => Stage::Enquiry,
        LifecycleStage::Delivery => Stage::Delivery,
        LifecycleStage::Feedback => Stage::Feedback,
    })
}

/// What is granted; the name of the organ is looked up, never taken over.
fn terms(terms: Option<wire::DeliveryTerms>) -> Result<Terms> {
    let terms = terms.ok_or_else(|| Error::invalid("terms", "缺少兑现内容"))?;
    let audience = match terms.audience() {
        wire::Audience::Unspecified => {
            return Err(Error::invalid("audience", "请选择面向个人、企业还是两者"));
        }
        wire::Audience::Persons => Audience::Persons,
        wire::Audience::Firms => Audience::Firms,
        wire::Audience::PersonsAndFirms => Audience::PersonsAndFirms,
    };
    Ok(Terms {
        benefit: terms.benefit,
        audience,
        audience_note: terms.audience_note,
        conditions: terms.conditions,
        without_application: terms.without_application,
        steps: terms.steps,
        url: terms.url,
        contact: terms.contact,
        organ_code: terms.organ_code,
        organ_name: String::new(),
        fen: terms.amount_fen,
        unit: terms.amount_unit,
        from: parse::day("available_from", &terms.available_from)?,
        until: parse::day("available_until", &terms.available_until)?,
    })
}
