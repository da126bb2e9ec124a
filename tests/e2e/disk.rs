//! A disk that is full: what is published stays published, and is found when there is room.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use kit::testing::eventually;
use serde_json::{Value, json};

use crate::{
    desk::{
        LONG_TOKENS, completed_receipt, content, desk, found, publish, publish_content,
        step_becomes, text,
    },
    harness::{Platform, Store},
};

/// A file system of a few MiB, mounted on a folder.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts it; `None`, with a line that says so, where that is not allowed.
    fn mount(folder: &Path) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder.to_owned()));
        }
        println!("skipped: mounting a file system is not allowed here");
        None
    }

    /// Leaves no byte free.
    fn fill(&self) {
        let file = self.0.join("filler");
        let status = Command::new("dd")
            .arg("if=/dev/zero")
            .arg(format!("of={}", file.display()))
            .args(["bs=64k", "oflag=append", "conv=notrunc"])
            .stderr(Stdio::null())
            .status();
        assert!(!status.unwrap().success(), "dd ends when the disk is full");
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the program may hold its files for a moment longer.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_of_the_index_holds_up_the_index_alone() {
    let settings = [
        LONG_TOKENS,
        ("documents.late_after_seconds.index", "1"),
        ("documents.receipts_every_seconds", "1"),
    ];
    let Some(mut platform) = Platform::prepare(Store::Sqlite, &settings).await else { return };
    let Some(disk) = SmallDisk::mount(&platform.data().join("search/index")) else { return };
    platform.launch().await;
    let desk = desk(&platform).await;
    let before = publish(&platform, &desk, "晴川市公园管理办法", "晴府办〔2026〕6号").await;
    completed_receipt(&platform, &desk.editor, text(&before, "id"), 1).await;

    disk.fill();
    let mut ids = Vec::new();
    for number in 7..10 {
        let mut content = content("晴川市停车管理办法", &format!("晴府办〔2026〕{number}号"));
        content["text"] = json!("第一条 为了方便市民停车，制定本办法。\n".repeat(2_000));
        let policy = publish_content(&platform, &desk, content).await;
        assert_eq!(policy["state"], "published");
        ids.push(text(&policy, "id").to_owned());
    }
    let explained =
        |step: &Value| step["state"] == "late" && text(step, "detail").contains("磁盘已满");
    step_becomes(&platform, &desk.editor, &ids[0], "index", explained).await;
    for name in ["interpretation", "notification", "page"] {
        let done = |step: &Value| step["state"] == "done";
        step_becomes(&platform, &desk.editor, &ids[0], name, done).await;
    }
    let (ready, lines) = platform.readiness().await;
    assert!(!ready && lines.contains("failed index") && lines.contains("磁盘已满"), "{lines}");
    let page = platform.get(&format!("/policies/{}", ids[2]), "").await;
    assert_eq!(page.status, 200, "what is published can be read");
    assert_eq!(found(&platform, "公园管理").await.len(), 1, "what was found is found");

    disk.make_room();
    for id in &ids {
        completed_receipt(&platform, &desk.editor, id, 1).await;
    }
    for (id, number) in ids.iter().zip(7..) {
        let hits = found(&platform, &format!("晴府办〔2026〕{number}号")).await;
        assert_eq!(hits, [id.as_str()], "everything is indexed");
    }
    eventually("a platform that is ready", async || {
        let (ready, lines) = platform.readiness().await;
        if ready { Ok(()) } else { Err(lines) }
    })
    .await;
    platform.stop().await;
}
