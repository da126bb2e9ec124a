//! The section `[notification]`.

use std::time::Duration;

use chrono::NaiveTime;
use kit::config::Validate;
use serde::Deserialize;

use crate::domain::delivery::Patience;

/// What an operator can set; `default.toml` says what each key means.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub transport: TransportKind,
    pub public_url: String,
    pub site_name: String,
    pub sender: String,
    pub message_domain: String,
    pub secret: String,
    pub parallel: usize,
    pub batch: u64,
    pub attempts: i64,
    pub first_retry_seconds: u64,
    pub longest_retry_seconds: u64,
    pub digest_at: String,
    pub confirm_within_days: i64,
    pub confirmations_per_day: i64,
    pub smtp: SmtpConfig,
}

/// How mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransportKind {
    Folder,
    Smtp,
}

/// How the conversation with the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    Starttls,
    Implicit,
    None,
}

/// The mail server.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: String,
    pub password: String,
    pub timeout_seconds: u64,
}

impl Config {
    /// How long a delivery is tried.
    pub fn patience(&self) -> Patience {
        Patience {
            attempts: self.attempts,
            first: Duration::from_secs(self.first_retry_seconds),
            longest: Duration::from_secs(self.longest_retry_seconds),
        }
    }

    /// When the digest goes out.
    pub fn digest_time(&self) -> anyhow::Result<NaiveTime> {
        NaiveTime::parse_from_str(&self.digest_at, "%H:%M")
            .map_err(|_| anyhow::anyhow!("digest_at is not a time of day like 08:00"))
    }
}

impl Validate for Config {
    fn validate(&self) -> Result<(), String> {
        let wrong = |text: &str| Err(text.to_owned());
        if !self.public_url.starts_with("http://") && !self.public_url.starts_with("https://") {
            return wrong("public_url must begin with http:// or https://");
        }
        if self.sender.parse::<lettre::Address>().is_err() {
            return wrong("sender is not an e-mail address");
        }
        if !is_host(&self.message_domain) {
            return wrong("message_domain is not a domain name");
        }
        if !self.secret.is_empty() && hex::decode(&self.secret).map(|key| key.len()) != Ok(32) {
            return wrong("secret must be 64 hexadecimal digits");
        }
        if self.parallel == 0 || self.batch == 0 || self.attempts < 1 {
            return wrong("parallel, batch and attempts must be at least 1");
        }
        if self.batch > 1000 {
            return wrong("batch must be at most 1000");
        }
        if self.confirm_within_days < 1 || self.confirmations_per_day < 1 {
            return wrong("confirm_within_days and confirmations_per_day must be at least 1");
        }
        if self.transport == TransportKind::Smtp {
            if self.smtp.host.is_empty() || self.smtp.port == 0 {
                return wrong("smtp.host and smtp.port are needed with the transport smtp");
            }
            if self.smtp.timeout_seconds == 0 {
                return wrong("smtp.timeout_seconds must be at least 1");
            }
        }
        self.digest_time().map(drop).map_err(|error| error.to_string())
    }
}

fn is_host(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
}
