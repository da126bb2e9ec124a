//! What the form of a draft holds: read from a policy, kept as content, compared after a conflict.

use contracts::documents::{Disclosure, Policy, PolicyContent, TextFormat};
use serde::Deserialize;

use super::relations::{self, BadLine};

/// Somebody saved after this form was opened. The form's etag is already the newest, so that saving
/// again overwrites knowingly.
#[derive(Debug, Clone, Default)]
pub struct Conflict {
    pub who: String,
    pub when: String,
    pub changes: Vec<ConflictChange>,
}

/// A field that both changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConflictChange {
    pub label: String,
    pub theirs: String,
    pub yours: String,
}

/// What the form holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub etag: String,
    pub title: String,
    pub document_number: String,
    pub organ: String,
    pub category: String,
    pub issued_on: String,
    pub effective_on: String,
    pub expires_on: String,
    pub summary: String,
    pub body: String,
    pub keywords: String,
    pub relations: String,
    pub source: String,
    pub reason: String,
    /// public, on_request or withheld.
    pub disclosure: String,
    pub disclosure_ground: String,
    /// SHA-256 of the file that the draft was read from, to be attached; empty for none.
    pub original: String,
    pub original_name: String,
    /// Ids of attachments to remove.
    pub remove: Vec<String>,
    /// stay or preview.
    pub then: String,
}

impl Draft {
    /// What the policy's draft, or else its public content, holds now.
    pub fn of(policy: &Policy) -> Self {
        let reason = policy.draft.as_ref().map(|draft| draft.revision_reason.clone());
        Self {
            etag: policy.etag.clone(),
            reason: reason.unwrap_or_default(),
            ..Self::of_content(current(policy))
        }
    }

    /// A form that shows a content.
    pub fn of_content(content: PolicyContent) -> Self {
        Self {
            disclosure: disclosure_word(content.disclosure()).to_owned(),
            title: content.title,
            document_number: content.document_number,
            organ: content.organ_code,
            category: content.category,
            issued_on: content.issued_on,
            effective_on: content.effective_on,
            expires_on: content.expires_on,
            summary: content.summary,
            body: content.text,
            keywords: content.keywords.join("、"),
            relations: relations::write(&content.relations),
            source: content.source,
            disclosure_ground: content.disclosure_ground,
            ..Self::default()
        }
    }

    /// What is to be kept; `before` gives what the form does not show.
    pub fn content(&self, before: &PolicyContent) -> Result<PolicyContent, BadLine> {
        let separators = ['、', '，', ',', ' ', '　', ';', '；'];
        let keywords =
            self.keywords.split(separators).map(str::trim).filter(|word| !word.is_empty());
        let format = match before.text_format() {
            TextFormat::Html => TextFormat::Html,
            TextFormat::Plain | TextFormat::Unspecified => TextFormat::Plain,
        };
        Ok(PolicyContent {
            title: self.title.clone(),
            document_number: self.document_number.clone(),
            organ_code: self.organ.clone(),
            category: self.category.clone(),
            summary: self.summary.clone(),
            text: self.body.clone(),
            text_format: format.into(),
            issued_on: self.issued_on.clone(),
            effective_on: self.effective_on.clone(),
            expires_on: self.expires_on.clone(),
            keywords: keywords.map(str::to_owned).collect(),
            relations: relations::read(&self.relations, &before.relations)?,
            source: self.source.clone(),
            source_url: before.source_url.clone(),
            disclosure: match self.disclosure.as_str() {
                "" => before.disclosure,
                word => disclosure_of(word).into(),
            },
            disclosure_ground: self.disclosure_ground.clone(),
        })
    }

    /// Fields in which another's saved draft differs from what was typed.
    pub fn against(&self, theirs: &Self) -> Vec<ConflictChange> {
        let fields = [
            ("标题", &theirs.title, &self.title),
            ("发文字号", &theirs.document_number, &self.document_number),
            ("发布机关", &theirs.organ, &self.organ),
            ("文件类别", &theirs.category, &self.category),
            ("成文日期", &theirs.issued_on, &self.issued_on),
            ("实施日期", &theirs.effective_on, &self.effective_on),
            ("失效日期", &theirs.expires_on, &self.expires_on),
            ("内容概述", &theirs.summary, &self.summary),
            ("正文", &theirs.body, &self.body),
            ("关键词", &theirs.keywords, &self.keywords),
            ("相关文件", &theirs.relations, &self.relations),
            ("信息来源", &theirs.source, &self.source),
            ("公开属性", &shown(&theirs.disclosure), &shown(&self.disclosure)),
            ("不公开的依据", &theirs.disclosure_ground, &self.disclosure_ground),
        ];
        // Browsers end lines otherwise than we keep them.
        let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
        let change = |(label, theirs, yours): (&str, &String, &String)| {
            let (theirs, yours) = (plain(theirs), plain(yours));
            let label = label.to_owned();
            (theirs != yours).then_some(ConflictChange { label, theirs, yours })
        };
        fields.into_iter().filter_map(change).collect()
    }
}

/// How a document can be disclosed: the word of the form, and the clerk's.
pub const DISCLOSURES: [(&str, &str); 3] =
    [("public", "主动公开"), ("on_request", "依申请公开"), ("withheld", "不予公开")];

/// A word of the form as a clerk calls it.
fn shown(word: &str) -> String {
    let known = DISCLOSURES.iter().find(|(known, _)| *known == word);
    known.map_or(word, |(_, label)| *label).to_owned()
}

const fn disclosure_word(disclosure: Disclosure) -> &'static str {
    match disclosure {
        Disclosure::Unspecified | Disclosure::Public => "public",
        Disclosure::OnRequest => "on_request",
        Disclosure::Withheld => "withheld",
    }
}

fn disclosure_of(word: &str) -> Disclosure {
    match word {
        "on_request" => Disclosure::OnRequest,
        "withheld" => Disclosure::Withheld,
        _ => Disclosure::Public,
    }
}

/// The content that a new draft starts from.
pub fn current(policy: &Policy) -> PolicyContent {
    let draft = policy.draft.as_ref().and_then(|draft| draft.content.clone());
    draft.or_else(|| policy.content.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_does_not_show_is_kept() {
        let before = PolicyContent {
            source_url: "https://example.org/1".to_owned(),
            text_format: TextFormat::Html.into(),
            ..PolicyContent::default()
        };
        let typed = Draft { keywords: "停车、 收费，".to_owned(), ..Draft::default() };
        let content = typed.content(&before).unwrap();
        assert_eq!(content.source_url, before.source_url);
        assert_eq!(content.text_format(), TextFormat::Html);
        assert_eq!(content.keywords, ["停车", "收费"]);
    }

    #[test]
    fn a_conflict_names_only_what_differs() {
        let yours =
            Draft {
                title: "新标题".to_owned(), body: "甲\r\n乙".to_owned(), ..Draft::default()
            };
        let theirs =
            Draft {
                title: "旧标题".to_owned(), body: "甲\n乙".to_owned(), ..Draft::default()
            };
        let changes = yours.against(&theirs);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].label.as_str(), changes[0].theirs.as_str()), ("标题", "旧标题"));
    }
}
