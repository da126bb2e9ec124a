//! The metadata: identification, publication, lifecycle, force on every day, references.

use chrono::NaiveDate;

use crate::{
    name::{COUNTRY, FORMAT, LANGUAGE, Names},
    policy::{Cited, Citing, Force, Policy, Span},
    write::Xml,
};

/// Who publishes, among the references.
const PUBLISHER: &str = "#publisher";
/// Who issued, among the references.
const ISSUER: &str = "#issuer";
/// What the metadata refers to, by id, address and name.
const CONCEPTS: [(&str, &str, &str); 4] = [
    ("inForce", "/akn/ontology/concept/inForce", "现行有效"),
    ("amended", "/akn/ontology/concept/amended", "已修改"),
    ("category", "/akn/ontology/concept/category", "文件类别"),
    ("keyword", "/akn/ontology/concept/keyword", "关键词"),
];

pub(crate) fn write(xml: &mut Xml, policy: &Policy, names: &Names) {
    xml.open("meta", &[]);
    identification(xml, policy, names);
    xml.empty(
        "publication",
        &[
            ("date", &policy.published_on.to_string()),
            ("name", "policy library"),
            ("showAs", shown(&policy.publisher.name)),
            ("number", &policy.document_number),
        ],
    );
    classification(xml, policy);
    lifecycle(xml, policy);
    temporal(xml, policy);
    references(xml, policy, names);
    xml.close();
}

fn identification(xml: &mut Xml, policy: &Policy, names: &Names) {
    let [work, expression, manifestation] = names.components();
    xml.open("identification", &[("source", PUBLISHER)]);
    xml.open("FRBRWork", &[]);
    let issued = policy.dated().to_string();
    core(xml, &work, &names.work, ("generation", &issued), ISSUER, &policy.address);
    xml.empty("FRBRcountry", &[("value", COUNTRY)]);
    xml.empty("FRBRsubtype", &[("value", policy.class.element().1)]);
    xml.empty("FRBRnumber", &[("value", &names.number), ("showAs", &policy.document_number)]);
    // A name without a title would have no value, which the schema asks for.
    if !policy.title.is_empty() {
        xml.empty("FRBRname", &[("value", &policy.title)]);
    }
    xml.close();
    xml.open("FRBRExpression", &[]);
    let revised = policy.revised_on.to_string();
    core(xml, &expression, &names.expression, ("publication", &revised), ISSUER, "");
    xml.empty("FRBRversionNumber", &[("value", &policy.revision.to_string())]);
    xml.empty("FRBRlanguage", &[("language", LANGUAGE)]);
    xml.close();
    xml.open("FRBRManifestation", &[]);
    let at = ("publication", revised.as_str());
    core(xml, &manifestation, &names.manifestation, at, PUBLISHER, "");
    xml.empty("FRBRformat", &[("value", FORMAT)]);
    xml.close();
    xml.close();
}

fn core(
    xml: &mut Xml,
    this: &str,
    uri: &str,
    (event, date): (&str, &str),
    author: &str,
    alias: &str,
) {
    xml.empty("FRBRthis", &[("value", this)]);
    xml.empty("FRBRuri", &[("value", uri)]);
    if !alias.is_empty() {
        xml.empty("FRBRalias", &[("value", alias), ("name", "address")]);
    }
    xml.empty("FRBRdate", &[("date", date), ("name", event)]);
    xml.empty("FRBRauthor", &[("href", author)]);
}

fn classification(xml: &mut Xml, policy: &Policy) {
    let category = Some(&policy.category).filter(|category| !category.is_empty());
    let words: Vec<(&str, &String)> = category
        .map(|category| ("#category", category))
        .into_iter()
        .chain(policy.keywords.iter().map(|word| ("#keyword", word)))
        .collect();
    if words.is_empty() {
        return;
    }
    xml.open("classification", &[("source", PUBLISHER)]);
    for (dictionary, word) in words {
        let shown = [("value", word.as_str()), ("showAs", word), ("dictionary", dictionary)];
        xml.empty("keyword", &shown);
    }
    xml.close();
}

/// The id of the event that begins the span at this place.
fn event(policy: &Policy, place: usize) -> String {
    let before = dated(policy).take_while(|(at, ..)| *at < place).count();
    format!("event_{}", before + 2)
}

fn lifecycle(xml: &mut Xml, policy: &Policy) {
    xml.open("lifecycle", &[("source", PUBLISHER)]);
    let issued = policy.dated().to_string();
    let first =
        [("eId", "event_1"), ("date", &*issued), ("source", ISSUER), ("type", "generation")];
    xml.empty("eventRef", &first);
    for (place, span, from) in dated(policy) {
        let before = place.checked_sub(1).and_then(|place| policy.spans.get(place));
        let source = source(policy, span);
        let attributes = [
            ("eId", event(policy, place)),
            ("date", from.to_string()),
            ("source", source),
            ("type", event_type(before, span).to_owned()),
        ];
        let attributes = attributes.each_ref().map(|(name, value)| (*name, value.as_str()));
        xml.empty("eventRef", &attributes);
    }
    xml.close();
}

/// The spans that begin on a day, with their places.
fn dated(policy: &Policy) -> impl Iterator<Item = (usize, &Span, NaiveDate)> {
    let spans = policy.spans.iter().enumerate();
    spans.filter_map(|(place, span)| Some((place, span, span.from?)))
}

/// What the schema calls a change of force; it has no word for the entry into force.
fn event_type(before: Option<&Span>, span: &Span) -> &'static str {
    match span.force {
        Force::Repealed | Force::Lapsed => "repeal",
        Force::InForce if before.is_some_and(|before| before.force == Force::InForce) => {
            "amendment"
        }
        Force::InForce | Force::NotYet => "",
    }
}

/// The reference to what makes the change: another document, else who issued this one.
fn source(policy: &Policy, span: &Span) -> String {
    let by = |(_, cited): &(usize, &Cited)| {
        !span.by.is_empty() && cited.address == span.by && cited.citing == Citing::Passive
    };
    let known = policy.cited.iter().enumerate().find(by);
    known.map_or(ISSUER.to_owned(), |(place, _)| format!("#ref_{}", place + 1))
}

fn temporal(xml: &mut Xml, policy: &Policy) {
    let in_force = policy.spans.iter().enumerate().filter(|(_, span)| span.force == Force::InForce);
    let in_force: Vec<_> = in_force.collect();
    if in_force.is_empty() {
        return;
    }
    xml.open("temporalData", &[("source", PUBLISHER)]);
    for (number, (place, span)) in in_force.into_iter().enumerate() {
        let start = span.from.map(|_| format!("#{}", event(policy, place))).unwrap_or_default();
        let next = policy.spans.get(place + 1).and_then(|next| next.from);
        let end = next.map(|_| format!("#{}", event(policy, place + 1))).unwrap_or_default();
        let force = if span.amended { "#inForce #amended" } else { "#inForce" };
        xml.open("temporalGroup", &[("eId", &format!("tmpg_{}", number + 1))]);
        xml.empty("timeInterval", &[("start", &start), ("end", &end), ("refersTo", force)]);
        xml.close();
    }
    xml.close();
}

fn references(xml: &mut Xml, policy: &Policy, names: &Names) {
    xml.open("references", &[("source", PUBLISHER)]);
    xml.empty(
        "original",
        &[("eId", "original"), ("href", &names.work), ("showAs", shown(&policy.title))],
    );
    for (place, Cited { citing, address, shown: title }) in policy.cited.iter().enumerate() {
        let element = match citing {
            Citing::Active => "activeRef",
            Citing::Passive => "passiveRef",
        };
        // What the library does not hold has no address; the reference leads nowhere but is told.
        let href = if address.is_empty() { "#" } else { address };
        let id = format!("ref_{}", place + 1);
        xml.empty(element, &[("eId", &id), ("href", href), ("showAs", shown(title))]);
    }
    for (id, organ) in [("issuer", &policy.organ), ("publisher", &policy.publisher)] {
        let href = format!("/akn/ontology/organization/{COUNTRY}/{}", slug(&organ.code, id));
        let attributes = [("eId", id), ("href", &*href), ("showAs", shown(&organ.name))];
        xml.empty("TLCOrganization", &attributes);
    }
    for (id, href, title) in CONCEPTS {
        xml.empty("TLCConcept", &[("eId", id), ("href", href), ("showAs", title)]);
    }
    xml.close();
}

/// An attribute that must have a value.
fn shown(text: &str) -> &str {
    if text.is_empty() { "—" } else { text }
}

/// A code as part of an address.
fn slug(code: &str, otherwise: &str) -> String {
    let slug: String = code.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect();
    if slug.is_empty() { otherwise.to_owned() } else { slug }
}
