//! Percentiles, and the table at the end.

use std::time::Duration;

/// What a ratio or figure has to reach.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// Only to be known.
    None,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 6]>,
}

impl Table {
    /// One row; `compared` is what the goal speaks of.
    pub fn add(&mut self, what: &str, product: &str, floor: &str, compared: f64, goal: Goal) {
        let (goal, met) = match goal {
            Goal::AtMost(most) => (format!("≤ {most}"), Some(compared <= most)),
            Goal::AtLeast(least) => (format!("≥ {least}"), Some(compared >= least)),
            Goal::None => (String::new(), None),
        };
        let met = met.map_or("", |met| if met { "met" } else { "NOT MET" });
        let compared = format!("{compared:.2}");
        let row = [what, product, floor, &compared, &goal, met].map(str::to_owned);
        eprintln!("bench:   {}", row.join(" | "));
        self.rows.push(row);
    }

    /// Something that could not be measured.
    pub fn failed(&mut self, what: &str, error: &anyhow::Error) {
        let row = [what, &format!("failed: {error:#}"), "", "", "", "NOT MET"].map(str::to_owned);
        eprintln!("bench:   {}", row.join(" | "));
        self.rows.push(row);
    }

    /// Prints it as Markdown.
    pub fn print(&self) {
        println!("| figure | Yangguang | floor | ratio | goal | |");
        println!("| --- | --- | --- | --- | --- | --- |");
        for row in &self.rows {
            println!("| {} |", row.join(" | "));
        }
    }
}

/// The smallest value that `share` of the values do not exceed.
pub fn percentile(values: &mut [Duration], share: f64) -> Duration {
    values.sort_unstable();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred values and a share between 0 and 1"
    )]
    let place = (values.len() as f64 * share).ceil() as usize;
    values.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

/// Milliseconds with two digits.
pub fn ms(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

/// How many a second.
pub fn rate(count: usize, took: Duration) -> f64 {
    ratio(count_of(count), took.as_secs_f64())
}

/// A quotient; of nothing, nothing.
pub fn ratio(above: f64, below: f64) -> f64 {
    if below > 0.0 { above / below } else { 0.0 }
}

/// A count to reckon with.
pub fn count_of(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
