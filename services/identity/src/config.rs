//! The section `[identity]` of the configuration.

use chrono::TimeDelta;
use serde::Deserialize;

use crate::domain::account::ADMINISTRATOR;
use crate::domain::password;

/// How identity is set up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Seconds that an access token lives.
    pub access_token_seconds: u32,
    /// Hours that a sign-in lasts.
    pub refresh_token_hours: u32,
    /// Days after which a new signing key takes over.
    pub key_days: u32,
    /// Password of the first administrator; empty for a random one.
    pub admin_password: String,
    /// Whether the sample city's accounts are made.
    pub sample: bool,
    /// Whether the command line on this machine gets a token of its own.
    pub operator_token: bool,
}

impl Config {
    /// How long an access token is good for.
    pub fn access_life(&self) -> TimeDelta {
        TimeDelta::seconds(self.access_token_seconds.into())
    }

    /// How long a sign-in lasts.
    pub fn refresh_life(&self) -> TimeDelta {
        TimeDelta::hours(self.refresh_token_hours.into())
    }

    /// How long a key signs.
    pub fn key_life(&self) -> TimeDelta {
        TimeDelta::days(self.key_days.into())
    }
}

impl kit::config::Validate for Config {
    fn validate(&self) -> Result<(), String> {
        within("access_token_seconds", self.access_token_seconds, 10, 300)?;
        within("refresh_token_hours", self.refresh_token_hours, 1, 168)?;
        within("key_days", self.key_days, 1, 365)?;
        if self.admin_password.is_empty() {
            return Ok(());
        }
        let weak = |fault| format!("admin_password: {fault}");
        password::check(&self.admin_password, ADMINISTRATOR).map_err(weak)
    }
}

fn within(key: &str, value: u32, least: u32, most: u32) -> Result<(), String> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(format!("{key} must be between {least} and {most}, not {value}"))
}
