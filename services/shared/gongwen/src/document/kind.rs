//! The kind of a document (文种): the last word of its title.

use super::page::Page;
use crate::Field;

/// The kinds that are told apart.
///
/// The first fifteen are those of the 《党政机关公文处理工作条例》 (中办发〔2012〕14号), article 8,
/// in its order; the others are the forms of laws and rules (《立法法》,《行政法规制定程序条例》
/// article 5,《规章制定程序条例》 article 7) and of what offices attach to a notice.
pub const KINDS: [&str; 44] = [
    "决议",
    "决定",
    "令",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
    "法",
    "条例",
    "规定",
    "办法",
    "细则",
    "规则",
    "解释",
    "规程",
    "准则",
    "方案",
    "规划",
    "计划",
    "措施",
    "预案",
    "纲要",
    "要点",
    "指南",
    "目录",
    "标准",
    "规范",
    "制度",
    "章程",
    "解读",
    "答复",
    "守则",
    "修正案",
    "总则",
    "通则",
    "布告",
];

/// How many of [`KINDS`] are the kinds of official documents proper.
pub(super) const OFFICIAL: usize = 15;

/// Words that end like a kind of law and are none.
const NOT_LAW: [&str; 6] = ["做法", "执法", "立法", "司法", "普法", "方法"];

/// The kind that a title ends with, notes in brackets and closing quotes aside.
pub(crate) fn of_title(title: &str) -> Option<&'static str> {
    let bare = without_notes(title);
    if NOT_LAW.iter().any(|word| bare.ends_with(word)) {
        return None;
    }
    KINDS.iter().filter(|kind| bare.ends_with(*kind)).max_by_key(|kind| kind.len()).copied()
}

/// Whether a title ends with one of the fifteen.
pub(super) fn is_official(title: &str) -> bool {
    of_title(title).is_some_and(|kind| KINDS.iter().take(OFFICIAL).any(|known| *known == kind))
}

/// A title without what follows its kind: （试行）, (2023年修订), 》.
pub(crate) fn without_notes(title: &str) -> &str {
    let mut bare = title.trim();
    loop {
        let shorter = bare.trim_end_matches(['》', '”', '"', ' ', '　', '。', '>']);
        let shorter = match shorter.char_indices().next_back() {
            Some((_, '）' | ')')) => match shorter.rfind(['（', '(']) {
                Some(open) if open > 0 => shorter.get(..open).unwrap_or_default(),
                _ => shorter,
            },
            _ => shorter,
        };
        if shorter.len() == bare.len() {
            return bare;
        }
        bare = shorter;
    }
}

/// The kind, from the title; an order has its name in the number.
pub(super) fn read(page: &Page) -> Option<Field<&'static str>> {
    let title = page.title.as_ref()?;
    let order = title.value.contains("令第") || title.value.contains("令（第");
    let kind = of_title(&title.value).or(order.then_some("令"))?;
    Some(Field::new(kind, title.span.clone(), title.confidence))
}
