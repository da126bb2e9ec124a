//! Subscriptions of the public, and what was sent to them.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use contracts::notification::{
    ConfirmSubscriptionRequest, CreateSubscriptionRequest, DeliveryState, GetMessageRequest,
    GetSubscriptionRequest, ListDeliveriesRequest, ListSubscriptionsRequest, UnsubscribeRequest,
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Route,
    extract::{Body, Caller, Params, fresh},
    get, post,
    view::{Deliveries, Message, NewSubscription, Page, Subscription, number},
};
use crate::{app::App, problem::Problem};

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/subscriptions", create),
        get("/subscriptions", list),
        get("/subscriptions/confirm", show),
        post("/subscriptions/confirm", confirm),
        post("/subscriptions/end", end),
        get("/deliveries", deliveries),
        get("/deliveries/{id}/message", message),
    ]
}

fn answer(subscription: Option<contracts::notification::Subscription>) -> Response {
    fresh(&Subscription::from(subscription.unwrap_or_default()), "")
}

/// Notes a subscription and asks its address for confirmation.
#[utoipa::path(post, path = "/subscriptions", tag = "subscriptions",
    request_body = NewSubscription, responses((status = 201, body = Subscription)))]
pub(crate) async fn create(
    caller: Caller,
    Body(new): Body<NewSubscription>,
) -> Result<Response, Problem> {
    let request = CreateSubscriptionRequest::try_from(new)?;
    let made = caller.clients.notification().create_subscription(request).await?.into_inner();
    Ok((StatusCode::CREATED, answer(made.subscription)).into_response())
}

/// What a mail named.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Token {
    /// As it stands in the mail.
    token: String,
}

/// What a token stands for; changes nothing, for mail scanners follow links.
#[utoipa::path(get, path = "/subscriptions/confirm", tag = "subscriptions", params(Token),
    responses((status = 200, body = Subscription)))]
pub(crate) async fn show(
    caller: Caller,
    Params(Token { token }): Params<Token>,
) -> Result<Response, Problem> {
    let request = GetSubscriptionRequest { token };
    let found = caller.clients.notification().get_subscription(request).await?.into_inner();
    Ok(answer(found.subscription))
}

/// Agrees to a subscription.
#[utoipa::path(post, path = "/subscriptions/confirm", tag = "subscriptions", params(Token),
    responses((status = 200, body = Subscription)))]
pub(crate) async fn confirm(
    caller: Caller,
    Params(Token { token }): Params<Token>,
) -> Result<Response, Problem> {
    let request = ConfirmSubscriptionRequest { token };
    let done = caller.clients.notification().confirm_subscription(request).await?.into_inner();
    Ok(answer(done.subscription))
}

/// Ends a subscription.
#[utoipa::path(post, path = "/subscriptions/end", tag = "subscriptions", params(Token),
    responses((status = 200, body = Subscription)))]
pub(crate) async fn end(
    caller: Caller,
    Params(Token { token }): Params<Token>,
) -> Result<Response, Problem> {
    let request = UnsubscribeRequest { token };
    let done = caller.clients.notification().unsubscribe(request).await?.into_inner();
    Ok(answer(done.subscription))
}

/// `POST /unsubscribe/{token}`: what mail providers send for their users (RFC 8058).
pub(crate) async fn one_click(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    app.clients.notification().unsubscribe(UnsubscribeRequest { token }).await?;
    Ok("已退订，不再发送此类通知。\n".into_response())
}

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SubscriptionPaging {
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists subscriptions, their addresses masked.
#[utoipa::path(get, path = "/subscriptions", tag = "subscriptions", params(SubscriptionPaging),
    responses((status = 200, body = Page<Subscription>)), security(("bearer" = [])))]
pub(crate) async fn list(
    caller: Caller,
    Params(SubscriptionPaging { page_size, page_token }): Params<SubscriptionPaging>,
) -> Result<Response, Problem> {
    let request = ListSubscriptionsRequest { page_size, page_token };
    let answer = caller.clients.notification().list_subscriptions(request).await?.into_inner();
    let page: Page<Subscription> = Page::uncounted(answer.subscriptions, answer.next_page_token);
    Ok(fresh(&page, ""))
}

/// Which deliveries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryFilter {
    /// Those about one policy.
    policy_id: String,
    /// waiting, sent, failed, in_doubt or digested.
    state: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists what was sent, to masked addresses.
#[utoipa::path(get, path = "/deliveries", tag = "subscriptions", params(DeliveryFilter),
    responses((status = 200, body = Deliveries)), security(("bearer" = [])))]
pub(crate) async fn deliveries(
    caller: Caller,
    Params(filter): Params<DeliveryFilter>,
) -> Result<Response, Problem> {
    let DeliveryFilter { policy_id, state, page_size, page_token } = filter;
    let state = number("state", &state, "DELIVERY_STATE_", DeliveryState::from_str_name)?;
    let request = ListDeliveriesRequest { policy_id, state, page_size, page_token };
    let answer = caller.clients.notification().list_deliveries(request).await?.into_inner();
    Ok(fresh(&Deliveries::from(answer), ""))
}

/// One message of the folder transport, as it would have gone out.
#[utoipa::path(get, path = "/deliveries/{id}/message", tag = "subscriptions",
    params(("id" = String, Path, description = "Id of the delivery")),
    responses((status = 200, body = Message)), security(("bearer" = [])))]
pub(crate) async fn message(
    caller: Caller,
    Path(delivery_id): Path<String>,
) -> Result<Response, Problem> {
    let request = GetMessageRequest { delivery_id };
    let answer = caller.clients.notification().get_message(request).await?.into_inner();
    Ok(fresh(&Message { message: answer.message }, ""))
}
