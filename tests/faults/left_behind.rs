//! What a killed platform leaves behind must not stand in the way of the next.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use kit::testing::eventually;

use crate::harness::{Platform, Store};

/// Process ids of the nats-servers over a data folder.
fn buses(data: &Path) -> Vec<u32> {
    let config = data.join("nats/server.conf").display().to_string();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).split('\0').any(|word| word == config)
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_platform_takes_its_bus_with_it() {
    let mut platform = Platform::start(Store::Sqlite, &[]).await.unwrap();
    let data = platform.data().canonicalize().unwrap();
    assert_eq!(buses(&data).len(), 1);
    platform.kill();
    if Path::new("/usr/bin/setpriv").is_file() {
        eventually("the end of the bus", async || match buses(&data).as_slice() {
            [] => Ok(()),
            left => Err(format!("{left:?}")),
        })
        .await;
    }
    platform.launch().await;
    assert_eq!(buses(&data).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_that_was_left_behind_is_ended_by_the_next_start() {
    let mut platform = Platform::start(Store::Sqlite, &[]).await.unwrap();
    let data = platform.data().canonicalize().unwrap();
    let bus = *buses(&data).first().expect("a bus");
    let program = fs::read_link(format!("/proc/{bus}/exe")).unwrap();
    platform.kill();
    eventually("the end of the bus", async || match buses(&data).as_slice() {
        [] => Ok(()),
        left => Err(format!("{left:?}")),
    })
    .await;
    // As it is where nothing ends it with its parent.
    let mut left = Command::new(program)
        .arg("-c")
        .arg(data.join("nats/server.conf"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    eventually("its pid file", async || {
        let text = fs::read_to_string(data.join("nats/nats-server.pid")).unwrap_or_default();
        if text.trim() == left.id().to_string() { Ok(()) } else { Err(text) }
    })
    .await;
    platform.launch().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(left.try_wait().unwrap().is_some(), "it was ended");
    assert_eq!(buses(&data).len(), 1);
}
