//! A policy: as an item of a list, and whole with its furniture.

use super::{
    address::{Address, encoded},
    days, effect,
    file::Attachment,
    parts::{Link, State},
    prose,
};
use contracts::documents::{
    Attachment as File, InboundRelation, Policy, PolicyContent, Relation, Revision,
};

/// What stands where a field of a policy is not known.
const UNKNOWN: &str = "未标注";

/// A policy in a list.
#[derive(Debug, Clone, Default)]
pub struct PolicyItem {
    pub title: String,
    pub url: String,
    pub organ: String,
    pub document_number: String,
    pub category: String,
    /// 成文日期; may be empty.
    pub issued: String,
    pub published: String,
    pub summary: String,
    pub effect: State,
}

impl PolicyItem {
    /// A policy as lists of the public show it.
    pub fn of(policy: &Policy) -> Self {
        let content = policy.content.clone().unwrap_or_default();
        Self {
            title: content.title,
            url: url(&policy.id),
            organ: policy.organ_name.clone(),
            document_number: content.document_number,
            category: content.category,
            issued: content.issued_on,
            published: days::day(policy.published_at),
            summary: content.summary,
            effect: effect::state(policy),
        }
    }
}

/// One line of a policy's furniture.
#[derive(Debug, Clone, Default)]
pub struct MetaRow {
    pub label: String,
    pub value: String,
    pub url: Option<String>,
    /// Takes the full width.
    pub whole: bool,
}

impl MetaRow {
    /// A line that says so when the value is not known.
    pub fn new(label: &str, value: &str) -> Self {
        let value = if value.is_empty() { UNKNOWN } else { value };
        Self { label: label.to_owned(), value: value.to_owned(), url: None, whole: false }
    }

    /// Links the value, unless it is not known.
    #[must_use]
    pub fn linked(mut self, url: impl Into<String>) -> Self {
        self.url = (self.value != UNKNOWN).then(|| url.into());
        self
    }

    /// Takes the full width.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.whole = true;
        self
    }
}

/// A policy whole.
#[derive(Debug, Clone, Default)]
pub struct PolicyView {
    pub title: String,
    pub effect: State,
    pub meta: Vec<MetaRow>,
    /// Cleaned.
    pub body_html: String,
    pub attachments: Vec<Attachment>,
}

impl PolicyView {
    /// A policy with this content, which is that of one of its revisions or of its draft.
    pub fn of(policy: &Policy, content: &PolicyContent, attachments: &[File]) -> Self {
        Self {
            title: content.title.clone(),
            effect: effect::state(policy),
            meta: meta(policy, content),
            body_html: prose::body(content),
            attachments: attachments.iter().map(Attachment::of).collect(),
        }
    }
}

/// The furniture of a policy, in the order that the field expects.
pub fn meta(policy: &Policy, content: &PolicyContent) -> Vec<MetaRow> {
    let organ = policy.organ_name.as_str();
    let issuer = if policy.organ_unassigned {
        MetaRow::new("发布机关", &format!("{organ}（文中未写明机关，由其代为发布）"))
    } else {
        MetaRow::new("发布机关", organ).linked(organ_url(&content.organ_code))
    };
    let source = if content.source.is_empty() { organ } else { &content.source };
    let mut source = MetaRow::new("信息来源", source);
    if !content.source_url.is_empty() {
        source = source.linked(&content.source_url);
    }
    let revised = policy.revised_at.filter(|at| Some(*at) != policy.published_at);
    let mut rows = vec![
        source,
        issuer,
        MetaRow::new("发布时间", &days::minute(policy.published_at)),
        MetaRow::new("索引号", &policy.index_number),
        MetaRow::new("发文字号", &content.document_number),
        MetaRow::new("成文日期", &content.issued_on),
        MetaRow::new("实施日期", &content.effective_on),
        MetaRow::new("失效日期", &content.expires_on),
    ];
    if revised.is_some() {
        rows.push(MetaRow::new("修订时间", &days::minute(revised)));
    }
    let category = MetaRow::new("文件类别", &content.category);
    rows.push(category.linked(library().with("category", &content.category)).wide());
    rows
}

/// Another policy that this one refers to, or that refers to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RelationItem {
    pub kind: String,
    pub title: String,
    pub url: Option<String>,
    pub document_number: String,
}

/// What a policy does to others, and others to it.
pub fn relations(policy: &Policy, content: &PolicyContent) -> Vec<RelationItem> {
    let outbound = content.relations.iter().map(|relation: &Relation| RelationItem {
        kind: relation_word(&relation.r#type, false).to_owned(),
        title: if relation.target_title.is_empty() {
            relation.target_document_number.clone()
        } else {
            relation.target_title.clone()
        },
        url: (!relation.target_policy_id.is_empty()).then(|| url(&relation.target_policy_id)),
        document_number: relation.target_document_number.clone(),
    });
    let inbound = policy.inbound_relations.iter().map(|relation: &InboundRelation| RelationItem {
        kind: relation_word(&relation.r#type, true).to_owned(),
        title: relation.title.clone(),
        url: Some(url(&relation.policy_id)),
        document_number: relation.document_number.clone(),
    });
    outbound.chain(inbound).collect()
}

/// How a relation is called, seen from this policy or from the other.
pub fn relation_word(kind: &str, inbound: bool) -> &'static str {
    match (kind, inbound) {
        ("repeals", false) => "废止",
        ("repeals", true) => "被废止",
        ("amends", false) => "修改",
        ("amends", true) => "被修改",
        ("based_on", false) => "制定依据",
        ("based_on", true) => "据此制定",
        ("forwards", false) => "转发",
        ("forwards", true) => "被转发",
        ("issues", false) => "印发",
        ("issues", true) => "印发文件",
        ("interprets", false) => "解释",
        ("interprets", true) => "被解释",
        ("implements", false) => "落实",
        ("implements", true) => "配套文件",
        _ => "相关文件",
    }
}

/// One public state of a policy, in its history.
#[derive(Debug, Clone, Default)]
pub struct RevisionItem {
    pub number: String,
    pub url: String,
    pub current: bool,
    pub when: String,
    pub who: String,
    pub why: String,
    /// Where it is compared with the public one.
    pub compare: Option<Link>,
}

impl RevisionItem {
    /// A revision; `current` is the number of the one that the public sees now.
    pub fn of(revision: &Revision, current: i64) -> Self {
        let why = match (revision.expunged_ground.as_str(), revision.reason.as_str()) {
            ("", "") => "首次发布".to_owned(),
            ("", reason) => reason.to_owned(),
            (ground, _) => format!("正文已依法清除：{ground}"),
        };
        Self {
            number: revision.revision.to_string(),
            url: format!("{}/revisions/{}", url(&revision.policy_id), revision.revision),
            current: revision.revision == current,
            when: days::minute(revision.published_at),
            who: revision.organ_name.clone(),
            why,
            compare: None,
        }
    }
}

/// The public address of a policy.
pub fn url(id: &str) -> String {
    format!("/policies/{id}")
}

/// The public address of an organ.
pub fn organ_url(code: &str) -> String {
    format!("/organs/{}", encoded(code))
}

/// The address of the library.
pub fn library() -> Address {
    Address::new("/policies")
}

/// How the policy is cited in another text: 《标题》（字号，机关，日期），permanent address. Titles
/// within the title have single marks (GB/T 15834-2011, 4.15.3.4).
pub fn citation(policy: &Policy, content: &PolicyContent, address: &str) -> String {
    let title = content.title.replace('《', "〈").replace('》', "〉");
    let day = days::spoken_day(&content.issued_on);
    let parts = [&content.document_number, &policy.organ_name, &day];
    let parts: Vec<&str> =
        parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    format!("《{title}》（{}），{address}", parts.join("，"))
}

#[cfg(test)]
mod tests {
    use contracts::documents::Effect;

    use super::*;

    fn policy() -> Policy {
        Policy {
            id: "p1".to_owned(),
            revision: 2,
            organ_name: "明川市人民政府办公室".to_owned(),
            published_at: days::from_input("2024-02-20T09:30"),
            revised_at: days::from_input("2024-03-12T10:05"),
            effect: Effect::InForce.into(),
            content: Some(PolicyContent {
                title: "明川市人民政府办公室关于印发《<停车>办法》的通知".to_owned(),
                document_number: "明府办〔2024〕8号".to_owned(),
                organ_code: "office".to_owned(),
                category: "政府规章".to_owned(),
                issued_on: "2024-02-18".to_owned(),
                ..PolicyContent::default()
            }),
            ..Policy::default()
        }
    }

    #[test]
    fn the_furniture_is_complete_and_says_what_is_not_known() {
        let policy = policy();
        let content = policy.content.clone().unwrap();
        let view = PolicyView::of(&policy, &content, &[]);
        let labels: Vec<&str> = view.meta.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(
            labels,
            [
                "信息来源",
                "发布机关",
                "发布时间",
                "索引号",
                "发文字号",
                "成文日期",
                "实施日期",
                "失效日期",
                "修订时间",
                "文件类别",
            ]
        );
        let value = |label: &str| view.meta.iter().find(|row| row.label == label).unwrap();
        assert_eq!(value("信息来源").value, policy.organ_name);
        assert_eq!(value("失效日期").value, UNKNOWN);
        assert_eq!(value("发布机关").url.as_deref(), Some("/organs/office"));
        assert!(value("文件类别").whole);
    }

    #[test]
    fn a_policy_can_be_cited() {
        let policy = policy();
        let content = policy.content.clone().unwrap();
        assert_eq!(
            citation(&policy, &content, "https://city.example/policies/p1"),
            "《明川市人民政府办公室关于印发〈<停车>办法〉的通知》（明府办〔2024〕8号，明川市人民政府办公室，\
             2024年2月18日），https://city.example/policies/p1"
        );
    }

    #[test]
    fn relations_are_told_from_both_ends() {
        let mut policy = policy();
        let mut content = policy.content.clone().unwrap();
        content.relations = vec![Relation {
            r#type: "repeals".to_owned(),
            target_document_number: "明府办〔2012〕44号".to_owned(),
            ..Relation::default()
        }];
        policy.inbound_relations = vec![InboundRelation {
            r#type: "amends".to_owned(),
            policy_id: "p2".to_owned(),
            title: "修改决定".to_owned(),
            ..InboundRelation::default()
        }];
        let items = relations(&policy, &content);
        assert_eq!(items[0].kind, "废止");
        assert_eq!(items[0].title, "明府办〔2012〕44号");
        assert_eq!(items[0].url, None);
        assert_eq!(
            (items[1].kind.as_str(), items[1].url.as_deref()),
            ("被修改", Some("/policies/p2"))
        );
    }

    #[test]
    fn history_says_why_each_revision_came() {
        let mut revision =
            Revision { policy_id: "p1".to_owned(), revision: 1, ..Revision::default() };
        assert_eq!(RevisionItem::of(&revision, 1).why, "首次发布");
        assert!(RevisionItem::of(&revision, 1).current);
        revision.reason = "更正日期".to_owned();
        assert_eq!(RevisionItem::of(&revision, 2).why, "更正日期");
        revision.expunged_ground = "泄露身份证号".to_owned();
        assert!(RevisionItem::of(&revision, 2).why.contains("依法清除"));
    }
}
