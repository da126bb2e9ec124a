//! Policies as Akoma Ntoso, for archives and legal databases.

use akoma::{Cited, Citing, Class, File, Force, Organ, Span};
use chrono::NaiveDate;
use contracts::documents::{
    Attachment, Effect, EffectSpan, GetRevisionRequest, Policy, PolicyContent, PolicyState,
    Revision,
};
use http::StatusCode;
use kit::clock;
use prost_types::Timestamp;

use crate::{
    app::App,
    lines,
    pages::{encoded, relation_word},
    problem::Problem,
};

/// The media type (RFC 7303).
pub const MEDIA_TYPE: &str = "application/xml; charset=utf-8";

/// A revision as Akoma Ntoso 3.0; the public one where `revision` is 0.
pub async fn xml(app: &App, id: &str, revision: i64) -> Result<String, Problem> {
    let public = app.policies.get(id).await?;
    let policy = public.policy.clone();
    if policy.state() == PolicyState::Withdrawn {
        return Err(gone("文件已撤下，不再提供下载"));
    }
    let wanted = if revision == 0 { policy.revision } else { revision };
    let request = GetRevisionRequest { policy_id: policy.id.clone(), revision: wanted };
    let answer = app.clients.documents().get_revision(request).await?.into_inner();
    let revision = answer.revision.unwrap_or_default();
    if revision.expunged_at.is_some() || revision.occasion == "withdrawn" {
        return Err(gone("这一版的正文已清除或撤下，不提供下载"));
    }
    let written = written(app, &policy, &revision);
    // The text may be that of a whole code of law.
    let work = tokio::task::spawn_blocking(move || akoma::xml(&written));
    work.await.map_err(|error| kit::Error::Internal(error.to_string()).into())
}

fn gone(detail: &str) -> Problem {
    let mut problem = Problem::of_status(StatusCode::NOT_FOUND);
    (problem.reason, problem.detail) = ("NO_RENDITION".to_owned(), detail.to_owned());
    problem
}

fn written(app: &App, policy: &Policy, revision: &Revision) -> akoma::Policy {
    let content = revision.content.clone().unwrap_or_default();
    let page = |id: &str| if id.is_empty() { String::new() } else { address(app, id) };
    let spans = policy.effect_spans.iter().map(|span| self::span(span, &page)).collect();
    let published_on = day_of(policy.published_at);
    akoma::Policy {
        id: policy.id.clone(),
        address: address(app, &policy.id),
        class: Class::of_category(&content.category),
        title: content.title.clone(),
        document_number: content.document_number.clone(),
        category: content.category.clone(),
        keywords: content.keywords.clone(),
        organ: Organ { code: content.organ_code.clone(), name: revision.organ_name.clone() },
        publisher: Organ { code: String::new(), name: app.site.operator.clone() },
        issued_on: content.issued_on.parse().ok(),
        published_on,
        revised_on: day_of(revision.published_at).max(published_on),
        revision: revision.revision,
        text: lines::of(&content),
        spans,
        cited: cited(policy, &content, &page),
        files: revision.attachments.iter().map(|file| self::file(app, file)).collect(),
    }
}

fn address(app: &App, id: &str) -> String {
    app.address(&format!("/policies/{id}"))
}

fn day_of(at: Option<Timestamp>) -> NaiveDate {
    at.and_then(clock::from_wire).map(clock::day_of).unwrap_or_default()
}

fn span(span: &EffectSpan, page: &impl Fn(&str) -> String) -> Span {
    let force = match span.effect() {
        Effect::NotYetInForce => Force::NotYet,
        Effect::Lapsed => Force::Lapsed,
        Effect::Repealed => Force::Repealed,
        Effect::InForce | Effect::Unspecified => Force::InForce,
    };
    Span {
        from: span.from.parse().ok(),
        force,
        amended: span.amended,
        by: page(&span.by_policy_id),
    }
}

fn cited(policy: &Policy, content: &PolicyContent, page: &impl Fn(&str) -> String) -> Vec<Cited> {
    let shown = |kind: &str, inbound, title: &str, number: &str| {
        let word = relation_word(kind, inbound);
        let title = if title.is_empty() { String::new() } else { format!("《{title}》") };
        format!("{word}：{title}{number}")
    };
    let own = content.relations.iter().map(|relation| Cited {
        citing: Citing::Active,
        address: page(&relation.target_policy_id),
        shown: shown(
            &relation.r#type,
            false,
            &relation.target_title,
            &relation.target_document_number,
        ),
    });
    let inbound = policy.inbound_relations.iter().map(|relation| Cited {
        citing: Citing::Passive,
        address: page(&relation.policy_id),
        shown: shown(&relation.r#type, true, &relation.title, &relation.document_number),
    });
    own.chain(inbound).collect()
}

fn file(app: &App, file: &Attachment) -> File {
    let path = format!("/attachments/{}/{}", file.id, encoded(&file.file_name));
    File { name: file.file_name.clone(), address: app.address(&path) }
}
