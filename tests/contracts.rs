//! The contracts as data: their style, and that every method says who may call it.

use std::{collections::BTreeSet, fs, path::PathBuf};

use prost::Message as _;
use prost_types::{
    DescriptorProto, FileDescriptorProto, FileDescriptorSet, field_descriptor_proto::Type,
};

fn files() -> Vec<FileDescriptorProto> {
    let set = FileDescriptorSet::decode(contracts::DESCRIPTORS).expect("the descriptors decode");
    set.file.into_iter().filter(|file| file.package().starts_with("yangguang.")).collect()
}

fn is_snake(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn is_camel(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

#[test]
fn a_package_is_its_folder_and_ends_with_its_version() {
    for file in files() {
        let folder =
            file.name().rsplit_once('/').map_or("", |(folder, _)| folder).replace('/', ".");
        assert_eq!(folder, file.package(), "{}", file.name());
        let version = file.package().rsplit('.').next().unwrap_or_default();
        assert!(version.starts_with('v') && version[1..].parse::<u32>().is_ok(), "{version}");
    }
}

#[test]
fn names_are_written_the_usual_way() {
    fn check(message: &DescriptorProto) {
        assert!(is_camel(message.name()), "message {}", message.name());
        for field in &message.field {
            assert!(is_snake(field.name()), "{}.{}", message.name(), field.name());
            let repeated = field.label() == prost_types::field_descriptor_proto::Label::Repeated;
            if repeated && field.r#type() == Type::Message {
                assert!(
                    field.name().ends_with('s')
                        || field.name().ends_with("ies")
                        || ["steps", "snippet", "refused", "title_pieces"].contains(&field.name()),
                    "{}.{} is repeated and reads as one",
                    message.name(),
                    field.name()
                );
            }
        }
        message.nested_type.iter().for_each(check);
    }
    for file in files() {
        file.message_type.iter().for_each(check);
        for item in &file.enum_type {
            let prefix = screaming(item.name());
            for value in &item.value {
                assert!(value.name().starts_with(&prefix), "{} in {}", value.name(), item.name());
            }
            let zero = item.value.first().expect("an enum has values");
            assert_eq!(zero.name(), format!("{prefix}UNSPECIFIED"));
        }
    }
}

/// `PolicyState` → `POLICY_STATE_`.
fn screaming(name: &str) -> String {
    let mut text = String::new();
    for (place, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && place > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text.push('_');
    text
}

#[test]
fn a_method_has_a_request_and_an_answer_of_its_own() {
    for file in files() {
        for service in &file.service {
            for method in &service.method {
                let input = method.input_type().rsplit('.').next().unwrap_or_default();
                assert_eq!(input, format!("{}Request", method.name()));
                let output = method.output_type().rsplit('.').next().unwrap_or_default();
                if !method.server_streaming() {
                    assert_eq!(output, format!("{}Response", method.name()));
                }
            }
        }
    }
}

#[test]
fn events_are_messages_in_the_past_tense() {
    for file in files().iter().filter(|file| file.name().ends_with("/events.proto")) {
        for message in &file.message_type {
            let name = message.name();
            let carried = ["PolicyFacts", "EffectChange", "IndexedPolicy", "RefreshedPage"];
            let past = ["ed", "Withdrawn", "Overdue"].iter().any(|end| name.ends_with(end));
            assert!(past || carried.contains(&name), "{name} is no fact in the past tense");
        }
    }
}

#[test]
fn every_method_says_who_may_call_it() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where"))
        .join("services");
    for file in files() {
        let context = file.package().split('.').nth(1).unwrap_or_default().to_owned();
        let home = if context == "platform" {
            root.join("kit/src/platform.rs")
        } else {
            root.join(&context).join("src")
        };
        let text = if home.is_file() { fs::read_to_string(&home).unwrap() } else { folder(&home) };
        let named: BTreeSet<&str> =
            text.split("Access::").skip(1).filter_map(|rest| rest.split('"').nth(1)).collect();
        for method in file.service.iter().flat_map(|service| &service.method) {
            assert!(
                named.contains(method.name()),
                "{context}: {} is open to nobody",
                method.name()
            );
        }
    }
}

fn folder(folder: &PathBuf) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text.push_str(&self::folder(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}
