//! Everything that contains the words that citizens ask for is found.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::*;

const WORDS_OF_CITIZENS: [&str; 30] = [
    "住房保障",
    "失业保险",
    "信息公开",
    "土地使用权",
    "公积金",
    "医疗保险",
    "养老保险",
    "低保",
    "老年人",
    "残疾人",
    "义务教育",
    "入学",
    "就业",
    "创业",
    "补贴",
    "户口",
    "居住证",
    "身份证",
    "结婚登记",
    "生育",
    "营业执照",
    "税收",
    "环境保护",
    "拆迁补偿",
    "公共交通",
    "物业管理",
    "食品安全",
    "劳动合同",
    "工伤",
    "退役军人",
];
const BATCH: usize = 500;

struct Text {
    title: String,
    text: String,
}

fn assert_recall(texts: &[Text]) {
    let Fixture { index, folder: _folder } = indexed(Vec::new());
    for (batch, texts) in texts.chunks(BATCH).enumerate() {
        let put = |(at, text): (usize, &Text)| {
            put(entry(&(batch * BATCH + at).to_string(), "", &text.title, &text.text))
        };
        let changes: Vec<Change> = texts.iter().enumerate().map(put).collect();
        index.apply(&changes, None).unwrap();
    }
    let (mut truths, mut hits) = (0, 0);
    for word in WORDS_OF_CITIZENS {
        let mut found = std::collections::HashSet::new();
        let mut request = ask(word);
        request.limit = 100;
        loop {
            let page = index.search(&request).unwrap();
            found.extend(page.hits.into_iter().map(|hit| hit.record.id));
            let Some(next) = page.next else { break };
            request.offset = next;
        }
        for (at, text) in texts.iter().enumerate() {
            if text.title.contains(word) || text.text.contains(word) {
                truths += 1;
                hits += usize::from(found.contains(&at.to_string()));
            }
        }
    }
    println!("recall {hits} of {truths} in {} texts", texts.len());
    assert!(truths > 0 && hits * 100 >= truths * 99, "{hits} of {truths}");
}

#[test]
fn in_awkward_surroundings() {
    let mut texts = Vec::new();
    for word in WORDS_OF_CITIZENS {
        for (before, after) in [
            ("", ""),
            ("市", "局"),
            ("中华人民", "和国"),
            ("关于不", "人员的"),
            ("A", "1"),
            ("大学", "业主"),
        ] {
            texts.push(Text {
                title: "公告".to_owned(), text: format!("{before}{word}{after}。")
            });
        }
    }
    assert_recall(&texts);
}

#[test]
fn in_the_sample_library() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample/policies.jsonl");
    let Ok(file) = std::fs::File::open(path) else {
        println!("skipped: no sample library");
        return;
    };
    assert_recall(
        &BufReader::new(file).lines().map(|line| read(&line.unwrap())).collect::<Vec<_>>(),
    );
}

#[test]
fn in_a_corpus() {
    let Ok(folder) = std::env::var("YANGGUANG_CORPUS") else {
        println!("skipped: YANGGUANG_CORPUS names no folder of *.jsonl.gz");
        return;
    };
    let mut texts = Vec::new();
    for path in archives(&Path::new(&folder).join("policies")) {
        let file = GzDecoder::new(std::fs::File::open(path).unwrap());
        texts.extend(BufReader::new(file).lines().map(|line| read(&line.unwrap())));
    }
    assert_recall(&texts);
}

fn read(line: &str) -> Text {
    let value: serde_json::Value = serde_json::from_str(line).unwrap();
    let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    Text { title: field("title"), text: plain(&field("text")) }
}

fn archives(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(archives(&path));
        } else if path.to_string_lossy().ends_with(".jsonl.gz") {
            found.push(path);
        }
    }
    found
}
