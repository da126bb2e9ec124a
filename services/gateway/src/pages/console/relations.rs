//! Relations to other policies, one a line, as clerks type them: `废止 明府办〔2012〕44号`, with
//! single articles and a day of their own `修改 停车办法 第三条、第五条 自2024-07-01起`.

use contracts::documents::{ListPoliciesRequest, Relation};

use super::Visit;
use crate::{pages::view::policy::relation_word, problem::Problem};

/// The types that can be typed.
const TYPES: [&str; 7] =
    ["repeals", "amends", "based_on", "forwards", "issues", "interprets", "implements"];

/// What is wrong with one of the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine(pub String);

/// Relations as lines of the form.
pub fn write(relations: &[Relation]) -> String {
    relations.iter().map(line).collect::<Vec<String>>().join("\n")
}

fn line(relation: &Relation) -> String {
    let target = match relation.target_document_number.as_str() {
        "" => &relation.target_title,
        number => number,
    };
    let mut line = format!("{} {target}", relation_word(&relation.r#type, false));
    if !relation.articles.is_empty() {
        line.push_str(&format!(" {}", relation.articles.join("、")));
    }
    if !relation.effective_on.is_empty() {
        line.push_str(&format!(" 自{}起", relation.effective_on));
    }
    line
}

/// The target of a line without what stands behind it: articles, and the day.
fn parts(target: &str) -> (&str, Vec<String>, String) {
    let (target, from) = match target.rsplit_once(" 自") {
        Some((rest, day)) if day.ends_with('起') => (rest, day.trim_end_matches('起')),
        _ => (target, ""),
    };
    let is_article = |word: &str| word.starts_with('第') && !word.contains(['〔', '《', '号']);
    let (target, articles) = match target.rsplit_once(' ') {
        Some((rest, list)) if list.split('、').all(is_article) => (rest, list),
        _ => (target, ""),
    };
    let articles = articles.split('、').filter(|article| !article.is_empty());
    (target.trim(), articles.map(str::to_owned).collect(), from.trim().to_owned())
}

/// Reads the lines of the form. Those that stood there before stay as they were.
pub fn read(text: &str, before: &[Relation]) -> Result<Vec<Relation>, BadLine> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|typed| relation(typed, before)).collect()
}

fn relation(typed: &str, before: &[Relation]) -> Result<Relation, BadLine> {
    if let Some(known) = before.iter().find(|relation| line(relation) == typed) {
        return Ok(known.clone());
    }
    let words: Vec<&str> = TYPES.iter().map(|kind| relation_word(kind, false)).collect();
    let kind = TYPES.iter().zip(&words).find(|(_, word)| typed.starts_with(**word));
    let (kind, target) = kind
        .map(|(kind, word)| (*kind, typed.get(word.len()..).unwrap_or_default().trim()))
        .filter(|(_, target)| !target.is_empty())
        .ok_or_else(|| {
            let known = words.join("、");
            BadLine(format!(
                "“{typed}”应以{known}之一开头，后面写文号或标题，例如：废止 明府办〔2012〕44号"
            ))
        })?;
    let (target, articles, effective_on) = parts(target);
    Ok(Relation {
        r#type: kind.to_owned(),
        target_title: target.trim_matches(['《', '》']).to_owned(),
        articles,
        effective_on,
        ..Relation::default()
    })
}

/// Finds in the library what new lines name; what it does not hold keeps its name alone.
pub async fn resolve(visit: &Visit, relations: &mut [Relation]) -> Result<(), Problem> {
    for relation in relations {
        let new =
            relation.target_policy_id.is_empty() && relation.target_document_number.is_empty();
        if !new {
            continue;
        }
        let request = ListPoliciesRequest {
            text: relation.target_title.clone(),
            page_size: 2,
            ..ListPoliciesRequest::default()
        };
        let found = visit.clients.documents().list_policies(request).await?.into_inner().policies;
        // Two finds are no find: a wrong target would change the effect of a wrong policy.
        if let [only] = found.as_slice() {
            let content = only.content.clone().unwrap_or_default();
            // A title that only holds the words may be another policy's: the library itself finds
            // what bears the very title.
            let named = [&content.title, &content.document_number];
            if !named.iter().any(|name| same_name(name, &relation.target_title)) {
                continue;
            }
            relation.target_policy_id.clone_from(&only.id);
            relation.target_title = content.title;
            relation.target_document_number = content.document_number;
        }
    }
    Ok(())
}

/// Whether two writings name the same: blanks, brackets and marks of quotation aside.
fn same_name(one: &str, other: &str) -> bool {
    let bare = |name: &str| -> String { name.chars().filter(|ch| ch.is_alphanumeric()).collect() };
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Relation {
        Relation {
            r#type: "based_on".to_owned(),
            target_policy_id: "p1".to_owned(),
            target_title: "上位法".to_owned(),
            ..Relation::default()
        }
    }

    #[test]
    fn what_stood_there_stays_as_it_was() {
        let before = [known()];
        let text = write(&before);
        assert_eq!(text, "制定依据 上位法");
        assert_eq!(read(&text, &before).unwrap(), before);
    }

    #[test]
    fn new_lines_name_a_type_and_a_target() {
        let read = read("废止 明府办〔2012〕44号\n\n修改《停车办法》", &[]).unwrap();
        assert_eq!(
            (read[0].r#type.as_str(), read[0].target_title.as_str()),
            ("repeals", "明府办〔2012〕44号")
        );
        assert_eq!(
            (read[1].r#type.as_str(), read[1].target_title.as_str()),
            ("amends", "停车办法")
        );
    }

    #[test]
    fn single_articles_and_a_day_stand_behind_the_target() {
        let typed = "修改 停车 办法 第三条、第五条第二款 自2024-07-01起";
        let relations = read(typed, &[]).unwrap();
        assert_eq!(relations[0].target_title, "停车 办法");
        assert_eq!(relations[0].articles, ["第三条", "第五条第二款"]);
        assert_eq!(relations[0].effective_on, "2024-07-01");
        assert_eq!(write(&relations), typed);
        let whole = read("修改 第三方机构管理办法", &[]).unwrap();
        assert_eq!(whole[0].target_title, "第三方机构管理办法");
    }

    #[test]
    fn a_line_that_says_neither_is_refused_with_an_example() {
        let BadLine(told) = read("参考 某文件", &[]).unwrap_err();
        assert!(told.contains("参考 某文件") && told.contains("例如"));
        assert!(read("废止", &[]).is_err());
    }
}
