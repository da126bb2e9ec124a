//! Basis: `根据《A》，制定本办法`.

use super::RelationType;
use super::collect::{Claim, Collector};
use super::sentence::{Act, Sentence};

/// What a sentence does with the basis it names.
const PURPOSES: [&str; 12] = [
    "制定",
    "现就",
    "现将",
    "如下",
    "决定",
    "结合",
    "特",
    "现予",
    "经研究",
    "提出",
    "制订",
    "修订",
];
/// Bytes behind the title in which a preamble ends.
const PREAMBLE: usize = 2400;

/// Reads the basis that a sentence names.
pub(super) fn read(sentence: &Sentence, found: &mut Collector) {
    let text = sentence.page.slice(sentence.range.clone());
    let purpose = PURPOSES.iter().any(|word| text.contains(word));
    let makes = text.contains("制定本") || text.contains("制订本");
    if !purpose || !(makes || is_preamble(sentence)) {
        return;
    }
    for word in sentence.of(Act::Base) {
        for target in sentence.listed_behind(word.range.end, 30) {
            // `根据《关于修改…的决定》第一次修正` is a law's history.
            let behind = sentence.behind(target.range.end).trim_start();
            let history = ["修正", "修订", "第一次", "第二次", "第三次", "第四次", "第五次"]
                .iter()
                .any(|word| behind.starts_with(word));
            if sentence.is_quoted(target) || history {
                continue;
            }
            found.add(Claim {
                kind: RelationType::BasedOn,
                target,
                articles: Vec::new(),
                effective_on: None,
                evidence: sentence.range.clone(),
                confidence: if makes { 95 } else { 80 },
            });
        }
    }
}

/// Whether a sentence stands before the first numbered heading or article but one.
fn is_preamble(sentence: &Sentence) -> bool {
    let page = sentence.page;
    let start = page.lines.get(page.body_line).map_or(0, |line| line.start);
    let limit = start + PREAMBLE;
    if sentence.range.start > limit {
        return false;
    }
    let before = page.slice(start.min(sentence.range.start)..sentence.range.start);
    let numbered = ["\n一、", "。一、", "：一、", "　一、", "第二条", "\n1.", "\n（一）"];
    !numbered.iter().any(|mark| before.contains(mark)) && !before.trim_start().starts_with("一、")
}
