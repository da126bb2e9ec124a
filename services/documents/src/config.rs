//! The section `[documents]`, validated before anything starts.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;

use crate::domain::{effect::DefaultValidity, receipt};

const MOST_ATTACHMENT_BYTES: u64 = 20 * 1024 * 1024;

/// The settings of the policy library; `default.toml` comments each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Classes that clerks choose from.
    pub categories: Vec<String>,
    /// Begins index numbers where an organ has no valid code.
    pub city_code: String,
    /// Above organs that an import adds.
    pub root_organ: String,
    /// Most bytes of an attachment.
    pub max_attachment_bytes: u64,
    /// Most attachments of one revision.
    pub max_attachments: u64,
    /// How often due drafts are looked for.
    pub schedule_every_seconds: u64,
    /// How often late steps are looked for.
    pub receipts_every_seconds: u64,
    /// How often effects that change today are looked for.
    pub effects_every_seconds: u64,
    /// How often policies that end within months are looked for.
    pub lapses_every_seconds: u64,
    /// Folder of fonts for PDF files; empty: only those of the system.
    pub fonts_dir: String,
    /// Files laid out at the same time.
    pub renditions_at_once: usize,
    /// Most bytes of laid out files that are kept.
    pub max_rendition_bytes: u64,
    /// How often new revisions are laid out.
    pub renditions_every_seconds: u64,
    /// How often orphaned files are swept.
    pub sweep_every_seconds: u64,
    /// Age from which a file is an orphan.
    pub sweep_after_seconds: u64,
    /// Periods of validity of documents that state none; by default none has one.
    #[serde(default)]
    pub default_validity: Vec<DefaultValidity>,
    /// When each step counts as late.
    pub late_after_seconds: BTreeMap<String, u64>,
}

impl Config {
    /// After how long a step counts as late.
    pub fn late_after(&self, step: &str) -> Duration {
        Duration::from_secs(self.late_after_seconds.get(step).copied().unwrap_or_default())
    }
}

impl kit::config::Validate for Config {
    fn validate(&self) -> Result<(), String> {
        if self.categories.is_empty() || self.categories.iter().any(|name| name.trim().is_empty()) {
            return Err("categories must name at least one class, none of them empty".to_owned());
        }
        if !gongwen::organ_code_is_valid(&self.city_code) {
            return Err(format!("city_code `{}` has a wrong check character", self.city_code));
        }
        if self.root_organ.trim().is_empty() {
            return Err("root_organ must not be empty".to_owned());
        }
        if !(1..=MOST_ATTACHMENT_BYTES).contains(&self.max_attachment_bytes) {
            return Err(format!("max_attachment_bytes must be 1 to {MOST_ATTACHMENT_BYTES}"));
        }
        if let Some(rule) = self.default_validity.iter().find(|rule| rule.years == 0) {
            return Err(format!("default_validity `{}`: years must be at least one", rule.rule));
        }
        let unknown = |name: &&String| !self.categories.contains(name);
        let mut ruled = self.default_validity.iter().flat_map(|rule| &rule.categories);
        if let Some(name) = ruled.find(unknown) {
            return Err(format!("default_validity names `{name}`, which is none of categories"));
        }
        let periods = [
            self.schedule_every_seconds,
            self.receipts_every_seconds,
            self.effects_every_seconds,
            self.lapses_every_seconds,
            self.renditions_every_seconds,
            self.sweep_every_seconds,
            self.sweep_after_seconds,
        ];
        if periods.contains(&0) {
            return Err("periods must be at least one second".to_owned());
        }
        if self.renditions_at_once == 0 {
            return Err("renditions_at_once must be at least one".to_owned());
        }
        if !self.fonts_dir.is_empty() && !std::path::Path::new(&self.fonts_dir).is_dir() {
            return Err(format!(
                "fonts_dir `{}` is no folder; deploy/fonts.sh brings free fonts into one",
                self.fonts_dir
            ));
        }
        for step in receipt::STEPS {
            if self.late_after_seconds.get(step.name).is_none_or(|seconds| *seconds == 0) {
                return Err(format!("late_after_seconds.{} must be at least one", step.name));
            }
        }
        match self
            .late_after_seconds
            .keys()
            .find(|name| receipt::STEPS.iter().all(|step| step.name != name.as_str()))
        {
            Some(unknown) => Err(format!("late_after_seconds.{unknown} is no registered step")),
            None => Ok(()),
        }
    }
}
