//! `NotificationService` on the wire: parse, call, answer.

use contracts::{
    notification::{
        ConfirmSubscriptionRequest, ConfirmSubscriptionResponse, CreateSubscriptionRequest,
        CreateSubscriptionResponse, GetMessageRequest, GetMessageResponse, GetSubscriptionRequest,
        GetSubscriptionResponse, ListDeliveriesRequest, ListDeliveriesResponse,
        ListSubscriptionsRequest, ListSubscriptionsResponse, Subscription, SubscriptionKind,
        UnsubscribeRequest, UnsubscribeResponse, notification_service_server::NotificationService,
    },
    role,
};
use kit::auth::{self, Access};
use tonic::{Request, Response, Status};

use crate::{
    commands::subscribe::Subscriptions,
    domain::{
        email::{Email, NotAnAddress},
        interest::{Interest, Kind},
    },
    error::Error,
    queries::{self, Queries, kind_on_wire},
};

const STAFF: &[&str] = &[role::OFFICE, role::OPS, role::EDITOR, role::REVIEWER];

/// Who may call what.
pub const ACCESS: &[Access] = &[
    Access::anyone("CreateSubscription"),
    Access::anyone("ConfirmSubscription"),
    Access::anyone("GetSubscription"),
    Access::anyone("Unsubscribe"),
    Access::roles("ListSubscriptions", STAFF),
    Access::roles("ListDeliveries", STAFF),
    Access::roles("GetMessage", STAFF),
];

/// The service on the wire.
pub struct Grpc {
    pub subscriptions: Subscriptions,
    pub queries: Queries,
}

#[tonic::async_trait]
impl NotificationService for Grpc {
    async fn create_subscription(
        &self,
        request: Request<CreateSubscriptionRequest>,
    ) -> Result<Response<CreateSubscriptionResponse>, Status> {
        let caller = auth::caller(&request);
        let request = request.into_inner();
        let kind = kind(request.kind())?;
        let email: Email = request.email.parse().map_err(|NotAnAddress| Error::Email)?;
        let interest =
            Interest::new(kind, &request.value, &request.label).map_err(Error::Interest)?;
        let subscription = if request.confirmed {
            if !caller.has(role::OPS) && !caller.has(role::OFFICE) {
                return Err(Error::MayNotVouch.into());
            }
            let row = self.subscriptions.enrol(&caller, &email, &interest).await?;
            self.queries.for_operators(row)
        } else {
            self.subscriptions.ask(&email, &interest).await?;
            as_asked(interest)
        };
        Ok(Response::new(CreateSubscriptionResponse { subscription: Some(subscription) }))
    }

    async fn confirm_subscription(
        &self,
        request: Request<ConfirmSubscriptionRequest>,
    ) -> Result<Response<ConfirmSubscriptionResponse>, Status> {
        let row = self.subscriptions.confirm(&request.into_inner().token).await?;
        let subscription = Some(queries::public(row));
        Ok(Response::new(ConfirmSubscriptionResponse { subscription }))
    }

    async fn get_subscription(
        &self,
        request: Request<GetSubscriptionRequest>,
    ) -> Result<Response<GetSubscriptionResponse>, Status> {
        let subscription = self.queries.subscription(&request.into_inner().token).await?;
        Ok(Response::new(GetSubscriptionResponse { subscription: Some(subscription) }))
    }

    async fn unsubscribe(
        &self,
        request: Request<UnsubscribeRequest>,
    ) -> Result<Response<UnsubscribeResponse>, Status> {
        let row = self.subscriptions.end(&request.into_inner().token).await?;
        Ok(Response::new(UnsubscribeResponse { subscription: Some(queries::public(row)) }))
    }

    async fn list_subscriptions(
        &self,
        request: Request<ListSubscriptionsRequest>,
    ) -> Result<Response<ListSubscriptionsResponse>, Status> {
        let ListSubscriptionsRequest { page_size, page_token } = request.into_inner();
        Ok(Response::new(self.queries.subscriptions(page_size, &page_token).await?))
    }

    async fn list_deliveries(
        &self,
        request: Request<ListDeliveriesRequest>,
    ) -> Result<Response<ListDeliveriesResponse>, Status> {
        Ok(Response::new(self.queries.deliveries(request.into_inner()).await?))
    }

    async fn get_message(
        &self,
        request: Request<GetMessageRequest>,
    ) -> Result<Response<GetMessageResponse>, Status> {
        let message = self.queries.message(request.into_inner().delivery_id).await?;
        Ok(Response::new(GetMessageResponse { message }))
    }
}

fn kind(kind: SubscriptionKind) -> Result<Kind, Error> {
    match kind {
        SubscriptionKind::Unspecified => Err(Error::Kind),
        SubscriptionKind::All => Ok(Kind::All),
        SubscriptionKind::Organ => Ok(Kind::Organ),
        SubscriptionKind::Category => Ok(Kind::Category),
        SubscriptionKind::Keyword => Ok(Kind::Keyword),
        SubscriptionKind::Policy => Ok(Kind::Policy),
    }
}

/// The public's answer: what was asked for, and nothing of what was there.
fn as_asked(interest: Interest) -> Subscription {
    let Interest { kind, value, label } = interest;
    Subscription { kind: kind_on_wire(kind).into(), value, label, ..Subscription::default() }
}
