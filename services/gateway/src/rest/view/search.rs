//! What was found.

use contracts::search as wire;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Count, word};

/// A page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// What was found, best first or newest first.
    pub items: Vec<Hit>,
    /// How much can be paged through in all.
    pub total: u64,
    /// How much of it has every word, or another for the same thing.
    pub complete: u64,
    /// The query as it was understood, where pinyin or a wrong character was put right.
    pub corrected: String,
    /// The day of the effects.
    pub as_of: String,
    /// Asks for the page after this one; empty at the end.
    pub next_page_token: String,
    /// What to try instead, where little or nothing was found.
    pub suggestions: Vec<String>,
    /// How the finds are spread, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
}

/// How finds are spread.
#[derive(Debug, Serialize, ToSchema)]
pub struct Facets {
    /// By organ.
    pub organs: Vec<Count>,
    /// By category.
    pub categories: Vec<Count>,
    /// By year of issue.
    pub years: Vec<Count>,
    /// By effect.
    pub effects: Vec<Count>,
}

impl Found {
    /// What search answered; `facets` were asked for or not.
    pub fn of(answer: wire::SearchResponse, facets: bool) -> Self {
        let wire::SearchResponse {
            hits,
            total,
            next_page_token,
            organs,
            categories,
            years,
            effects,
            suggestions,
            complete,
            corrected,
            as_of,
        } = answer;
        let each = |counts: Vec<contracts::documents::Count>| -> Vec<Count> {
            counts.into_iter().map(Into::into).collect()
        };
        let facets = facets.then(|| Facets {
            organs: each(organs),
            categories: each(categories),
            years: each(years),
            effects: each(effects),
        });
        let items = hits.into_iter().map(Into::into).collect();
        Self { items, total, complete, corrected, as_of, next_page_token, suggestions, facets }
    }
}

/// A policy that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    /// The policy.
    pub policy_id: String,
    /// The revision that was found.
    pub revision: i64,
    /// 标题.
    pub title: String,
    /// The title as HTML, with what was sought in `<mark>`.
    pub title_html: String,
    /// An extract as HTML, with what was sought in `<mark>`.
    pub snippet: String,
    /// 发文字号.
    pub document_number: String,
    /// Code of its organ.
    pub organ_code: String,
    /// That organ's name.
    pub organ_name: String,
    /// 文件类别.
    pub category: String,
    /// Day of issue.
    pub issued_on: String,
    /// Day on which it became public here.
    pub published_on: String,
    /// not_yet_in_force, in_force, lapsed or repealed.
    pub effect: String,
    /// The source's own id of an imported document.
    pub source_id: String,
    /// Its page, at the article or heading that the extract stands under where there is one.
    pub url: String,
    /// That article or heading: its id on the page.
    pub anchor: String,
    /// As it is written: 第十二条.
    pub anchor_label: String,
}

impl From<wire::Hit> for Hit {
    fn from(hit: wire::Hit) -> Self {
        let effect = word(hit.effect().as_str_name(), "EFFECT_");
        Self {
            url: address(&hit.policy_id, &hit.anchor),
            anchor: hit.anchor,
            anchor_label: hit.anchor_label,
            title_html: marked(&hit.title_pieces),
            snippet: marked(&hit.snippet),
            policy_id: hit.policy_id,
            revision: hit.revision,
            title: hit.title,
            document_number: hit.document_number,
            organ_code: hit.organ_code,
            organ_name: hit.organ_name,
            category: hit.category,
            issued_on: hit.issued_on,
            published_on: hit.published_on,
            effect,
            source_id: hit.source_id,
        }
    }
}

/// The page of a policy, at a place of it where one is known.
fn address(policy: &str, anchor: &str) -> String {
    let hash = if anchor.is_empty() { "" } else { "#" };
    format!("/policies/{policy}{hash}{anchor}")
}

/// What was found within one policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundWithin {
    /// The policy.
    pub policy_id: String,
    /// 标题.
    pub title: String,
    /// The best places, in the order of the text.
    pub items: Vec<Passage>,
    /// How many paragraphs have any of the words.
    pub total: u64,
}

/// A paragraph that answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Passage {
    /// The id of its article or heading on the page.
    pub anchor: String,
    /// As it is written: 第十二条.
    pub anchor_label: String,
    /// The paragraph as HTML, with what was sought in `<mark>`.
    pub html: String,
    /// Where it stands.
    pub url: String,
}

impl FoundWithin {
    /// What search found in a policy.
    pub fn of(policy_id: &str, answer: wire::SearchPolicyResponse) -> Self {
        let passage = |passage: wire::Passage| Passage {
            html: marked(&passage.pieces),
            url: address(policy_id, &passage.anchor),
            anchor: passage.anchor,
            anchor_label: passage.anchor_label,
        };
        Self {
            policy_id: policy_id.to_owned(),
            title: answer.title,
            total: answer.total,
            items: answer.passages.into_iter().map(passage).collect(),
        }
    }
}

/// Policies about the same matter.
#[derive(Debug, Serialize, ToSchema)]
pub struct Related {
    /// Nearest first.
    pub items: Vec<Hit>,
}

/// Pieces as HTML: everything escaped, the marked ones in `<mark>`.
fn marked(pieces: &[wire::Piece]) -> String {
    let mut html = String::new();
    for wire::Piece { text, marked } in pieces {
        if *marked {
            html.push_str("<mark>");
        }
        for letter in text.chars() {
            match letter {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\'' => html.push_str("&#39;"),
                letter => html.push(letter),
            }
        }
        if *marked {
            html.push_str("</mark>");
        }
    }
    html
}

/// What one may have begun to type.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// The best first.
    pub items: Vec<String>,
}

/// How the index of the replica that answered is.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndexState {
    /// Policies in it.
    pub policies: u64,
    /// Its size.
    pub bytes: u64,
    /// Position of the documents log that it holds.
    pub position: u64,
    /// Whether another is being built beside it.
    pub rebuilding: bool,
    /// Whose it is.
    pub replica: String,
    /// What is wrong with it; empty: nothing.
    pub trouble: String,
}

impl From<wire::GetIndexStateResponse> for IndexState {
    fn from(state: wire::GetIndexStateResponse) -> Self {
        let wire::GetIndexStateResponse { policies, bytes, position, rebuilding, replica, trouble } =
            state;
        Self { policies, bytes, position, rebuilding, replica, trouble }
    }
}

/// An index that was built anew.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rebuilt {
    /// Policies in it.
    pub policies: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extract_cannot_carry_markup() {
        let piece = |text: &str, marked| wire::Piece { text: text.to_owned(), marked };
        let pieces = [piece("<script>", false), piece("补贴", true), piece("&\"'", false)];
        assert_eq!(marked(&pieces), "&lt;script&gt;<mark>补贴</mark>&amp;&quot;&#39;");
    }
}
