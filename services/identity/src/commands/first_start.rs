//! The accounts that exist before anyone can make one.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use chrono::TimeDelta;
use contracts::role;
use kit::auth::Caller;

use super::Identity;
use crate::domain::account::{AccountId, Profile};
use crate::domain::organ::Organ;
use crate::domain::password;
use crate::signing;
use crate::store::accounts::NewAccount;
use crate::store::{accounts, organs, sign_ins};

/// The account that the command line on this machine acts as.
pub const OPERATOR: &str = "operator";

const ADMINISTRATOR: &str = "admin";
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
    /// Makes the first administrator where there is no account yet.
    ///
    /// `announce` is called before the account becomes real: a password shown for nothing is
    /// harmless, an administrator whose password nobody saw is not.
    pub async fn ensure_administrator(
        &self,
        announce: impl FnOnce(&FirstStart),
    ) -> anyhow::Result<()> {
        if accounts::count(self.db.conn()).await? > 0 {
            return Ok(());
        }
        let given = &self.config.admin_password;
        let secret = if given.is_empty() { signing::random_password() } else { given.clone() };
        password::check(&secret, ADMINISTRATOR).context("identity.admin_password")?;
        let profile = Profile::new("管理员", "", &roles(&[role::OFFICE, role::OPS]))?;
        let password_hash = self.hashing.hash(&secret).await?;
        let tx = self.db.begin().await?;
        let new = self.new_account(ADMINISTRATOR, &profile, &password_hash);
        if self.add(&tx, new, &Caller::service("identity")).await?.is_some() {
            if given.is_empty() {
                announce(&FirstStart { account: ADMINISTRATOR.to_owned(), password: secret });
            }
            tx.commit().await?;
        }
        Ok(())
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

/// Replaces a file by one that only its owner can read.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let shown = path.display();
    let fresh = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // A file left over from a start cut off may have other rights: those are set only when
        // a file is made.
        if let Err(error) = std::fs::remove_file(&fresh)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    };
    write().with_context(|| format!("writing {shown}"))
}
