//! The fields of the index.

use gongwen::number;
use prost::Message as _;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use super::fold::{bare, whole};
use super::record::{Entry, Record};

/// The name under which the index knows its tokenizer.
pub(super) const TERMS: &str = "terms";
/// The one term of the field `public`.
const YES: u64 = 1;

/// Handles on the fields.
#[derive(Clone, Copy)]
pub struct Fields {
    /// The policy's id, to replace and delete by.
    pub id: Field,
    /// 1 for what can be found; tombstones have none.
    pub public: Field,
    /// Terms of the title, to rank by.
    pub title: Field,
    /// The whole title as one term.
    pub whole_title: Field,
    /// Terms of everything that is searched, with places.
    pub text: Field,
    /// The document number in the forms that it is asked for by.
    pub number: Field,
    /// Code of the organ.
    pub organ: Field,
    /// Class in the library.
    pub category: Field,
    /// Year of issue.
    pub year: Field,
    /// First day of validity.
    pub effective: Field,
    /// Last day of validity.
    pub expires: Field,
    /// Whether it is repealed.
    pub repealed: Field,
    /// Order by novelty.
    pub newest: Field,
    /// The [`Record`].
    pub record: Field,
}

/// Names of the columns that are read for every policy found.
pub(super) mod column {
    pub(in super::super) const ORGAN: &str = "organ";
    pub(in super::super) const CATEGORY: &str = "category";
    pub(in super::super) const YEAR: &str = "year";
    pub(in super::super) const EFFECTIVE: &str = "effective";
    pub(in super::super) const EXPIRES: &str = "expires";
    pub(in super::super) const REPEALED: &str = "repealed";
    pub(in super::super) const NEWEST: &str = "newest";
}

fn terms(option: IndexRecordOption) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(option),
    )
}

/// The schema and the handles on it.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = SchemaBuilder::new();
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        public: schema.add_u64_field("public", INDEXED),
        title: schema.add_text_field("title", terms(IndexRecordOption::WithFreqs)),
        whole_title: schema.add_text_field("whole_title", STRING),
        text: schema.add_text_field("text", terms(IndexRecordOption::WithFreqsAndPositions)),
        number: schema.add_text_field("number", STRING),
        organ: schema.add_text_field(column::ORGAN, STRING | FAST),
        category: schema.add_text_field(column::CATEGORY, STRING | FAST),
        year: schema.add_u64_field(column::YEAR, INDEXED | FAST),
        effective: schema.add_u64_field(column::EFFECTIVE, FAST),
        expires: schema.add_u64_field(column::EXPIRES, FAST),
        repealed: schema.add_u64_field(column::REPEALED, FAST),
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
        document.add_u64(self.public, YES);
        document.add_text(self.title, &record.title);
        document.add_text(self.whole_title, whole(&record.title));
        for part in [&record.title, &record.number, &record.organ_name, summary, text] {
            document.add_text(self.text, part);
        }
        for keyword in keywords {
            document.add_text(self.text, keyword);
        }
        for key in number_keys(&record.number) {
            document.add_text(self.number, key);
        }
        document.add_text(self.organ, &record.organ_code);
        document.add_text(self.category, &record.category);
        document.add_u64(self.year, *year);
        document.add_u64(self.effective, record.effective);
        document.add_u64(self.expires, record.expires);
        document.add_u64(self.repealed, record.repealed.into());
        document.add_u64(self.newest, *newest);
        document
    }

    /// The document that only remembers a policy.
    pub(super) fn memory(&self, record: &Record) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.id, &record.id);
        document.add_bytes(self.record, &record.encode_to_vec());
        document
    }

    /// The term of a policy.
    pub(super) fn id_term(&self, id: &str) -> Term {
        Term::from_field_text(self.id, id)
    }

    /// The term of all that can be found.
    pub(super) fn public_term(&self) -> Term {
        Term::from_field_u64(self.public, YES)
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
