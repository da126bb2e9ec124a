//! Names of private persons: behind a word for their role, in a column of names, or beside a
//! number of theirs.

mod surname;

use std::ops::Range;

use crate::context::{Context, names_organ};
use crate::draft::Draft;
use crate::finding::{Certainty, Kind};
use crate::glyph::{after, before, is_blank, is_han, line_after, line_before};
use crate::words::{Mark, Word};
pub(crate) use surname::is_name;

/// What may follow a name without a stop between.
const BEHIND: &str = "男、女、身份证、公民身份、电话、手机、联系、住址、现住、家住、住、于、在、向、因、的、\
反映、来电、来信、来访、投诉、举报、申请、汉族、回族、出生、离婚、纠纷、一案、民间、房屋、合同、劳动、机动车、涉嫌、已被、年龄、户籍、与、和、等、\
今年、系、称、已、将、被、未、对、提出、提交、领取、名下、死亡、护照、之子、之女、之妻、\
现年、持、银行、账号、卡号、为、是、一户、家庭、家中、家、夫妇、夫妻、及其、及、同意、\
不服、诉、要求、通过、拨打、咨询、委托、从、自、户、缴纳、收到、微信、邮箱";

/// Behind a role and without a colon only these end a name: the others begin too many
/// sentences of regulations.
const BEHIND_STRICT: &str = "男、女、身份证、公民身份、电话、手机、联系电话、现住、家住、住、于2、于1、于今、于昨、\
反映、来电、来信、来访、投诉称、汉族、回族、出生、系、称、名下、现年、今年、护照、不服、\
因病、拨打、微信、因20、邮箱";

/// Names behind words and in columns.
pub(crate) fn labelled(context: &Context<'_>, drafts: &mut Vec<Draft>) {
    for mark in context.marks.all() {
        if matches!(mark.word, Word::Name | Word::Person | Word::Contact | Word::Holder) {
            drafts.extend(behind(context, *mark));
        }
    }
    for cell in &context.cells {
        if matches!(cell.word, Word::Name | Word::Person)
            && context.text.get(cell.start..cell.end).is_some_and(is_cell_name)
        {
            drafts.push(draft(cell.start..cell.end));
        }
    }
}

fn draft(bytes: Range<usize>) -> Draft {
    Draft::new(bytes, Kind::PersonName, Certainty::Certain)
}

/// The name behind a word.
fn behind(context: &Context<'_>, mark: Mark) -> Option<Draft> {
    let text = context.text;
    let mut at = mark.end;
    let mut joined = false;
    let mut celled = false;
    for word in ["姓名", "名称", "名字", "（签字）", "（签名）", "（户主）", "（人）", "（姓名）"]
    {
        at += text.get(at..).filter(|rest| rest.starts_with(word)).map_or(0, |_| word.len());
    }
    for _ in 0..4 {
        let ch = after(text, at)?;
        match ch {
            ':' | '：' => joined = true,
            '是' | '为' | '叫' | '系' if mark.word == Word::Name => joined = true,
            '\n' | '\t' | '|' if mark.word == Word::Name => celled = true,
            _ if is_blank(ch) => joined |= mark.word != Word::Contact,
            _ => break,
        }
        at += ch.len_utf8();
    }
    let end = name_end(text, at, joined || celled)?;
    // In the next cell may also stand the heading of the next column.
    let name = text.get(at..end)?;
    if celled && !surname::is_typical(name) && !surname::is_common(name) {
        return None;
    }
    let joined = joined || celled;
    if !joined && mark.word != Word::Person {
        return None;
    }
    // Whom an organ names to turn to stays named: 《条例》 has it publish the contact.
    let personal = mark.word != Word::Contact;
    Some(draft(at..end).personal(personal).open(!personal))
}

/// Where a name ends that begins at `at`, if one does.
fn name_end(text: &str, at: usize, joined: bool) -> Option<usize> {
    let rest = text.get(at..)?;
    if let Some(end) = dotted_name(rest).filter(|_| joined) {
        return Some(at + end);
    }
    let ends: Vec<usize> = rest
        .char_indices()
        .take(4)
        .take_while(|(_, ch)| is_han(*ch))
        .map(|(index, ch)| index + ch.len_utf8())
        .collect();
    // The longest first, so that 王建国 is not cut to 王建.
    let found = ends.iter().skip(1).rev().find(|end| {
        let (Some(name), Some(tail)) = (rest.get(..**end), rest.get(**end..)) else { return false };
        // 赵松联 before 系电话 is 赵松.
        let is_cut = name.ends_with('联') && tail.starts_with('系');
        is_name(name) && !is_cut && may_follow(name, tail, joined)
    });
    found.map(|end| at + end)
}

/// Whether a name may end before `tail`. Right behind a role, without a colon, either the
/// surname or the given name must leave no doubt.
fn may_follow(name: &str, tail: &str, joined: bool) -> bool {
    const STOPS: &str = "，。；、,.;()（）[]【】\"”/|｜:：";
    let is_typical = surname::is_typical(name);
    if !joined && !is_typical && !surname::is_common(name) {
        return false;
    }
    let Some(ch) = tail.chars().next() else { return true };
    if ch.is_whitespace() || is_blank(ch) || ch.is_ascii_digit() || STOPS.contains(ch) {
        return true;
    }
    let words = if joined || is_typical { BEHIND } else { BEHIND_STRICT };
    words.split('、').any(|word| tail.starts_with(word))
}

/// Names of other languages, as `买买提·艾力`.
fn dotted_name(rest: &str) -> Option<usize> {
    let mut points = 0;
    let mut end = 0;
    for (index, ch) in rest.char_indices().take(20) {
        match ch {
            '·' | '•' | '・' if index > 0 => points += 1,
            _ if is_han(ch) => {}
            _ => break,
        }
        end = index + ch.len_utf8();
    }
    let name = rest.get(..end)?;
    let parts = name.split(['·', '•', '・']);
    (points > 0
        && parts.clone().all(|part| (1..=7).contains(&part.chars().count()))
        && !names_organ(name))
    .then_some(end)
}

fn is_cell_name(cell: &str) -> bool {
    let name: String = cell.chars().filter(|ch| !is_blank(*ch)).collect();
    is_name(&name) || dotted_name(&name) == Some(name.len())
}

/// Names beside personal numbers that are already found, in order of place.
pub(crate) fn beside(context: &Context<'_>, found: &[Draft]) -> Vec<Draft> {
    const NAMED: [Kind; 6] = [
        Kind::IdentityNumber,
        Kind::MobileNumber,
        Kind::BankCard,
        Kind::BankAccount,
        Kind::Passport,
        Kind::TravelPermit,
    ];
    let mut names = Vec::new();
    let mut floor = 0;
    for draft in found {
        if draft.personal && NAMED.contains(&draft.kind) {
            let left = left_of(context, draft.bytes.start, floor);
            names.extend(left.or_else(|| right_of(context.text, draft.bytes.end)).map(self::draft));
        } else if draft.personal && draft.kind == Kind::HomeAddress {
            let name = left_of(context, draft.bytes.start, floor)
                .or_else(|| resident(context.text, draft.bytes.end));
            names.extend(name.map(self::draft));
        }
        floor = draft.bytes.end;
    }
    names
}

const PARTINGS: [char; 17] = [
    '，', ',', '、', '：', ':', '；', ';', '\t', '|', '｜', '（', '(', '）', ')', '/', '\u{3000}',
    ' ',
];

/// The nearest name among the few phrases before a number.
fn left_of(context: &Context<'_>, at: usize, floor: usize) -> Option<Range<usize>> {
    let text = context.text;
    let mut line = line_before(text, at, 40);
    let mut end = at;
    if line.trim().is_empty() {
        // One cell a line: the cell before the number.
        end = at - line.len();
        end = text.get(..end)?.trim_end().len();
        line = line_before(text, end, 12);
        return whole(text, end - line.len(), end);
    }
    let mut phrases = 0;
    for phrase in line.rsplit(PARTINGS) {
        let start = end.checked_sub(phrase.len())?;
        if start < floor {
            return None;
        }
        // A phrase begins with its sentence.
        let stop = phrase.rfind('。').map(|stop| stop + '。'.len_utf8());
        let first = start + stop.unwrap_or(0);
        if let Some(name) = whole(text, first, end).or_else(|| within(context, first, end)) {
            return Some(name);
        }
        if stop.is_some() {
            return None;
        }
        phrases += usize::from(!phrase.trim().is_empty());
        if phrases > 5 {
            return None;
        }
        end = start - before(text, start).map_or(0, char::len_utf8);
    }
    None
}

/// The name in a phrase behind a role (收款人王建国) or before what is the person's
/// (汇入王建国的银行卡).
fn within(context: &Context<'_>, start: usize, end: usize) -> Option<Range<usize>> {
    const ROLES: [char; 16] = [
        '主', '人', '者', '员', '户', '民', '生', '友', '客', '东', '妻', '夫', '父', '母', '子',
        '女',
    ];
    let text = context.text;
    let roles = [Word::Person, Word::Name, Word::Holder, Word::Contact];
    let marks = context.marks.within(start, end);
    let role = marks.iter().rev().find(|mark| roles.contains(&mark.word));
    if let Some(name) = role.and_then(|mark| whole(text, mark.end, end)) {
        return Some(name);
    }
    let phrase = text.get(start..end)?.trim_end();
    if let Some(name) = last_name(phrase, |head| head.ends_with(ROLES)) {
        return Some(start + name.start..start + name.end);
    }
    let owned = marks.last().and_then(|mark| text.get(start..mark.start))?;
    if let Some(owner) = owned.strip_suffix('的') {
        let owner = owner.strip_suffix("同志").unwrap_or(owner);
        return last_name(owner, |_| true).map(|name| start + name.start..start + name.end);
    }
    None
}

/// The name at the end of a phrase, if what stands before it will do.
fn last_name(phrase: &str, will_do: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    [4, 3, 2].into_iter().find_map(|count| {
        let (index, _) = phrase.char_indices().rev().nth(count - 1)?;
        let (head, name) = (phrase.get(..index)?, phrase.get(index..)?);
        let fits = is_name(name) && surname::is_typical(name) && will_do(head);
        fits.then_some(index..phrase.len())
    })
}

/// The name behind an address: 家住…的王建国.
fn resident(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?.strip_prefix('的')?;
    let start = text.len() - rest.len();
    let rest = rest.strip_prefix("居民").or_else(|| rest.strip_prefix("村民")).unwrap_or(rest);
    let start = start.max(text.len() - rest.len());
    name_end(text, start, true).map(|end| start..end)
}

/// The name right behind a number, up to the next stop.
fn right_of(text: &str, at: usize) -> Option<Range<usize>> {
    let line = line_after(text, at, 12);
    let lead = line.chars().next().filter(|ch| PARTINGS.contains(ch))?;
    let phrase = line.get(lead.len_utf8()..)?.split(PARTINGS).next()?;
    let start = at + lead.len_utf8();
    whole(text, start, start + phrase.len()).filter(|_| !matches!(lead, '，' | '、' | '；' | ';'))
}

fn whole(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let phrase = text.get(start..end)?;
    let trimmed = phrase.trim();
    let start = start + (phrase.len() - phrase.trim_start().len());
    // Two characters are easily a word.
    let is_sure =
        trimmed.chars().count() > 2 || surname::is_typical(trimmed) || surname::is_common(trimmed);
    (is_name(trimmed) && is_sure).then_some(start..start + trimmed.len())
}
