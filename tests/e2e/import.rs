//! An import that holds bad records: the good ones go on, the others are in the report.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    desk::{desk, found, text},
    harness::{Platform, Store},
};

/// A record of a source.
fn record(id: &str, title: &str) -> Value {
    json!({ "id": id, "title": title, "issuing_body": "晴川市人民政府办公室",
        "category": "市政府其他文件", "issued_on": "2025-03-04", "text": "第一条 为了便民。" })
}

fn with(mut record: Value, field: &str, value: Value) -> String {
    record[field] = value;
    record.to_string()
}

struct Import {
    code: Option<i32>,
    said: Value,
    refused: Vec<Value>,
}

/// Runs the command line over a file of these lines.
fn import(platform: &Platform, lines: &[String], further: &[&str]) -> Import {
    let folder = platform.data();
    let (source, report) = (folder.join("source.jsonl"), folder.join("refused.jsonl"));
    let mut file = fs::File::create(&source).unwrap();
    for line in lines {
        writeln!(file, "{line}").unwrap();
    }
    let mut arguments = vec!["import", "documents", path(&source), "--publish", "--json"];
    arguments.extend(["--report", path(&report)]);
    arguments.extend(further);
    let output = platform.command(&arguments);
    let said = serde_json::from_slice(&output.stdout);
    let said = said.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let report = fs::read_to_string(&report).unwrap_or_default();
    let refused = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Import { code: output.status.code(), said, refused }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Import {
    fn counts(&self) -> [u64; 3] {
        ["created", "unchanged", "refused"].map(|name| self.said[name].as_u64().unwrap())
    }

    /// The refusal of a line: field and reason.
    fn of_line(&self, line: u64) -> (&str, &str) {
        let of_line = |entry: &&Value| entry["line"] == line;
        let entry = self.refused.iter().find(of_line);
        let entry = entry.unwrap_or_else(|| panic!("line {line} in {:?}", self.refused));
        (text(entry, "field"), text(entry, "reason"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_good_records_of_a_bad_file_are_published_and_the_others_are_reported() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    desk(&platform).await;
    let lines = [
        record("a-1", "晴川市图书馆管理办法").to_string(),
        "{\"id\": \"a-2\", \"title\": \"晴川市".to_owned(),
        with(record("a-3", "x"), "title", Value::Null),
        with(record("a-4", "晴川市剧院管理办法"), "issued_on", json!("2025-02-30")),
        with(record("a-5", "晴川市桥梁管理办法"), "issuing_body", json!("晴川市桥梁局")),
        with(record("a-6", "晴川市年鉴"), "text", json!("a".repeat((5 << 20) + (100 << 10)))),
        with(record("a-7", "晴川市大典"), "text", json!("a".repeat(50 << 20))),
        with(record("a-1", "晴川市图书馆管理办法"), "text", json!("第一条 另有规定。")),
        with(record("a-9", "晴川市喷泉管理办法"), "relations", json!([{ "type": "repeals" }])),
        "[1, 2]".to_owned(),
        record("a-11", "晴川市博物馆管理办法").to_string(),
    ];
    let done = import(&platform, &lines, &[]);
    assert_eq!((done.code, done.counts()), (Some(3), [2, 0, 9]), "{:?}", done.refused);
    for (line, field, says) in [
        (2, "", "JSON"),
        (3, "title", "不能为空"),
        (4, "issued_on", "2025-02-30"),
        (5, "issuing_body", "晴川市桥梁局"),
        (6, "text", "正文有 5.1 MiB，最多 5 MiB"),
        (7, "text", "最多 5 MiB"),
        (8, "id", "内容不同"),
        (9, "relations", "target"),
        (10, "", "JSON 对象"),
    ] {
        let (named, reason) = done.of_line(line);
        assert_eq!(named, field, "line {line}: {reason}");
        assert!(reason.contains(says), "line {line}: {reason}");
    }
    let entry = done.refused.iter().find(|entry| entry["line"] == 5).unwrap();
    assert_eq!(text(entry, "id"), "a-5");
    assert_eq!(PathBuf::from(text(entry, "file")), platform.data().join("source.jsonl"));

    let again = import(&platform, &lines, &["--create-organs"]);
    assert_eq!((again.code, again.counts()), (Some(3), [1, 2, 8]), "only the bridge is new");
    let mended = import(&platform, &lines[..1], &[]);
    assert_eq!((mended.code, mended.counts()), (Some(0), [0, 1, 0]));
    assert!(mended.refused.is_empty(), "the report of an earlier run is gone");

    let admin = platform.admin().await;
    let listed = platform.get("/api/v1/policies?state=published", &admin).await.ok();
    assert_eq!(listed["total"], 3, "{listed}");
    kit::testing::eventually("all three in the index", async || {
        let hits = found(&platform, "晴川市").await.len();
        if hits == 3 { Ok(()) } else { Err(format!("{hits}")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_documents_and_tables_is_taken_in_and_what_cannot_be_read_is_reported() {
    let Some(platform) = Platform::start(Store::Sqlite, &[]).await else { return };
    desk(&platform).await;
    let folder = platform.data().join("brought");
    fs::create_dir_all(folder.join("inside")).unwrap();
    let notice = "晴川市人民政府办公室关于印发垃圾分类办法的通知\n晴政办〔2025〕31号\n各区人民政府：\n\
        现将办法印发给你们。\n晴川市人民政府办公室\n2025年4月1日\n第一条 为了分类垃圾，制定本办法。\n";
    fs::write(folder.join("inside/通知.txt"), notice).unwrap();
    let table = "标题,发文字号,发文机关,文件类别,成文日期\n\
        晴川市灯会办法,晴政办〔2025〕32号,晴川市人民政府办公室,市政府其他文件,2025年4月2日\n\
        晴川市花会办法,,晴川市人民政府办公室,市政府其他文件,2025年4月31日\n";
    fs::write(folder.join("目录.csv"), table).unwrap();
    fs::write(folder.join("坏.docx"), b"PK\x03\x04 no package").unwrap();
    let report = platform.data().join("refused.jsonl");
    let arguments =
        ["import", "documents", path(&folder), "--publish", "--json", "--report", path(&report)];
    let output = platform.command(&arguments);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let refused = fs::read_to_string(&report).unwrap();
    assert_eq!(output.status.code(), Some(3), "{refused}");
    assert_eq!((&said["created"], &said["refused"]), (&json!(2), &json!(2)), "{said} {refused}");
    assert!(refused.contains("已损坏") && refused.contains("第3行"), "{refused}");
    for number in ["晴政办〔2025〕31号", "晴政办〔2025〕32号"] {
        kit::testing::eventually("a document of the folder", async || {
            let ids = found(&platform, number).await;
            if ids.len() == 1 { Ok(()) } else { Err(format!("{number}: {ids:?}")) }
        })
        .await;
    }
    let again = platform.command(&arguments);
    let said: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(said["unchanged"], 2, "{said}");
}
