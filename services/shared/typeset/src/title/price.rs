//! What a break costs at each place of a title.

use crate::kinsoku::{self, Class};

/// Words that are not divided. Longer words stand before those they contain.
const WHOLE: &[&str] = &[
    "人民政府办公室",
    "人民政府办公厅",
    "人民代表大会常务委员会",
    "人民代表大会",
    "常务委员会",
    "人民政府",
    "国务院办公厅",
    "国务院",
    "办公室",
    "办公厅",
    "委员会",
    "管理局",
    "监督局",
    "实施细则",
    "实施意见",
    "实施方案",
    "实施办法",
    "管理办法",
    "管理规定",
    "若干措施",
    "若干政策",
    "若干规定",
    "若干意见",
    "指导意见",
    "工作方案",
    "行动计划",
    "行动方案",
    "应急预案",
    "总体规划",
    "发展规划",
    "暂行办法",
    "暂行规定",
    "试行",
    "通知",
    "意见",
    "办法",
    "规定",
    "方案",
    "细则",
    "措施",
    "决定",
    "公告",
    "通告",
    "批复",
    "请示",
    "报告",
    "计划",
    "规划",
    "要点",
    "条例",
    "制度",
    "目录",
    "清单",
    "预案",
    "纲要",
    "函",
    "关于",
    "印发",
    "转发",
    "发布",
    "公布",
    "废止",
    "修改",
    "进一步",
    "加强",
    "推进",
    "促进",
    "建设",
    "发展",
    "管理",
    "实施",
    "工作",
    "服务",
    "经济",
    "社会",
    "企业",
    "住房",
    "公积金",
    "保障",
    "改革",
    "政府",
    "信息",
    "公开",
    "安全",
    "生产",
    "市场",
    "监督",
    "保护",
    "生态",
    "环境",
    "教育",
    "医疗",
    "保险",
    "农村",
    "农业",
    "城市",
    "城镇",
    "居民",
    "项目",
    "资金",
    "机制",
    "体系",
    "规范性文件",
    "行政",
    "部门",
    "自治区",
];

/// A pause follows these.
const PAUSE_BEHIND: &[&str] = &[
    "人民政府办公室",
    "人民政府办公厅",
    "人民政府",
    "国务院办公厅",
    "国务院",
    "办公室",
    "办公厅",
    "委员会",
    "局",
    "厅",
    "》",
    "、",
    "的",
    "和",
    "与",
    "及",
    "等",
    "”",
    "，",
];

/// What they do follows these: no pause behind them.
const VERBS: &[&str] = &[
    "关于",
    "印发",
    "转发",
    "发布",
    "公布",
    "废止",
    "修改",
    "进一步",
    "加强",
    "推进",
    "促进",
    "实施",
    "做好",
    "开展",
    "规范",
    "完善",
    "建立",
    "深化",
    "调整",
];

/// A pause goes before these.
const PAUSE_BEFORE: &[&str] = &["关于", "印发", "转发", "《", "“", "进一步", "（"];

/// Never first in a line: they lean on what stands before them.
const LEANING: &[&str] = &["的", "和", "与", "及", "等", "了", "性", "化"];

/// The price of a break before each character; `None` where no line may end.
pub(super) fn prices(characters: &[char]) -> Vec<Option<u32>> {
    let text: String = characters.iter().collect();
    let mut prices = Vec::with_capacity(characters.len());
    let inside = whole_words(characters);
    let mut depth = 0_u32;
    let mut at = 0;
    for (index, character) in characters.iter().enumerate() {
        let (before, behind) = text.split_at_checked(at).unwrap_or((&text, ""));
        at += character.len_utf8();
        let allowed = index > 0
            && characters.get(index - 1).is_some_and(|last| {
                let (a, b) = (kinsoku::class(*last), kinsoku::class(*character));
                kinsoku::may_break(a, b, last == character) || a == Class::Space
            });
        let starts = |words: &[&str]| words.iter().any(|word| behind.starts_with(word));
        let ends = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
        // The last character of a word that a space ends, as 部 in 教育部　科技部.
        let last = characters.get(index + 1).is_none_or(|next| next.is_whitespace());
        let price = if ends(&[" ", "　"]) {
            0
        } else if last {
            60
        } else if starts(LEANING) {
            if before.ends_with('》') { 30 } else { 60 }
        } else if inside.get(index).copied().unwrap_or(false) {
            80
        } else if ends(VERBS) && !starts(&["《", "“"]) {
            30
        } else if starts(PAUSE_BEFORE) || ends(PAUSE_BEHIND) {
            0
        } else if starts(WHOLE) || ends(WHOLE) {
            10
        } else {
            45
        };
        prices.push(allowed.then_some(price + depth * 160));
        match character {
            '《' | '〈' => depth += 1,
            '》' | '〉' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    prices
}

/// For each character, whether it continues a word that is not divided.
fn whole_words(characters: &[char]) -> Vec<bool> {
    let mut inside = vec![false; characters.len()];
    let mut index = 0;
    while let Some(rest) = characters.get(index..).filter(|rest| !rest.is_empty()) {
        let word =
            WHOLE.iter().map(|word| word.chars().count()).zip(WHOLE).find(|(count, word)| {
                rest.get(..*count).is_some_and(|part| part.iter().copied().eq(word.chars()))
            });
        let length = word.map_or(1, |(count, _)| count);
        for mark in inside.iter_mut().skip(index + 1).take(length.saturating_sub(1)) {
            *mark = true;
        }
        index += length;
    }
    inside
}
