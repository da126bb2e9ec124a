//! What is wrong with the configuration is told at once, before anything is touched; and the first
//! administrator's password outlives a start that failed.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _, process::Command};

use kit::testing::eventually;

use crate::harness::{Platform, Store, program};

/// One fault in each of several sections, as the environment gives it, and what must be said.
const FAULTS: [(&str, &str, &str); 9] = [
    ("DATABASE__CONNECTIONS", "0", "[database] connections"),
    ("BUS__REPLICAS", "9", "[bus] replicas"),
    ("TELEMETRY__OTLP_ENDPOINT", "collector:4317", "[telemetry] otlp_endpoint"),
    ("IDENTITY__ADMIN_PASSWORD", "short", "[identity] admin_password"),
    ("DOCUMENTS__CITY_CODE", "12345", "[documents] city_code"),
    ("INTERPRETATIONS__TEXT_LIMIT", "1", "[interpretations] text_limit"),
    ("SEARCH__WRITER_MEGABYTES", "1", "[search] writer_megabytes"),
    ("NOTIFICATION__SENDER", "nobody", "[notification] sender"),
    ("GATEWAY__SESSION_HOURS", "1000", "[gateway] session_hours"),
];

/// Runs a command with all faults; answers with its exit code and what it said.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(program());
    command.args(arguments);
    for (name, value, _) in FAULTS {
        command.env(format!("YANGGUANG__{name}"), value);
    }
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn every_section_is_checked_before_anything_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    for arguments in [vec!["config", "check", "--data", data], vec!["serve", "--data", data]] {
        let (code, said) = run(&arguments);
        assert_eq!(code, Some(1), "{said}");
        for (_, _, told) in FAULTS {
            assert!(said.contains(told), "{told} is missing in {said}");
        }
    }
    assert!(!folder.path().join("data").exists(), "no folder, no database, no bus");

    // Only what runs has to be right, beside what all need.
    let (_, said) = run(&["serve", "search", "--data", data]);
    assert!(said.contains("[search]") && said.contains("[bus]"), "{said}");
    assert!(!said.contains("[gateway]") && !said.contains("[documents]"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_password_outlives_a_start_that_fails() {
    let Some(mut platform) = Platform::prepare(Store::Sqlite, &[]).await else { return };
    platform.set("identity.admin_password", "");
    // Where the index belongs lies something else: identity is built, and search fails.
    let index = platform.data().join("search/index");
    fs::create_dir_all(index.parent().unwrap()).unwrap();
    fs::write(&index, "no folder").unwrap();
    let output = platform.attempt();
    assert_eq!(output.status.code(), Some(1));
    let kept = platform.data().join("identity/first-administrator.password");
    let password = fs::read_to_string(&kept).unwrap().trim().to_owned();
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);

    fs::remove_file(&index).unwrap();
    platform.launch().await;
    let told = eventually("what the platform says when it runs", async || {
        let log = platform.log();
        if log.contains("Ctrl-C") { Ok(log) } else { Err(log) }
    })
    .await;
    assert!(told.contains(&password), "the password is told once it runs: {told}");
    assert!(told.contains(kept.to_str().unwrap()), "and where it lies: {told}");
    platform.token("admin", &password).await;
    assert!(!kept.exists(), "it has been used");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = Command::new(program())
        .args(["serve", "--data"])
        .arg(folder.path().join("data"))
        .args(["--http", &address, "--grpc", "127.0.0.1:0", "--ops", "127.0.0.1:0"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("http.listen") && said.contains(&address), "{said}");
}
