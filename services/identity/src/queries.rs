//! What can be asked of identity: rows to messages.

use contracts::identity::{Account, ListAccountsResponse, ListOrgansResponse, Organ as WireOrgan};
use contracts::role;
use kit::auth::Caller;
use kit::db::Db;
use kit::page::Page;

use crate::domain::account::AccountId;
use crate::error::Error;
use crate::store::accounts::{self, AccountRow};
use crate::store::organs::{self, OrganRow};

const WIDEST_PAGE: u32 = 1_000;

/// The questions over a database.
#[derive(Clone)]
pub struct Queries(pub Db);

impl Queries {
    /// Organs in the order of their codes.
    pub async fn list_organs(&self, size: u32, token: &str) -> Result<ListOrgansResponse, Error> {
        let page = Page::parse(size, token, WIDEST_PAGE)?;
        let mut rows = organs::list(self.0.conn(), &first_key(&page)?, page.fetch()).await?;
        let next_page_token = page.cut(&mut rows, |last| vec![last.code.clone()]);
        Ok(ListOrgansResponse {
            organs: rows.into_iter().map(WireOrgan::from).collect(),
            next_page_token,
        })
    }

    /// An organ by code or full name.
    pub async fn get_organ(&self, organ: &str) -> Result<WireOrgan, Error> {
        let row = organs::find(self.0.conn(), organ.trim()).await?;
        Ok(row.ok_or_else(|| Error::UnknownOrgan(organ.trim().to_owned()))?.into())
    }

    /// Accounts in the order of their sign-in names.
    pub async fn list_accounts(
        &self,
        size: u32,
        token: &str,
    ) -> Result<ListAccountsResponse, Error> {
        let page = Page::parse(size, token, WIDEST_PAGE)?;
        let mut rows = accounts::list(self.0.conn(), &first_key(&page)?, page.fetch()).await?;
        let next_page_token = page.cut(&mut rows, |last| vec![last.account.clone()]);
        Ok(ListAccountsResponse {
            accounts: rows.into_iter().map(Account::from).collect(),
            next_page_token,
        })
    }

    /// One's own account; those who manage accounts see every one.
    pub async fn get_account(&self, id: AccountId, caller: &Caller) -> Result<Account, Error> {
        let manages = caller.has(role::OPS) || caller.has(role::OFFICE) || caller.is_service();
        if !manages && caller.account_id != id.to_string() {
            return Err(Error::UnknownAccount);
        }
        let row = accounts::by_id(self.0.conn(), id).await?;
        Ok(row.ok_or(Error::UnknownAccount)?.into())
    }
}

fn first_key(page: &Page) -> Result<String, Error> {
    Ok(page.after::<1>()?.map(|[key]| key.clone()).unwrap_or_default())
}

impl From<OrganRow> for WireOrgan {
    fn from(row: OrganRow) -> Self {
        let number_heads = row.heads();
        let OrganRow {
            code,
            name,
            short_name,
            parent_code,
            kind,
            credit_code,
            number_heads: _,
            phone,
            revision,
        } = row;
        Self {
            code,
            name,
            short_name,
            parent_code,
            kind,
            credit_code,
            number_heads,
            phone,
            revision,
        }
    }
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        let roles = row.roles();
        let id = row.id().to_string();
        let AccountRow {
            id: _,
            account,
            name,
            organ_code,
            organ_name,
            roles: _,
            disabled,
            password_hash: _,
            revision,
            created_at,
        } = row;
        Self {
            id,
            account,
            name,
            organ_code,
            organ_name: organ_name.unwrap_or_default(),
            roles,
            disabled,
            created_at: Some(kit::clock::to_wire(created_at)),
            etag: revision.to_string(),
        }
    }
}
