//! `IdentityService` on the wire: parse, call, answer.

use contracts::identity::identity_service_server::IdentityService;
use contracts::identity::{
    ChangePasswordRequest, ChangePasswordResponse, CreateAccountRequest, CreateAccountResponse,
    GetAccountRequest, GetAccountResponse, GetOrganRequest, GetOrganResponse,
    GetSigningKeysRequest, GetSigningKeysResponse, ImportOrgansRequest, ImportOrgansResponse,
    IssueServiceTokenRequest, IssueServiceTokenResponse, ListAccountsRequest, ListAccountsResponse,
    ListOrgansRequest, ListOrgansResponse, Organ as WireOrgan, RefreshTokenRequest,
    RefreshTokenResponse, RotateSigningKeyRequest, RotateSigningKeyResponse, SignInRequest,
    SignInResponse, SignOutRequest, SignOutResponse, UpdateAccountRequest, UpdateAccountResponse,
};
use contracts::role;
use kit::auth::{Access, caller};
use kit::clock::to_wire;
use tonic::{Request, Response, Status};

use crate::commands::{Identity, SignedIn};
use crate::domain::organ::Organ;
use crate::queries::Queries;

/// Who may call what. Those open to anyone check for themselves what they are shown.
pub const ACCESS: &[Access] = &[
    Access::anyone("SignIn"),
    Access::anyone("RefreshToken"),
    Access::anyone("SignOut"),
    Access::anyone("IssueServiceToken"),
    Access::anyone("GetSigningKeys"),
    Access::roles("RotateSigningKey", &[role::OPS]),
    Access::anyone("ListOrgans"),
    Access::anyone("GetOrgan"),
    Access::roles("ImportOrgans", &[role::OFFICE, role::OPS, role::SERVICE]),
    Access::roles("ListAccounts", &[role::OFFICE, role::OPS]),
    Access::signed_in("GetAccount"),
    Access::roles("CreateAccount", &[role::OFFICE, role::OPS]),
    Access::roles("UpdateAccount", &[role::OFFICE, role::OPS]),
    Access::signed_in("ChangePassword"),
];

/// The service over its commands and queries.
pub struct Grpc {
    /// What can be done.
    pub commands: Identity,
    /// What can be asked.
    pub queries: Queries,
}

#[tonic::async_trait]
impl IdentityService for Grpc {
    async fn sign_in(
        &self,
        request: Request<SignInRequest>,
    ) -> Result<Response<SignInResponse>, Status> {
        let SignInRequest { account, password } = request.into_inner();
        let SignedIn { access, refresh_token, account } =
            self.commands.sign_in(&account, &password).await?;
        Ok(Response::new(SignInResponse {
            access_token: access.text,
            access_expires_at: Some(to_wire(access.expires_at)),
            refresh_token,
            account: Some(account.into()),
        }))
    }

    async fn refresh_token(
        &self,
        request: Request<RefreshTokenRequest>,
    ) -> Result<Response<RefreshTokenResponse>, Status> {
        let (access, account) = self.commands.refresh(&request.into_inner().refresh_token).await?;
        Ok(Response::new(RefreshTokenResponse {
            access_token: access.text,
            access_expires_at: Some(to_wire(access.expires_at)),
            account: Some(account.into()),
        }))
    }

    async fn sign_out(
        &self,
        request: Request<SignOutRequest>,
    ) -> Result<Response<SignOutResponse>, Status> {
        self.commands.sign_out(&request.into_inner().refresh_token).await?;
        Ok(Response::new(SignOutResponse {}))
    }

    async fn issue_service_token(
        &self,
        request: Request<IssueServiceTokenRequest>,
    ) -> Result<Response<IssueServiceTokenResponse>, Status> {
        let IssueServiceTokenRequest { service, secret } = request.into_inner();
        let access = self.commands.issue_service_token(&service, &secret).await?;
        Ok(Response::new(IssueServiceTokenResponse {
            access_token: access.text,
            access_expires_at: Some(to_wire(access.expires_at)),
        }))
    }

    async fn get_signing_keys(
        &self,
        _request: Request<GetSigningKeysRequest>,
    ) -> Result<Response<GetSigningKeysResponse>, Status> {
        let jwks_json = self.commands.jwks().await?;
        Ok(Response::new(GetSigningKeysResponse { jwks_json }))
    }

    async fn rotate_signing_key(
        &self,
        request: Request<RotateSigningKeyRequest>,
    ) -> Result<Response<RotateSigningKeyResponse>, Status> {
        let key_id = self.commands.rotate_key(&caller(&request)).await?;
        Ok(Response::new(RotateSigningKeyResponse { key_id }))
    }

    async fn list_organs(
        &self,
        request: Request<ListOrgansRequest>,
    ) -> Result<Response<ListOrgansResponse>, Status> {
        let ListOrgansRequest { page_size, page_token } = request.into_inner();
        Ok(Response::new(self.queries.list_organs(page_size, &page_token).await?))
    }

    async fn get_organ(
        &self,
        request: Request<GetOrganRequest>,
    ) -> Result<Response<GetOrganResponse>, Status> {
        let organ = self.queries.get_organ(&request.into_inner().organ).await?;
        Ok(Response::new(GetOrganResponse { organ: Some(organ) }))
    }

    async fn import_organs(
        &self,
        request: Request<ImportOrgansRequest>,
    ) -> Result<Response<ImportOrgansResponse>, Status> {
        let caller = caller(&request);
        let organs = request.into_inner().organs.into_iter().map(Organ::from).collect();
        Ok(Response::new(self.commands.import_organs(organs, &caller).await?))
    }

    async fn list_accounts(
        &self,
        request: Request<ListAccountsRequest>,
    ) -> Result<Response<ListAccountsResponse>, Status> {
        let ListAccountsRequest { page_size, page_token } = request.into_inner();
        Ok(Response::new(self.queries.list_accounts(page_size, &page_token).await?))
    }

    async fn get_account(
        &self,
        request: Request<GetAccountRequest>,
    ) -> Result<Response<GetAccountResponse>, Status> {
        let caller = caller(&request);
        let id = request.into_inner().account_id.parse()?;
        let account = self.queries.get_account(id, &caller).await?;
        Ok(Response::new(GetAccountResponse { account: Some(account) }))
    }

    async fn create_account(
        &self,
        request: Request<CreateAccountRequest>,
    ) -> Result<Response<CreateAccountResponse>, Status> {
        let caller = caller(&request);
        let CreateAccountRequest { account, password, request_id } = request.into_inner();
        let wanted = account.unwrap_or_default();
        let answer = self.commands.create_account(&wanted, &password, &request_id, &caller).await?;
        Ok(Response::new(answer))
    }

    async fn update_account(
        &self,
        request: Request<UpdateAccountRequest>,
    ) -> Result<Response<UpdateAccountResponse>, Status> {
        let caller = caller(&request);
        let wanted = request.into_inner().account.unwrap_or_default();
        let account = self.commands.update_account(&wanted, &caller).await?;
        Ok(Response::new(UpdateAccountResponse { account: Some(account) }))
    }

    async fn change_password(
        &self,
        request: Request<ChangePasswordRequest>,
    ) -> Result<Response<ChangePasswordResponse>, Status> {
        let caller = caller(&request);
        let ChangePasswordRequest { account_id, old_password, new_password } = request.into_inner();
        let id = account_id.parse()?;
        self.commands.change_password(id, &old_password, &new_password, &caller).await?;
        Ok(Response::new(ChangePasswordResponse {}))
    }
}

impl From<WireOrgan> for Organ {
    fn from(organ: WireOrgan) -> Self {
        let WireOrgan {
            code,
            name,
            short_name,
            parent_code,
            kind,
            credit_code,
            number_heads,
            phone,
            revision: _,
        } = organ;
        let trim = |text: String| text.trim().to_owned();
        Self {
            code: trim(code),
            name: trim(name),
            short_name: trim(short_name),
            parent_code: trim(parent_code),
            kind: trim(kind),
            credit_code: trim(credit_code),
            number_heads: number_heads.into_iter().map(trim).collect(),
            phone: trim(phone),
        }
    }
}
