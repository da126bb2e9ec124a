//! The references that are made from the code: `docs/events.md`, `docs/configuration.md` and
//! `docs/metrics.md`.
//!
//! `make docs` writes them (it sets `YANGGUANG_WRITE_DOCS`); without that, the tests hold what is
//! written against the code, so that neither can drift.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use kit::telemetry::{METRICS, Sort};
use prost::Message as _;
use prost_types::FileDescriptorSet;

const SERVICES: [&str; 6] =
    ["identity", "documents", "interpretations", "search", "notification", "gateway"];

fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where"))
}

/// Writes a reference, or holds the written one against the code.
fn keep(file: &str, text: &str) {
    let path = root().join("docs").join(file);
    let write = std::env::var_os("YANGGUANG_WRITE_DOCS").is_some();
    if write {
        fs::write(&path, text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/{file} is behind the code: run `make docs`");
}

/// The production code of a service in one text.
fn code(folder: &Path) -> String {
    let mut text = String::new();
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            text.push_str(&code(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let file = fs::read_to_string(&path).unwrap();
            text.push_str(file.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default());
        }
    }
    text
}

/// The comment above a message in its proto file.
fn comment(proto: &str, message: &str) -> String {
    let lines: Vec<&str> = proto.lines().collect();
    let start = format!("message {message} {{");
    let Some(at) = lines.iter().position(|line| line.starts_with(&start)) else {
        return String::new();
    };
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("// "));
    let mut words: Vec<&str> = above.map(|line| &line[3..]).collect();
    words.reverse();
    words.join(" ")
}

#[test]
fn the_event_catalogue_tells_the_truth() {
    let set = FileDescriptorSet::decode(contracts::DESCRIPTORS).unwrap();
    let sources: BTreeMap<&str, String> = SERVICES
        .iter()
        .map(|name| (*name, code(&root().join("services").join(name).join("src"))))
        .collect();
    let kit = code(&root().join("services/kit/src"));
    let mut text = String::from(
        "# Event catalogue\n\nMade from the code by `make docs`.\n\n\
         Every event is a CloudEvent 1.0 in binary mode: its attributes are NATS headers (`ce-id`, \
         `ce-type`, `ce-source`, `ce-subject`, `ce-time`, and the extensions `ce-position`, `ce-epoch`, \
         `ce-revision`, `ce-actor`), its data is protobuf, `traceparent` is carried along. `ce-id` is a \
         UUIDv7 and also the `Nats-Msg-Id`. A stream keeps everything that its owner's log holds; it can \
         be refilled from there at any time (`yangguang events replay`).\n\n\
         | event (type and subject) | stream | says | payload | readers |\n|---|---|---|---|---|\n",
    );
    for file in set.file.iter().filter(|file| file.name().ends_with("/events.proto")) {
        let owner = file.package().split('.').nth(1).unwrap_or_default();
        let proto = fs::read_to_string(root().join("proto").join(file.name())).unwrap();
        for message in &file.message_type {
            let name = message.name();
            let is_said = sources.get(owner).unwrap_or(&kit).contains(name);
            let carried = ["PolicyFacts", "IndexedPolicy", "RefreshedPage"].contains(&name);
            if carried || !is_said {
                continue;
            }
            let full = format!("{}.{name}", file.package());
            let (subject, stream) = if owner == "platform" {
                (format!("{full}.SERVICE"), "yangguang-SERVICE".to_owned())
            } else {
                (full, format!("yangguang-{owner}"))
            };
            let fields: Vec<String> =
                message.field.iter().map(|f| format!("`{}`", f.name())).collect();
            let mark = format!("{name}::full_name()");
            let readers: BTreeSet<&str> = sources
                .iter()
                .filter(|(service, code)| **service != owner && code.contains(&mark))
                .map(|(service, _)| *service)
                .collect();
            let readers: Vec<&str> = readers.into_iter().collect();
            let (says, fields) = (comment(&proto, name), fields.join(", "));
            writeln!(
                text,
                "| `{subject}` | `{stream}` | {says} | {fields} | {} |",
                readers.join(", ")
            )
            .unwrap();
        }
    }
    keep("events.md", &text);
}

#[test]
fn the_configuration_reference_tells_the_truth() {
    let mut text = String::from(
        "# Configuration reference\n\nMade from the commented defaults by `make docs`.\n\n\
         Layers, later ones win: the defaults below (compiled in), the file of `--config`, the \
         environment, the command line. A variable is named by section and key: \
         `YANGGUANG__DOCUMENTS__CITY_CODE`. For every text key `x` there is `x_file`, a file whose \
         content becomes `x`, for secrets. Unknown keys are refused. `yangguang config check` says \
         whether a configuration holds, `yangguang config show` what is in force and where each value \
         comes from.\n",
    );
    let mut files = vec![root().join("services/kit/default.toml")];
    files.extend(SERVICES.map(|name| root().join("services").join(name).join("default.toml")));
    for file in files {
        let mut about = String::new();
        let mut open = 0_i32;
        for line in fs::read_to_string(&file).unwrap().lines() {
            let depth = |c: char| i32::try_from(line.matches(c).count()).unwrap();
            if open > 0 {
                open += depth('[') - depth(']');
            } else if let Some(words) = line.strip_prefix("# ") {
                about.push_str(words);
                about.push(' ');
            } else if line.starts_with('[') {
                writeln!(text, "\n## `{line}`\n\n{}\n", about.trim()).unwrap();
                text.push_str("| key | default | meaning |\n|---|---|---|\n");
                about.clear();
            } else if let Some((key, value)) = line.split_once(" = ") {
                open = depth('[') - depth(']');
                let value = if open > 0 { "(a list)" } else { value };
                writeln!(text, "| `{key}` | `{}` | {} |", value.replace('|', "\\|"), about.trim())
                    .unwrap();
                about.clear();
            }
        }
    }
    keep("configuration.md", &text);
}

#[test]
fn the_metrics_reference_tells_the_truth() {
    let mut text = String::from(
        "# Metrics\n\nMade from the code by `make docs`; a test holds it against a running platform.\n\n\
         Every process answers `GET /metrics` on its ops port in the format of Prometheus. Where \
         `telemetry.otlp_endpoint` names a collector, the same metrics go there over OTLP, under their \
         names with dots. No metric, span or label holds what identifies a person: no addresses, texts, \
         accounts or networks.\n\n\
         Durations are histograms (`_bucket`, `_sum`, `_count`) in seconds. What is looked at, every \
         five seconds, lies in the database and on the bus, so that every replica of a service tells \
         the same: take `max by (service, …)`. Copies, and what waits behind a failure, are a replica's \
         own.\n\n\
         | metric | OTLP | sort | labels | says |\n|---|---|---|---|---|\n",
    );
    for metric in METRICS {
        let sort = match metric.sort {
            Sort::Duration => "histogram",
            Sort::InFlight | Sort::Gauge | Sort::Seconds => "gauge",
        };
        let labels = metric.labels.iter().map(|label| format!("`{}`", label.replace('.', "_")));
        let labels = labels.collect::<Vec<_>>().join(", ");
        let (name, about) = (metric.prometheus(), metric.about);
        writeln!(text, "| `{name}` | `{}` | {sort} | {labels} | {about} |", metric.name).unwrap();
    }
    text.push_str(
        "\n## Traces\n\nOne publication is one trace: the request at the gateway, the call, the command, \
         the relay, each reader and what it does, and the events that follow from that, across all \
         processes. The context travels as W3C `traceparent` in gRPC metadata, in the event log and in \
         the headers of messages. Without a collector no spans are made.\n\n\
         | span | kind | where |\n|---|---|---|\n\
         | `POST /api/v1/policies/{id}/publish` | server | a request at the gateway, named by its route; it begins a trace of its own |\n\
         | `yangguang.documents.v1.PolicyService/PublishPolicy` | server | a gRPC call |\n\
         | `command.documents.publish` | internal | a command |\n\
         | `relay.documents.PolicyPublished` | producer | the relay sends an event to the stream |\n\
         | `event.search.PolicyPublished` | consumer | a reader or a copy takes an event in |\n\
         | `confirm.search` | internal | every living replica has an event, and the service says so |\n\
         | `job` | internal | a job; it begins a trace of its own |\n\n\
         A batch that a copy takes in at once stands in the trace of its first event; the other events \
         have a span each in theirs.\n",
    );
    keep("metrics.md", &text);
}
