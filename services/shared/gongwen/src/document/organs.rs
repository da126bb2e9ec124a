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
            return (organs.into_iter().map(|(_, name)| name).collect(), more);
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
        if signed.len() < 2
            && let Some(field) = of_order(page, numbers)
        {
            return vec![field];
        }
        return untitled(page, signed, events);
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
        && let Some(name) = decider(page.slice(event.account.clone()))
    {
        return vec![page.field(name, event.account.clone(), 90)];
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

/// The body whose order the document is: `国务院令第…号`, `淮南市人民政府令第…号`.
fn of_order(page: &Page, numbers: &[Field<DocumentNumber>]) -> Option<Field<String>> {
    let number = numbers.first()?;
    let span = number.span.clone();
    let joint = span
        .as_ref()
        .is_some_and(|span| lines::until(page.text, span.bytes().start).ends_with(['、', '　']));
    let head = number.value.head.strip_suffix('令').filter(|_| !joint)?;
    let name = if head == "国" { "国务院" } else { head };
    organ::is_organ(name).then(|| Field::new(name.to_owned(), span, 90))
}

/// The body that a law's header says decided: `第十三届全国人民代表大会常务委员会第三十次会议通过`.
fn decider(account: &str) -> Option<String> {
    let account = lines::squeezed(account);
    let end =
        ["令第", "令〔", "令（", "公告", "第", "公布", "发布", "颁布", "通过", "批准", "修订"]
            .iter()
            .filter_map(|word| account.match_indices(word).map(|(at, _)| at).find(|at| *at > 0))
            .min()?;
    let mut name = lines::until(&account, end).trim_start_matches(is_blank).to_owned();
    // The term of an assembly stands within or before its name.
    if let Some(from) = account.find('第')
        && let Some(term) = lines::from(&account, from).find('届')
        && term <= 12
    {
        let rest = lines::from(&account, from + term + '届'.len_utf8());
        let stop = ["第", "常务会议", "主席团", "全体", "通过", "会议"]
            .iter()
            .filter_map(|word| rest.find(word))
            .min()?;
        name = format!("{}{}", lines::until(&account, from), lines::until(rest, stop));
    }
    let name = name.trim_start_matches("中华人民共和国");
    organ::is_organ(name).then(|| name.to_owned())
}

/// The name in the letterhead: `淮南市人民政府文件`.
fn letterhead(page: &Page) -> Option<Field<String>> {
    let line =
        page.lines.iter().take(6).find(|line| page.slice((*line).clone()).ends_with("文件"))?;
    let bytes = line.start..line.end - "文件".len();
    let name = page.slice(bytes.clone());
    organ::is_organ(name).then(|| page.field(lines::squeezed(name), bytes, 80))
}
