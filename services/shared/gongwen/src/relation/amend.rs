//! Amendment: `将《A》第三条修改为`, `对《A》作如下修改`, `决定修改《A》`.

use super::RelationType;
use super::collect::{Claim, Collector, plain};
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
            let claim = Claim {
                kind: RelationType::Amends,
                target,
                articles: articles(own),
                effective_on: found.fields.effective_on.as_ref().map(|field| field.value),
                evidence: sentence.range.clone(),
                confidence: 90,
            };
            // `对《A》作如下修改` in a text called A puts out its amendment and then A anew.
            if word.act == Act::Amend { found.add_namesake(claim) } else { found.add(claim) }
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

/// Adds to what a decision amends the articles that its paragraphs change, each paragraph to the
/// document cited last before it: `一、修改《A》…将第三条修改为：“…”…二、修改《B》…`.
pub(super) fn articles_of_decision(words: &[Word], found: &mut Collector) {
    let page = found.page;
    let keys: Vec<String> = found.of(RelationType::Amends).map(|(key, _)| key.to_owned()).collect();
    let decides = words.iter().any(|word| word.act == Act::Amend)
        || ["修改", "修订", "修正", "清理"].iter().any(|verb| page.title_text().contains(verb));
    if keys.is_empty() || !decides {
        return;
    }
    let mut cited: Vec<(usize, usize)> = page
        .citations
        .iter()
        .filter_map(|citation| {
            let title = plain(citation.title.as_deref()?);
            let at = keys.iter().position(|key| *key == title)?;
            Some((citation.range.start, at))
        })
        .collect();
    // Rows of a list cite without 《》.
    let rows = found
        .of(RelationType::Amends)
        .enumerate()
        .filter_map(|(at, (_, relation))| Some((relation.span.as_ref()?.bytes().start, at)));
    cited.extend(rows);
    cited.sort_unstable();
    let limit = ["作相应修改", "作相应的修改", "重新公布"]
        .iter()
        .filter_map(|end| memchr::memmem::find(page.text.as_bytes(), end.as_bytes()))
        .min()
        .unwrap_or(page.text.len());
    let mut places: Vec<(usize, Vec<String>)> = words
        .iter()
        .filter(|word| word.act == Act::AmendArticles)
        .map(|word| (word.range.start, changed_before(page.text, word.range.start)))
        .collect();
    for verb in ["删去", "删除"] {
        for at in memchr::memmem::find_iter(page.text.as_bytes(), verb) {
            places.push((at, removed_behind(page.text, at + verb.len())));
        }
    }
    places.sort_by_key(|(at, _)| *at);
    for (place, changed) in places.into_iter().filter(|(place, _)| *place < limit) {
        let last = cited.partition_point(|(at, _)| *at < place).checked_sub(1);
        let index = match (last.and_then(|last| cited.get(last)), keys.len()) {
            (Some((_, index)), _) => *index,
            (None, 1) => 0,
            _ => continue,
        };
        let Some((_, relation)) = found.of(RelationType::Amends).nth(index) else { continue };
        for article in changed {
            if !relation.articles.contains(&article) {
                relation.articles.push(article);
            }
        }
    }
}

/// The articles that the clause before 修改为 names.
fn changed_before(text: &str, at: usize) -> Vec<String> {
    const REACH: usize = 40;
    let clause = lines::tail(text, at, REACH);
    let clause = clause.rsplit(['。', '\n', '；', '：']).next().unwrap_or_default();
    // What stands in quotes is the wording, old or new; behind 改为 stands the new number.
    let clause = clause.split('“').next().unwrap_or_default();
    articles(clause.split("改为").next().unwrap_or_default())
}

/// The articles named behind 删去.
fn removed_behind(text: &str, at: usize) -> Vec<String> {
    const REACH: usize = 60;
    let clause = lines::head(text, at, REACH);
    let clause = clause.split(['。', '\n', '；', '“', '，']).next().unwrap_or_default();
    if clause.starts_with('第') { articles(clause) } else { Vec::new() }
}
