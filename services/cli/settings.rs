//! The configuration as the command line gives it: file, environment, options.

use std::path::{Path, PathBuf};

use kit::{
    config::Settings,
    process::{self, Front},
};

/// The file that is read where none is named and it is there.
const FILE: &str = "yangguang.toml";

/// Loads the configuration of all services and checks that of those which are chosen to run;
/// options win over everything else.
pub fn load(
    fronts: &[Front],
    chosen: &[Front],
    file: Option<&Path>,
    options: Vec<(&str, String)>,
) -> anyhow::Result<Settings> {
    let beside = PathBuf::from(FILE);
    let file = file.or_else(|| beside.is_file().then_some(beside.as_path()));
    let defaults = process::defaults(fronts);
    let options = options.into_iter().map(|(key, text)| (key.to_owned(), text)).collect();
    let variables = std::env::vars_os()
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
    let settings = Settings::load(&defaults, file, variables, options)?;
    process::check(&settings, chosen)?;
    Ok(settings)
}
