//! Amendment: `将《A》第三条修改为`, `对《A》作如下修改`, `决定修改《A》`.

use super::RelationType;
use super::collect::{Claim, Collector};
use super::sentence::{Act, Sentence, Word, articles};
use crate::lines;

/// What between title and word parts them.
const BREAKS: [&str; 12] =
    ["根据", "依据", "依照", "按照", "，由", "已", "；", "可以", "应当", "不得", "要求", "，经"];

/// Reads the amendments of a sentence.
pub(super) fn read(sentence: &Sentence, found: &mut Collector) {
    for word in sentence.words {
        let listed = match word.act {
            Act::AmendArticles => {
                let (listed, gap) = sentence.listed_before(word.range.start, fits_articles);
                // The words right behind the title say which part of it is changed.
                let near = lines::squeezed(lines::head(gap, 0, 14));
                let wording = near.contains(['第', '中', '“']);
                if wording { listed } else { Vec::new() }
            }
            Act::Amend if !sentence.behind(word.range.end).starts_with(['的', '后', '完']) => {
                let (listed, _) = sentence.listed_before(word.range.start, fits_whole);
                listed
            }
            Act::AmendVerb if performs(sentence.before(word.range.start)) => {
                sentence.listed_behind(word.range.end, 2)
            }
            _ => continue,
        };
        for target in listed.into_iter().rev() {
            if sentence.is_quoted(target) || target.title.is_none() {
                continue;
            }
            let gap = sentence.page.slice(target.range.end..word.range.start.max(target.range.end));
            let own = gap.split('《').next().unwrap_or_default();
            let own = own.split('“').next().unwrap_or_default();
            found.add(Claim {
                kind: RelationType::Amends,
                target,
                articles: articles(own),
                effective_on: found.fields.effective_on.as_ref().map(|field| field.value),
                evidence: sentence.range.clone(),
                confidence: 90,
            });
        }
    }
}

fn fits_articles(gap: &str) -> bool {
    const LONGEST: usize = 90;
    let outside = gap.split('“').next().unwrap_or_default();
    gap.chars().count() <= LONGEST && !BREAKS.iter().any(|word| outside.contains(word))
}

fn fits_whole(gap: &str) -> bool {
    const LONGEST: usize = 24;
    let gap = lines::squeezed(gap);
    gap.chars().count() <= LONGEST && !BREAKS.iter().any(|word| gap.contains(word))
}

fn performs(before: &str) -> bool {
    let clause = before.rsplit(['，', '。', '；', '：']).next().unwrap_or_default();
    ["决定", "决定对", "现", "现决定"].iter().any(|word| clause.trim_end().ends_with(word))
}

/// Adds to a decision that amends one document the articles its paragraphs change:
/// `一、第三条修改为：“…”`.
pub(super) fn articles_of_decision(words: &[Word], found: &mut Collector) {
    const REACH: usize = 40;
    let text = found.page.text;
    let title = found.page.title_text();
    if !["修改", "修订", "修正"].iter().any(|verb| title.contains(verb)) {
        return;
    }
    let Some(relation) = found.only(RelationType::Amends) else { return };
    for word in words.iter().filter(|word| word.act == Act::AmendArticles) {
        let before = lines::tail(text, word.range.start, REACH);
        let clause = before.rsplit(['。', '\n', '；', '：']).next().unwrap_or_default();
        // What stands in quotes is the wording, old or new.
        let clause = clause.split('“').next().unwrap_or_default();
        for article in articles(clause) {
            if !relation.articles.contains(&article) {
                relation.articles.push(article);
            }
        }
    }
}
