//! A whole document, taken apart: what it is called, who issued it, when, for how long.
//!
//! The parts are those of GB/T 9704-2012 《党政机关公文格式》, clause 7, and of the header and
//! final articles that laws and rules carry instead. Input is plain text. Nothing is guessed
//! in silence: a value that is not certain has a low confidence and says why, and what has two
//! readings has no value but a line in [`Fields::doubts`].

mod addressee;
mod attachment;
mod category;
mod effect;
mod fields;
mod header;
mod imprint;
mod kind;
mod labels;
mod number;
mod organs;
mod outline;
mod page;
mod period;
mod signature;
mod title;

use serde::{Serialize, Serializer};

use crate::relation::{self, Relation};
pub use category::Category;
pub use fields::{Disclosure, Fields, PrintBlock};
pub use kind::KINDS;
pub(crate) use kind::of_title;
pub use outline::{Level, Node};
pub(crate) use page::Page;

/// What [`analyze`] found in a text.
///
/// It is serialised as one flat object of the values, with `relations`, `outline`, and under
/// `fields` every value again with its place and confidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Every value with its place and confidence.
    pub fields: Fields,
    /// What the document does to others.
    pub relations: Vec<Relation>,
    /// Chapters, articles and numbered headings, in the order of the text.
    pub outline: Vec<Node>,
}

/// Takes a document apart: `text` is the page or file as plain text, `title` the title that
/// came with it, if one did.
///
/// Never fails: what cannot be read is absent. The work is linear in the length of the text.
pub fn analyze(title: Option<&str>, text: &str) -> Document {
    let page = Page::new(title, text);
    let fields = fields::read(&page);
    let relations = relation::on_page(&page, &fields);
    let outline = outline::read(&page);
    Document { fields, relations, outline }
}

/// The flat object that a document is printed as.
#[derive(Serialize)]
struct View<'a> {
    title: Option<&'a str>,
    document_number: Option<String>,
    document_numbers: Vec<String>,
    issuing_organs: Vec<&'a str>,
    addressees: Vec<&'a str>,
    signed_on: Option<chrono::NaiveDate>,
    published_on: Option<chrono::NaiveDate>,
    effective_on: Option<chrono::NaiveDate>,
    expires_on: Option<chrono::NaiveDate>,
    validity_years: Option<u32>,
    kind: Option<&'static str>,
    category: Option<Category>,
    disclosure: Option<Disclosure>,
    attachments: Vec<&'a str>,
    relations: &'a [Relation],
    outline: &'a [Node],
    fields: &'a Fields,
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { fields, relations, outline } = self;
        let numbers: Vec<String> =
            fields.document_numbers.iter().map(|field| field.value.to_string()).collect();
        let texts = |list: &'_ [crate::Field<String>]| -> Vec<String> {
            list.iter().map(|field| field.value.clone()).collect()
        };
        let (organs, addressees, attachments) =
            (texts(&fields.issuing_organs), texts(&fields.addressees), texts(&fields.attachments));
        let view = View {
            title: fields.title.as_ref().map(|field| field.value.as_str()),
            document_number: numbers.first().cloned(),
            document_numbers: numbers,
            issuing_organs: organs.iter().map(String::as_str).collect(),
            addressees: addressees.iter().map(String::as_str).collect(),
            signed_on: fields.signed_on.as_ref().map(|field| field.value),
            published_on: fields.published_on.as_ref().map(|field| field.value),
            effective_on: fields.effective_on.as_ref().map(|field| field.value),
            expires_on: fields.expires_on.as_ref().map(|field| field.value),
            validity_years: fields.validity_years.as_ref().map(|field| field.value),
            kind: fields.kind.as_ref().map(|field| field.value),
            category: fields.category.as_ref().map(|field| field.value),
            disclosure: fields.disclosure.as_ref().map(|field| field.value),
            attachments: attachments.iter().map(String::as_str).collect(),
            relations,
            outline,
            fields,
        };
        view.serialize(serializer)
    }
}

#[cfg(test)]
mod tests;
