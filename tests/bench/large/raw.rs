//! Bare tantivy over the very segments that the product has written: the same terms, a plain query.

use std::{collections::HashMap, path::Path};

use anyhow::{Context as _, Result};
use prost::Message as _;
use search::engine::Record;
use tantivy::{
    DocId, Index, IndexReader, ReloadPolicy, Score, SegmentOrdinal, SegmentReader, TantivyDocument,
    Term,
    collector::{Collector, SegmentCollector, TopDocs},
    columnar::{Column, StrColumn},
    query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption, Value as _},
};

/// The product's segments.
pub struct Raw {
    reader: IndexReader,
    text: Field,
    record: Field,
}

/// What a question finds.
pub struct Found {
    /// All of it.
    pub total: u64,
    /// The best, as they are stored.
    pub records: Vec<Record>,
    /// Counts by organ, class, year and effect, where asked for.
    pub facets: Vec<(String, u64)>,
}

impl Raw {
    /// Opens the index that answers in the data folder of a product.
    pub fn open(shelf: &Path) -> Result<Self> {
        let name = std::fs::read_to_string(shelf.join("current"))?;
        let index = Index::open_in_dir(shelf.join(name.trim()))?;
        let schema = index.schema();
        let (text, record) = (schema.get_field("text")?, schema.get_field("record")?);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { reader, text, record })
    }

    /// Answers a question: one term, several with `&`, or a phrase with `+` between them.
    pub fn search(&self, asked: &str, limit: usize, today: Option<u64>) -> Result<Found> {
        let searcher = self.reader.searcher();
        let count = self.query(asked, IndexRecordOption::Basic);
        let total = count.count(&searcher)? as u64;
        let best = self.query(asked, IndexRecordOption::WithFreqs);
        let best = searcher.search(&*best, &TopDocs::with_limit(limit).order_by_score())?;
        let records = best.into_iter().map(|(_, at)| {
            let document: TantivyDocument = searcher.doc(at)?;
            let bytes = document.get_first(self.record).and_then(|value| value.as_bytes());
            Ok(Record::decode(bytes.context("a record")?)?)
        });
        let records = records.collect::<Result<_>>()?;
        let facets = match today {
            Some(today) => searcher.search(&*count, &Tally(today))?,
            None => Vec::new(),
        };
        Ok(Found { total, records, facets })
    }

    fn query(&self, asked: &str, option: IndexRecordOption) -> Box<dyn Query> {
        let term = |word: &str| Term::from_field_text(self.text, word);
        if asked.contains('+') {
            let mut at = 0;
            let place = |word: &str| {
                let placed = (at, term(word));
                at += word.chars().count();
                placed
            };
            return Box::new(PhraseQuery::new_with_offset(asked.split('+').map(place).collect()));
        }
        let one = |word: &str| -> Box<dyn Query> { Box::new(TermQuery::new(term(word), option)) };
        if !asked.contains('&') {
            return one(asked);
        }
        Box::new(BooleanQuery::new(asked.split('&').map(|word| (Occur::Must, one(word))).collect()))
    }
}

/// Counts by the columns that the product counts by.
struct Tally(u64);

struct Columns {
    today: u64,
    words: Vec<(StrColumn, Vec<u64>)>,
    year: Column<u64>,
    effective: Column<u64>,
    expires: Column<u64>,
    repealed: Column<u64>,
    years: HashMap<u64, u64>,
    effects: [u64; 4],
}

impl Collector for Tally {
    type Fruit = Vec<(String, u64)>;
    type Child = Columns;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Columns> {
        let fast = segment.fast_fields();
        let words = [fast.str("organ")?, fast.str("category")?];
        let words = words.into_iter().flatten().map(|column| {
            let counts = vec![0; column.num_terms()];
            (column, counts)
        });
        Ok(Columns {
            today: self.0,
            words: words.collect(),
            year: fast.u64("year")?,
            effective: fast.u64("effective")?,
            expires: fast.u64("expires")?,
            repealed: fast.u64("repealed")?,
            years: HashMap::new(),
            effects: [0; 4],
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        let mut all: HashMap<String, u64> = HashMap::new();
        for (key, count) in fruits.into_iter().flatten() {
            *all.entry(key).or_default() += count;
        }
        Ok(all.into_iter().collect())
    }
}

impl SegmentCollector for Columns {
    type Fruit = Vec<(String, u64)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        for (column, counts) in &mut self.words {
            let ordinal = column.ords().first(doc).and_then(|it| usize::try_from(it).ok());
            if let Some(count) = ordinal.and_then(|ordinal| counts.get_mut(ordinal)) {
                *count += 1;
            }
        }
        if let Some(year) = self.year.first(doc) {
            *self.years.entry(year).or_default() += 1;
        }
        let value = |column: &Column<u64>| column.first(doc).unwrap_or(0);
        let effect = if value(&self.repealed) == 1 {
            0
        } else if value(&self.expires) < self.today {
            1
        } else {
            2 + usize::from(value(&self.effective) > self.today)
        };
        if let Some(count) = self.effects.get_mut(effect) {
            *count += 1;
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut all = Vec::new();
        for (column, counts) in self.words {
            for (ordinal, count) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
                let mut word = String::new();
                if column.ord_to_str(ordinal, &mut word).is_ok() {
                    all.push((word, count));
                }
            }
        }
        all.extend(self.years.into_iter().map(|(year, count)| (year.to_string(), count)));
        all.extend(
            ["repealed", "lapsed", "in_force", "ahead"]
                .map(str::to_owned)
                .into_iter()
                .zip(self.effects),
        );
        all
    }
}
