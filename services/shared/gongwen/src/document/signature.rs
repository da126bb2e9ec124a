//! The end of a document: names of the organs and the day of signing (署名、成文日期).

use std::ops::Range;

use chrono::NaiveDate;

use super::header::{self, Event};
use super::labels::Label;
use super::organs::in_title;
use super::page::Page;
use crate::date::{self, Reading};
use crate::glyph::is_blank;
use crate::organ::Named;
use crate::{Field, lines, organ};

/// A signature block.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub(super) organs: Vec<Named>,
    pub(super) date: NaiveDate,
    pub(super) date_bytes: Range<usize>,
    pub(super) bytes: Range<usize>,
    /// Whether names of organs, or of the one who signs an order, stand before the date.
    signed: bool,
    repaired: bool,
}

impl Signature {
    /// The block as written, its lines joined by blanks.
    pub(super) fn block(&self, page: &Page) -> Field<String> {
        let written: Vec<&str> = page.slice(self.bytes.clone()).split_whitespace().collect();
        let confidence = if self.signed { 95 } else { 60 };
        page.field(written.join(" "), self.bytes.clone(), confidence)
    }
}

/// Lines of names above a date.
const MOST_NAMES: usize = 24;
/// Offices whose holders sign orders and announcements themselves.
const HOLDERS: [&str; 18] = [
    "总理",
    "主席",
    "委员长",
    "省长",
    "市长",
    "县长",
    "区长",
    "部长",
    "局长",
    "主任",
    "厅长",
    "署长",
    "行长",
    "院长",
    "检察长",
    "审计长",
    "州长",
    "盟长",
];

/// The signature of the document itself, not that of an annex.
pub(super) fn find(page: &Page, doubts: &mut Vec<String>) -> Option<Signature> {
    let (titled, _) = in_title(page.title_text());
    let mut blocks: Vec<Signature> = page
        .dates
        .iter()
        .filter_map(|found| {
            let day = found.date.day()?;
            at_date(page, &found.range, day, false)
                .or_else(|| run_in(page, &found.range, day, &titled))
        })
        .collect();
    blocks.extend(bare_dates(page, doubts));
    blocks.sort_by_key(|block| block.date_bytes.start);
    let of_title = |block: &&Signature| {
        let same = |(_, name): &Named| titled.iter().any(|known| organ::same(known, name));
        block.organs.iter().any(same)
    };
    let found = blocks
        .iter()
        .find(of_title)
        .or_else(|| blocks.iter().find(|block| block.signed))
        .or_else(|| blocks.last());
    let mut found = found.cloned()?;
    trim(&mut found, &titled, page);
    Some(found)
}

/// Cuts what scraping has joined before a name that the title gives: the name of an annex, a
/// telephone list.
fn trim(block: &mut Signature, titled: &[String], page: &Page) {
    for (index, (range, name)) in block.organs.iter_mut().enumerate() {
        let known = titled.iter().find(|known| {
            name.ends_with(known.as_str())
                && !organ::same(name, known)
                && page.slice(range.clone()).ends_with(known.as_str())
        });
        if let Some(known) = known {
            range.start = range.end - known.len();
            name.clone_from(known);
            if index == 0 {
                block.bytes.start = range.start;
            }
        }
    }
}

/// The block that ends with a date.
fn at_date(page: &Page, date: &Range<usize>, day: NaiveDate, repaired: bool) -> Option<Signature> {
    let index = page.line_at(date.start);
    let line = page.lines.get(index)?.clone();
    // A title may be that of the annex, below the signature.
    if index < page.front_line {
        return None;
    }
    let ends = ends_block(page, date.end, line.end);
    let before = page.slice(line.start..date.start);
    let block = |organs: Vec<Named>, start: usize, signed: bool| Signature {
        organs,
        date: day,
        date_bytes: date.clone(),
        bytes: start..date.end,
        signed,
        repaired,
    };
    if before.chars().all(is_blank) {
        let Names { organs, start, person } = names_above(page, index);
        if !ends && (organs.is_empty() || goes_on(page, date.end)) {
            return None;
        }
        let signed = !organs.is_empty() || person;
        return Some(block(organs, start.unwrap_or(line.start), signed));
    }
    // Scraped pages run the names into the sentence before them.
    let cut = before
        .char_indices()
        .rev()
        .find(|(_, ch)| {
            ch.is_ascii_alphanumeric()
                || matches!(
                    ch,
                    '。' | '；' | '！' | '？' | '：' | '）' | ')' | '”' | '》' | ':' | ';' | '.'
                )
        })
        .map_or(0, |(at, ch)| at + ch.len_utf8());
    let names = lines::from(before, cut);
    let organs = organ::organs(names, line.start + cut);
    // A date that text follows on is one of signing only behind several names.
    let many = organs.len() > 1 && !goes_on(page, date.end);
    if let Some(start) = organs.first().map(|(range, _)| range.start).filter(|_| ends || many) {
        return Some(block(organs, start, true));
    }
    // `部长张三2019年4月28日` signs an order even where the annex follows at once.
    if is_holder_signing(names) && !goes_on(page, date.end) {
        return Some(block(Vec::new(), line.start + cut, true));
    }
    if !ends {
        return None;
    }
    if names.trim().is_empty() && before.trim_end().ends_with('。') {
        return Some(block(Vec::new(), date.start, false));
    }
    let person = HOLDERS.iter().any(|holder| names.trim_start().starts_with(holder));
    person.then(|| block(Vec::new(), line.start + cut, true))
}

/// Whether a stretch is the title of an office and a name of two to four characters.
fn is_holder_signing(names: &str) -> bool {
    const LONGEST: usize = 24;
    let names = lines::squeezed(names);
    let named = HOLDERS.iter().filter_map(|holder| names.rsplit_once(holder)).any(|(_, name)| {
        (2..=4).contains(&name.chars().count()) && name.chars().all(crate::glyph::is_han)
    });
    named && names.chars().count() <= LONGEST
}

/// The block of a page that lost all line breaks: the very names of the title, then a date.
fn run_in(
    page: &Page,
    date: &Range<usize>,
    day: NaiveDate,
    titled: &[String],
) -> Option<Signature> {
    let index = page.line_at(date.start);
    let line = page.lines.get(index)?.clone();
    if titled.is_empty() || goes_on(page, date.end) {
        return None;
    }
    let names = page.slice(line.start..date.start).trim_end();
    let mut rest = names;
    let mut organs: Vec<Named> = Vec::new();
    while let Some(name) = titled.iter().find(|name| rest.ends_with(name.as_str())) {
        let end = line.start + rest.len();
        rest = rest.strip_suffix(name.as_str())?;
        organs.insert(0, (line.start + rest.len()..end, name.clone()));
        rest = rest.trim_end();
    }
    let within = lines::tail(rest, rest.len(), 1);
    let sentence = ["由", "是", "据", "按", "和", "，", "、", "《", "经", "在", "向", "对", "与"]
        .contains(&within);
    let start = organs.first().map(|(range, _)| range.start).filter(|_| !sentence)?;
    Some(Signature {
        organs,
        date: day,
        date_bytes: date.clone(),
        bytes: start..date.end,
        signed: true,
        repaired: false,
    })
}

/// Whether the sentence goes on behind a date.
fn goes_on(page: &Page, date_end: usize) -> bool {
    const WORDS: [&str; 26] = [
        "，",
        "、",
        "；",
        "。",
        "前",
        "后",
        "至",
        "起",
        "印发",
        "发布",
        "之",
        "—",
        "-",
        "止",
        "以",
        "在",
        "召",
        "公",
        "联",
        "与",
        "的",
        "（星期",
        "颁",
        "制定",
        "批准",
        "下发",
    ];
    let behind = lines::head(page.text, date_end, 4).trim_start();
    WORDS.iter().any(|word| behind.starts_with(word))
}

/// Whether what follows a date can follow the day of signing.
fn ends_block(page: &Page, date_end: usize, line_end: usize) -> bool {
    let rest = page.slice(date_end..line_end).trim_start_matches(is_blank);
    let follows = [
        "（",
        "(",
        "附件",
        "抄送",
        "更多信息",
        "公开程序",
        "公开方式",
        "主动公开",
        "附：",
        "附录",
        "<",
    ];
    if rest.starts_with("（以下") || rest.starts_with("（含") || rest.starts_with("（星期")
    {
        return false;
    }
    rest.is_empty() || follows.iter().any(|word| rest.starts_with(word))
}

/// What stands above a date.
#[derive(Default)]
struct Names {
    organs: Vec<Named>,
    start: Option<usize>,
    /// Whether the holder of an office signs.
    person: bool,
}

/// The names in the lines right above one.
fn names_above(page: &Page, index: usize) -> Names {
    let Names { mut organs, mut start, mut person } = Names::default();
    for above in (0..index).rev().take(MOST_NAMES) {
        let Some(range) = page.lines.get(above).cloned() else { break };
        let line = page.slice(range.clone());
        if HOLDERS.iter().any(|holder| line.starts_with(holder)) && line.chars().count() < 20 {
            person = true;
            start = Some(range.start);
            continue;
        }
        let mut named = names_in(page, range.clone());
        if named.is_empty() {
            break;
        }
        start = named.first().map(|(range, _)| range.start);
        let glued = start.is_some_and(|start| start > range.start);
        named.append(&mut organs);
        organs = named;
        if glued {
            break;
        }
    }
    Names { organs, start, person }
}

/// The names a line consists of, or ends with behind a full stop.
fn names_in(page: &Page, range: Range<usize>) -> Vec<Named> {
    let line = page.slice(range.clone());
    let cut = line.rfind(['。', '：', '；']).map_or(0, |at| at + '。'.len_utf8());
    if lines::from(line, cut).len() > 900 {
        return Vec::new();
    }
    organ::organs(lines::from(line, cut), range.start + cut)
}

/// Blocks whose date has no 年: `2023-01-08`, or one that lost its marks.
fn bare_dates(page: &Page, doubts: &mut Vec<String>) -> Vec<Signature> {
    const LONGEST: usize = 30;
    let mut blocks = Vec::new();
    for (index, range) in page.lines.iter().enumerate().skip(page.front_line) {
        let line = page.slice(range.clone());
        let numeral =
            line.chars().next().is_some_and(|ch| crate::glyph::halfwidth(ch).is_ascii_digit());
        if range.len() > LONGEST || !numeral || line.contains('年') {
            continue;
        }
        match date::parse(line) {
            Reading::Ambiguous(_) if !names_above(page, index).organs.is_empty() => {
                doubts.push(format!("成文日期“{line}”有两种读法"));
            }
            Reading::Exact(date) => {
                blocks.extend(date.day().and_then(|day| at_date(page, range, day, false)));
            }
            Reading::Repaired(date) => {
                blocks.extend(date.day().and_then(|day| at_date(page, range, day, true)));
            }
            Reading::Ambiguous(_) | Reading::None => {}
        }
    }
    blocks.retain(|block| block.signed);
    blocks
}

/// The day of signing: by the signature, the page's label, or a law's header.
pub(super) fn signed_on(
    page: &Page,
    signature: Option<&Signature>,
    events: &[Event],
) -> Option<Field<NaiveDate>> {
    let of_signature = signature.map(|block| {
        let field = page.field(block.date, block.date_bytes.clone(), 96);
        match (block.signed, block.repaired) {
            (_, true) => field.doubted(75, "成文日期残缺，已按唯一读法补全"),
            (false, _) => field.doubted(58, "日期之前未见发文机关署名"),
            _ => field,
        }
    });
    let header_first = events
        .first()
        .zip(signature)
        .is_some_and(|(event, block)| event.bytes.start < block.bytes.start);
    // Behind a law's header other dates belong to what the law tells of.
    let foreign = header_first
        && signature.is_some_and(|block| {
            let (titled, _) = in_title(page.title_text());
            !block
                .organs
                .iter()
                .any(|(_, name)| titled.iter().any(|known| organ::same(known, name)))
        });
    if let Some(field) = of_signature.clone().filter(|field| field.confidence > 60 && !foreign) {
        return Some(field);
    }
    if let Some(event) = header::decided(events) {
        return Some(page.field(event.date, event.bytes.clone(), 90));
    }
    let labelled = header::labelled(page, Label::SignedOn, &mut Vec::new());
    labelled.or(of_signature)
}
