//! Compiles the contracts without an installed `protoc`.
use prost::Message as _;
use std::{env, fs, path::PathBuf};

const FILES: [&str; 16] = [
    "yangguang/platform/v1/platform.proto",
    "yangguang/platform/v1/events.proto",
    "yangguang/identity/v1/identity.proto",
    "yangguang/identity/v1/events.proto",
    "yangguang/documents/v1/documents.proto",
    "yangguang/documents/v1/library.proto",
    "yangguang/documents/v1/events.proto",
    "yangguang/documents/v1/intake.proto",
    "yangguang/documents/v1/lifecycle.proto",
    "yangguang/interpretations/v1/interpretations.proto",
    "yangguang/interpretations/v1/events.proto",
    "yangguang/search/v1/search.proto",
    "yangguang/search/v1/events.proto",
    "yangguang/notification/v1/notification.proto",
    "yangguang/notification/v1/events.proto",
    "yangguang/gateway/v1/events.proto",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=yangguang");
    let descriptors = protox::compile(FILES, ["."])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    let mut messages = prost_build::Config::new();
    messages.enable_type_names().bytes([".yangguang"]);
    tonic_prost_build::configure().compile_fds_with_config(descriptors, messages)?;
    Ok(())
}
