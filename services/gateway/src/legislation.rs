//! Policies as `schema.org/Legislation`, for search engines and other machines.

use chrono::{DateTime, Utc};
use contracts::documents::{Effect, Policy, Relation, Rendition};
use kit::clock;
use serde_json::{Map, Value, json};

use crate::{app::App, cache::modified, renditions};

/// The media type (JSON-LD 1.1).
pub const MEDIA_TYPE: &str = "application/ld+json";

/// A policy with the files that it can be had as.
///
/// Safe inside a script element: it holds no `<`.
pub fn json_ld(app: &App, policy: &Policy, files: &[Rendition]) -> String {
    let about = about(&|path| app.address(path), policy, files);
    about.to_string().replace('<', "\\u003c")
}

fn about(address: &dyn Fn(&str) -> String, policy: &Policy, files: &[Rendition]) -> Value {
    let content = policy.content.clone().unwrap_or_default();
    let page = address(&format!("/policies/{}", policy.id));
    let published = policy.published_at.and_then(clock::from_wire);
    let revised = policy.revised_at.and_then(clock::from_wire).or(published);
    let organ = json!({
        "@type": "GovernmentOrganization",
        "name": policy.organ_name,
        "url": address(&format!("/organs/{}", content.organ_code)),
    });
    let mut about = json!({
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": page,
        "url": page,
        "name": content.title,
        "description": content.summary,
        "inLanguage": "zh-CN",
        "identifier": policy.index_number,
        "legislationIdentifier": content.document_number,
        "legislationType": content.category,
        "legislationDate": content.issued_on,
        "legislationDateOfApplicability": content.effective_on,
        "legislationDateVersion": revised.map(|at| clock::day_of(at).to_string()),
        "legislationLegalForce": force(policy),
        "legislationPassedBy": organ,
        "legislationResponsible": organ,
        "temporalCoverage": coverage(policy),
        "expires": content.expires_on,
        "version": policy.revision,
        "datePublished": published.map(instant),
        "dateModified": modified(policy).map(instant),
        "keywords": content.keywords,
        "isBasedOn": related(address, &content.relations, "based_on"),
        "legislationRepeals": related(address, &content.relations, "repeals"),
        "legislationChanges": related(address, &content.relations, "amends"),
        "legislationEnsuresImplementationOf": related(address, &content.relations, "implements"),
        "legislationApplies": related(address, &content.relations, "forwards"),
        "mentions": related(address, &content.relations, "interprets"),
        "hasPart": related(address, &content.relations, "issues"),
        "encoding": encodings(address, &page, files),
    });
    if let Some(fields) = about.as_object_mut() {
        let told = |value: &Value| !value.is_null() && *value != "" && *value != json!([]);
        fields.retain(|_, value| told(value));
    }
    about
}

/// `InForce`, `NotInForce`, or `PartiallyInForce` where single articles were repealed.
fn force(policy: &Policy) -> Value {
    let word = match policy.effect() {
        Effect::Unspecified => return Value::Null,
        Effect::InForce => {
            let partly = policy.inbound_relations.iter().any(|relation| {
                relation.r#type == "repeals"
                    && !relation.articles.is_empty()
                    && relation.effective_on <= policy.as_of
            });
            if partly { "PartiallyInForce" } else { "InForce" }
        }
        Effect::NotYetInForce | Effect::Lapsed | Effect::Repealed => "NotInForce",
    };
    json!(format!("https://schema.org/{word}"))
}

/// From the first to the last day in force, as ISO 8601 has an interval; `..` is open.
fn coverage(policy: &Policy) -> Value {
    let spans = &policy.effect_spans;
    let in_force = |at: &usize| spans.get(*at).is_some_and(|s| s.effect() == Effect::InForce);
    let places: Vec<usize> = (0..spans.len()).filter(in_force).collect();
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return Value::Null };
    let content = policy.content.as_ref();
    let issued = content.map(|content| content.issued_on.as_str()).unwrap_or_default();
    let from = spans.get(*first).map(|span| span.from.as_str()).unwrap_or_default();
    let from = [from, issued, ".."].into_iter().find(|day| !day.is_empty()).unwrap_or("..");
    let end = spans.get(last + 1).and_then(|span| span.from.parse::<chrono::NaiveDate>().ok());
    let end = end.and_then(|day| day.pred_opt()).map_or("..".to_owned(), |day| day.to_string());
    json!(format!("{from}/{end}"))
}

/// What the policy does to others by relations of one kind.
fn related(address: &dyn Fn(&str) -> String, relations: &[Relation], kind: &str) -> Value {
    let of_kind = relations.iter().filter(|relation| relation.r#type == kind);
    let one = |relation: &Relation| {
        let mut fields = Map::new();
        fields.insert("@type".to_owned(), json!("Legislation"));
        let mut told = |name: &str, value: String| {
            if !value.is_empty() {
                fields.insert(name.to_owned(), json!(value));
            }
        };
        if !relation.target_policy_id.is_empty() {
            told("@id", address(&format!("/policies/{}", relation.target_policy_id)));
        }
        told("name", relation.target_title.clone());
        told("legislationIdentifier", relation.target_document_number.clone());
        Value::Object(fields)
    };
    Value::Array(of_kind.map(one).collect())
}

fn encodings(address: &dyn Fn(&str) -> String, page: &str, files: &[Rendition]) -> Value {
    let object = |media_type: &str, url: String| {
        json!({
            "@type": "LegislationObject",
            "encodingFormat": media_type,
            "contentUrl": url,
            "inLanguage": "zh-CN",
        })
    };
    let mut all = vec![object("text/html", page.to_owned())];
    for file in files {
        let mut one = object(&file.media_type, address(&renditions::path(file)));
        if let (Some(fields), true) = (one.as_object_mut(), file.size > 0) {
            fields.insert("contentSize".to_owned(), json!(file.size.to_string()));
        }
        all.push(one);
    }
    if !files.is_empty() {
        all.push(object("application/akn+xml", format!("{page}.akn.xml")));
    }
    Value::Array(all)
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use contracts::documents::{EffectSpan, InboundRelation, PolicyContent, RenditionFormat};

    use super::*;

    fn policy() -> Policy {
        let span = |from: &str, effect: Effect| EffectSpan {
            from: from.to_owned(),
            effect: effect.into(),
            ..EffectSpan::default()
        };
        Policy {
            id: "p1".to_owned(),
            revision: 2,
            organ_name: "明川市人民政府办公室".to_owned(),
            effect: Effect::InForce.into(),
            as_of: "2026-06-30".to_owned(),
            effect_spans: vec![
                span("", Effect::NotYetInForce),
                span("2024-03-01", Effect::InForce),
                span("2029-03-01", Effect::Lapsed),
            ],
            content: Some(PolicyContent {
                title: "停车</script>办法".to_owned(),
                document_number: "明府办〔2024〕8号".to_owned(),
                category: "政府规章".to_owned(),
                relations: vec![Relation {
                    r#type: "repeals".to_owned(),
                    target_policy_id: "p0".to_owned(),
                    target_title: "旧办法".to_owned(),
                    ..Relation::default()
                }],
                ..PolicyContent::default()
            }),
            ..Policy::default()
        }
    }

    fn read(policy: &Policy) -> Value {
        let file = Rendition {
            policy_id: "p1".to_owned(),
            revision: 2,
            format: RenditionFormat::Pdf.into(),
            media_type: "application/pdf".to_owned(),
            ..Rendition::default()
        };
        about(&|path| format!("https://city.example{path}"), policy, &[file])
    }

    #[test]
    fn force_and_coverage_follow_the_effect() {
        let mut policy = policy();
        let json = read(&policy);
        assert_eq!(json["legislationLegalForce"], "https://schema.org/InForce");
        assert_eq!(json["temporalCoverage"], "2024-03-01/2029-02-28");
        policy.inbound_relations = vec![InboundRelation {
            r#type: "repeals".to_owned(),
            articles: vec!["第三条".to_owned()],
            effective_on: "2025-01-01".to_owned(),
            ..InboundRelation::default()
        }];
        assert_eq!(read(&policy)["legislationLegalForce"], "https://schema.org/PartiallyInForce");
        policy.effect = Effect::Repealed.into();
        assert_eq!(read(&policy)["legislationLegalForce"], "https://schema.org/NotInForce");
    }

    #[test]
    fn relations_and_files_are_told_and_what_is_not_known_is_not() {
        let json = read(&policy());
        assert_eq!(json["legislationRepeals"][0]["@id"], "https://city.example/policies/p0");
        assert_eq!(
            json["encoding"][1]["contentUrl"],
            "https://city.example/policies/p1/revisions/2.pdf"
        );
        assert_eq!(json["encoding"][2]["contentUrl"], "https://city.example/policies/p1.akn.xml");
        for missing in ["legislationChanges", "isBasedOn", "expires", "keywords", "description"] {
            assert!(json.get(missing).is_none(), "{missing}");
        }
    }
}
