//! The category under which a library keeps a document: law, rule, normative document or other.
//!
//! The six categories of a city's library are 地方性法规, 政府规章, and normative and other
//! documents of the government and of its departments; the State's own forms come on top. What
//! a normative document is: 国办发〔2018〕37号 (rights and duties of citizens, in force for a
//! time and for everybody). Whose a document is comes from the names of its organs alone, so no
//! city is written down here.

use serde::Serialize;

use super::fields::Fields;
use super::page::Page;
use crate::{Field, lines};

/// What kind of act a document is, by who made it and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 法律.
    Law,
    /// 行政法规.
    AdministrativeRegulation,
    /// 司法解释.
    JudicialInterpretation,
    /// 地方性法规.
    LocalRegulation,
    /// 部门规章, of a body of the State Council.
    DepartmentRule,
    /// 政府规章, of a province or city.
    GovernmentRule,
    /// 国务院文件, which no library of a city tells apart further.
    StateCouncilDocument,
    /// 政府行政规范性文件, of a government or its office.
    GovernmentNormative,
    /// 政府其他文件.
    GovernmentOther,
    /// 部门行政规范性文件.
    DepartmentNormative,
    /// 部门其他文件.
    DepartmentOther,
}

use Category as C;

/// Titles of what is no document of an organ, or none yet.
const NO_ACT: [&str; 12] = [
    "征求意见",
    "公开征集",
    "征集意见",
    "草案",
    "解读",
    "答记者问",
    "问答",
    "图解",
    "读懂",
    "解答",
    "发布会",
    "简介",
];
/// Titles of what arranges, passes on or reports, and binds no citizen.
const ARRANGES: [&str; 33] = [
    "转发",
    "批转",
    "领导小组",
    "表彰",
    "任免",
    "任命",
    "更名",
    "名单",
    "会议",
    "检查",
    "督查",
    "活动",
    "规划",
    "计划",
    "要点",
    "工作方案",
    "实施方案",
    "行动方案",
    "指引",
    "指南",
    "进展",
    "情况",
    "专项资金使用",
    "下达",
    "拨付",
    "举办",
    "评选",
    "公示",
    "申报",
    "征集",
    "竞赛",
    "培训",
    "专项整治",
];
/// Forms that bind everybody, within a title.
const BINDS: [&str; 15] = [
    "进一步规范",
    "办法",
    "规定",
    "细则",
    "规程",
    "规则",
    "若干措施",
    "若干政策",
    "标准",
    "准则",
    "规范性文件",
    "管理",
    "政策",
    "废止",
    "意见",
];
/// What a text says to citizens: their rights and duties.
const RIGHTS: [&str; 13] = [
    "补贴",
    "补助",
    "缴纳",
    "缴存",
    "申请人",
    "贷款",
    "购房",
    "养老金",
    "待遇",
    "营业税",
    "收费",
    "处罚",
    "最低生活保障",
];

/// The category, if organ, number, form or wording tell it.
pub(super) fn read(page: &Page, fields: &Fields) -> Option<Field<Category>> {
    let title = page.title_text();
    let first = page.lines.get(page.body_line).map_or("", |line| page.slice(line.clone()));
    if NO_ACT.iter().any(|word| title.contains(word))
        || lines::head(first, 0, 90).contains("解读如下")
    {
        return None;
    }
    let (category, confidence) =
        by_order(fields).or_else(|| by_organ(page, fields)).or_else(|| by_form(page, fields))?;
    let span = title_span(page).or_else(|| fields.issuing_organs.first()?.span.clone());
    let field = Field::new(category, span, confidence);
    Some(if confidence < 70 {
        field.doubted(confidence, "类别由形式推断，请核对")
    } else {
        field
    })
}

fn title_span(page: &Page) -> Option<crate::Span> {
    page.title.as_ref().and_then(|title| title.span.clone())
}

/// By the order that promulgates it: `国令`, `主席令`, `某市人民政府令`, `某部令`.
fn by_order(fields: &Fields) -> Option<(Category, u8)> {
    let head = fields.document_numbers.first()?.value.head.as_str();
    let name = head.strip_suffix('令')?;
    let category = if name.ends_with("主席") {
        C::Law
    } else if matches!(name, "国" | "国务院" | "中华人民共和国国务院") {
        C::AdministrativeRegulation
    } else if name.ends_with("人民政府") {
        C::GovernmentRule
    } else if fields.kind.as_ref().is_some_and(|kind| kind.value == "条例") {
        // What a bureau promulgates as 条例 was approved by the State Council.
        C::AdministrativeRegulation
    } else {
        C::DepartmentRule
    };
    Some((category, 95))
}

/// By the organ that made it.
fn by_organ(page: &Page, fields: &Fields) -> Option<(Category, u8)> {
    let organ = fields.issuing_organs.first()?.value.as_str();
    let kind = fields.kind.as_ref().map_or("", |kind| kind.value);
    let name = organ.trim_start_matches("中华人民共和国");
    if name.starts_with("全国人民代表大会") || name == "全国人大常委会" {
        return Some((C::Law, 95));
    }
    if name.contains("人民代表大会") || name.ends_with("人大常委会") {
        return Some((C::LocalRegulation, 93));
    }
    if name.starts_with("最高人民") {
        return Some((C::JudicialInterpretation, 90));
    }
    if name == "国务院" || name == "国务院办公厅" {
        let regulation = matches!(kind, "条例") || has_articles(page) && kind != "通知";
        let category =
            if regulation { C::AdministrativeRegulation } else { C::StateCouncilDocument };
        return Some((category, 90));
    }
    let head = lines::head(page.text, 0, 700);
    // Rules of departments are decided on by such a meeting (《规章制定程序条例》 article 27).
    let decided = [
        "部令第",
        "局令第",
        "委员会令第",
        "署令第",
        "委令第",
        "部务会",
        "局务会",
        "委务会",
        "署务会",
    ]
    .iter()
    .any(|word| head.contains(word));
    if decided && has_articles(page) && crate::organ::region(name).is_none() {
        return Some((C::DepartmentRule, 82));
    }
    if kind == "条例" && fields.signature_block.is_none() {
        return None;
    }
    let government = ["人民政府", "人民政府办公厅", "人民政府办公室", "政府办公厅", "政府办公室"]
        .iter()
        .any(|end| name.ends_with(end));
    let (normative, confidence) = is_normative(page, fields);
    Some((
        match (government, normative) {
            (true, true) => C::GovernmentNormative,
            (true, false) => C::GovernmentOther,
            (false, true) => C::DepartmentNormative,
            (false, false) => C::DepartmentOther,
        },
        confidence,
    ))
}

/// By its form, where no organ is named: the header and final articles of laws and rules.
fn by_form(page: &Page, fields: &Fields) -> Option<(Category, u8)> {
    let title = page.title_text();
    let kind = fields.kind.as_ref()?.value;
    let head = lines::head(page.text, 0, 700);
    if title.contains("修正案") && head.contains("政府") && head.contains("常务会议") {
        return Some((C::GovernmentRule, 75));
    }
    if title.contains("适用法律") || title.contains("应用法律") {
        return Some((C::JudicialInterpretation, 80));
    }
    let number = fields.document_numbers.first().map(|field| field.value.head.as_str());
    let office = number.is_some_and(|head| {
        head.ends_with('府')
            || head.contains("府办")
            || head.contains("政办")
            || head.contains("府规")
    });
    let local = crate::organ::region(title).is_some();
    let lawlike = matches!(kind, "法" | "条例" | "规定" | "办法" | "细则" | "规则");
    let limited = fields.validity_years.is_some() || fields.expires_on.is_some();
    if lawlike && number.is_none() && !limited && (has_articles(page) || says_makes(page)) {
        let of_ministry = ["部务会议", "局务会议", "总局", "委务会议", "署务会议"]
            .iter()
            .any(|word| head.contains(word));
        return match (kind, local, of_ministry) {
            ("条例", true, _) => Some((C::LocalRegulation, 80)),
            (_, false, true) => Some((C::DepartmentRule, 80)),
            ("法", false, _) => Some((C::Law, 80)),
            (_, true, _)
                if head.contains("人民代表大会")
                    || head.contains("人大常委会")
                    || title.contains("实施《") =>
            {
                Some((C::LocalRegulation, 80))
            }
            (_, true, _) => Some((C::GovernmentRule, 65)),
            (_, false, _) if head.contains("国务院") || kind == "条例" => {
                Some((C::AdministrativeRegulation, 70))
            }
            (_, false, _) => Some((C::DepartmentRule, 55)),
        };
    }
    let stands = number.is_some() || limited || lawlike || super::kind::is_official(title);
    let (normative, _) = is_normative(page, fields);
    stands.then_some(match (office, normative) {
        (true, true) => (C::GovernmentNormative, 60),
        (true, false) => (C::GovernmentOther, 55),
        (false, true) => (C::DepartmentNormative, 55),
        (false, false) => (C::DepartmentOther, 50),
    })
}

fn has_articles(page: &Page) -> bool {
    page.lines.iter().any(|line| page.slice(line.clone()).starts_with("第一条"))
}

/// Whether it makes a rule: `制定本办法`.
fn says_makes(page: &Page) -> bool {
    let head = lines::head(page.text, 0, 400);
    head.contains("制定本") || head.contains("制订本")
}

/// Whether a document binds citizens, and how sure that is.
fn is_normative(page: &Page, fields: &Fields) -> (bool, u8) {
    let title = page.title_text();
    let kind = fields.kind.as_ref().map_or("", |kind| kind.value);
    let number = fields.document_numbers.first().map_or("", |field| field.value.head.as_str());
    // The number series of normative documents: 府规, 办规, 规字.
    if number.ends_with('规') || number.ends_with("规字") {
        return (true, 95);
    }
    if matches!(kind, "批复" | "函" | "通报" | "纪要" | "报告" | "请示" | "议案" | "答复")
    {
        return (false, 90);
    }
    let limited = fields.validity_years.is_some() || fields.expires_on.is_some();
    if limited {
        return (true, 85);
    }
    if ARRANGES.iter().any(|word| title.contains(word)) {
        return (false, 80);
    }
    let binds = BINDS.iter().any(|word| title.contains(word));
    let rights = RIGHTS.iter().filter(|word| page.text.contains(**word)).count();
    match (binds, fields.effective_on.is_some(), rights) {
        (true, true, _) => (true, 80),
        (true, false, _) | (false, true, 1..) => (true, 70),
        (false, _, 2..) => (true, 62),
        _ => (false, 65),
    }
}
