//! Sentences that cite documents, with the words in them that may make a relation.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::cite::Citation;
use crate::document::Page;
use crate::lines;

/// What a word may do to a cited document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Repeal,
    /// The other's articles are changed: `修改为`.
    AmendArticles,
    /// The other is changed: `作如下修改`.
    Amend,
    /// The plain verb 修改, before a title.
    AmendVerb,
    Base,
    Forward,
    Issue,
    Interpret,
}

const WORDS: [(&str, Act); 61] = [
    ("废止", Act::Repeal),
    ("同时废止", Act::Repeal),
    ("予以废止", Act::Repeal),
    ("即行废止", Act::Repeal),
    ("自行废止", Act::Repeal),
    ("相应废止", Act::Repeal),
    ("一并废止", Act::Repeal),
    ("停止执行", Act::Repeal),
    ("同时停止执行", Act::Repeal),
    ("停止施行", Act::Repeal),
    ("停止实施", Act::Repeal),
    ("不再执行", Act::Repeal),
    ("不再施行", Act::Repeal),
    ("终止执行", Act::Repeal),
    ("终止施行", Act::Repeal),
    ("宣布失效", Act::Repeal),
    ("同时失效", Act::Repeal),
    ("自行失效", Act::Repeal),
    ("自动失效", Act::Repeal),
    ("即行失效", Act::Repeal),
    ("作废", Act::Repeal),
    ("同时作废", Act::Repeal),
    ("同时终止", Act::Repeal),
    ("同时停止使用", Act::Repeal),
    ("修改为", Act::AmendArticles),
    ("修订为", Act::AmendArticles),
    ("调整为", Act::AmendArticles),
    ("改为", Act::AmendArticles),
    ("删去", Act::AmendVerb),
    ("作如下修改", Act::Amend),
    ("做如下修改", Act::Amend),
    ("作出如下修改", Act::Amend),
    ("做出如下修改", Act::Amend),
    ("作以下修改", Act::Amend),
    ("作出以下修改", Act::Amend),
    ("作出修改", Act::Amend),
    ("作出部分修改", Act::Amend),
    ("作部分修改", Act::Amend),
    ("作如下修订", Act::Amend),
    ("作如下调整", Act::Amend),
    ("作出如下修订", Act::Amend),
    ("作相应修改", Act::Amend),
    ("进行修改", Act::Amend),
    ("进行如下修改", Act::Amend),
    ("进行了修改", Act::Amend),
    ("进行修订", Act::Amend),
    ("予以修改", Act::Amend),
    ("予以修订", Act::Amend),
    ("修改", Act::AmendVerb),
    ("修正", Act::AmendVerb),
    ("修订", Act::AmendVerb),
    ("根据", Act::Base),
    ("依据", Act::Base),
    ("依照", Act::Base),
    ("按照", Act::Base),
    ("转发", Act::Forward),
    ("批转", Act::Forward),
    ("印发", Act::Issue),
    ("现予公布", Act::Issue),
    ("解读如下", Act::Interpret),
    ("解读", Act::Interpret),
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| word);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
});

/// A word with its place.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) act: Act,
    pub(super) range: Range<usize>,
}

/// The words of a page outside cited titles, in order.
pub(super) fn words(page: &Page) -> Vec<Word> {
    let Some(finder) = FINDER.as_ref() else { return Vec::new() };
    let mut cited = page.citations.iter().peekable();
    let mut words = Vec::new();
    for found in finder.find_iter(page.text) {
        while cited.peek().is_some_and(|citation| citation.range.end <= found.start()) {
            cited.next();
        }
        if cited.peek().is_some_and(|citation| citation.range.start <= found.start()) {
            continue;
        }
        if let Some((_, act)) = WORDS.get(found.pattern().as_usize()) {
            words.push(Word { act: *act, range: found.range() });
        }
    }
    words
}

/// A sentence that cites at least one document.
pub(super) struct Sentence<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) range: Range<usize>,
    pub(super) citations: &'a [Citation],
    pub(super) words: &'a [Word],
}

/// The sentences of a page that hold a citation and a word.
pub(super) fn sentences<'a>(page: &'a Page<'a>, words: &'a [Word]) -> Vec<Sentence<'a>> {
    let mut sentences = Vec::new();
    let mut next = 0;
    while let Some(citation) = page.citations.get(next) {
        let range = around(page, citation);
        let inside = page.citations.get(next..).unwrap_or_default();
        let count = inside.partition_point(|other| other.range.start < range.end).max(1);
        let from = words.partition_point(|word| word.range.start < range.start);
        let to = words.partition_point(|word| word.range.start < range.end);
        if from < to {
            sentences.push(Sentence {
                page,
                range,
                citations: inside.get(..count).unwrap_or_default(),
                words: words.get(from..to).unwrap_or_default(),
            });
        }
        next += count;
    }
    sentences
}

/// The sentence around a citation, within its line.
fn around(page: &Page, citation: &Citation) -> Range<usize> {
    const STOPS: [char; 3] = ['。', '！', '？'];
    const REACH: usize = 400;
    let line = page.lines.get(page.line_at(citation.range.start)).cloned().unwrap_or_default();
    let before = lines::tail(page.text, citation.range.start, REACH);
    let floor = citation.range.start - before.len();
    let start = match before.rfind(STOPS) {
        Some(at) => floor + at + '。'.len_utf8(),
        None => floor,
    };
    let start = start.max(line.start).min(citation.range.start);
    let last = page.lines.get(page.line_at(citation.range.end.saturating_sub(1)));
    let limit = last.map_or(page.text.len(), |line| line.end).max(citation.range.end);
    let end = page
        .slice(citation.range.end..limit)
        .find(STOPS)
        .map_or(limit, |at| citation.range.end + at + '。'.len_utf8());
    start..end
}

impl<'a> Sentence<'a> {
    /// The words of a kind.
    pub(super) fn of(&self, act: Act) -> impl Iterator<Item = &'a Word> {
        self.words.iter().filter(move |word| word.act == act)
    }

    /// The sentence before a byte.
    pub(super) fn before(&self, byte: usize) -> &'a str {
        self.page.slice(self.range.start..byte)
    }

    /// The sentence from a byte on.
    pub(super) fn behind(&self, byte: usize) -> &'a str {
        self.page.slice(byte..self.range.end)
    }

    /// The documents listed right before a byte, last first, and what stands between the last
    /// one and the byte; `fits` says whether that may stand there.
    pub(super) fn listed_before(
        &self,
        byte: usize,
        fits: impl Fn(&str) -> bool,
    ) -> (Vec<&'a Citation>, &'a str) {
        let mut listed: Vec<&Citation> = Vec::new();
        let mut gap_of_last = "";
        let mut end = byte;
        for citation in self.citations.iter().rev().filter(|found| found.range.end <= byte) {
            let gap = self.page.slice(citation.range.end..end);
            let joins =
                if listed.is_empty() { fits(&without_brackets(gap)) } else { is_joint(gap) };
            if !joins {
                break;
            }
            if listed.is_empty() {
                gap_of_last = gap;
            }
            listed.push(citation);
            end = citation.range.start;
        }
        (listed, gap_of_last)
    }

    /// The documents listed behind a byte, the first within `reach` characters.
    pub(super) fn listed_behind(&self, byte: usize, reach: usize) -> Vec<&'a Citation> {
        let mut listed: Vec<&Citation> = Vec::new();
        let mut end = byte;
        for citation in self.citations.iter().filter(|found| found.range.start >= byte) {
            let gap = self.page.slice(end..citation.range.start);
            let joins = if listed.is_empty() {
                gap.chars().count() <= reach && !gap.contains(['，', '。', '；', '：', '“'])
            } else {
                is_joint(gap)
            };
            if !joins {
                break;
            }
            listed.push(citation);
            end = citation.range.end;
        }
        listed
    }

    /// Whether a citation stands within a quotation, such as the new wording of an article.
    pub(super) fn is_quoted(&self, citation: &Citation) -> bool {
        let behind = lines::head(self.page.text, citation.range.end, 300);
        let before = lines::tail(self.page.text, citation.range.start, 200);
        let closes = match (behind.find('”'), behind.find('“')) {
            (Some(close), Some(open)) => close < open,
            (Some(_), None) => true,
            _ => false,
        };
        let opened = match (before.rfind('“'), before.rfind('”')) {
            (Some(open), Some(close)) => open > close,
            (Some(_), None) => true,
            _ => false,
        };
        closes && opened
    }
}

/// A text without what stands in brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for ch in text.chars() {
        match ch {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(ch),
            _ => {}
        }
    }
    out
}

/// Whether what stands between two titles makes them one list.
fn is_joint(gap: &str) -> bool {
    const LONGEST: usize = 40;
    let gap = lines::squeezed(&without_brackets(gap));
    let rest = gap.trim_matches([
        '、', '，', ',', '；', ';', '和', '及', '与', '以', '原', '文', '件', '号', '“', '”',
    ]);
    let broken = [
        "根据", "依据", "按照", "依照", "规定", "废止", "执行", "修改", "修正", "修订", "同意",
        "决定", "，", ",", "施行",
    ];
    // A comma and more than a comma begins another clause.
    if gap.starts_with(['，', ',']) && !rest.is_empty() && !rest.starts_with('第') {
        return false;
    }
    if rest.is_empty() || rest.starts_with('第') && rest.ends_with(['条', '款', '项']) {
        return true;
    }
    let provenance = gap.ends_with(['的', '原']) || gap.ends_with("发布") || rest.starts_with('等');
    provenance && rest.chars().count() <= LONGEST && !broken.iter().any(|word| rest.contains(word))
}

/// The articles that a stretch of text names: 第三条, 第五条第二款.
pub(super) fn articles(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, _) in text.match_indices('第') {
        let rest = lines::head(text, at + '第'.len_utf8(), 14);
        let Some(unit) =
            rest.find(|ch: char| !(crate::date::is_numeral(ch) || matches!(ch, '百' | '千')))
        else {
            continue;
        };
        let last = match rest.get(unit..).and_then(|unit| unit.chars().next()) {
            Some(ch @ ('条' | '款' | '项')) if unit > 0 => ch,
            _ => continue,
        };
        let written = format!("第{}{last}", rest.get(..unit).unwrap_or_default());
        match found.last_mut() {
            // Paragraphs and items belong to the article right before them.
            Some(article) if last != '条' && lines::until(text, at).ends_with(['条', '款']) => {
                article.push_str(&written);
            }
            _ if last == '条' => found.push(written),
            _ => {}
        }
    }
    found
}
