//! The fields of the index.

use gongwen::number;
use prost::Message as _;
use tantivy::query::TermQuery;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use super::fold::{bare, whole};
use super::level::level;
use super::record::{Entry, Record};

/// What the name of a law begins with.
const COUNTRY: &str = "中华人民共和国";

/// The name under which the index knows its tokenizer.
pub(super) const TERMS: &str = "terms";

/// Handles on the fields.
#[derive(Clone, Copy)]
pub struct Fields {
    /// Every [`Key`] of the policy.
    pub keys: Field,
    /// Terms of the title, to rank by.
    pub title: Field,
    /// Terms of everything that is searched, with places.
    pub text: Field,
    /// Code of the organ.
    pub organ: Field,
    /// Class in the library.
    pub category: Field,
    /// Year of issue.
    pub year: Field,
    /// First day of validity.
    pub effective: Field,
    /// Its effect on every day.
    pub spans: Field,
    /// Its level among norms.
    pub level: Field,
    /// Order by novelty.
    pub newest: Field,
    /// The [`Record`].
    pub record: Field,
}

/// A whole word that a policy is picked by.
///
/// All kinds share one field, each behind its letter: a field of its own would cost each commit of
/// a single policy, and each merge, a dictionary of its own.
#[derive(Debug, Clone, Copy)]
pub enum Key<'a> {
    /// The policy's id, to replace and delete by.
    Id(&'a str),
    /// What can be found has it; tombstones have not.
    Public,
    /// The whole title, see [`whole`].
    Title(&'a str),
    /// The document number in one of the forms that it is asked for by.
    Number(&'a str),
    /// Code of the organ.
    Organ(&'a str),
    /// Class in the library.
    Category(&'a str),
    /// Year of issue.
    Year(u64),
}

impl Key<'_> {
    /// The word as it stands in the index.
    pub fn word(self) -> String {
        match self {
            Self::Id(id) => format!("i{id}"),
            Self::Public => "p".to_owned(),
            Self::Title(title) => format!("t{title}"),
            Self::Number(number) => format!("n{number}"),
            Self::Organ(code) => format!("o{code}"),
            Self::Category(category) => format!("c{category}"),
            Self::Year(year) => format!("y{year}"),
        }
    }
}

/// Names of the columns that are read for every policy found.
pub(super) mod column {
    pub(in super::super) const ORGAN: &str = "organ";
    pub(in super::super) const CATEGORY: &str = "category";
    pub(in super::super) const YEAR: &str = "year";
    pub(in super::super) const EFFECTIVE: &str = "effective";
    pub(in super::super) const SPANS: &str = "spans";
    pub(in super::super) const LEVEL: &str = "level";
    pub(in super::super) const NEWEST: &str = "newest";
}

fn terms(option: IndexRecordOption) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(option),
    )
}

/// Words are taken as they are, and no document is longer than another.
fn whole_words() -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    )
}

/// The schema and the handles on it.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = SchemaBuilder::new();
    let fields = Fields {
        keys: schema.add_text_field("keys", whole_words()),
        title: schema.add_text_field("title", terms(IndexRecordOption::WithFreqs)),
        text: schema.add_text_field("text", terms(IndexRecordOption::WithFreqsAndPositions)),
        organ: schema.add_text_field(column::ORGAN, FAST),
        category: schema.add_text_field(column::CATEGORY, FAST),
        year: schema.add_u64_field(column::YEAR, FAST),
        effective: schema.add_u64_field(column::EFFECTIVE, FAST),
        spans: schema.add_u64_field(column::SPANS, FAST),
        level: schema.add_u64_field(column::LEVEL, FAST),
        newest: schema.add_u64_field(column::NEWEST, FAST),
        record: schema.add_bytes_field("record", STORED),
    };
    (schema.build(), fields)
}

impl Fields {
    /// The document that stands for a policy.
    pub(super) fn document(&self, entry: &Entry) -> TantivyDocument {
        let Entry { record, keywords, summary, text, newest, year } = entry;
        let mut document = self.memory(record);
        document.add_text(self.title, &record.title);
        for part in [&record.title, &record.number, &record.organ_name, summary, text] {
            document.add_text(self.text, part);
        }
        for keyword in keywords {
            document.add_text(self.text, keyword);
        }
        let title = whole(&record.title);
        for key in [
            Key::Public,
            Key::Title(&title),
            Key::Organ(&record.organ_code),
            Key::Category(&record.category),
            Key::Year(*year),
        ] {
            document.add_text(self.keys, key.word());
        }
        // Nobody says the whole name of a law.
        if let Some(short) = title.strip_prefix(COUNTRY).filter(|short| !short.is_empty()) {
            document.add_text(self.keys, Key::Title(short).word());
        }
        for number in number_keys(&record.number) {
            document.add_text(self.keys, Key::Number(&number).word());
        }
        document.add_text(self.organ, &record.organ_code);
        document.add_text(self.category, &record.category);
        document.add_u64(self.year, *year);
        document.add_u64(self.effective, record.effective);
        for span in &record.spans {
            document.add_u64(self.spans, *span);
        }
        document.add_u64(self.level, level(&record.title));
        document.add_u64(self.newest, *newest);
        document
    }

    /// The document that only remembers a policy.
    pub(super) fn memory(&self, record: &Record) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.keys, Key::Id(&record.id).word());
        document.add_bytes(self.record, &record.encode_to_vec());
        document
    }

    /// The term of a key.
    pub(super) fn key(&self, key: Key<'_>) -> Term {
        Term::from_field_text(self.keys, &key.word())
    }

    /// What has a key.
    pub(super) fn with(&self, key: Key<'_>) -> TermQuery {
        TermQuery::new(self.key(key), IndexRecordOption::Basic)
    }
}

/// What two writings of a document number have in common: its parts where it can be read, and
/// its bare characters where it cannot or is only begun.
pub(super) fn number_keys(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    if let Some(number) = number::parse(text).number() {
        keys.push(number.key());
    }
    let bare = bare(text);
    let bare = bare.trim_end_matches('号');
    if !bare.is_empty() {
        keys.push(bare.to_owned());
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_a_number_share_a_key() {
        let keys = number_keys("淮府办〔2023〕12号");
        for writing in [
            "淮府办[2023]12",
            "淮府办（２０２３）１２号",
            "淮府办〔2023〕第012号",
            "淮府办 2023 12号",
        ] {
            let others = number_keys(writing);
            assert!(others.iter().any(|key| keys.contains(key)), "{writing}: {others:?} {keys:?}");
        }
    }
}
