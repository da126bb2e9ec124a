//! The house as a test: who may know whom, what a room may name, and where things lie.
//!
//! No database, no bus, one second. What stands here is the map of `services/README.md` and the
//! rules of `docs/architecture.md`; change both together.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const SERVICES: [&str; 6] =
    ["identity", "documents", "interpretations", "search", "notification", "gateway"];
const LIBRARIES: [&str; 5] = ["akoma", "compare", "gongwen", "privacy", "workday"];

fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Every Rust file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A file without its test module and without comments; nothing of a room of tests.
fn production(path: &Path) -> String {
    if path
        .components()
        .any(|part| ["tests", "tests.rs", "testing.rs"].iter().any(|t| part.as_os_str() == *t))
    {
        return String::new();
    }
    let text = read(path);
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The dependencies that a manifest names for production.
fn dependencies(manifest: &Path) -> BTreeSet<String> {
    let text = read(manifest);
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
        } else if inside && let Some((name, _)) = line.split_once(['.', ' ', '=']) {
            names.insert(name.trim().to_owned());
        }
    }
    names
}

#[test]
fn services_do_not_know_each_other() {
    for service in SERVICES {
        let known = dependencies(&root().join("services").join(service).join("Cargo.toml"));
        for other in SERVICES.iter().filter(|other| **other != service) {
            assert!(!known.contains(*other), "{service} depends on {other}: they meet in proto/");
        }
    }
}

#[test]
fn libraries_have_no_io_no_bus_and_no_database() {
    for library in LIBRARIES {
        let folder = root().join("services/shared").join(library);
        let known = dependencies(&folder.join("Cargo.toml"));
        for forbidden in ["tokio", "sea-orm", "async-nats", "tonic", "axum", "kit", "contracts"] {
            assert!(!known.contains(forbidden), "{library} depends on {forbidden}");
        }
        for file in sources(&folder.join("src")) {
            let code = production(&file);
            for forbidden in ["std::fs", "std::net", "std::env"] {
                assert!(!code.contains(forbidden), "{} uses {forbidden}", file.display());
            }
        }
    }
}

#[test]
fn the_kit_knows_no_business_word() {
    const WORDS: [&str; 11] = [
        "policy",
        "policies",
        "interpretation",
        "subscription",
        "ticket",
        "hotline",
        "citizen",
        "gongwen",
        "receipt",
        "tombstone",
        "appraisal",
    ];
    for file in sources(&root().join("services/kit/src")) {
        let code = production(&file).to_lowercase();
        for word in WORDS {
            // Whole words only: a consumer of NATS has an ack_policy, which is no business of ours.
            let said = code.match_indices(word).any(|(at, _)| {
                !code[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            });
            assert!(!said, "{} says {word:?}", file.display());
        }
    }
}

#[test]
fn each_room_uses_only_what_it_may() {
    const RULES: [(&str, &[&str]); 6] = [
        (
            "domain",
            &["async fn", "sea_orm", "tonic::", "async_nats", "tracing::", "kit::db", "Clock"],
        ),
        ("commands", &["tonic::Request", "tonic::Response", "async_nats"]),
        ("queries", &["async_nats", "outbox::append"]),
        ("store", &["tonic::", "async_nats", "reqwest"]),
        ("grpc", &["sea_orm", "async_nats"]),
        ("events", &["tonic::Request", "async_nats"]),
    ];
    for service in SERVICES {
        let source = root().join("services").join(service).join("src");
        for (room, forbidden) in RULES {
            let mut files = sources(&source.join(room));
            files.extend(Some(source.join(format!("{room}.rs"))).filter(|file| file.is_file()));
            for file in files {
                let code = production(&file);
                for word in forbidden {
                    assert!(!code.contains(word), "{} names {word:?}", file.display());
                }
            }
        }
    }
}

#[test]
fn tables_are_changed_only_in_the_store() {
    const VERBS: [&str; 4] = ["INSERT INTO ", "DELETE FROM ", "UPDATE ", "SELECT "];
    let mut outside = Vec::new();
    for service in SERVICES {
        let source = root().join("services").join(service).join("src");
        for file in sources(&source) {
            let below = file.strip_prefix(&source).unwrap();
            if below.starts_with("store") || file.ends_with("store.rs") {
                continue;
            }
            let code = production(&file);
            for verb in VERBS {
                let sql = format!("\"{verb}");
                // A list's SELECT stands with its filters, in the room of questions.
                let asked = verb == "SELECT " && below.starts_with("queries");
                if code.contains(&sql) && !asked {
                    outside.push(format!("{} ({verb})", file.display()));
                }
            }
        }
    }
    assert!(outside.is_empty(), "SQL outside the store: {outside:#?}");
}

#[test]
fn every_service_has_its_rooms() {
    for service in SERVICES {
        let folder = root().join("services").join(service);
        for room in [
            "README.md",
            "default.toml",
            "Cargo.toml",
            "src/lib.rs",
            "src/config.rs",
            "src/error.rs",
        ] {
            assert!(folder.join(room).is_file(), "{service} has no {room}");
        }
        let lines = read(&folder.join("README.md")).lines().count();
        assert!(lines <= 40, "the README of {service} has {lines} lines: it is a door plate");
        let defaults = read(&folder.join("default.toml"));
        assert!(
            defaults.contains(&format!("[{service}]")),
            "{service}: its section bears its name"
        );
    }
}

#[test]
fn every_default_has_a_comment() {
    let mut files = vec![root().join("services/kit/default.toml")];
    files
        .extend(SERVICES.map(|service| root().join("services").join(service).join("default.toml")));
    for file in files {
        let text = read(&file);
        let mut commented = false;
        for line in text.lines().map(str::trim) {
            let is_key = line.split_once('=').is_some_and(|(key, _)| {
                key.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                    && !key.trim().is_empty()
            });
            if is_key {
                assert!(commented, "{}: {line} has no comment above it", file.display());
            }
            commented = line.starts_with('#') || (commented && !line.is_empty());
        }
    }
}

#[test]
fn no_room_is_called_util() {
    for file in sources(&root().join("services")) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        for word in ["util", "utils", "common", "helpers", "misc", "types"] {
            assert_ne!(name, word, "{}", file.display());
        }
    }
}

#[test]
fn files_have_one_subject() {
    const MOST: usize = 500;
    let mut too_long = BTreeMap::new();
    for folder in ["services", "proto/src", "tests"] {
        for file in sources(&root().join(folder)) {
            let lines = read(&file).lines().count();
            if lines > MOST {
                too_long.insert(file.display().to_string(), lines);
            }
        }
    }
    assert!(too_long.is_empty(), "rooms to divide by noun or verb: {too_long:#?}");
}

#[test]
fn only_the_kit_spawns_opens_the_environment_or_looks_at_the_clock() {
    for service in SERVICES {
        for file in sources(&root().join("services").join(service).join("src")) {
            let code = production(&file);
            for word in ["std::env::var", "Utc::now()", "SystemTime::now()"] {
                assert!(!code.contains(word), "{} uses {word}", file.display());
            }
        }
    }
}
