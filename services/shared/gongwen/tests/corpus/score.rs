//! How many were right, and what was wrong.

use std::collections::BTreeMap;

/// Errors printed for every field.
const SHOWN: usize = 25;

/// One field's account.
#[derive(Default)]
pub(crate) struct Score {
    right: u32,
    all: u32,
    errors: Vec<String>,
}

impl Score {
    pub(crate) fn add(&mut self, title: &str, got: &str, wanted: &str) {
        self.all += 1;
        if got == wanted {
            self.right += 1;
        } else {
            self.errors.push(format!("{title}: {got:?} for {wanted:?}"));
        }
    }

    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.right) / f64::from(self.all.max(1))
    }
}

/// The accounts of several fields.
#[derive(Default)]
pub(crate) struct Scores(BTreeMap<&'static str, Score>);

impl Scores {
    pub(crate) fn add(&mut self, name: &'static str, title: &str, got: &str, wanted: &str) {
        self.0.entry(name).or_default().add(title, got, wanted);
    }

    /// The share that was right; 1 where nothing was asked.
    pub(crate) fn rate(&self, name: &str) -> f64 {
        self.0.get(name).map_or(1.0, Score::rate)
    }

    pub(crate) fn report(&self, of: &str) {
        for (name, score) in &self.0 {
            let percent = score.rate() * 100.0;
            println!("{of}, {name}: {} of {} ({percent:.2} %)", score.right, score.all);
            for error in score.errors.iter().take(SHOWN) {
                println!("    {error}");
            }
        }
    }
}

/// Found and wanted relations: what F1 is made of.
#[derive(Default, Clone, Copy)]
pub(crate) struct Overlap {
    pub(crate) both: u32,
    pub(crate) found: u32,
    pub(crate) wanted: u32,
}

impl Overlap {
    /// The harmonic mean of precision and recall; 1 where there is nothing and nothing is found.
    pub(crate) fn f1(self) -> f64 {
        let sum = self.found + self.wanted;
        if sum == 0 { 1.0 } else { 2.0 * f64::from(self.both) / f64::from(sum) }
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.both += other.both;
        self.found += other.found;
        self.wanted += other.wanted;
    }
}
