//! How many of the policies found stand under each organ, class, year and effect.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::effect::{Day, EFFECTS, Effect, effect_on};
use super::schema::column;

/// One count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Under which policies are counted.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// How many.
    pub count: u64,
}

/// All counts of one search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By code of the organ, largest first.
    pub organs: Vec<Bucket>,
    /// By class, largest first.
    pub categories: Vec<Bucket>,
    /// By year of issue, newest first.
    pub years: Vec<Bucket>,
    /// By effect, in the order of a policy's life.
    pub effects: Vec<(Effect, u64)>,
}

/// Counts of the kind that collectors merge.
#[derive(Default)]
pub(super) struct Tally {
    /// With one policy of the organ, which knows the organ's name.
    pub(super) organs: HashMap<String, (u64, DocAddress)>,
    pub(super) categories: HashMap<String, u64>,
    pub(super) years: HashMap<u64, u64>,
    pub(super) effects: [u64; EFFECTS.len()],
}

/// Collects a [`Tally`].
pub(super) struct Tallying(pub(super) Day);

impl Collector for Tallying {
    type Fruit = Tally;
    type Child = Columns;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Columns> {
        let fast = segment.fast_fields();
        Ok(Columns {
            today: self.0,
            ordinal,
            organ: Ordinals::new(fast.str(column::ORGAN)?),
            category: Ordinals::new(fast.str(column::CATEGORY)?),
            year: fast.u64(column::YEAR)?,
            spans: fast.u64(column::SPANS)?,
            years: HashMap::new(),
            effects: [0; EFFECTS.len()],
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, tallies: Vec<Tally>) -> tantivy::Result<Tally> {
        let mut all = Tally::default();
        for tally in tallies {
            for (key, (count, example)) in tally.organs {
                all.organs.entry(key).or_insert((0, example)).0 += count;
            }
            for (key, count) in tally.categories {
                *all.categories.entry(key).or_default() += count;
            }
            for (year, count) in tally.years {
                *all.years.entry(year).or_default() += count;
            }
            for (sum, count) in all.effects.iter_mut().zip(tally.effects) {
                *sum += count;
            }
        }
        Ok(all)
    }
}

/// Counts by the numbers that a column gives its words.
struct Ordinals {
    column: Option<StrColumn>,
    counts: Vec<(u64, DocId)>,
}

impl Ordinals {
    fn new(column: Option<StrColumn>) -> Self {
        let counts = vec![(0, 0); column.as_ref().map_or(0, |column| column.num_terms())];
        Self { column, counts }
    }

    fn count(&mut self, doc: DocId) {
        let ordinal = self.column.as_ref().and_then(|column| column.ords().first(doc));
        let ordinal = ordinal.and_then(|ordinal| usize::try_from(ordinal).ok());
        if let Some((count, example)) = ordinal.and_then(|at| self.counts.get_mut(at)) {
            *count += 1;
            *example = doc;
        }
    }

    fn words(self) -> Vec<(String, u64, DocId)> {
        let Some(column) = self.column else { return Vec::new() };
        let counted = (0_u64..).zip(self.counts).filter(|(_, (count, _))| *count > 0);
        let word = |(ordinal, (count, example)): (u64, (u64, DocId))| {
            let mut word = String::new();
            column.ord_to_str(ordinal, &mut word).ok()?;
            (!word.is_empty()).then_some((word, count, example))
        };
        counted.filter_map(word).collect()
    }
}

/// The columns of one segment, and what was counted in it.
pub(super) struct Columns {
    today: Day,
    ordinal: SegmentOrdinal,
    organ: Ordinals,
    category: Ordinals,
    year: Column<u64>,
    spans: Column<u64>,
    years: HashMap<u64, u64>,
    effects: [u64; EFFECTS.len()],
}

impl SegmentCollector for Columns {
    type Fruit = Tally;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.organ.count(doc);
        self.category.count(doc);
        if let Some(year) = self.year.first(doc).filter(|year| *year != 0) {
            *self.years.entry(year).or_default() += 1;
        }
        let effect = effect_on(self.spans.values_for_doc(doc), self.today);
        for (count, each) in self.effects.iter_mut().zip(EFFECTS) {
            *count += u64::from(each == effect);
        }
    }

    fn harvest(self) -> Tally {
        let organ = |(word, count, doc)| (word, (count, DocAddress::new(self.ordinal, doc)));
        Tally {
            organs: self.organ.words().into_iter().map(organ).collect(),
            categories: self
                .category
                .words()
                .into_iter()
                .map(|(word, count, _)| (word, count))
                .collect(),
            years: self.years,
            effects: self.effects,
        }
    }
}

impl Tally {
    /// The counts in the order in which people read them; `organ_name` reads it off a policy.
    pub(super) fn into_facets(self, organ_name: impl Fn(DocAddress) -> Option<String>) -> Facets {
        let mut organs: Vec<Bucket> = self
            .organs
            .into_iter()
            .map(|(key, (count, example))| {
                let label = organ_name(example).unwrap_or_else(|| key.clone());
                Bucket { key, label, count }
            })
            .collect();
        let mut categories: Vec<Bucket> = self
            .categories
            .into_iter()
            .map(|(key, count)| Bucket { label: key.clone(), key, count })
            .collect();
        for buckets in [&mut organs, &mut categories] {
            buckets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
        }
        let mut years: Vec<(u64, u64)> = self.years.into_iter().collect();
        years.sort_by_key(|(year, _)| std::cmp::Reverse(*year));
        let year = |(year, count): (u64, u64)| Bucket {
            key: year.to_string(),
            label: format!("{year}年"),
            count,
        };
        Facets {
            organs,
            categories,
            years: years.into_iter().map(year).collect(),
            effects: EFFECTS
                .into_iter()
                .zip(self.effects)
                .filter(|(_, count)| *count > 0)
                .collect(),
        }
    }
}
