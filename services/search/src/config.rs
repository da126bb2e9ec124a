//! The service's section of the configuration.

use kit::config::Validate;
use serde::Deserialize;

/// The section `[search]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Megabytes in which policies are collected before they are written.
    pub writer_megabytes: usize,
    /// Characters of an extract.
    pub extract_characters: usize,
    /// Policies asked of the library in one call.
    pub fetch_policies: usize,
}

impl Config {
    /// Bytes in which policies are collected.
    pub fn writer_memory(&self) -> usize {
        self.writer_megabytes * 1_000_000
    }
}

impl Validate for Config {
    fn validate(&self) -> Result<(), String> {
        for (name, value, range) in [
            ("writer_megabytes", self.writer_megabytes, 15..=1024),
            ("extract_characters", self.extract_characters, 40..=300),
            ("fetch_policies", self.fetch_policies, 1..=50),
        ] {
            if !range.contains(&value) {
                let (least, most) = (range.start(), range.end());
                return Err(format!("{name}: must be from {least} to {most}"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_named() {
        let config = Config { writer_megabytes: 1, extract_characters: 120, fetch_policies: 50 };
        assert!(config.validate().unwrap_err().starts_with("writer_megabytes"));
    }
}
