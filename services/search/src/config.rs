//! The service's section of the configuration.

use std::path::PathBuf;

use kit::config::Validate;
use serde::Deserialize;

use crate::engine::Synonyms;

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
    /// A list of words of one's own beside the shipped one; empty: none.
    pub synonyms_file: PathBuf,
}

impl Config {
    /// Bytes in which policies are collected.
    pub fn writer_memory(&self) -> usize {
        self.writer_megabytes * 1_000_000
    }
}

impl Config {
    /// Other words for words: the shipped list, and one's own where there is one.
    ///
    /// # Errors
    ///
    /// A text for people, which names the file and the line that cannot be read.
    pub fn synonyms(&self) -> Result<Synonyms, String> {
        let file = self.synonyms_file.as_path();
        let own = if file.as_os_str().is_empty() {
            String::new()
        } else {
            let read = std::fs::read_to_string(file);
            read.map_err(|error| format!("synonyms_file: {}: {error}", file.display()))?
        };
        Synonyms::with(&own).map_err(|error| format!("synonyms_file: {}: {error}", file.display()))
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
        self.synonyms().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Config {
        Config {
            writer_megabytes: 30,
            extract_characters: 120,
            fetch_policies: 50,
            synonyms_file: PathBuf::new(),
        }
    }

    #[test]
    fn values_out_of_range_are_named() {
        let config = Config { writer_megabytes: 1, ..usual() };
        assert!(config.validate().unwrap_err().starts_with("writer_megabytes"));
    }

    #[test]
    fn a_list_that_cannot_be_read_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("words.txt");
        std::fs::write(&file, "养狗 养犬\n老板 ~>\n").unwrap();
        let error = Config { synonyms_file: file, ..usual() }.validate().unwrap_err();
        assert!(error.contains("words.txt: line 2"), "{error}");
        let missing = Config { synonyms_file: "nowhere.txt".into(), ..usual() };
        assert!(missing.validate().unwrap_err().contains("nowhere.txt"));
    }
}
