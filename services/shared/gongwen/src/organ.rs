//! Names of organs: recognising them, and telling apart those of a joint document.

use std::ops::Range;

use crate::glyph::{is_blank, is_han};
use crate::lines;

/// Last characters of organs' names.
const LAST: &str = "部厅局署院委办会组处所社队室行馆府团协";
/// Endings of organs' names whose last character alone says too little.
const ENDINGS: [&str; 11] = [
    "中心",
    "公司",
    "大学",
    "中共中央",
    "联合体",
    "管委会",
    "法庭",
    "学校",
    "总站",
    "支行",
    "分行",
];
/// Endings that are no name by themselves.
const BARE: [&str; 14] = [
    "办公厅",
    "办公室",
    "人民政府",
    "政府",
    "委员会",
    "管理委员会",
    "常务委员会",
    "党组",
    "会议",
    "大会",
    "机关党委",
    "有关部",
    "全会",
    "本办",
];
/// What a line or a title says that is no name of an organ.
const NEVER: [&str; 25] = [
    "关于",
    "通知",
    "的",
    "我们",
    "为",
    "请",
    "以下",
    "如下",
    "及其",
    "有关",
    "会议",
    "印发",
    "转发",
    "附件",
    "应当",
    "同意",
    "批准",
    "决定",
    "联系",
    "电话",
    "现将",
    "是",
    "发布会",
    "名单",
    "阶段性",
];
/// Words that no name begins with, and the names that seem to.
const NEVER_FIRST: [&str; 11] = ["各", "年", "由", "在", "将", "第", "自", "于", "报", "现", "经"];
const FIRST_AFTER_ALL: [&str; 4] = ["自然", "自贡", "于都", "经济"];
/// Bodies with branches in regions, whose names go on with the region's.
const WITH_BRANCHES: [&str; 7] = [
    "国家税务总局",
    "中国人民银行",
    "国家金融监督管理总局",
    "中国银行保险监督管理委员会",
    "国家统计局",
    "国家外汇管理局",
    "中国证券监督管理委员会",
];
/// How the names of national organs begin, where names follow one another without a separator.
const NATIONAL: [&str; 77] = [
    "国务院",
    "中共",
    "中央",
    "国家",
    "全国",
    "最高人民",
    "中国",
    "中华",
    "外交部",
    "国防部",
    "发展改革委",
    "教育部",
    "科技部",
    "科学技术部",
    "工业和信息化部",
    "公安部",
    "安全部",
    "民政部",
    "司法部",
    "财政部",
    "人力资源社会保障部",
    "人力资源和社会保障部",
    "自然资源部",
    "国土资源部",
    "生态环境部",
    "环境保护部",
    "住房城乡建设部",
    "住房和城乡建设部",
    "建设部",
    "交通运输部",
    "水利部",
    "农业农村部",
    "农业部",
    "商务部",
    "文化和旅游部",
    "文化部",
    "卫生健康委",
    "卫生计生委",
    "卫生部",
    "退役军人",
    "应急管理部",
    "应急部",
    "人民银行",
    "审计署",
    "国资委",
    "海关总署",
    "税务总局",
    "市场监管总局",
    "广电总局",
    "体育总局",
    "统计局",
    "银保监会",
    "证监会",
    "保监会",
    "能源局",
    "林草局",
    "铁路局",
    "民航局",
    "邮政局",
    "文物局",
    "扶贫办",
    "知识产权局",
    "金融监管总局",
    "发改委",
    "工商总局",
    "质检总局",
    "食品药品监管总局",
    "林业局",
    "旅游局",
    "安全监管总局",
    "安监总局",
    "中医药局",
    "医保局",
    "药监局",
    "中科院",
    "工程院",
    "自然科学基金委",
];

/// A name and where it stands, in bytes.
pub(crate) type Named = (Range<usize>, String);

const LONGEST: usize = 34;

/// Whether a text, apart from white space, can be the name of one organ.
pub(crate) fn is_organ(text: &str) -> bool {
    let name = lines::squeezed(text);
    let length = name.chars().count();
    if !(2..=LONGEST).contains(&length) || BARE.contains(&name.as_str()) {
        return false;
    }
    let ends = name.chars().last().is_some_and(|ch| LAST.contains(ch))
        || ENDINGS.iter().any(|ending| name.ends_with(ending));
    let fits = name.chars().all(|ch| is_han(ch) || matches!(ch, '（' | '）' | '(' | ')' | '·'));
    let starts = !NEVER_FIRST.iter().any(|word| name.starts_with(word))
        || FIRST_AFTER_ALL.iter().any(|word| name.starts_with(word));
    ends && fits && starts && !NEVER.iter().any(|word| name.contains(word))
}

/// The organs that a text names and names nothing else besides; empty if it does.
/// Ranges are bytes, counted from `offset`.
pub(crate) fn organs(text: &str, offset: usize) -> Vec<Named> {
    let is_separator = |ch: char| matches!(ch, '、' | '，' | ',' | '\n' | '；' | '|');
    let mut found = Vec::new();
    for piece in pieces(text, is_separator) {
        let content = lines::slice(text, piece.clone());
        let words = pieces(content, is_blank);
        let separate = words.len() > 1
            && words.iter().all(|word| is_organ(lines::slice(content, word.clone())));
        let whole = 0..content.len();
        let parts = if separate { words } else { Vec::from([whole]) };
        for part in parts {
            let at = piece.start + part.start..piece.start + part.end;
            let glued = unglued(text, at);
            if glued.is_empty() {
                return Vec::new();
            }
            found.extend(glued);
        }
    }
    for (range, _) in &mut found {
        *range = range.start + offset..range.end + offset;
    }
    found
}

/// The parts between separators, trimmed; empty ones are left out.
fn pieces(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut at = 0;
    for part in text.split(is_separator) {
        let trimmed = part.trim_matches(is_blank);
        if !trimmed.is_empty() {
            let start = at + part.find(trimmed).unwrap_or_default();
            parts.push(start..start + trimmed.len());
        }
        at += part.len();
        at += lines::from(text, at).chars().next().map_or(0, char::len_utf8);
    }
    parts
}

/// Takes apart names that follow one another without a separator, as scraping leaves them:
/// a name ends, and the next begins like the first one or like that of a national organ.
fn unglued(text: &str, range: Range<usize>) -> Vec<Named> {
    let content = lines::slice(text, range.clone());
    let body = WITH_BRANCHES.iter().find(|body| content.starts_with(**body));
    let own = region(lines::from(content, body.map_or(0, |body| body.len())));
    // Of names in lines of their own, the first one tells the region.
    let region = own.or_else(|| region(text.trim_start_matches(is_blank)));
    // Central bodies name their branches without the province's or city's last character.
    let short = region.map(|region| region.trim_end_matches(['省', '市']));
    let short = short.filter(|short| short.chars().count() >= 2);
    let mut parts: Vec<Named> = Vec::new();
    let mut from = 0;
    for (at, _) in content.char_indices().skip(2).chain([(content.len(), ' ')]) {
        let rest = lines::from(content, at);
        let branch = WITH_BRANCHES.contains(&lines::slice(content, from..at));
        let begins = rest.is_empty()
            || NATIONAL.iter().any(|name| rest.starts_with(name))
            || !branch && region.is_some_and(|region| rest.starts_with(region))
            || !branch && short.is_some_and(|short| begins_branch(rest, short));
        let name = lines::slice(content, from..at);
        // A branch of a bank has no offices whose names would go on from here.
        if !begins && !["支行", "分行"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        if is_organ(name) && (rest.is_empty() || is_organ_start(rest)) {
            parts.push((range.start + from..range.start + at, lines::squeezed(name)));
            from = at;
        }
    }
    if from == content.len() { parts } else { Vec::new() }
}

/// Whether a name begins here as those of the branches of financial supervision do: `河北银保监局`.
fn begins_branch(rest: &str, short: &str) -> bool {
    let behind = rest.strip_prefix(short).unwrap_or_default();
    ["银保监", "证监", "金融监管", "监管局", "海关", "出入境"]
        .iter()
        .any(|word| behind.starts_with(word))
}

/// A name never begins with what only continues one.
fn is_organ_start(rest: &str) -> bool {
    !["办公厅", "办公室", "党组"].iter().any(|word| rest.starts_with(word))
}

/// The province, city, district or county that a name begins with.
pub(crate) fn region(name: &str) -> Option<&str> {
    const SHORTEST: usize = 2;
    let end = name
        .char_indices()
        .skip(SHORTEST - 1)
        .take(8)
        .find(|(_, ch)| matches!(ch, '省' | '市' | '区' | '县' | '州' | '盟'))
        .map(|(at, ch)| at + ch.len_utf8())?;
    Some(lines::until(name, end))
}

/// Whether two names mean the same organ, one of them perhaps shortened: without the region
/// (`省财政厅`), without 国家 or 中国, without 和 between two matters.
pub(crate) fn same(one: &str, other: &str) -> bool {
    const LONGEST_REGION: usize = 9;
    let (one, other) = (one.replace('和', ""), other.replace('和', ""));
    let (long, short) = if one.len() < other.len() { (other, one) } else { (one, other) };
    let Some(rest) = long.strip_suffix(short.as_str()) else { return false };
    let ends = |ends: &[char]| rest.ends_with(ends);
    rest.is_empty()
        || ["国家", "中国", "全国", "中华人民共和国"].contains(&rest)
        || rest.chars().count() <= LONGEST_REGION
            && (ends(&['省', '市', '县', '区', '州'])
                || short.starts_with(['省', '市', '县', '区', '州']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        organs(text, 0).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn joint_organs_are_told_apart() {
        assert_eq!(names("淮南市财政局　淮南市教育局"), ["淮南市财政局", "淮南市教育局"]);
        assert_eq!(names("财政部、教育部"), ["财政部", "教育部"]);
        assert_eq!(names("安徽省财政厅安徽省教育厅"), ["安徽省财政厅", "安徽省教育厅"]);
        assert_eq!(names("国家发展改革委住房城乡建设部"), ["国家发展改革委", "住房城乡建设部"],);
    }

    #[test]
    fn a_branch_keeps_the_name_of_its_body() {
        assert_eq!(
            names("深圳市财政局国家税务总局深圳市税务局"),
            ["深圳市财政局", "国家税务总局深圳市税务局"],
        );
    }

    #[test]
    fn branches_are_told_apart_from_what_stands_before_them() {
        assert_eq!(
            names("安徽省财政厅中国人民银行合肥中心支行安徽银保监局"),
            ["安徽省财政厅", "中国人民银行合肥中心支行", "安徽银保监局"],
        );
        assert_eq!(
            names("安徽省财政厅、中国人民银行合肥中心支行"),
            ["安徽省财政厅", "中国人民银行合肥中心支行"],
        );
        assert_eq!(
            names("国家税务总局安徽省税务局安徽省财政厅"),
            ["国家税务总局安徽省税务局", "安徽省财政厅"],
        );
    }

    #[test]
    fn one_organ_stays_whole() {
        assert_eq!(names("广州市规划和自然资源局"), ["广州市规划和自然资源局"]);
        assert_eq!(names("国务院办公厅"), ["国务院办公厅"]);
        assert_eq!(names("安  徽  省  教  育  厅"), ["安徽省教育厅"]);
        assert_eq!(names("安徽省人民政府 办公厅"), ["安徽省人民政府办公厅"]);
        assert_eq!(names("淮南市发展和改革委员会"), ["淮南市发展和改革委员会"]);
    }

    #[test]
    fn shortened_names_are_the_same_organ() {
        assert!(same("省住房城乡建设厅", "江苏省住房和城乡建设厅"));
        assert!(same("河北省财政厅", "财政厅"));
        assert!(!same("金融监管总局", "工业和信息化部金融监管总局"));
        assert!(!same("国务院", "国务院办公厅"));
    }

    #[test]
    fn what_is_no_organ_is_none() {
        for text in ["", "办公厅", "关于财政局", "请各局", "联系电话", "2023年"] {
            assert!(names(text).is_empty(), "{text}");
        }
    }
}
