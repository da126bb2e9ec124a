//! What a search finds of what plainly contains the word.

use std::collections::HashSet;

use anyhow::Result;
use contracts::search::SearchRequest;

use crate::{
    corpus::Document,
    figures::{count_of, ratio},
    product::Product,
};

const PAGE: u32 = 100;

/// Words that citizens and companies ask for.
pub const WORDS: [&str; 30] = [
    "住房保障",
    "公积金",
    "失业保险",
    "医疗保险",
    "养老保险",
    "信息公开",
    "土地使用权",
    "物业管理",
    "停车",
    "义务教育",
    "公租房",
    "最低生活保障",
    "残疾人",
    "老年人",
    "创业",
    "补贴",
    "营商环境",
    "行政许可",
    "行政处罚",
    "个体工商户",
    "不动产登记",
    "居住证",
    "垃圾分类",
    "食品安全",
    "消防安全",
    "环境保护",
    "道路交通",
    "农村",
    "规划",
    "企业",
];

/// The sums over all words.
#[derive(Default)]
pub struct Recall {
    /// Found of what contains the word.
    pub share: f64,
    /// What contains it.
    pub truths: usize,
    /// What of that was found.
    pub found: usize,
    surplus: usize,
}

impl Recall {
    /// Adds what one word has found.
    pub fn add(&mut self, truths: usize, hits: usize, found: usize) {
        self.truths += truths;
        self.found += hits;
        self.surplus += found - hits;
    }

    /// In words.
    pub fn text(&self) -> String {
        let Self { truths, found, surplus, .. } = self;
        format!("{found} of {truths} ({surplus} more without the very word)")
    }
}

/// Asks for every word and compares with a plain look into titles and texts.
pub async fn of(product: &Product, documents: &[Document]) -> Result<Recall> {
    let mut recall = Recall::default();
    for word in WORDS {
        let truth: HashSet<&str> = documents
            .iter()
            .filter(|document| document.title.contains(word) || document.text().contains(word))
            .map(|document| document.id.as_str())
            .collect();
        let found = sources(product, word).await?;
        let hits = truth.iter().filter(|id| found.contains(**id)).count();
        recall.add(truth.len(), hits, found.len());
    }
    recall.share = ratio(count_of(recall.found), count_of(recall.truths));
    Ok(recall)
}

/// The source ids of everything that a word finds.
async fn sources(product: &Product, word: &str) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    let mut page_token = String::new();
    loop {
        let query = word.to_owned();
        let request =
            SearchRequest { query, page_size: PAGE, page_token, ..SearchRequest::default() };
        let answer = product.search(request).await?;
        found.extend(answer.hits.into_iter().map(|hit| hit.source_id));
        if answer.next_page_token.is_empty() {
            return Ok(found);
        }
        page_token = answer.next_page_token;
    }
}
