//! Repeal: `《A》同时废止`, `决定废止《A》`.

use chrono::NaiveDate;

use super::RelationType;
use super::collect::{Claim, Collector};
use super::sentence::{Act, Sentence, Word, articles};
use crate::document::Page;
use crate::lines;

/// What before the word makes it a report, a wish or a ban.
const REPORTS: [&str; 34] = [
    "不得",
    "未",
    "已",
    "已经",
    "已被",
    "被",
    "是否",
    "或者",
    "或",
    "、",
    "拟",
    "不予",
    "曾",
    "建议",
    "及时",
    "应当",
    "需要",
    "需",
    "应",
    "可以",
    "可",
    "明令",
    "明文",
    "尚",
    "无效",
    "并未",
    "申请",
    "要求",
    "不应",
    "清理",
    "提请",
    "修改和",
    "改、",
    "如",
];
/// What behind it makes it an attribute.
const ATTRIBUTES: [&str; 18] = [
    "的", "后", "前", "之", "、", "或", "时", "手续", "程序", "条件", "情况", "建议", "和", "期",
    "标准", "及", "与", "日期",
];
/// What between title and word shows that not the document is repealed.
const BREAKS: [&str; 20] = [
    "根据",
    "依据",
    "依照",
    "按照",
    "不一致",
    "抵触",
    "不符",
    "以外",
    "除外",
    "已",
    "未",
    "不得",
    "尚",
    "；",
    "：",
    "要求",
    "制定",
    "明确",
    "“",
    "期满",
];

/// Reads the repeals of a sentence.
pub(super) fn read(sentence: &Sentence, found: &mut Collector) {
    for word in sentence.of(Act::Repeal) {
        if is_reported(sentence, word) {
            continue;
        }
        let effective_on = effective_on(sentence, word, found);
        let (mut listed, gap) = sentence.listed_before(word.range.start, fits);
        if let Some(first) = listed.last()
            && is_cited_as_basis(sentence.before(first.range.start))
        {
            listed.pop();
        }
        if let Some(first) = listed.last()
            && is_asked(sentence.before(first.range.start))
        {
            continue;
        }
        let concerned = articles(gap);
        if listed.is_empty() && performs(sentence.before(word.range.start)) {
            listed = sentence.listed_behind(word.range.end, 24);
            listed.reverse();
        }
        listed.retain(|target| {
            // `不再执行《A》中关于…的规定` leaves the rest of it in force.
            let partly = target.range.start >= word.range.end
                && lines::from(sentence.page.text, target.range.end)
                    .starts_with(['中', '有', '关']);
            !partly && !sentence.is_quoted(target)
        });
        for target in listed.into_iter().rev() {
            // A bare number must be called a document, or it numbers something else.
            let confidence = if target.title.is_some() { 93 } else { 80 };
            found.add(Claim {
                kind: RelationType::Repeals,
                target,
                articles: own_articles(sentence, target.range.end, &concerned),
                effective_on,
                evidence: sentence.range.clone(),
                confidence,
            });
        }
    }
}

/// The articles named right behind a title, or those of the last one.
fn own_articles(sentence: &Sentence, end: usize, of_last: &[String]) -> Vec<String> {
    let behind = sentence.behind(end);
    let own = behind.split('《').next().unwrap_or_default();
    if own.len() == behind.len() {
        return of_last.to_vec();
    }
    articles(own)
}

fn is_reported(sentence: &Sentence, word: &Word) -> bool {
    let before = sentence.before(word.range.start).trim_end();
    let behind = sentence.behind(word.range.end).trim_start();
    reported(sentence.page, word, before, behind)
}

/// The same for a word outside a sentence that cites.
pub(super) fn is_word_reported(page: &Page, word: &Word) -> bool {
    let before = lines::tail(page.text, word.range.start, 40).trim_end();
    let behind = lines::head(page.text, word.range.end, 8).trim_start();
    reported(page, word, before, behind)
}

fn reported(page: &Page, word: &Word, before: &str, behind: &str) -> bool {
    let plain = page.slice(word.range.clone()).chars().count() == 2;
    // `予以废止` performs what `废止` after an auxiliary only speaks of.
    let reports =
        REPORTS.iter().any(|report| before.ends_with(report) && (plain || *report != "、"));
    let attribute = ATTRIBUTES.iter().any(|word| behind.starts_with(word))
        && !behind.starts_with("及《")
        && !behind.starts_with("和《");
    reports || attribute
}

/// Whether what stands between the last title and the word leaves them together.
fn fits(gap: &str) -> bool {
    const LONGEST: usize = 45;
    let gap = lines::squeezed(gap);
    let clause = gap.rsplit(['，', ',']).next().unwrap_or_default();
    let first = gap.split(['，', ',']).next().unwrap_or_default();
    let joined = !gap.contains(['，', ','])
        || first.is_empty()
        || clause.starts_with(['自', '从', '现', '同', '一', '即', '也'])
        || clause.is_empty() && gap.trim_end_matches(['，', ',']).is_empty();
    joined && gap.chars().count() <= LONGEST && !BREAKS.iter().any(|word| gap.contains(word))
}

/// Whether the clause before the titles bans, reports or asks for the repeal.
fn is_asked(before: &str) -> bool {
    let clause = before.rsplit(['，', ',', '；', '。', '：']).next().unwrap_or_default();
    ["不得", "不能", "未经", "是否", "如需", "应当", "可以", "建议", "拟", "已将", "已对", "曾"]
        .iter()
        .any(|word| clause.contains(word))
}

/// Whether the title is what the act rests on: `根据《A》`.
fn is_cited_as_basis(before: &str) -> bool {
    let before = before.trim_end_matches(['、', '原', ' ']);
    ["根据", "依据", "按照", "依照", "贯彻", "落实", "贯彻落实", "执行"]
        .iter()
        .any(|word| before.ends_with(word))
}

/// Whether `废止《A》` is decided here: after 决定, 现, 同时, a date, or at the start.
fn performs(before: &str) -> bool {
    let clause = before.rsplit(['，', '。', '；', '：']).next().unwrap_or_default();
    let bare = clause.trim_start_matches(|ch: char| {
        crate::date::is_numeral(ch) || matches!(ch, '、' | '.' | '（' | '）' | ' ' | '　')
    });
    let decides = ["决定", "现", "同时", "一并", "起", "宣布", "予以", "同意"];
    bare.is_empty() || decides.iter().any(|word| bare.ends_with(word)) || bare.ends_with("决定将")
}

/// From when: a day in the sentence, or the document's own if it says so.
fn effective_on(sentence: &Sentence, word: &Word, found: &Collector) -> Option<NaiveDate> {
    let range = sentence.range.start..word.range.start;
    let dates = &sentence.page.dates;
    let first = dates.partition_point(|date| date.range.start < range.start);
    let stated = dates
        .get(first..)
        .unwrap_or_default()
        .iter()
        .take_while(|date| date.range.end <= range.end)
        .filter(|date| {
            // `自…起施行的《A》` tells when the other took effect.
            let behind = lines::head(sentence.page.text, date.range.end, 6).trim_start();
            behind.starts_with('起') && !behind.contains('的')
        })
        .find_map(|date| date.date.day());
    let fields = found.fields;
    let own = fields.effective_on.as_ref().or(fields.signed_on.as_ref()).map(|field| field.value);
    let written = sentence.page.slice(word.range.clone());
    let before = sentence.before(word.range.start);
    let together = written.starts_with("同时")
        || written.starts_with("即行")
        || before.contains("施行之日")
        || before.contains("实施之日")
        || before.contains("印发之日")
        || before.contains("起施行")
        || before.ends_with("同时");
    stated.or(own.filter(|_| together))
}
