mod flaws;
mod resolution;
mod versions;

use chrono::NaiveDate;

use super::{Document, Library, Relation, Target};
use crate::{ActKind, Effect};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A document that was signed, and took effect, on a day.
fn made(id: &str, title: &str, on: &str) -> Document {
    Document {
        signed_on: on.parse().ok(),
        effective_on: on.parse().ok(),
        ..Document::new(id, title)
    }
}

trait With {
    fn by(self, organ: &str) -> Self;
    fn no(self, number: &str) -> Self;
    fn does(self, kind: ActKind, target: Target) -> Self;
}

impl With for Document {
    fn by(mut self, organ: &str) -> Self {
        self.organs.push(organ.to_owned());
        self
    }

    fn no(mut self, number: &str) -> Self {
        self.numbers.push(number.to_owned());
        self
    }

    fn does(mut self, kind: ActKind, target: Target) -> Self {
        self.relations.push(Relation::new(kind, target));
        self
    }
}

fn repealer(target: Target) -> Document {
    made("z", "新规定", "2024-07-01").does(ActKind::Repeals, target)
}

/// The effects on a day long after, by id.
fn effects(documents: Vec<Document>) -> Vec<(String, Effect)> {
    let library = Library::of(documents);
    library
        .verdicts(day("2030-01-01"))
        .map(|(document, verdict)| (document.id.clone(), verdict.effect))
        .collect()
}

fn repealed(documents: Vec<Document>) -> Vec<String> {
    let ended = |(id, effect): (String, Effect)| (effect == Effect::Repealed).then_some(id);
    effects(documents).into_iter().filter_map(ended).collect()
}
