//! Head, text, signature and files.

use chrono::NaiveDate;

use crate::{
    policy::{Class, Policy},
    tree::{self, Division},
    write::Xml,
};

/// The text of a policy, taken apart.
pub(crate) struct Divided {
    /// What stands before the first division.
    lead: Vec<String>,
    divisions: Vec<Division>,
    /// The names and the date at the end.
    signature: Vec<String>,
    signed_on: Option<NaiveDate>,
}

impl Divided {
    pub fn of(policy: &Policy) -> Self {
        let title = Some(policy.title.as_str()).filter(|title| !title.is_empty());
        let whole = gongwen::analyze(title, &policy.text);
        let block = whole.fields.signature_block.as_ref().and_then(|field| field.span.as_ref());
        // A signature before annexes stays where it is.
        let last = block.map(gongwen::Span::bytes).filter(|bytes| {
            policy.text.get(bytes.end..).is_some_and(|behind| behind.trim().is_empty())
        });
        let end = last.as_ref().map_or(policy.text.len(), |bytes| bytes.start);
        let (main, behind) = policy.text.split_at_checked(end).unwrap_or((&policy.text, ""));
        let outline = match last {
            Some(_) => gongwen::analyze(title, main).outline,
            None => whole.outline,
        };
        let (lead, divisions) = tree::divisions(main, &outline);
        // The title has a place of its own.
        let lead = lines(lead).filter(|line| *line != policy.title).map(str::to_owned).collect();
        Self {
            lead,
            divisions,
            signature: lines(behind).map(str::to_owned).collect(),
            signed_on: whole.fields.signed_on.map(|field| field.value),
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

pub(crate) fn write(xml: &mut Xml, policy: &Policy, divided: &Divided) {
    preface(xml, policy);
    match policy.class {
        Class::Regulation | Class::Rule => act(xml, divided),
        Class::Normative | Class::Other => doc(xml, divided),
    }
    conclusions(xml, divided);
    attachments(xml, policy);
}

fn preface(xml: &mut Xml, policy: &Policy) {
    xml.open("preface", &[]);
    xml.open("longTitle", &[("eId", "longTitle")]);
    xml.open("p", &[]);
    xml.leaf("docTitle", &[], &policy.title);
    xml.close();
    xml.close();
    if !policy.document_number.is_empty() {
        xml.open("p", &[]);
        xml.leaf("docNumber", &[], &policy.document_number);
        xml.close();
    }
    xml.close();
}

/// An act: what stands before its first division is its preamble, and it has a division at least.
fn act(xml: &mut Xml, Divided { lead, divisions, .. }: &Divided) {
    if divisions.is_empty() {
        xml.open("body", &[]);
        xml.open("hcontainer", &[("eId", "hcontainer_1"), ("name", "text")]);
        content(xml, "hcontainer_1", lead);
        xml.close();
        xml.close();
        return;
    }
    if !lead.is_empty() {
        xml.open("preamble", &[]);
        paragraphs(xml, lead);
        xml.close();
    }
    xml.open("body", &[]);
    write_divisions(xml, divisions);
    xml.close();
}

fn doc(xml: &mut Xml, Divided { lead, divisions, .. }: &Divided) {
    xml.open("mainBody", &[]);
    paragraphs(xml, lead);
    if lead.is_empty() && divisions.is_empty() {
        xml.empty("p", &[]);
    }
    write_divisions(xml, divisions);
    xml.close();
}

fn write_divisions(xml: &mut Xml, divisions: &[Division]) {
    for division in divisions {
        write_division(xml, division);
    }
}

fn write_division(xml: &mut Xml, division: &Division) {
    let Division { element, id, number, heading, lines, below } = division;
    xml.open(element, &[("eId", id)]);
    if !number.is_empty() {
        xml.leaf("num", &[], number);
    }
    if !heading.is_empty() {
        xml.leaf("heading", &[], heading);
    }
    if below.is_empty() {
        if !lines.is_empty() || heading.is_empty() {
            content(xml, id, lines);
        }
    } else if !lines.is_empty() {
        xml.open("intro", &[("eId", &format!("{id}__intro"))]);
        paragraphs(xml, lines);
        xml.close();
    }
    write_divisions(xml, below);
    xml.close();
}

fn content(xml: &mut Xml, id: &str, lines: &[String]) {
    xml.open("content", &[("eId", &format!("{id}__content"))]);
    paragraphs(xml, lines);
    xml.close();
}

fn paragraphs(xml: &mut Xml, lines: &[String]) {
    for line in lines {
        xml.leaf("p", &[], line);
    }
}

fn conclusions(xml: &mut Xml, divided: &Divided) {
    let Some((date, names)) = divided.signature.split_last() else { return };
    xml.open("conclusions", &[]);
    for name in names {
        xml.open("p", &[]);
        xml.leaf("signature", &[], name);
        xml.close();
    }
    xml.open("p", &[]);
    match divided.signed_on {
        Some(day) => xml.leaf("docDate", &[("date", &day.to_string())], date),
        None => xml.words(date),
    }
    xml.close();
    xml.close();
}

fn attachments(xml: &mut Xml, policy: &Policy) {
    if policy.files.is_empty() {
        return;
    }
    xml.open("attachments", &[]);
    for (place, file) in policy.files.iter().enumerate() {
        let id = format!("att_{}", place + 1);
        xml.open("attachment", &[("eId", &id)]);
        xml.leaf("heading", &[], &file.name);
        let shown = [
            ("eId", format!("{id}__documentRef")),
            ("href", file.address.clone()),
            ("showAs", file.name.clone()),
        ];
        let shown = shown.each_ref().map(|(name, value)| (*name, value.as_str()));
        xml.empty("documentRef", &shown);
        xml.close();
    }
    xml.close();
}
