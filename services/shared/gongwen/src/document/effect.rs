//! When a document takes effect: `本办法自2020年5月1日起施行`, `自发布之日起施行`.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use chrono::{Days, NaiveDate};

use super::fields::Fields;
use super::header::{self, Event, What};
use super::kind::KINDS;
use super::labels::Label;
use super::page::Page;
use crate::date::{self, Reading};
use crate::{Field, lines};

/// Phrases that end a statement of effect; the day stands before 起.
const PHRASES: [&str; 14] = [
    "起施行",
    "起实施",
    "起执行",
    "起生效",
    "起试行",
    "起实行",
    "起正式",
    "起开始",
    "起发生",
    "后施行",
    "后实施",
    "日施行",
    "日实施",
    "起有效",
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(PHRASES).ok());

/// How a statement names the day.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Day {
    /// A calendar day.
    On(NaiveDate),
    /// A month or a date that lost its marks, with what is wrong with it.
    Unsure(NaiveDate, &'static str),
    /// Two readings.
    Ambiguous(String),
    /// The day of signing, plus days.
    Signed(u64),
    /// The day of publication, plus days.
    Published(u64),
}

/// A statement of effect.
#[derive(Debug, Clone)]
struct Statement {
    day: Day,
    bytes: Range<usize>,
    /// Whether the document says it of itself (`本办法自…`), not of something it tells of.
    of_itself: bool,
}

/// Reads the day of effect into the fields; the days it may lean on are already there.
pub(super) fn read(page: &Page, events: &[Event], fields: &mut Fields) {
    let mut doubts = Vec::new();
    let header = events.iter().rfind(|event| event.what == What::Effective);
    // A header names the day that `自公布之日起` leaves to be counted.
    let relative = |day: &Day| matches!(day, Day::Signed(_) | Day::Published(_));
    let stated = choose(&statements(page))
        .filter(|(statement, _)| header.is_none() || !relative(&statement.day));
    let mut effective = stated.and_then(|(statement, rival)| {
        let field = settle(page, &statement, events, fields, &mut doubts)?;
        Some(if rival { field.doubted(65, "文中另有不同的施行日期") } else { field })
    });
    if effective.as_ref().is_none_or(|field| field.confidence < 60) {
        let header = header.map(|event| page.field(event.date, event.bytes.clone(), 90));
        let labelled = header::labelled(page, Label::EffectiveOn, &mut doubts);
        effective = labelled.or(header).or(effective);
    }
    if let Some(field) = effective.take() {
        let amended =
            events.iter().any(|event| event.what == What::Amended && event.date > field.value);
        fields.effective_on = Some(if amended {
            field.doubted(80, "为首次施行日期，其后曾经修改")
        } else {
            field
        });
    }
    fields.doubts.append(&mut doubts);
}

/// Whether a sentence states when something takes effect.
pub(super) fn speaks_of_effect(sentence: &str) -> bool {
    FINDER.as_ref().is_some_and(|finder| finder.is_match(sentence))
}

fn statements(page: &Page) -> Vec<Statement> {
    let Some(finder) = FINDER.as_ref() else { return Vec::new() };
    let attribute = |end: usize| {
        // `自…起施行的《A》` speaks of another document.
        let behind = lines::from(page.text, end);
        ["施行", "实施", "执行"]
            .iter()
            .find_map(|verb| behind.strip_prefix(verb))
            .unwrap_or(behind)
            .starts_with('的')
    };
    finder
        .find_iter(page.text)
        .filter(|found| !attribute(found.end()))
        .filter_map(|found| statement(page, found.start()))
        .collect()
}

/// The statement whose phrase begins at a byte.
fn statement(page: &Page, phrase: usize) -> Option<Statement> {
    const REACH: usize = 70;
    let stretch = lines::tail(page.text, phrase, REACH);
    let offset = phrase - stretch.len();
    let begin = stretch.rfind(['。', '；', '\n', ';']).map_or(0, |at| at + 1);
    let sentence = stretch.get(begin..).or_else(|| stretch.get(begin + 2..)).unwrap_or_default();
    let offset = offset + stretch.len() - sentence.len();
    let from = sentence
        .rfind('自')
        .or_else(|| sentence.rfind('从'))
        .or_else(|| sentence.rfind('于'))
        .or_else(|| {
            page.dates
                .iter()
                .rfind(|found| found.range.start >= offset && found.range.start < phrase)
                .map(|found| found.range.start - offset)
        });
    let from = from?;
    let opening =
        lines::from(sentence, from).chars().next().filter(|ch| matches!(ch, '自' | '从' | '于'));
    let named = from + opening.map_or(0, char::len_utf8);
    let day = day(page, lines::from(sentence, named), offset + named..phrase)?;
    let before = lines::until(sentence, from);
    // `日施行` ends as many sentences that tell of something as statements.
    let bare = opening.is_none() && !before.is_empty();
    let of_itself = !bare && says_of_itself(page, before);
    Some(Statement { day, bytes: offset + from..phrase, of_itself })
}

/// The day that `自…起` names.
fn day(page: &Page, written: &str, bytes: Range<usize>) -> Option<Day> {
    let plain = lines::squeezed(written);
    let after = plain.contains('后') || lines::from(page.text, bytes.end).starts_with('后');
    // `自印发之日实施` lost its 起; the phrase then begins with 日.
    if plain.contains("之日")
        || plain.ends_with('之')
        || plain.contains("后") && !plain.contains('年')
    {
        let later = if after { days_after(&plain)? } else { 0 };
        let published =
            ["公布", "发布", "颁布", "下发", "公告"].iter().any(|word| plain.contains(word));
        let signed = ["印发", "签发", "发文"].iter().any(|word| plain.contains(word));
        return match (signed, published) {
            (true, _) => Some(Day::Signed(later)),
            (_, true) => Some(Day::Published(later)),
            _ => None,
        };
    }
    let found = page
        .dates
        .iter()
        .find(|found| found.range.start >= bytes.start && found.range.end <= bytes.end);
    if let Some(found) = found {
        let gap = lines::slice(page.text, found.range.end..bytes.end);
        if gap.chars().count() > 6 {
            return None;
        }
        return match found.date.day() {
            Some(day) => Some(Day::On(day)),
            None => {
                let day = NaiveDate::from_ymd_opt(found.date.year?, found.date.month, 1)?;
                Some(Day::Unsure(day, "只写到月份，按当月一日计"))
            }
        };
    }
    match date::parse(written) {
        Reading::Exact(date) => date.day().map(Day::On),
        Reading::Repaired(date) => Some(Day::Unsure(date.day()?, "日期残缺，已按唯一读法补全")),
        Reading::Ambiguous(_) => Some(Day::Ambiguous(plain)),
        Reading::None => None,
    }
}

/// The days in `发布之日起30日后`.
fn days_after(plain: &str) -> Option<u64> {
    let digits: String =
        plain.chars().map(crate::glyph::halfwidth).filter(char::is_ascii_digit).collect();
    match digits.parse() {
        Ok(days) if days <= 366 => Some(days),
        _ if plain.contains("三十") => Some(30),
        _ => None,
    }
}

/// Whether what stands before 自 makes the document the subject.
fn says_of_itself(page: &Page, before: &str) -> bool {
    const SHORT: usize = 8;
    let plain = lines::squeezed(before);
    let subject = plain.trim_end_matches(['，', ',', '：', ':', '将', '均']);
    let clause = subject.rsplit(['，', ',', '：']).next().unwrap_or_default();
    let clause = without_marker(clause);
    if clause.is_empty() || clause == "以上" || clause == "上述政策" || clause == "现予公布"
    {
        return true;
    }
    if let Some(at) = clause.rfind('本') {
        let own = lines::from(clause, at + '本'.len_utf8());
        let bare = super::kind::without_notes(own);
        let kind = KINDS.iter().any(|kind| bare.ends_with(kind))
            || ["政策", "文件", "修正案", "若干措施"].contains(&bare);
        return kind && own.chars().count() <= SHORT * 2;
    }
    // The title in 《》, or the kind alone: `《办法》自…起施行`, `通知自…起执行`.
    let name = clause.trim_matches(['《', '》']);
    let titled = !name.is_empty() && name.chars().count() > 3 && page.title_text().contains(name);
    let kind = KINDS.contains(&clause);
    titled || kind
}

/// A clause without `第四十条` or `六、` before it.
fn without_marker(clause: &str) -> &str {
    let number = |ch: char| crate::date::is_numeral(ch) || matches!(ch, '百' | '千');
    let rest = clause.trim_start_matches(['#', ' ', '（', '(']);
    let rest = match rest.strip_prefix('第') {
        Some(rest) => rest.trim_start_matches(number).trim_start_matches(['条', '款', '章']),
        None => rest.trim_start_matches(number),
    };
    let rest = rest.trim_start_matches(['、', '.', '．', '）', ')', ' ']);
    ["附则", "施行日期", "施行时间", "实施时间", "执行时间"]
        .iter()
        .find_map(|heading| rest.strip_prefix(heading))
        .unwrap_or(rest)
}

/// The statement that counts, and whether another of the same rank disagrees with it.
fn choose(statements: &[Statement]) -> Option<(Statement, bool)> {
    let is_dated = |statement: &&Statement| {
        matches!(statement.day, Day::On(_) | Day::Unsure(..) | Day::Ambiguous(_))
    };
    let own: Vec<&Statement> = statements.iter().filter(|statement| statement.of_itself).collect();
    let pool = if own.is_empty() { statements.iter().collect() } else { own };
    let first = pool.iter().copied().find(is_dated).or_else(|| pool.first().copied())?;
    let rival = pool
        .iter()
        .filter(|other| is_dated(other))
        .any(|other| is_dated(&first) && other.day != first.day);
    Some((first.clone(), rival))
}

/// The calendar day of a statement.
fn settle(
    page: &Page,
    statement: &Statement,
    events: &[Event],
    fields: &Fields,
    doubts: &mut Vec<String>,
) -> Option<Field<NaiveDate>> {
    let base = if statement.of_itself { 96 } else { 50 };
    let field =
        |day: NaiveDate, confidence: u8| page.field(day, statement.bytes.clone(), confidence);
    let field = match &statement.day {
        Day::On(day) => field(*day, base),
        Day::Unsure(day, why) => field(*day, base).doubted(60, *why),
        Day::Ambiguous(written) => {
            doubts.push(format!("施行日期“{written}”有两种读法"));
            return None;
        }
        Day::Signed(later) => {
            let Some(signed) = fields.signed_on.as_ref() else {
                doubts.push("自印发之日起施行，文中未见成文日期".to_owned());
                return None;
            };
            let day = signed.value.checked_add_days(Days::new(*later))?;
            field(day, base.min(88)).doubted(88, "自印发之日起，按成文日期计")
        }
        Day::Published(later) => {
            let published = published(events, fields);
            let signed = fields.signed_on.as_ref().map(|field| field.value);
            let (day, confidence, why) = match (published, signed) {
                (Some(day), _) => (day, 88, "自公布之日起，按公布日期计"),
                (None, Some(day)) => (day, 75, "自公布之日起，文中无公布日期，按成文日期计"),
                (None, None) => {
                    doubts.push("自公布之日起施行，文中未见公布日期和成文日期".to_owned());
                    return None;
                }
            };
            let day = day.checked_add_days(Days::new(*later))?;
            field(day, base.min(confidence)).doubted(90, why)
        }
    };
    Some(if statement.of_itself {
        field
    } else {
        field.doubted(50, "施行日期的主语不是本文件")
    })
}

/// The day of first publication, by the header, or that of the page.
fn published(events: &[Event], fields: &Fields) -> Option<NaiveDate> {
    let first = events.iter().find(|event| event.what == What::Published);
    first.map(|event| event.date).or(fields.published_on.as_ref().map(|field| field.value))
}
