//! What is searched for, and texts taken apart for a database that has no Chinese.

use search::engine::Words;

use crate::recall::WORDS;

/// Phrases of laws; those of two or more terms serve as phrases.
const PHRASES: [&str; 20] = [
    "行政处罚决定",
    "社会保险基金",
    "建设工程质量",
    "安全生产监督管理",
    "依法追究刑事责任",
    "突发事件应急预案",
    "农村集体经济组织",
    "主管部门责令改正",
    "公共服务设施",
    "信用信息平台",
    "国家工作人员",
    "城乡规划主管部门",
    "县级以上地方人民政府",
    "住房公积金管理中心",
    "商品房预售许可",
    "房屋租赁合同",
    "环境影响评价文件",
    "知识产权保护",
    "医疗卫生机构",
    "法律法规规定",
];

/// How far apart in the list the two words of a pair stand.
const APART: usize = 7;

/// One question, as each of the three is asked it.
#[derive(Debug, Clone)]
pub struct Question {
    /// As a person writes it.
    pub written: String,
    /// As [`super::raw`] reads it.
    pub terms: String,
    /// As PostgreSQL's `to_tsquery` reads it.
    pub tsquery: String,
}

/// The kinds of question, each with its questions.
pub fn questions(words: &Words) -> [(&'static str, Vec<Question>); 3] {
    let single: Vec<&str> =
        WORDS.into_iter().filter(|word| terms(words, word).len() == 1).collect();
    let one = single.iter().map(|word| Question {
        written: (*word).to_owned(),
        terms: (*word).to_owned(),
        tsquery: (*word).to_owned(),
    });
    let two = single.iter().zip(single.iter().cycle().skip(APART)).map(|(a, b)| Question {
        written: format!("{a} {b}"),
        terms: format!("{a}&{b}"),
        tsquery: format!("{a} & {b}"),
    });
    let phrases = PHRASES.iter().filter_map(|phrase| {
        let terms = terms(words, phrase);
        (terms.len() > 1).then(|| Question {
            written: format!("“{phrase}”"),
            terms: terms.join("+"),
            tsquery: terms.join(" <-> "),
        })
    });
    [("one word", one.collect()), ("two words", two.collect()), ("phrase", phrases.collect())]
}

/// The words that a run of Han characters is divided into, where each is a term of the index.
fn terms(words: &Words, run: &str) -> Vec<String> {
    let divided = divide(words, run);
    let known = |word: &String| {
        let length = word.chars().count();
        length == 2 || (length > 2 && words.has(word))
    };
    if divided.iter().all(known) { divided } else { Vec::new() }
}

fn divide(words: &Words, run: &str) -> Vec<String> {
    let mut characters = run.chars();
    let lengths = words.divide(run);
    lengths.into_iter().map(|length| characters.by_ref().take(length).collect()).collect()
}

/// A text with a space between its words.
pub fn segmented(words: &Words, text: &str, into: &mut String) {
    let mut run = String::new();
    for ch in text.chars() {
        if ('\u{4e00}'..='\u{9fff}').contains(&ch) {
            run.push(ch);
            continue;
        }
        spaced(words, &mut run, into);
        into.push(if ch == '\0' { ' ' } else { ch });
    }
    spaced(words, &mut run, into);
}

fn spaced(words: &Words, run: &mut String, into: &mut String) {
    if run.is_empty() {
        return;
    }
    into.push(' ');
    for word in divide(words, run) {
        into.push_str(&word);
        into.push(' ');
    }
    run.clear();
}
