//! Configuration in layers: compiled-in defaults, a file, the environment, the command line.
//!
//! The defaults are TOML with a comment on every key, and they say which keys exist and of which
//! type each is. Whatever names another key is refused before anything starts. A text `x` may be
//! given as `x_file`, a file that holds it: so secrets stay out of files that people share.

mod show;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::{Path, PathBuf},
};

use config::{File, FileFormat, ValueKind};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::show::masked;
use crate::Result;

/// How variables of the environment begin: `YANGGUANG__DOCUMENTS__CITY_CODE`.
const PREFIX: &str = "YANGGUANG__";
/// What makes a key of `x`, whose text stands in a file.
const TWIN: &str = "_file";

/// A section that can tell whether it makes sense.
pub trait Validate {
    /// Says which key is wrong, and what would be right.
    fn validate(&self) -> std::result::Result<(), String>;
}

/// Everything that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the configuration cannot be used:\n  {}", .0.join("\n  "))]
pub struct Problems(pub Vec<String>);

impl Problems {
    /// What several checks found, put together.
    pub fn all(
        checks: impl IntoIterator<Item = std::result::Result<(), Self>>,
    ) -> std::result::Result<(), Self> {
        let found = checks.into_iter().filter_map(std::result::Result::err);
        let found: Vec<String> = found.flat_map(|problems| problems.0).collect();
        if found.is_empty() { Ok(()) } else { Err(Self(found)) }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Default,
    File(PathBuf),
    Environment(String),
    CommandLine,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(variable) => f.write_str(variable),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

/// One value and where it comes from.
#[derive(Debug, Clone)]
struct Setting {
    value: Value,
    source: Source,
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Settings(BTreeMap<String, Setting>);

impl Settings {
    /// Puts the layers over each other; refuses unknown keys and wrong types, all of them at once.
    ///
    /// `defaults` are texts with the name by which an error in them is told.
    /// `overrides` are dotted keys with their text, `("documents.city_code", "…")`.
    pub fn load(
        defaults: &[(&str, &str)],
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        overrides: Vec<(String, String)>,
    ) -> Result<Self> {
        let mut layers = Layers::default();
        for (section, text) in defaults {
            layers.defaults(section, text);
        }
        layers.settings = without_twins(layers.settings);
        if let Some(path) = file {
            layers.file(path);
        }
        // Sorted, so that what is refused reads the same every time.
        let variables: BTreeMap<_, _> = environment.into_iter().collect();
        let texts = variables.into_iter().filter_map(|(name, text)| {
            let key = name.strip_prefix(PREFIX)?.to_lowercase().replace("__", ".");
            Some((key, Given::Text(text), Source::Environment(name)))
        });
        layers.put(texts.collect());
        let texts = overrides.into_iter();
        layers
            .put(texts.map(|(key, text)| (key, Given::Text(text), Source::CommandLine)).collect());
        let Layers { settings, problems } = layers;
        if problems.is_empty() { Ok(Self(settings)) } else { Err(Problems(problems).into()) }
    }

    /// One section as its own type, which has found that it makes sense.
    pub fn section<C: DeserializeOwned + Validate>(&self, section: &str) -> Result<C> {
        Ok(self.read(section)?)
    }

    /// Whether a section makes sense, for who only wants to know.
    pub fn check<C: DeserializeOwned + Validate>(
        &self,
        section: &str,
    ) -> std::result::Result<(), Problems> {
        self.read::<C>(section).map(drop)
    }

    fn read<C: DeserializeOwned + Validate>(
        &self,
        section: &str,
    ) -> std::result::Result<C, Problems> {
        let wrong = |problem: String| Problems(vec![format!("[{section}] {problem}")]);
        let read = typed(self.tree(section)).try_deserialize::<C>();
        let read = read.map_err(|error| wrong(error.to_string()))?;
        read.validate().map_err(wrong)?;
        Ok(read)
    }

    /// The whole configuration as TOML, with where each value comes from and without secrets.
    pub fn show(&self) -> String {
        let mut tables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (key, Setting { value, source }) in &self.0 {
            let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
            if self.has_below(key) {
                continue;
            }
            let value = masked(name, value);
            tables.entry(table).or_default().push(format!("{name} = {value} # {source}\n"));
        }
        let mut text = String::new();
        for (table, lines) in tables {
            if !table.is_empty() {
                text.push_str(if text.is_empty() { "[" } else { "\n[" });
                text.push_str(table);
                text.push_str("]\n");
            }
            text.extend(lines);
        }
        text
    }

    /// Whether a key is a table that a layer has put something into.
    fn has_below(&self, key: &str) -> bool {
        let first = format!("{key}.");
        self.0.range(first.clone()..).next().is_some_and(|(next, _)| next.starts_with(&first))
    }

    /// The keys below a section as a tree.
    fn tree(&self, section: &str) -> Value {
        let mut root = Map::new();
        for (key, setting) in &self.0 {
            let inside = key.strip_prefix(section).and_then(|rest| rest.strip_prefix('.'));
            if let Some(inside) = inside {
                plant(&mut root, inside, &setting.value);
            }
        }
        Value::Object(root)
    }
}

/// Drops keys that the defaults name only to tell that a text may be given as a file.
fn without_twins(mut settings: BTreeMap<String, Setting>) -> BTreeMap<String, Setting> {
    let texts: BTreeSet<String> = settings
        .iter()
        .filter(|(_, setting)| setting.value.is_string())
        .map(|(key, _)| format!("{key}{TWIN}"))
        .collect();
    settings.retain(|key, setting| !texts.contains(key) || setting.value != "");
    settings
}

/// The same tree for the reader of types, which tells the key of what it cannot read.
fn typed(value: Value) -> config::Value {
    let kind = match value {
        Value::Null => ValueKind::Nil,
        Value::Bool(flag) => flag.into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().into(),
        },
        Value::String(text) => text.into(),
        Value::Array(items) => items.into_iter().map(typed).collect::<Vec<_>>().into(),
        Value::Object(table) => {
            let table = table.into_iter().map(|(key, value)| (key, typed(value)));
            table.collect::<config::Map<_, _>>().into()
        }
    };
    config::Value::new(None, kind)
}

/// Puts a value into a tree under a dotted key.
fn plant(tree: &mut Map<String, Value>, key: &str, value: &Value) {
    let Some((branch, rest)) = key.split_once('.') else {
        tree.insert(key.to_owned(), value.clone());
        return;
    };
    let branch = tree.entry(branch).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(branch) = branch {
        plant(branch, rest, value);
    }
}

/// A value as a layer gives it.
enum Given {
    /// With a type of its own.
    Typed(Value),
    /// As text, to be read as the type of the default.
    Text(String),
}

/// The layers so far, and what is wrong with them.
#[derive(Default)]
struct Layers {
    settings: BTreeMap<String, Setting>,
    problems: Vec<String>,
}

impl Layers {
    fn defaults(&mut self, section: &str, text: &str) {
        match parse(text) {
            Ok(leaves) => {
                for (key, value) in leaves {
                    self.settings.insert(key, Setting { value, source: Source::Default });
                }
            }
            Err(error) => self.problems.push(format!("defaults of {section}: {error}")),
        }
    }

    fn file(&mut self, path: &Path) {
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        match text.and_then(|text| parse(&text)) {
            Ok(leaves) => {
                let source = Source::File(path.to_owned());
                let give = |(key, value)| (key, Given::Typed(value), source.clone());
                self.put(leaves.into_iter().map(give).collect());
            }
            Err(error) => self.problems.push(format!("{}: {error}", path.display())),
        }
    }

    /// Puts one layer over those below it.
    fn put(&mut self, layer: Vec<(String, Given, Source)>) {
        let named: BTreeSet<String> = layer.iter().map(|(key, ..)| key.clone()).collect();
        for (key, given, source) in layer {
            if let Err(problem) = self.put_one(key, given, source, &named) {
                self.problems.push(problem);
            }
        }
    }

    fn put_one(
        &mut self,
        key: String,
        given: Given,
        source: Source,
        named: &BTreeSet<String>,
    ) -> std::result::Result<(), String> {
        if let Some(like) = self.like(&key) {
            let value = fit(&like, given).map_err(|error| format!("{key} ({source}): {error}"))?;
            self.settings.insert(key, Setting { value, source });
            return Ok(());
        }
        let twin =
            key.strip_suffix(TWIN).filter(|of| matches!(self.like(of), Some(Value::String(_))));
        let Some(of) = twin else { return Err(self.unknown(&key, &source)) };
        if named.contains(of) {
            return Err(format!("{of} and {key} are both given ({source}); give one of them"));
        }
        let (Given::Text(path) | Given::Typed(Value::String(path))) = given else {
            return Err(format!("{key} ({source}): expected the path of a file"));
        };
        if path.is_empty() {
            return Ok(());
        }
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("{key} ({source}): {path}: {error}"))?;
        let value = Value::String(text.trim().to_owned());
        self.settings.insert(of.to_owned(), Setting { value, source: Source::File(path.into()) });
        Ok(())
    }

    /// A value of the type that a key has; `None` for a key that does not exist.
    fn like(&self, key: &str) -> Option<Value> {
        if let Some(setting) = self.settings.get(key) {
            return Some(setting.value.clone());
        }
        // Below a table that the defaults leave empty, keys are free.
        let mut above = key;
        while let Some((table, _)) = above.rsplit_once('.') {
            if matches!(self.settings.get(table), Some(s) if s.value == Value::Object(Map::new())) {
                return Some(Value::Null);
            }
            above = table;
        }
        None
    }

    fn unknown(&self, key: &str, source: &Source) -> String {
        let nearest = self.settings.keys().map(|known| (distance(known, key), known)).min();
        let last = key.rsplit('.').next();
        let elsewhere = self.settings.keys().find(|known| known.rsplit('.').next() == last);
        let meant = nearest.filter(|(far, _)| *far <= 3).map(|(_, known)| known).or(elsewhere);
        let hint = meant.map(|known| format!("; did you mean {known}?")).unwrap_or_default();
        format!("unknown key {key} ({source}){hint}")
    }
}

/// The leaves of a TOML text under dotted keys; an empty table is a leaf too.
fn parse(text: &str) -> std::result::Result<BTreeMap<String, Value>, String> {
    let tree = config::Config::builder()
        .add_source(File::from_str(text, FileFormat::Toml))
        .build()
        .and_then(config::Config::try_deserialize::<Map<String, Value>>)
        .map_err(|error| error.to_string())?;
    let mut leaves = BTreeMap::new();
    for (key, value) in tree {
        flatten(key, value, &mut leaves);
    }
    Ok(leaves)
}

fn flatten(key: String, value: Value, leaves: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(table) if !table.is_empty() => {
            for (name, value) in table {
                flatten(format!("{key}.{name}"), value, leaves);
            }
        }
        leaf => {
            leaves.insert(key, leaf);
        }
    }
}

/// The given value as the type of `like`.
fn fit(like: &Value, given: Given) -> std::result::Result<Value, String> {
    let value = match given {
        Given::Typed(value) => value,
        Given::Text(text) => read(like, &text),
    };
    let (fits, expected) = match like {
        Value::Bool(_) => (value.is_boolean(), "true or false"),
        Value::Number(number) if number.is_f64() => (value.is_number(), "a number"),
        Value::Number(_) => (value.is_i64() || value.is_u64(), "a whole number"),
        Value::String(_) => (value.is_string(), "a text"),
        Value::Array(_) => (value.is_array(), "a list"),
        Value::Object(_) => (value.is_object(), "a table"),
        Value::Null => (true, "anything"),
    };
    if fits { Ok(value) } else { Err(format!("expected {expected}, found {value}")) }
}

/// Reads text as `like` is; what does not read stays text, and does not fit.
fn read(like: &Value, text: &str) -> Value {
    let as_text = || Value::String(text.to_owned());
    match like {
        Value::String(_) => as_text(),
        Value::Array(_) if text.trim_start().starts_with('[') => {
            serde_json::from_str(text).unwrap_or_else(|_| as_text())
        }
        Value::Array(items) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            let like = items.first().cloned().unwrap_or_else(|| Value::String(String::new()));
            parts.map(|part| read(&like, part)).collect()
        }
        _ => serde_json::from_str(text.trim()).unwrap_or_else(|_| as_text()),
    }
}

/// How many letters have to change to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        let above = row.iter().copied().skip(1).collect::<Vec<_>>();
        let mut next = vec![left];
        for (b, above) in other.chars().zip(above) {
            left = (corner + usize::from(a != b)).min(above + 1).min(left + 1);
            corner = above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
