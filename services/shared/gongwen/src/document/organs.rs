//! The organs that issue a document: by its title, its signature, its page, a law's header.

use super::header::{Event, What};
use super::labels::Label;
use super::page::Page;
use super::signature::Signature;
use crate::glyph::is_blank;
use crate::{DocumentNumber, Field, lines, organ};

/// Words of a title before which the organs stand.
const BEHIND: [&str; 14] = [
    "关于", "印发", "转发", "批转", "发布", "公布", "公告", "通告", "令第", "令（", "令(", "对",
    "令", "办理",
];

/// The organs before the matter in a title, and whether it names but the first of more
/// (`等六部门`).
pub(super) fn in_title(title: &str) -> (Vec<String>, bool) {
    let (organs, more) = before_matter(title);
    (organs.into_iter().map(|(_, name)| name).collect(), more)
}

/// As [`in_title`], with where the names stand.
fn before_matter(title: &str) -> (Vec<organ::Named>, bool) {
    let limit = title.find('《').unwrap_or(title.len());
    let head = lines::until(title, limit);
    let mut cuts: Vec<usize> =
        BEHIND.iter().flat_map(|word| head.match_indices(word).map(|(at, _)| at)).collect();
    cuts.sort_unstable();
    cuts.push(limit);
    for cut in cuts {
        let (names, more) = without_others(lines::until(head, cut));
        let organs = organ::organs(names, 0);
        if !organs.is_empty() {
            return (organs, more);
        }
    }
    (Vec::new(), false)
}

/// The names without `等六部门`, and whether that stood there.
fn without_others(names: &str) -> (&str, bool) {
    let names = names.trim_end_matches("联合");
    let Some((named, others)) = names.rsplit_once('等') else { return (names, false) };
    let others = others.trim_start_matches(|ch: char| {
        ch.is_ascii_digit() || "一二三四五六七八九十两多个家有关".contains(ch)
    });
    let is_count =
        ["部门", "单位", "部委", "部", "委", "厅", "局", "厅局", "委局", "机关"].contains(&others);
    if is_count { (named, true) } else { (names, false) }
}

/// The organs, the lead organ first.
pub(super) fn read(
    page: &Page,
    signature: Option<&Signature>,
    events: &[Event],
    numbers: &[Field<DocumentNumber>],
) -> Vec<Field<String>> {
    let (titled, more) = in_title(page.title_text());
    let signed = signature.map(|signature| signature.organs.as_slice()).unwrap_or_default();
    let agree = |name: &str| signed.iter().any(|(_, other)| organ::same(name, other));
    if titled.is_empty() {
        let ordered = if signed.len() < 2 { of_order(page, numbers) } else { Vec::new() };
        if !ordered.is_empty() {
            return ordered;
        }
        let found = untitled(page, signed, events);
        return if found.is_empty() { behind_number(page, numbers) } else { found };
    }
    let all_agree = titled.iter().all(|name| agree(name));
    if all_agree && (more || signed.len() > titled.len()) {
        return signed
            .iter()
            .map(|(range, name)| page.field(name.clone(), range.clone(), 96))
            .collect();
    }
    let span = page.title.as_ref().and_then(|title| title.span.clone());
    let confidence = if signed.is_empty() || all_agree { 96 } else { 75 };
    titled
        .iter()
        .map(|name| {
            let longer = signed
                .iter()
                .find(|(_, other)| organ::same(name, other) && other.len() > name.len());
            let field = match longer {
                Some((range, full)) => page.field(full.clone(), range.clone(), 96),
                None => Field::new(name.clone(), span.clone(), confidence),
            };
            match (more, all_agree || signed.is_empty()) {
                (true, _) => field.doubted(70, "标题只列出首个机关，其余机关未在署名中找到"),
                (_, false) => field.doubted(75, "标题与署名的机关不一致"),
                _ => field,
            }
        })
        .collect()
}

/// The organs of a document whose title names none.
fn untitled(page: &Page, signed: &[organ::Named], events: &[Event]) -> Vec<Field<String>> {
    if let Some(event) = events.iter().find(|event| event.what != What::Effective)
        && let names = deciders(page.slice(event.account.clone()))
        && !names.is_empty()
    {
        let field = |name: String| page.field(name, event.account.clone(), 90);
        return names.into_iter().map(field).collect();
    }
    if !signed.is_empty() {
        return signed
            .iter()
            .map(|(range, name)| page.field(name.clone(), range.clone(), 92))
            .collect();
    }
    if let Some(bytes) = page.label(Label::Organ).filter(|bytes| !bytes.is_empty()) {
        let named = organ::organs(page.slice(bytes.clone()), bytes.start);
        return named.into_iter().map(|(range, name)| page.field(name, range, 90)).collect();
    }
    letterhead(page).map(|field| vec![field]).unwrap_or_default()
}

/// The bodies whose order the document is: `国务院令第…号`, `淮南市人民政府令第…号`, and where
/// the names of a joint order run into one another.
fn of_order(page: &Page, numbers: &[Field<DocumentNumber>]) -> Vec<Field<String>> {
    let Some(number) = numbers.first() else { return Vec::new() };
    let span = number.span.clone();
    let joint = span
        .as_ref()
        .is_some_and(|span| lines::until(page.text, span.bytes().start).ends_with(['、', '　']));
    let head = number.value.head.strip_suffix('令').filter(|_| !joint).unwrap_or_default();
    let names = if head == "国" { "国务院" } else { head };
    let names = organ::organs(names, 0).into_iter();
    names.map(|(_, name)| Field::new(name, span.clone(), 90)).collect()
}

/// The organs of a page whose lines have run into one: `某科〔2012〕8号某厅某局关于印发…`.
fn behind_number(page: &Page, numbers: &[Field<DocumentNumber>]) -> Vec<Field<String>> {
    const LONGEST: usize = 80;
    let Some(span) = numbers.first().and_then(|number| number.span.as_ref()) else {
        return Vec::new();
    };
    let start = span.bytes().end;
    let rest = lines::from(page.text, start).lines().next().unwrap_or_default();
    let (named, _) = before_matter(lines::head(rest, 0, LONGEST));
    let placed = named.into_iter();
    placed
        .map(|(range, name)| page.field(name, start + range.start..start + range.end, 80))
        .collect()
}

/// The bodies that a law's header says decided: `第十三届全国人民代表大会常务委员会第三十次会议通过`.
fn deciders(account: &str) -> Vec<String> {
    let Some(names) = before_decision(account) else { return Vec::new() };
    let named = organ::organs(&names.replace("中华人民共和国", ""), 0);
    named.into_iter().map(|(_, name)| name).collect()
}

fn before_decision(account: &str) -> Option<String> {
    let account = lines::squeezed(account);
    let account = account.strip_prefix('经').unwrap_or(&account);
    let end =
        ["令第", "令〔", "令（", "公告", "第", "公布", "发布", "颁布", "通过", "批准", "修订"]
            .iter()
            .filter_map(|word| account.match_indices(word).map(|(at, _)| at).find(|at| *at > 0))
            .min()?;
    let mut name = lines::until(account, end).trim_start_matches(is_blank).to_owned();
    // The term of an assembly stands within or before its name.
    if let Some(from) = account.find('第')
        && let Some(term) = lines::from(account, from).find('届')
        && term <= 12
    {
        let rest = lines::from(account, from + term + '届'.len_utf8());
        let stop = ["第", "常务会议", "主席团", "全体", "通过", "会议"]
            .iter()
            .filter_map(|word| rest.find(word))
            .min()?;
        name = format!("{}{}", lines::until(account, from), lines::until(rest, stop));
    }
    Some(name)
}

/// The name in the letterhead: `淮南市人民政府文件`.
fn letterhead(page: &Page) -> Option<Field<String>> {
    let line =
        page.lines.iter().take(6).find(|line| page.slice((*line).clone()).ends_with("文件"))?;
    let bytes = line.start..line.end - "文件".len();
    let name = page.slice(bytes.clone());
    organ::is_organ(name).then(|| page.field(lines::squeezed(name), bytes, 80))
}
