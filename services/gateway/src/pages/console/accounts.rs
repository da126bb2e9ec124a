//! Accounts: who may sign in, for which organ, and as what.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use contracts::{
    identity::{
        Account, CreateAccountRequest, GetAccountRequest, ListAccountsRequest,
        ListAccountsResponse, UpdateAccountRequest,
    },
    role,
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    Visit, desk,
    sign_in::Nothing,
    visit::{done, sent},
};
use crate::{
    pages::{
        answer, organs,
        view::{
            address::Address,
            facets::{PAGE_SIZE, Shown, pager},
            frame::{Desk, Display, Site},
            parts::{Choice, Faults, Field, FieldError, Pager, State},
            standing::OPERATORS,
        },
    },
    problem::Problem,
    session::Csrf,
};

const PATH: &str = "/console/accounts";
const ALL_AT_ONCE: u32 = 200;
const MOST_PAGES: usize = 50;
/// Which input shows what identity says of which field.
const INPUTS: [(&str, &str); 5] = [
    ("account", "account"),
    ("name", "name"),
    ("password", "password"),
    ("organ_code", "organ"),
    ("roles", "roles"),
];

#[derive(Template)]
#[template(path = "console/accounts.html")]
struct AccountsPage {
    site: Site,
    display: Display,
    desk: Desk,
    errors: Vec<FieldError>,
    rows: Vec<AccountRow>,
    organs: Vec<Choice>,
    roles: Vec<Choice>,
    account: Field,
    name: Field,
    password: Field,
    pager: Pager,
}

#[derive(Debug, Clone, Default)]
struct AccountRow {
    account: String,
    name: String,
    organ: String,
    roles: String,
    state: State,
    /// `None` for oneself.
    switch: Option<AccountSwitch>,
}

/// 停用 or 启用.
#[derive(Debug, Clone, Default)]
struct AccountSwitch {
    url: String,
    label: String,
    danger: bool,
}

/// What the form holds.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewAccount {
    account: String,
    name: String,
    password: String,
    organ: String,
    roles: Vec<String>,
}

/// `GET /console/accounts`
pub async fn accounts(visit: Visit) -> Result<Response, Problem> {
    visit.only(&OPERATORS)?;
    answer::private(&page(visit, &NewAccount::default(), &Faults::default()).await?)
}

/// `POST /console/accounts`
pub async fn create(
    visit: Visit,
    Csrf { form, .. }: Csrf<NewAccount>,
) -> Result<Response, Problem> {
    let account = Account {
        account: form.account.trim().to_owned(),
        name: form.name.trim().to_owned(),
        organ_code: form.organ.clone(),
        roles: form.roles.clone(),
        ..Account::default()
    };
    let request = CreateAccountRequest {
        account: Some(account),
        password: form.password.clone(),
        request_id: String::new(),
    };
    match visit.clients.identity().create_account(request).await.map_err(Problem::from) {
        Ok(_) => Ok(done(PATH, "account_created")),
        Err(problem) => refused(visit, &form, problem).await,
    }
}

/// `POST /console/accounts/{id}/disable`
pub async fn disable(
    visit: Visit,
    Path(id): Path<String>,
    _: Csrf<Nothing>,
) -> Result<Response, Problem> {
    switch(visit, id, true).await
}

/// `POST /console/accounts/{id}/enable`
pub async fn enable(
    visit: Visit,
    Path(id): Path<String>,
    _: Csrf<Nothing>,
) -> Result<Response, Problem> {
    switch(visit, id, false).await
}

async fn switch(visit: Visit, id: String, disabled: bool) -> Result<Response, Problem> {
    let mut identity = visit.clients.identity();
    let found = identity.get_account(GetAccountRequest { account_id: id }).await?.into_inner();
    let account = Some(Account { disabled, ..sent(found.account)? });
    match identity.update_account(UpdateAccountRequest { account }).await.map_err(Problem::from) {
        Ok(_) if disabled => Ok(done(PATH, "account_disabled")),
        Ok(_) => Ok(done(PATH, "account_enabled")),
        Err(problem) => refused(visit, &NewAccount::default(), problem).await,
    }
}

async fn refused(visit: Visit, typed: &NewAccount, problem: Problem) -> Result<Response, Problem> {
    let told = [StatusCode::BAD_REQUEST, StatusCode::CONFLICT, StatusCode::FORBIDDEN];
    if !told.contains(&problem.status) {
        return Err(problem);
    }
    let faults = Faults::of(&problem, &INPUTS);
    answer::refused(problem.status, &page(visit, typed, &faults).await?)
}

/// How many accounts each organ has.
pub async fn of_organs(visit: &Visit) -> Result<HashMap<String, u64>, Problem> {
    let mut counts = HashMap::new();
    for account in all(visit).await? {
        *counts.entry(account.organ_code).or_default() += 1;
    }
    Ok(counts)
}

async fn all(visit: &Visit) -> Result<Vec<Account>, Problem> {
    let mut accounts = Vec::new();
    let mut page_token = String::new();
    for _ in 0..MOST_PAGES {
        let request = ListAccountsRequest { page_size: ALL_AT_ONCE, page_token };
        let answer = visit.clients.identity().list_accounts(request).await?.into_inner();
        accounts.extend(answer.accounts);
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok(accounts)
}

/// One page of the accounts, or all of one organ.
async fn list(visit: &Visit) -> Result<ListAccountsResponse, Problem> {
    let organ = visit.parameters.get("organ");
    if organ.is_empty() {
        let page_token = visit.parameters.get("after").to_owned();
        let request = ListAccountsRequest { page_size: PAGE_SIZE, page_token };
        return Ok(visit.clients.identity().list_accounts(request).await?.into_inner());
    }
    let mut accounts = all(visit).await?;
    accounts.retain(|account| account.organ_code == organ);
    Ok(ListAccountsResponse { accounts, next_page_token: String::new() })
}

async fn page(visit: Visit, typed: &NewAccount, faults: &Faults) -> Result<AccountsPage, Problem> {
    let (list, organs) = tokio::try_join!(list(&visit), organs::all(&visit.app.clients))?;
    let shown = Shown { rows: list.accounts.len(), total: 0, next_token: &list.next_page_token };
    let mut pager = pager(&Address::new(PATH), &visit.parameters, shown, "个");
    // Identity does not count its accounts.
    pager.summary = format!("本页 {} 个", list.accounts.len());
    let mut choices = Choice::all([("", "不属于某个机关")], &typed.organ);
    choices.extend(organs::choices(&organs, &typed.organ));
    let chosen = |word: &str| typed.roles.iter().any(|role| role == word);
    let role = |word: &str| Choice {
        value: word.to_owned(),
        label: desk::role_name(word).to_owned(),
        chosen: chosen(word),
    };
    Ok(AccountsPage {
        site: visit.site(),
        desk: visit.desk("账号", PATH),
        errors: faults.list(),
        rows: list.accounts.iter().map(|account| row(account, &visit)).collect(),
        organs: choices,
        roles: role::OF_PEOPLE.into_iter().map(role).collect(),
        account: faults.field("account", &typed.account),
        name: faults.field("name", &typed.name),
        password: faults.field("password", ""),
        pager,
        display: visit.display,
    })
}

fn row(account: &Account, visit: &Visit) -> AccountRow {
    let roles: Vec<&str> = account.roles.iter().map(|role| desk::role_name(role)).collect();
    let (verb, label) = if account.disabled { ("enable", "启用") } else { ("disable", "停用") };
    let switch = || AccountSwitch {
        url: format!("{PATH}/{}/{verb}", account.id),
        label: label.to_owned(),
        danger: !account.disabled,
    };
    AccountRow {
        account: account.account.clone(),
        name: account.name.clone(),
        organ: account.organ_name.clone(),
        roles: roles.join("、"),
        state: if account.disabled { State::off("已停用") } else { State::ok("在用") },
        switch: (account.id != visit.staff.account.id).then(switch),
    }
}
