//! Tokens, accounts and organs.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use contracts::identity as wire;
use contracts::identity::{
    ChangePasswordRequest, CreateAccountRequest, ImportOrgansRequest, ListAccountsRequest,
    ListOrgansRequest, RefreshTokenRequest, SignInRequest, SignOutRequest, UpdateAccountRequest,
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Route,
    extract::{Body, Caller, Conditions, Params, fresh, shared},
    get, post, put,
    view::{
        Account, AccountChange, Done, NewAccount, Organ, OrganImport, OrgansImported, Page,
        PasswordChange, RefreshToken, SignIn, Tokens,
    },
};
use crate::{app::App, problem::Problem};

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/tokens", sign_in),
        post("/tokens/refresh", refresh),
        post("/tokens/revoke", revoke),
        get("/accounts", accounts),
        post("/accounts", create_account),
        put("/accounts/{id}", update_account),
        post("/accounts/{id}/password", change_password),
        get("/organs", organs),
        post("/organs/import", import_organs),
    ]
}

/// Signs in.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = SignIn,
    responses((status = 200, body = Tokens)))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    Body(SignIn { account, password }): Body<SignIn>,
) -> Result<Response, Problem> {
    let request = SignInRequest { account, password };
    let answer = app.clients.identity().sign_in(request).await?.into_inner();
    let wire::SignInResponse { access_token, access_expires_at, refresh_token, account } = answer;
    let now = app.clock.now();
    let tokens = Tokens::new(access_token, access_expires_at, refresh_token, account, now);
    Ok(fresh(&tokens, ""))
}

/// Brings the next access token.
#[utoipa::path(post, path = "/tokens/refresh", tag = "tokens", request_body = RefreshToken,
    responses((status = 200, body = Tokens)))]
pub(crate) async fn refresh(
    State(app): State<App>,
    Body(RefreshToken { refresh_token }): Body<RefreshToken>,
) -> Result<Response, Problem> {
    let request = RefreshTokenRequest { refresh_token };
    let answer = app.clients.identity().refresh_token(request).await?.into_inner();
    let wire::RefreshTokenResponse { access_token, access_expires_at, account } = answer;
    let now = app.clock.now();
    let tokens = Tokens::new(access_token, access_expires_at, String::new(), account, now);
    Ok(fresh(&tokens, ""))
}

/// Signs out: the refresh token brings nothing any more.
#[utoipa::path(post, path = "/tokens/revoke", tag = "tokens", request_body = RefreshToken,
    responses((status = 200, body = Done)))]
pub(crate) async fn revoke(
    State(app): State<App>,
    Body(RefreshToken { refresh_token }): Body<RefreshToken>,
) -> Result<Response, Problem> {
    app.clients.identity().sign_out(SignOutRequest { refresh_token }).await?;
    Ok(fresh(&Done {}, ""))
}

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists accounts.
#[utoipa::path(get, path = "/accounts", tag = "accounts", params(Paging),
    responses((status = 200, body = Page<Account>)), security(("bearer" = [])))]
pub(crate) async fn accounts(
    caller: Caller,
    Params(Paging { page_size, page_token }): Params<Paging>,
) -> Result<Response, Problem> {
    let request = ListAccountsRequest { page_size, page_token };
    let answer = caller.clients.identity().list_accounts(request).await?.into_inner();
    let page: Page<Account> = Page::uncounted(answer.accounts, answer.next_page_token);
    Ok(fresh(&page, ""))
}

/// Makes an account.
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = Account)), security(("bearer" = [])))]
pub(crate) async fn create_account(
    caller: Caller,
    conditions: Conditions,
    Body(new): Body<NewAccount>,
) -> Result<Response, Problem> {
    let NewAccount { account, name, organ_code, roles, password } = new;
    let account = wire::Account { account, name, organ_code, roles, ..Default::default() };
    let request = CreateAccountRequest {
        account: Some(account),
        password,
        request_id: conditions.request_id,
    };
    let made = caller.clients.identity().create_account(request).await?.into_inner();
    Ok((StatusCode::CREATED, answer(made.account)).into_response())
}

/// Changes name, organ, roles or the disabled mark of an account.
#[utoipa::path(put, path = "/accounts/{id}", tag = "accounts", request_body = AccountChange,
    params(("id" = String, Path, description = "Id of the account")),
    responses((status = 200, body = Account)), security(("bearer" = [])))]
pub(crate) async fn update_account(
    caller: Caller,
    Path(id): Path<String>,
    conditions: Conditions,
    Body(change): Body<AccountChange>,
) -> Result<Response, Problem> {
    let AccountChange { name, organ_code, roles, disabled, etag } = change;
    let etag = conditions.etag(etag);
    let account =
        wire::Account { id, name, organ_code, roles, disabled, etag, ..Default::default() };
    let request = UpdateAccountRequest { account: Some(account) };
    Ok(answer(caller.clients.identity().update_account(request).await?.into_inner().account))
}

fn answer(account: Option<wire::Account>) -> Response {
    let account = Account::from(account.unwrap_or_default());
    fresh(&account, &account.etag)
}

/// Changes a password: one's own, or as an administrator another's.
#[utoipa::path(post, path = "/accounts/{id}/password", tag = "accounts",
    request_body = PasswordChange,
    params(("id" = String, Path, description = "Id of the account")),
    responses((status = 200, body = Done)), security(("bearer" = [])))]
pub(crate) async fn change_password(
    caller: Caller,
    Path(account_id): Path<String>,
    Body(PasswordChange { old_password, new_password }): Body<PasswordChange>,
) -> Result<Response, Problem> {
    let request = ChangePasswordRequest { account_id, old_password, new_password };
    caller.clients.identity().change_password(request).await?;
    Ok(fresh(&Done {}, ""))
}

/// Lists organs, those above before those below.
#[utoipa::path(get, path = "/organs", tag = "organs", params(Paging),
    responses((status = 200, body = Page<Organ>)))]
pub(crate) async fn organs(
    caller: Caller,
    Params(Paging { page_size, page_token }): Params<Paging>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = ListOrgansRequest { page_size, page_token };
    let answer = caller.clients.identity().list_organs(request).await?.into_inner();
    let page: Page<Organ> = Page::uncounted(answer.organs, answer.next_page_token);
    Ok(shared(&caller, &asked, &page))
}

/// Adds or changes organs; single ones may be refused, the others go on.
#[utoipa::path(post, path = "/organs/import", tag = "organs", request_body = OrganImport,
    responses((status = 200, body = OrgansImported)), security(("bearer" = [])))]
pub(crate) async fn import_organs(
    caller: Caller,
    Body(OrganImport { organs }): Body<OrganImport>,
) -> Result<Response, Problem> {
    let organs = organs.into_iter().map(Into::into).collect();
    let request = ImportOrgansRequest { organs };
    let answer = caller.clients.identity().import_organs(request).await?.into_inner();
    Ok(fresh(&OrgansImported::from(answer), ""))
}
