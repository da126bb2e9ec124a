//! What can be done in identity: one method, one transaction, its events written in it.

mod accounts;
pub mod first_password;
pub mod first_start;
mod keys;
mod organs;
mod passwords;
mod sign_in;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kit::clock::Clock;
use kit::db::Db;

use crate::config::Config;
use crate::error::Error;
use crate::hashing::Hashing;

use first_password::FirstPassword;

pub use sign_in::SignedIn;

/// Everything that a command needs.
#[derive(Clone)]
pub struct Identity {
    db: Db,
    clock: Arc<dyn Clock>,
    hashing: Hashing,
    config: Arc<Config>,
    service_secret: Arc<str>,
    first_password: FirstPassword,
}

impl Identity {
    /// The commands over a database.
    pub async fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        config: Config,
        service_secret: &str,
        first_password: FirstPassword,
    ) -> Result<Self, Error> {
        let hashing = Hashing::new().await?;
        let config = Arc::new(config);
        let service_secret = service_secret.into();
        Ok(Self { db, clock, hashing, config, service_secret, first_password })
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
