//! The accounts that exist before anyone can make one.

use std::path::Path;

use anyhow::Context as _;
use chrono::TimeDelta;
use contracts::role;
use kit::auth::Caller;

use super::Identity;
use super::first_password::write_private;
use crate::domain::account::{ADMINISTRATOR, AccountId, Profile};
use crate::domain::organ::Organ;
use crate::signing;
use crate::store::accounts::NewAccount;
use crate::store::{accounts, organs, sign_ins};

/// The account that the command line on this machine acts as.
pub const OPERATOR: &str = "operator";

const SAMPLE_ORGAN: &str = "mingchuan-gov-office";
const SAMPLE_PEOPLE: [(&str, &str, &str); 2] =
    [("bianji", "周编辑", role::EDITOR), ("shenhe", "吴审核", role::REVIEWER)];

/// Someone who can sign in from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstStart {
    /// Sign-in name.
    pub account: String,
    /// Password, in the clear: for showing, never for keeping.
    pub password: String,
}

impl Identity {
    /// Makes the first administrator where there is no account yet; answers with a sign-in that
    /// was made up here and that nobody has used so far.
    ///
    /// Whatever becomes of this start, the password lies in the private file of first sign-ins
    /// before the account becomes real, and every later start answers with it again.
    pub async fn ensure_administrator(&self) -> anyhow::Result<Option<FirstStart>> {
        if accounts::count(self.db.conn()).await? > 0 {
            return self.unused_administrator().await;
        }
        let given = &self.config.admin_password;
        let secret = match given.as_str() {
            "" => self.first_password.keep(signing::random_password)?,
            given => given.to_owned(),
        };
        let profile = Profile::new("管理员", "", &roles(&[role::OFFICE, role::OPS]))?;
        let password_hash = self.hashing.hash(&secret).await?;
        let tx = self.db.begin().await?;
        let new = self.new_account(ADMINISTRATOR, &profile, &password_hash);
        if self.add(&tx, new, &Caller::service("identity")).await?.is_none() {
            // Another replica was first; what it made up is not what lies here.
            drop(tx);
            self.first_password.forget()?;
            return Ok(None);
        }
        tx.commit().await?;
        let made_up = given.is_empty();
        Ok(made_up.then(|| FirstStart { account: ADMINISTRATOR.to_owned(), password: secret }))
    }

    /// The sign-in that an earlier start made up, while its password is still the one.
    async fn unused_administrator(&self) -> anyhow::Result<Option<FirstStart>> {
        let Some(password) = self.first_password.read()? else { return Ok(None) };
        let admin = accounts::by_name(self.db.conn(), ADMINISTRATOR).await?;
        let hash = admin.as_ref().map(|account| account.password_hash.as_str());
        if !self.hashing.verify(&password, hash).await? {
            self.first_password.forget()?;
            return Ok(None);
        }
        Ok(Some(FirstStart { account: ADMINISTRATOR.to_owned(), password }))
    }

    /// Makes the sample city's people and answers with their sign-ins, at every start the same.
    pub async fn ensure_sample(&self, file: &Path) -> anyhow::Result<Vec<FirstStart>> {
        self.ensure_sample_organs().await?;
        let people = match std::fs::read_to_string(file) {
            Ok(text) => read_sample(&text),
            Err(_) => SAMPLE_PEOPLE
                .map(|(account, ..)| FirstStart {
                    account: account.to_owned(),
                    password: signing::random_password(),
                })
                .to_vec(),
        };
        // Kept before the accounts are made: a start cut off between the two goes on from here.
        let lines: String =
            people.iter().map(|p| format!("{} {}\n", p.account, p.password)).collect();
        write_private(file, &lines)?;
        for (account, name, held) in SAMPLE_PEOPLE {
            let Some(person) = people.iter().find(|person| person.account == account) else {
                continue;
            };
            if accounts::by_name(self.db.conn(), account).await?.is_some() {
                continue;
            }
            let profile = Profile::new(name, SAMPLE_ORGAN, &roles(&[held]))?;
            let password_hash = self.hashing.hash(&person.password).await?;
            let tx = self.db.begin().await?;
            let new = self.new_account(account, &profile, &password_hash);
            self.add(&tx, new, &Caller::service("identity")).await?;
            tx.commit().await?;
        }
        Ok(people)
    }

    async fn ensure_sample_organs(&self) -> anyhow::Result<()> {
        if organs::find(self.db.conn(), SAMPLE_ORGAN).await?.is_some() {
            return Ok(());
        }
        let government = sample_organ("mingchuan-gov", "明川市人民政府", "", "government", "明府");
        let office =
            sample_organ(SAMPLE_ORGAN, "明川市人民政府办公室", "mingchuan-gov", "office", "明府办");
        self.import_organs(vec![government, office], &Caller::service("identity")).await?;
        Ok(())
    }

    /// Writes a refresh token of the operator's account, which replaces those written before.
    pub async fn write_operator_token(&self, file: &Path) -> anyhow::Result<()> {
        let profile = Profile::new("本机命令行", "", &roles(&[role::OFFICE, role::OPS]))?;
        let tx = self.db.begin().await?;
        // Without a password nobody signs in as this account.
        let new = self.new_account(OPERATOR, &profile, "");
        self.add(&tx, new, &Caller::service("identity")).await?;
        let operator = accounts::by_name(&*tx, OPERATOR).await?.context("operator's account")?;
        sign_ins::end_all(&tx, operator.id()).await?;
        let token = signing::opaque_token();
        let ends = self.now() + TimeDelta::days(3_650);
        sign_ins::insert(&tx, &signing::digest(&token), operator.id(), ends).await?;
        tx.commit().await?;
        write_private(file, &token)
    }

    fn new_account<'a>(
        &self,
        account: &'a str,
        profile: &'a Profile,
        password_hash: &'a str,
    ) -> NewAccount<'a> {
        let id = AccountId::new(&*self.clock);
        NewAccount { id, account, profile, password_hash, created_at: self.now() }
    }
}

fn roles(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn sample_organ(code: &str, name: &str, parent: &str, kind: &str, head: &str) -> Organ {
    Organ {
        code: code.to_owned(),
        name: name.to_owned(),
        short_name: String::new(),
        parent_code: parent.to_owned(),
        kind: kind.to_owned(),
        credit_code: String::new(),
        number_heads: vec![head.to_owned()],
        phone: String::new(),
    }
}

fn read_sample(text: &str) -> Vec<FirstStart> {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(account, password)| FirstStart {
            account: account.to_owned(),
            password: password.to_owned(),
        })
        .collect()
}
