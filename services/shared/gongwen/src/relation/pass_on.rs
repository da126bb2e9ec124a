//! Passing on: `现将《A》转发给你们`, `《A》已经同意，现印发给你们`; and `现就《A》解读如下`.

use super::RelationType;
use super::collect::{Claim, Collector};
use super::sentence::{Act, Sentence};

/// Reads what a sentence forwards, issues or interprets.
pub(super) fn read(sentence: &Sentence, found: &mut Collector) {
    for word in sentence.words {
        let kind = match word.act {
            Act::Forward => RelationType::Forwards,
            Act::Issue => RelationType::Issues,
            Act::Interpret => RelationType::Interprets,
            _ => continue,
        };
        let (listed, _) = sentence.listed_before(word.range.start, fits);
        let Some(first) = listed.last() else { continue };
        let lead = sentence.before(first.range.start);
        let between = sentence.page.slice(first.range.end..word.range.start);
        let now = between.contains('现')
            || ["现将", "现就", "现对", "现予", "将", "现把"]
                .iter()
                .any(|word| lead.trim_end().ends_with(word))
            || lead.contains("现将")
            || sentence.page.slice(word.range.clone()).starts_with('现');
        let behind = sentence.behind(word.range.end).trim_start();
        let performs = behind.is_empty()
            || ["给", "你", "，", "。", "各", "如下", "实施", "执行"]
                .iter()
                .any(|word| behind.starts_with(word));
        if !now || !performs {
            continue;
        }
        for target in listed.into_iter().rev().filter(|target| target.title.is_some()) {
            found.add(Claim {
                kind,
                target,
                articles: Vec::new(),
                effective_on: None,
                evidence: sentence.range.clone(),
                confidence: 92,
            });
        }
    }
}

fn fits(gap: &str) -> bool {
    const LONGEST: usize = 70;
    gap.chars().count() <= LONGEST
        && !gap.contains(['。', '；'])
        && !["根据", "按照", "要求"].iter().any(|word| gap.contains(word))
}
