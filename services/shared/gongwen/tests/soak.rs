//! Millions of damaged fragments of documents: nothing panics, and what is reported holds.
//!
//! Ignored by default. `GONGWEN_SOAK` says how many inputs (ten million), two threads share them.
//! Run with `cargo test --release -p gongwen --test soak -- --ignored --nocapture`.

#![expect(clippy::indexing_slicing, reason = "a place that is not there is a failed test")]

use std::time::Instant;

use gongwen::date;
use gongwen::number::{self, Parsed};

/// Pieces like those of documents, from which inputs are put together.
const PIECES: [&str; 40] = [
    "淮府办〔2023〕12号",
    "国令第711号",
    "某省人民政府令第149号",
    "主席令第七十三号",
    "皖政务办秘〔202222)",
    "（87）国科发综字0810号",
    "国家税务总局公告2023年第5号",
    "[1998]12号",
    "2023年1月8日",
    "二〇二三年十二月三十一日",
    "2021118日",
    "20221220日",
    "2023-01-08",
    "自2020年5月1日起施行",
    "自印发之日起施行",
    "有效期五年",
    "有效期至2025年12月31日",
    "关于印发《河道管理办法》的通知",
    "《河道管理办法》（淮府〔2010〕3号）",
    "（以下简称《办法》）",
    "同时废止。",
    "原办法同时废止。",
    "同名文件废止。",
    "第三条、第五条第二款",
    "将第三条修改为：“",
    "作如下修改：",
    "删去第七条。",
    "现将《通知》转发给你们",
    "废止的规章目录",
    "1.修路办法发文单位：",
    "一、关于修坝的意见（淮府〔2011〕28号）",
    "\n",
    "　　",
    "某市水利局",
    "根据《水法》，制定本办法。",
    "附件：1.表",
    "第一条　为了",
    "”",
    "部长张三2019年4月28日",
    "征求意见稿",
];
/// Characters that damage puts in.
const NOISE: [char; 14] =
    ['《', '》', '〔', '〕', '（', '）', '第', '号', '年', '０', '〇', '。', 'a', '\u{200b}'];

/// A small generator that a seed makes repeatable (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let folded = usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap_or_default();
        folded % limit.max(1)
    }
}

fn input(random: &mut Random, most: usize) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(most) {
        text.push_str(PIECES[random.below(PIECES.len())]);
    }
    let damage = random.below(4);
    if damage == 0 {
        return text;
    }
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..damage {
        let at = random.below(chars.len());
        match random.below(4) {
            0 if chars.len() > 1 => drop(chars.remove(at)),
            1 => chars.insert(at, NOISE[random.below(NOISE.len())]),
            2 => chars.insert(at, chars[at]),
            _ => chars[at] = NOISE[random.below(NOISE.len())],
        }
    }
    chars.into_iter().collect()
}

fn check_parts(text: &str) {
    if let Parsed::Exact(read) | Parsed::Repaired(read) = number::parse(text) {
        assert_eq!(number::parse(&read.to_string()), Parsed::Exact(read), "{text:?}");
    }
    let mut floor = 0;
    for (range, read) in number::find_in(text) {
        assert!(range.start >= floor && text.get(range.clone()).is_some(), "{text:?}");
        assert_eq!(number::parse(&read.to_string()), Parsed::Exact(read), "{text:?}");
        floor = range.end;
    }
    let _ = date::parse(text);
    for found in date::find_in(text) {
        assert!(text.get(found.range).is_some(), "{text:?}");
    }
}

fn check_document(title: Option<&str>, text: &str) {
    let document = gongwen::analyze(title, text);
    let spans = document.outline.iter().map(|node| &node.span);
    let cited = document.relations.iter().filter_map(|relation| relation.span.as_ref());
    let fields = &document.fields;
    let valued = [
        fields.title.as_ref().and_then(|field| field.span.as_ref()),
        fields.signed_on.as_ref().and_then(|field| field.span.as_ref()),
        fields.effective_on.as_ref().and_then(|field| field.span.as_ref()),
        fields.expires_on.as_ref().and_then(|field| field.span.as_ref()),
        fields.category.as_ref().and_then(|field| field.span.as_ref()),
    ];
    let characters = text.chars().count();
    for span in spans.chain(cited).chain(valued.into_iter().flatten()) {
        let inside = text.get(span.bytes()).is_some() && span.end <= characters;
        assert!(inside && span.start <= span.end, "{span:?} of {text:?}");
    }
}

fn run(seed: u64, count: u64) {
    let mut random = Random(seed);
    for turn in 0..count {
        // Most inputs are short; documents take longer and come one in four.
        if turn % 4 == 0 {
            let title = (random.below(2) == 0).then(|| input(&mut random, 2));
            check_document(title.as_deref(), &input(&mut random, 8));
        } else {
            check_parts(&input(&mut random, 2));
        }
    }
}

#[test]
#[ignore = "runs for minutes"]
fn damaged_fragments_break_nothing() {
    let wanted = std::env::var("GONGWEN_SOAK").ok().and_then(|count| count.parse().ok());
    let count: u64 = wanted.unwrap_or(10_000_000);
    let start = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| run(1, count / 2));
        scope.spawn(|| run(2, count - count / 2));
    });
    println!("{count} inputs in {:.0} s", start.elapsed().as_secs_f64());
}
