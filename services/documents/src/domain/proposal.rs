//! What a document that was read proposes for the content of a policy.

use gongwen::{Category, Document, Field, RelationType};

use super::{
    content::{Content, Disclosure, MAX_ARTICLES, MAX_RELATIONS, Relation},
    day,
};

/// From here on a reading is taken without a person.
pub const SURE: u8 = 90;
/// From here on a reading is taken where a person looks at it later.
pub const FAIR: u8 = 75;

/// A value that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Name of the field in the contract.
    pub field: &'static str,
    /// What was read, as a clerk would write it.
    pub value: String,
    /// First character and the one behind the last, where it stands in the text.
    pub place: Option<(usize, usize)>,
    /// How sure the reading is, 0 to 100.
    pub confidence: u8,
    /// Why it is not certain, in Chinese.
    pub doubts: Vec<String>,
}

/// What was read of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposed {
    /// To be confirmed or corrected; the organ is looked up by who knows the directory.
    pub content: Content,
    /// Where each value comes from.
    pub proposals: Vec<Proposal>,
    /// Names of the issuing organs, the lead organ's first.
    pub organs: Vec<String>,
    /// What has two readings and was therefore left out, in Chinese.
    pub doubts: Vec<String>,
}

/// Reads a document and proposes what it says. `title` is the one that came with it.
pub fn propose(title: Option<&str>, text: &str, categories: &[String]) -> Proposed {
    let document = gongwen::analyze(title, text);
    let fields = &document.fields;
    let mut proposals = Vec::new();
    let mut note = |proposal: Option<Proposal>| -> String {
        proposal
            .map(|proposal| {
                proposals.push(proposal.clone());
                proposal.value
            })
            .unwrap_or_default()
    };
    let title = note(read("title", fields.title.as_ref(), Clone::clone));
    let number = fields.document_numbers.first();
    let document_number = note(read("document_number", number, ToString::to_string));
    note(read("organ_code", fields.issuing_organs.first(), Clone::clone));
    let named = fields.category.as_ref().filter(|field| {
        category(field.value).is_some_and(|name| categories.iter().any(|known| known == name))
    });
    let category =
        note(read("category", named, |value| category(*value).unwrap_or_default().to_owned()));
    let mut date = |name, field: Option<&Field<chrono::NaiveDate>>| {
        note(read(name, field, |value| day::write(Some(*value))));
        field.map(|field| field.value)
    };
    let issued_on = date("issued_on", fields.signed_on.as_ref());
    let effective_on = date("effective_on", fields.effective_on.as_ref());
    let expires_on = date("expires_on", fields.expires_on.as_ref());
    let disclosure = fields.disclosure.as_ref();
    note(read("disclosure", disclosure, |value| disclosed(*value).chinese().to_owned()));
    let relations = document.relations.iter().take(MAX_RELATIONS);
    proposals.extend(relations.clone().map(acted));
    let relations = relations.map(relation).collect();
    Proposed {
        content: Content {
            title,
            document_number,
            category,
            text: body(&document, text).to_owned(),
            issued_on,
            effective_on,
            expires_on,
            relations,
            disclosure: disclosure.map_or(Disclosure::Public, |field| disclosed(field.value)),
            ..Content::default()
        },
        proposals,
        organs: fields.issuing_organs.iter().map(|organ| organ.value.clone()).collect(),
        doubts: fields.doubts.clone(),
    }
}

/// What an import takes from the text of a record that does not say it itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supplement {
    /// What it does to others.
    pub relations: Vec<Relation>,
    /// First day in force.
    pub effective_on: Option<chrono::NaiveDate>,
    /// Last day in force.
    pub expires_on: Option<chrono::NaiveDate>,
    /// How its mark says that it is disclosed.
    pub disclosure: Disclosure,
    /// What a person should look at, in Chinese.
    pub doubtful: Vec<String>,
}

/// Reads relations and days of effect. Readings below [`FAIR`] are told and not taken; those below
/// [`SURE`] are taken and told.
pub fn supplement(title: &str, text: &str) -> Supplement {
    let document = gongwen::analyze(Some(title), text);
    let mut doubtful = Vec::new();
    let mut relations = Vec::new();
    let cited = |found: &&gongwen::Relation| found.title.is_some() || found.number.is_some();
    for found in document.relations.iter().filter(cited).take(MAX_RELATIONS) {
        let told = acted(found);
        let acts = matches!(found.kind, RelationType::Repeals | RelationType::Amends);
        match found.confidence {
            SURE.. => relations.push(relation(found)),
            FAIR.. => {
                relations.push(relation(found));
                if acts {
                    doubtful.push(format!("{} 由正文读出", told.value));
                }
            }
            _ if acts => doubtful.push(format!("可能{}（没有采用）", told.value)),
            _ => {}
        }
    }
    let mut date = |label, field: &Option<Field<chrono::NaiveDate>>| {
        let field = field.as_ref()?;
        let told = day::write(Some(field.value));
        match field.confidence {
            SURE.. => Some(field.value),
            FAIR.. => {
                doubtful.push(format!("{label} {told} 由正文读出"));
                Some(field.value)
            }
            _ => {
                doubtful.push(format!("{label}可能是 {told}（没有采用）"));
                None
            }
        }
    };
    let effective_on = date("实施日期", &document.fields.effective_on);
    let expires_on = date("失效日期", &document.fields.expires_on);
    // What contradicts itself is left to a person.
    let sound = effective_on.zip(expires_on).is_none_or(|(from, until)| from <= until);
    let expires_on = expires_on.filter(|_| sound);
    let mark = document.fields.disclosure.as_ref();
    let disclosure = mark.map_or(Disclosure::Public, |field| disclosed(field.value));
    Supplement { relations, effective_on, expires_on, disclosure, doubtful }
}

fn read<T>(
    name: &'static str,
    field: Option<&Field<T>>,
    write: impl FnOnce(&T) -> String,
) -> Option<Proposal> {
    let field = field?;
    Some(Proposal {
        field: name,
        value: write(&field.value),
        place: field.span.as_ref().map(|span| (span.start, span.end)),
        confidence: field.confidence,
        doubts: field.doubts.clone(),
    })
}

fn acted(found: &gongwen::Relation) -> Proposal {
    let named = match (&found.title, &found.number) {
        (Some(title), Some(number)) => format!("《{title}》（{number}）"),
        (Some(title), None) => format!("《{title}》"),
        (None, number) => number.clone().unwrap_or_default(),
    };
    Proposal {
        field: "relations",
        value: format!("{}{named}{}", verb(found.kind), found.articles.join("、")),
        place: found.span.as_ref().map(|span| (span.start, span.end)),
        confidence: found.confidence,
        doubts: Vec::new(),
    }
}

const fn verb(kind: RelationType) -> &'static str {
    match kind {
        RelationType::Repeals => "废止",
        RelationType::Amends => "修改",
        RelationType::BasedOn => "依据",
        RelationType::Forwards => "转发",
        RelationType::Issues => "印发",
        RelationType::Interprets => "解释",
    }
}

fn relation(found: &gongwen::Relation) -> Relation {
    let kind = match found.kind {
        RelationType::Repeals => "repeals",
        RelationType::Amends => "amends",
        RelationType::BasedOn => "based_on",
        RelationType::Forwards => "forwards",
        RelationType::Issues => "issues",
        RelationType::Interprets => "interprets",
    };
    Relation {
        kind: kind.to_owned(),
        target_title: found.title.clone().unwrap_or_default(),
        target_number: found.number.clone().unwrap_or_default(),
        articles: found.articles.iter().take(MAX_ARTICLES).cloned().collect(),
        effective_on: found.effective_on,
        ..Relation::default()
    }
}

/// The library's name of a category; none for what no city's library holds.
const fn category(category: Category) -> Option<&'static str> {
    match category {
        Category::LocalRegulation => Some("地方性法规"),
        Category::GovernmentRule => Some("政府规章"),
        Category::GovernmentNormative => Some("市政府行政规范性文件"),
        Category::GovernmentOther => Some("市政府其他文件"),
        Category::DepartmentNormative => Some("市政府部门行政规范性文件"),
        Category::DepartmentOther => Some("市政府部门其他文件"),
        Category::Law
        | Category::AdministrativeRegulation
        | Category::JudicialInterpretation
        | Category::DepartmentRule
        | Category::StateCouncilDocument => None,
    }
}

const fn disclosed(mark: gongwen::Disclosure) -> Disclosure {
    match mark {
        gongwen::Disclosure::Public => Disclosure::Public,
        gongwen::Disclosure::OnRequest => Disclosure::OnRequest,
        gongwen::Disclosure::Withheld => Disclosure::Withheld,
    }
}

/// The text behind the title and number that stand at its head, which have fields of their own.
fn body<'a>(document: &Document, text: &'a str) -> &'a str {
    let fields = &document.fields;
    let addressees = fields.addressees.iter().filter_map(|field| field.span.as_ref());
    let divisions = document.outline.iter().map(|node| &node.span);
    let begins = addressees.chain(divisions).map(|span| span.bytes().start).min();
    let begins = begins.unwrap_or(text.len());
    let title = fields.title.as_ref().and_then(|field| field.span.as_ref());
    let number = fields.document_numbers.iter().filter_map(|field| field.span.as_ref());
    let head = title
        .into_iter()
        .chain(number)
        .map(|span| span.bytes().end)
        .filter(|end| *end <= begins)
        .max()
        .unwrap_or(0);
    let rest = text.get(head..).unwrap_or(text);
    match rest.split_once('\n') {
        Some((_, rest)) if head > 0 => rest.trim_start_matches(['\n', '\r']),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: &str = "某市人民政府关于印发停车管理办法的通知\n某府〔2024〕8号\n\n各区人民政府：\n\
        现将《停车管理办法》印发给你们，请遵照执行。\n某市人民政府\n2024年5月20日\n\
        停车管理办法\n第一条 为了规范停车，制定本办法。\n\
        第二条 本办法自2024年7月1日起施行，有效期五年。《停车收费办法》（某府〔2015〕3号）同时废止。";

    fn categories() -> Vec<String> {
        vec!["市政府行政规范性文件".to_owned()]
    }

    fn value_of(proposed: &Proposed, field: &str) -> String {
        let found = proposed.proposals.iter().find(|proposal| proposal.field == field);
        found.map(|proposal| proposal.value.clone()).unwrap_or_default()
    }

    #[test]
    fn a_notice_proposes_all_that_it_says() {
        let proposed = propose(None, NOTICE, &categories());
        let content = &proposed.content;
        assert_eq!(content.title, "某市人民政府关于印发停车管理办法的通知");
        assert_eq!(content.document_number, "某府〔2024〕8号");
        assert_eq!(content.issued_on, "2024-05-20".parse().ok());
        assert_eq!(content.effective_on, "2024-07-01".parse().ok());
        assert_eq!(proposed.organs, ["某市人民政府"]);
        assert_eq!(content.category, "市政府行政规范性文件");
        assert_eq!(value_of(&proposed, "organ_code"), "某市人民政府");
        let repeal = content.relations.iter().find(|relation| relation.kind == "repeals").unwrap();
        assert_eq!(repeal.target_number, "某府〔2015〕3号");
    }

    #[test]
    fn each_value_stands_where_it_says() {
        for proposal in propose(None, NOTICE, &categories()).proposals {
            let Some((start, end)) = proposal.place else { continue };
            let text: String = NOTICE.chars().skip(start).take(end - start).collect();
            assert!(!text.is_empty(), "{proposal:?}");
        }
    }

    #[test]
    fn title_and_number_leave_the_body() {
        let body = propose(None, NOTICE, &categories()).content.text;
        assert!(body.starts_with("各区人民政府："), "{body}");
        assert!(body.ends_with("同时废止。"));
        assert_eq!(propose(Some("标题"), "只有正文。", &[]).content.text, "只有正文。");
    }

    #[test]
    fn a_category_that_the_city_does_not_have_is_not_proposed() {
        assert_eq!(propose(None, NOTICE, &[]).content.category, "");
    }

    #[test]
    fn an_import_takes_what_is_sure_and_tells_what_is_not() {
        let found = supplement("停车管理办法", NOTICE);
        assert_eq!(found.effective_on, "2024-07-01".parse().ok());
        assert!(found.relations.iter().any(|relation| relation.kind == "repeals"));
        assert_eq!(found.expires_on, None, "a counted day is a proposal");
        assert!(found.doubtful.iter().any(|told| told.contains("失效日期")), "{found:?}");
    }
}
