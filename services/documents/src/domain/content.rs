//! What a clerk writes: the content of a policy, checked at the door.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{PolicyId, Violation, text};

/// How the body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Lines of text.
    #[default]
    Plain,
    /// Cleaned HTML.
    Html,
}

/// How a document is disclosed, 公开属性 (国办发〔2016〕80号).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// 主动公开.
    #[default]
    Public,
    /// 依申请公开.
    OnRequest,
    /// 不予公开.
    Withheld,
}

impl Disclosure {
    /// As a clerk calls it.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Public => "主动公开",
            Self::OnRequest => "依申请公开",
            Self::Withheld => "不予公开",
        }
    }

    fn is_public(&self) -> bool {
        *self == Self::Public
    }
}

/// A relation to another policy, 立改废释.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Relation {
    /// One of [`RELATION_KINDS`].
    pub kind: String,
    /// The target's id; empty where the library does not hold it.
    pub target_policy_id: String,
    /// As the text names it.
    pub target_title: String,
    /// As the text names it.
    pub target_number: String,
    /// The target's id at the source that both were imported from.
    pub target_source_id: String,
    /// The articles concerned, as in 第三条; empty: the whole document.
    pub articles: Vec<String>,
    /// From when; unset: from when the policy itself takes effect.
    pub effective_on: Option<NaiveDate>,
}

impl Relation {
    /// Tidies every field.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        self.target_title = text::line(&self.target_title);
        self.target_number = super::number::read(&self.target_number).written;
        self.articles = self.articles.iter().map(|text| text::line(text)).collect();
        self.articles.retain(|article| !article.is_empty());
        self
    }
}

/// The relations that the library knows.
pub const RELATION_KINDS: [&str; 7] =
    ["repeals", "amends", "based_on", "forwards", "issues", "interprets", "implements"];
const MAX_KEYWORDS: usize = 30;
/// Most relations of one policy.
pub const MAX_RELATIONS: usize = 200;
/// Most articles that one relation names.
pub const MAX_ARTICLES: usize = 200;

/// The content of a policy; kept as JSON, the body beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Full title.
    pub title: String,
    /// 发文字号, canonical where it could be read.
    pub document_number: String,
    /// The issuing organ.
    pub organ_code: String,
    /// 文件类别.
    pub category: String,
    /// 内容概述.
    pub summary: String,
    /// The body.
    #[serde(skip)]
    pub text: String,
    /// How the body is written.
    pub format: Format,
    /// 成文日期.
    pub issued_on: Option<NaiveDate>,
    /// 实施日期.
    pub effective_on: Option<NaiveDate>,
    /// Last day in force, 有效期至.
    pub expires_on: Option<NaiveDate>,
    /// 关键词.
    pub keywords: Vec<String>,
    /// 立改废释.
    pub relations: Vec<Relation>,
    /// 信息来源.
    pub source: String,
    /// Where it was taken from.
    pub source_url: String,
    /// Effect as the source of an import states it.
    pub source_status: String,
    /// 公开属性. Left out of what is kept where it is the usual one, so that revisions from before
    /// it was asked keep their hash.
    #[serde(skip_serializing_if = "Disclosure::is_public")]
    pub disclosure: Disclosure,
    /// Why it is not public; empty where it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub disclosure_ground: String,
}

impl Content {
    /// Tidies every field; the body is cleaned after its format.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for field in [
            &mut self.title,
            &mut self.organ_code,
            &mut self.category,
            &mut self.source,
            &mut self.source_url,
            &mut self.disclosure_ground,
        ] {
            *field = text::line(field);
        }
        self.document_number = super::number::read(&self.document_number).written;
        if self.disclosure == Disclosure::Public {
            self.disclosure_ground.clear();
        }
        self.summary = text::plain(self.summary.trim());
        self.text = match self.format {
            Format::Plain => text::plain(&self.text),
            Format::Html => text::html(&self.text),
        };
        self.keywords = self.keywords.iter().map(|word| text::line(word)).collect();
        self.keywords.retain(|word| !word.is_empty());
        self.relations = self.relations.into_iter().map(Relation::tidied).collect();
        self
    }

    /// Every rule that the content of a clerk breaks; bodies are measured before they are tidied.
    pub fn violations(&self, categories: &[String]) -> Vec<Violation> {
        let mut found = self.shape_violations();
        if self.organ_code.is_empty() {
            found.push(Violation::new("organ_code", "请选择发文机关"));
        }
        if !categories.contains(&self.category) {
            let known = categories.join("、");
            found.push(Violation::new("category", format!("文件类别应为下列之一：{known}")));
        }
        if self.disclosure != Disclosure::Public && self.disclosure_ground.is_empty() {
            let text = "请写明不主动公开的依据，例如：《政府信息公开条例》第十六条";
            found.push(Violation::new("disclosure_ground", text));
        }
        found
    }

    /// The rules that hold for imported content as well.
    pub fn shape_violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.title.is_empty() {
            found.push(Violation::new("title", "标题不能为空"));
        }
        let limits: [(&'static str, &str, usize); 7] = [
            ("title", &self.title, text::MAX_TITLE_CHARS),
            ("document_number", &self.document_number, 200),
            ("category", &self.category, 200),
            ("summary", &self.summary, text::MAX_SUMMARY_CHARS),
            ("source", &self.source, text::MAX_LINE_CHARS),
            ("source_url", &self.source_url, text::MAX_LINE_CHARS),
            ("disclosure_ground", &self.disclosure_ground, text::MAX_LINE_CHARS),
        ];
        for (field, value, most) in limits {
            let chars = value.chars().count();
            if chars > most {
                let text = format!("现有 {chars} 个字，最多 {most} 个字");
                found.push(Violation::new(field, text));
            }
        }
        found.extend(self.list_violations());
        found.extend(self.day_violations());
        if !self.source_url.is_empty() && !is_address(&self.source_url) {
            let text = "来源网址应以 http:// 或 https:// 开头";
            found.push(Violation::new("source_url", text));
        }
        found
    }

    fn list_violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.keywords.len() > MAX_KEYWORDS
            || self.keywords.iter().any(|word| word.chars().count() > 50)
        {
            let text = format!("关键词最多 {MAX_KEYWORDS} 个，每个最多 50 个字");
            found.push(Violation::new("keywords", text));
        }
        if self.relations.len() > MAX_RELATIONS {
            let text = format!("文件关系最多 {MAX_RELATIONS} 条");
            found.push(Violation::new("relations", text));
        }
        for relation in &self.relations {
            let Relation {
                kind,
                target_policy_id,
                target_title,
                target_number,
                target_source_id,
                articles,
                effective_on: _,
            } = relation;
            if articles.len() > MAX_ARTICLES
                || articles.iter().any(|article| article.chars().count() > 50)
            {
                let text = format!("每条关系最多列 {MAX_ARTICLES} 个条款，每个最多 50 个字");
                found.push(Violation::new("relations.articles", text));
            }
            if !RELATION_KINDS.contains(&kind.as_str()) {
                let known = RELATION_KINDS.join("、");
                let text = format!("关系类型“{}”应为下列之一：{known}", text::excerpt(kind, 20));
                found.push(Violation::new("relations.type", text));
            }
            if !target_policy_id.is_empty() && target_policy_id.parse::<PolicyId>().is_err() {
                let text = format!("“{}”不是文库编号", text::excerpt(target_policy_id, 40));
                found.push(Violation::new("relations.target_policy_id", text));
            }
            if [target_policy_id, target_title, target_number, target_source_id]
                .iter()
                .all(|target| target.is_empty())
            {
                let text = "请指明关系所指的文件：文库编号、标题或发文字号";
                found.push(Violation::new("relations.target_title", text));
            }
        }
        found
    }

    fn day_violations(&self) -> Vec<Violation> {
        match (self.effective_on, self.expires_on) {
            (Some(from), Some(until)) if until < from => vec![Violation::new(
                "expires_on",
                format!(
                    "失效日期 {} 早于实施日期 {}",
                    super::day::write(Some(until)),
                    super::day::write(Some(from))
                ),
            )],
            _ => Vec::new(),
        }
    }

    /// Names of the fields in which two contents differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        [
            ("title", self.title != other.title),
            ("document_number", self.document_number != other.document_number),
            ("organ_code", self.organ_code != other.organ_code),
            ("category", self.category != other.category),
            ("summary", self.summary != other.summary),
            ("text", self.text != other.text || self.format != other.format),
            ("issued_on", self.issued_on != other.issued_on),
            ("effective_on", self.effective_on != other.effective_on),
            ("expires_on", self.expires_on != other.expires_on),
            ("keywords", self.keywords != other.keywords),
            ("relations", self.relations != other.relations),
            ("source", self.source != other.source || self.source_url != other.source_url),
            (
                "disclosure",
                self.disclosure != other.disclosure
                    || self.disclosure_ground != other.disclosure_ground,
            ),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }

    /// What the page of a withdrawn policy still tells.
    #[must_use]
    pub fn tombstone(&self) -> Self {
        Self {
            title: self.title.clone(),
            document_number: self.document_number.clone(),
            organ_code: self.organ_code.clone(),
            category: self.category.clone(),
            ..Self::default()
        }
    }

    /// What stays of an expunged revision: to whom it belonged, and of what class it was.
    #[must_use]
    pub fn blanked(&self) -> Self {
        Self {
            title: EXPUNGED_TITLE.to_owned(),
            organ_code: self.organ_code.clone(),
            category: self.category.clone(),
            ..Self::default()
        }
    }
}

/// Stands in for the title of an expunged revision.
pub const EXPUNGED_TITLE: &str = "（内容已依法删除）";

/// Whether a text is the address of a page, which a link may lead to.
pub fn is_address(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn categories() -> Vec<String> {
        vec!["政府规章".to_owned(), "市政府其他文件".to_owned()]
    }

    fn sound() -> Content {
        Content {
            title: "关于印发办法的通知".to_owned(),
            organ_code: "office".to_owned(),
            category: "政府规章".to_owned(),
            ..Content::default()
        }
    }

    #[test]
    fn sound_content_passes() {
        assert_eq!(sound().tidied().violations(&categories()), []);
    }

    #[test]
    fn each_broken_rule_names_its_field() {
        let broken = Content {
            title: " ".to_owned(),
            organ_code: String::new(),
            category: "杂项".to_owned(),
            summary: "字".repeat(2001),
            effective_on: NaiveDate::from_ymd_opt(2024, 1, 2),
            expires_on: NaiveDate::from_ymd_opt(2024, 1, 1),
            source_url: "javascript:alert(1)".to_owned(),
            relations: vec![Relation { kind: "likes".to_owned(), ..Relation::default() }],
            ..Content::default()
        };
        let fields: Vec<_> =
            broken.tidied().violations(&categories()).iter().map(|v| v.field).collect();
        for field in [
            "title",
            "organ_code",
            "category",
            "summary",
            "expires_on",
            "source_url",
            "relations.type",
            "relations.target_title",
        ] {
            assert!(fields.contains(&field), "{field} not in {fields:?}");
        }
    }

    #[test]
    fn a_title_of_501_characters_is_too_long() {
        let long = Content { title: "字".repeat(501), ..sound() };
        assert_eq!(long.violations(&categories())[0].field, "title");
        let fits = Content { title: "字".repeat(500), ..sound() };
        assert!(fits.violations(&categories()).is_empty());
    }

    #[test]
    fn differences_are_named() {
        let other = Content { text: "新".to_owned(), summary: "新".to_owned(), ..sound() };
        assert_eq!(sound().differences(&other), ["summary", "text"]);
        assert!(sound().differences(&sound()).is_empty());
    }

    #[test]
    fn a_tombstone_tells_title_number_organ_and_category_only() {
        let full = Content { text: "全文".to_owned(), summary: "概述".to_owned(), ..sound() };
        assert_eq!(full.tombstone(), Content { ..sound() });
        assert!(!full.blanked().title.contains("办法"));
    }

    #[test]
    fn the_json_of_content_has_no_body() {
        let full = Content { text: "全文".to_owned(), ..sound() };
        assert!(!serde_json::to_string(&full).unwrap().contains("全文"));
    }
}
