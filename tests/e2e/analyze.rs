//! `yangguang analyze` reads documents without any platform.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::harness::program;

/// Runs a command with an input; answers with its exit code and the JSON lines that it printed.
fn analyze(arguments: &[&str], input: &str) -> (Option<i32>, Vec<Value>) {
    let mut command = Command::new(program());
    command.arg("analyze").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.code(), lines)
}

#[test]
fn a_number_gets_its_normal_form_or_a_reason() {
    let (code, lines) = analyze(&["number"], "明府办[2024]12\n某某通知\n");
    assert_eq!(code, Some(0));
    let typed = json!({"input": "明府办[2024]12", "normal": "明府办〔2024〕12号", "reason": null});
    assert_eq!(lines[0], typed);
    assert!(lines[1]["normal"].is_null() && lines[1]["reason"].is_string());

    let (code, lines) = analyze(&["number", "--json"], "\"明府办\\n〔2024〕12号\"\nno string\n");
    assert_eq!((code, lines.len()), (Some(3), 1));
    assert_eq!(lines[0]["normal"], "明府办〔2024〕12号");
}

#[test]
fn a_notice_is_taken_apart() {
    const NOTICE: &str = "明川市人民政府办公室关于印发明川市停车收费办法的通知\n\
        明府办〔2024〕12号\n\
        各县、区人民政府，市政府各部门：\n\
        《明川市停车收费办法》已经市政府同意，现印发给你们，请认真贯彻执行。\n\
        明川市人民政府办公室\n2024年5月1日\n\
        明川市停车收费办法\n\
        第一条　为规范停车收费，根据《中华人民共和国价格法》，制定本办法。\n\
        第二条　本办法自2024年6月1日起施行，有效期五年。\
        《明川市停车收费暂行办法》（明府办〔2019〕3号）同时废止。\n\
        投诉人王建国，电话13812345678。\n";
    let (code, lines) = analyze(&["document", "-"], NOTICE);
    assert_eq!(code, Some(0));
    let [read] = lines.as_slice() else { panic!("one object a document: {lines:?}") };
    assert_eq!(read["document_number"], "明府办〔2024〕12号");
    assert_eq!(read["issuing_organs"], json!(["明川市人民政府办公室"]));
    assert_eq!(read["signed_on"], "2024-05-01");
    assert_eq!(read["effective_on"], "2024-06-01");
    assert_eq!(read["validity_years"], 5);
    assert_eq!(read["fields"]["document_numbers"][0]["value"], "明府办〔2024〕12号");
    let relations = read["relations"].as_array().unwrap();
    let repeal = relations.iter().find(|relation| relation["type"] == "repeals").unwrap();
    assert_eq!(repeal["number"], "明府办〔2019〕3号");
    let found = read["privacy"].as_array().unwrap();
    assert!(found.iter().any(|finding| finding["kind"] == "mobile_number"), "{found:?}");
}

#[test]
fn records_that_cannot_be_read_do_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.jsonl");
    let records = "{\"id\":\"a\",\"text\":\"申请人王建国，电话13812345678。\"}\nnot json\n\
                   {\"id\":\"b\",\"title\":\"只有标题\"}\n";
    std::fs::write(&path, records).unwrap();
    let (code, lines) = analyze(&["privacy", path.to_str().unwrap()], "");
    assert_eq!(code, Some(3));
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], "a");
    assert!(!lines[0]["findings"].as_array().unwrap().is_empty());
    assert_eq!(lines[1], json!({"id": "b", "findings": []}));
}
