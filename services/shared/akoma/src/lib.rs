//! A policy as Akoma Ntoso 3.0 (OASIS LegalDocML, Akoma Ntoso Version 1.0 Part 2), for archives and
//! legal databases.
//!
//! Nothing is read or written here: [`xml`] takes a [`Policy`] and gives the file. The names of
//! work, expression and manifestation and the `eId` of every division follow the Akoma Ntoso Naming
//! Convention Version 1.0. The divisions are those that [`gongwen`] reads from the text; nothing of
//! the text is lost. Local regulations and rules are an `act`, everything else is a `doc`.
//!
//! | text | element |
//! |---|---|
//! | 编, 章, 节, 条 | `part`, `chapter`, `section`, `article` |
//! | 款, 项, 目 of an article | `paragraph`, `point`, `indent` |
//! | 一、 （一） 1. （1） elsewhere | `section`, `subsection`, `paragraph`, `subparagraph` |

mod body;
mod meta;
mod name;
mod policy;
mod tree;
mod write;

pub use policy::{Cited, Citing, Class, File, Force, Organ, Policy, Span};

use crate::{body::Divided, name::Names, write::Xml};

/// The namespace of Akoma Ntoso 3.0.
pub const NAMESPACE: &str = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";

/// The policy as an XML file in UTF-8, valid after the schema of Akoma Ntoso 3.0.
pub fn xml(policy: &Policy) -> String {
    let names = Names::of(policy);
    let divided = Divided::of(policy);
    let mut xml = Xml::begun();
    xml.open("akomaNtoso", &[("xmlns", NAMESPACE)]);
    let contains = if policy.revision > 1 { "singleVersion" } else { "originalVersion" };
    let (kind, subtype) = policy.class.element();
    xml.open(kind, &[("name", subtype), ("contains", contains)]);
    meta::write(&mut xml, policy, &names);
    body::write(&mut xml, policy, &divided);
    xml.close();
    xml.close();
    xml.finished()
}

#[cfg(test)]
mod tests;
