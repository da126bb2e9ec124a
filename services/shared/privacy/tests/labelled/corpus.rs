//! Real paragraphs, where a folder of them is at hand.

use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// Paragraphs to set sentences into where no real ones are.
pub const WRITTEN: [&str; 6] = [
    "为规范行政执法行为，根据有关法律、法规，结合本市实际，制定本办法。",
    "各县、区人民政府，市政府各部门、各直属机构：现将有关事项通知如下，请认真贯彻落实。",
    "2023年，全市完成固定资产投资1234.5亿元，增长8.1%，其中工业投资增长12.3%。",
    "申请人应当自收到决定书之日起六十日内提出复议申请。",
    "本办法自2024年1月1日起施行，有效期五年。2018年发布的旧办法同时废止。",
    "符合条件的居民可向户籍所在地街道办事处提出申请，并提交身份证、户口簿等材料。",
];

/// The paragraphs of the laws and policies in the folder that `YANGGUANG_CORPUS` names.
pub fn paragraphs() -> Option<Vec<String>> {
    let folder = std::env::var_os("YANGGUANG_CORPUS")?;
    let folder = Path::new(&folder);
    let mut paragraphs = Vec::new();
    for file in [
        "laws/laws.jsonl.gz",
        "policies/hebei.jsonl.gz",
        "policies/statecouncil.jsonl.gz",
        "policies/city-housing.jsonl.gz",
        "city-policies/documents.jsonl.gz",
    ] {
        let raw = std::fs::read(folder.join(file)).ok()?;
        let mut content = String::new();
        MultiGzDecoder::new(raw.as_slice()).read_to_string(&mut content).ok()?;
        let texts = content
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter_map(|record| Some(record.get("text")?.as_str()?.to_owned()));
        let before = paragraphs.len();
        for text in texts {
            let lines = text.lines().map(str::trim).filter(|line| line.chars().count() > 15);
            paragraphs.extend(lines.map(str::to_owned));
            if paragraphs.len() - before > 40_000 {
                break;
            }
        }
    }
    Some(paragraphs)
}
