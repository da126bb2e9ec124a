//! Organs, accounts and the tokens that prove who calls.

mod commands;
mod config;
mod domain;
mod error;
mod grpc;
mod hashing;
mod jobs;
mod queries;
mod signing;
mod store;
#[cfg(test)]
mod tests;

use contracts::identity::identity_service_server::IdentityServiceServer;
use kit::config::{Problems, Settings};
use kit::{Kit, Service};

use crate::commands::Identity;
use crate::commands::first_password::FirstPassword;
use crate::config::Config;
use crate::queries::Queries;

/// The section of the configuration with a comment on every key.
pub const DEFAULTS: &str = include_str!("../default.toml");

/// Whether the section makes sense; touches nothing.
pub fn check(settings: &Settings) -> Result<(), Problems> {
    settings.check::<Config>("identity")
}

/// The front door.
pub async fn service(kit: &Kit) -> anyhow::Result<Service> {
    let config: Config = kit.config()?;
    let db = kit.database(store::MIGRATIONS).await?;
    let first_password = FirstPassword::at(kit.data().join("first-administrator.password"));
    let secret = kit.service_secret();
    let commands =
        Identity::new(db.clone(), kit.clock(), config.clone(), &secret, first_password.clone())
            .await?;
    commands.ensure_key().await?;
    make_first_accounts(kit, &config, &commands, &first_password).await?;
    let grpc = grpc::Grpc { commands: commands.clone(), queries: Queries(db.clone()) };
    Ok(Service::new(kit, Some(db))
        .grpc(IdentityServiceServer::new(grpc), grpc::ACCESS)
        .job(jobs::rotate_key(commands.clone()))
        .job(jobs::sweep(commands)))
}

async fn make_first_accounts(
    kit: &Kit,
    config: &Config,
    commands: &Identity,
    first_password: &FirstPassword,
) -> anyhow::Result<()> {
    let sign_in = |who: &str, account: &str, password: &str| {
        kit.announce(format!("{who}：账号 {account}，密码 {password}"));
    };
    if let Some(admin) = commands.ensure_administrator().await? {
        sign_in("首个管理员", &admin.account, &admin.password);
        let file = first_password.path().display();
        kit.announce(format!("此密码同时保存在 {file}，首次登录后自动删除"));
    }
    if config.sample {
        for person in commands.ensure_sample(&kit.data().join("sample-accounts.txt")).await? {
            sign_in("示例用户", &person.account, &person.password);
        }
    }
    if config.operator_token {
        commands.write_operator_token(&kit.data_root().join("operator.token")).await?;
    }
    Ok(())
}
