//! The section `[gateway]` of the configuration.

use kit::config::Validate;
use serde::Deserialize;

/// How the gateway is set up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Hours that a console session lasts.
    pub session_hours: u32,
    /// Seconds until an answer must have begun.
    pub request_seconds: u64,
    /// Whether a trusted proxy names the client's address.
    pub behind_proxy: bool,
    /// What every page says of the site.
    pub site: SiteConfig,
    /// How much one client may ask for.
    pub limits: Limits,
    /// What each replica keeps at hand.
    pub cache: CacheConfig,
    /// Classes of documents that clerks choose from.
    pub categories: Vec<String>,
    /// What the first page offers.
    pub home: HomeConfig,
}

/// What the first page offers beside what is new.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeConfig {
    /// Words that people look for.
    pub hot: Vec<String>,
    /// The two lines, 惠民 and 惠企.
    pub lines: Vec<LineConfig>,
}

/// A line of the first page: a saved search with its newest finds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineConfig {
    /// Its name.
    pub title: String,
    /// What it is about, in a few words.
    pub lead: String,
    /// Its drawing: people or firm.
    pub icon: String,
    /// The words that are searched for.
    pub query: String,
}

/// What every page says of the site and who runs it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteConfig {
    /// Name of the portal.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// Telephone for questions.
    pub phone: String,
    /// Mail address for questions.
    pub email: String,
    /// 网站标识码, or empty.
    pub site_code: String,
    /// ICP 备案号, or empty.
    pub icp: String,
    /// 公安备案号, or empty.
    pub police: String,
}

/// How much one client may ask for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests a second over time.
    pub requests_per_second: u32,
    /// Requests at once.
    pub request_burst: u32,
    /// Attempts to sign in.
    pub sign_ins_per_minute: u32,
    /// New subscriptions.
    pub subscriptions_per_minute: u32,
    /// Largest JSON or form body.
    pub body_bytes: usize,
    /// Largest upload.
    pub upload_bytes: usize,
}

/// What each replica keeps at hand.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheConfig {
    /// Most policies.
    pub entries: usize,
    /// Most bytes of all together.
    pub bytes: usize,
    /// Seconds after which one is fetched again.
    pub seconds: u32,
}

impl Validate for Config {
    fn validate(&self) -> Result<(), String> {
        let between = |name: &str, value: u64, low: u64, high: u64| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(format!("{name}: from {low} to {high}"))
        };
        between("session_hours", self.session_hours.into(), 1, 72)?;
        between("request_seconds", self.request_seconds, 1, 600)?;
        let Limits { requests_per_second, request_burst, sign_ins_per_minute, .. } = self.limits;
        between("limits.requests_per_second", requests_per_second.into(), 1, 100_000)?;
        between("limits.request_burst", request_burst.into(), 1, 1_000_000)?;
        between("limits.sign_ins_per_minute", sign_ins_per_minute.into(), 1, 60_000)?;
        let subscriptions = self.limits.subscriptions_per_minute;
        between("limits.subscriptions_per_minute", subscriptions.into(), 1, 60_000)?;
        if self.limits.body_bytes < 65_536 {
            return Err("limits.body_bytes: at least 65536".to_owned());
        }
        if self.limits.upload_bytes < self.limits.body_bytes {
            return Err("limits.upload_bytes: at least limits.body_bytes".to_owned());
        }
        between("cache.seconds", self.cache.seconds.into(), 1, 25)?;
        for (name, value) in [("name", &self.site.name), ("operator", &self.site.operator)] {
            if value.trim().is_empty() {
                return Err(format!("site.{name}: must not be empty"));
            }
        }
        Ok(())
    }
}

/// The part of the platform's own section that links need.
#[derive(Debug, Clone, Deserialize)]
pub struct PublicConfig {
    /// Address under which the public reaches the portal.
    pub public_url: String,
}

impl Validate for PublicConfig {
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Config {
        let settings =
            kit::config::Settings::load(&[("gateway", crate::DEFAULTS)], None, [], vec![]);
        settings.unwrap().section("gateway").unwrap()
    }

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(defaults().validate(), Ok(()));
    }

    #[test]
    fn a_cache_that_outlives_a_lost_replica_is_refused() {
        let mut config = defaults();
        config.cache.seconds = 60;
        assert!(config.validate().unwrap_err().starts_with("cache.seconds"));
    }
}
