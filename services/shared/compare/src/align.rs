//! Which paragraph of one version is which of the other.

use std::ops::Range;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use crate::pieces::{Piece, pieces};

/// From which likeness on a paragraph counts as the other one changed, from 0 to 1.
const ALIKE: f64 = 0.4;
/// Work, in pairs of neighbouring characters looked at, up to which a stretch is aligned.
const MOST_WORK: usize = 8_000_000;
/// How long the fewest changes are looked for.
const PATIENCE: Duration = Duration::from_secs(2);
/// Pairs of paragraphs up to which a stretch is aligned.
const MOST_PAIRS: usize = 40_000;

/// Paragraphs in a row to which the same happened, as indices of both versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    /// They stand in both versions.
    Same {
        /// In the earlier version.
        before: Range<usize>,
        /// In the later version.
        after: Range<usize>,
    },
    /// One paragraph was changed.
    Changed {
        /// In the earlier version.
        before: usize,
        /// In the later version.
        after: usize,
        /// Its words.
        pieces: Vec<Piece>,
    },
    /// They stand in the earlier version only.
    Deleted(Range<usize>),
    /// They stand in the later version only.
    Inserted(Range<usize>),
}

/// Compares two versions, given as their paragraphs, in the order of the text; what went comes
/// before what came at the same place.
pub fn compare(before: &[&str], after: &[&str]) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    // Texts that have nothing in common cost their product; after a while coarser will do.
    let deadline = Instant::now() + PATIENCE;
    for op in capture_diff_slices_deadline(Algorithm::Myers, before, after, Some(deadline)) {
        let (old, new) = (op.old_range(), op.new_range());
        match op {
            DiffOp::Equal { .. } => stretches.push(Stretch::Same { before: old, after: new }),
            DiffOp::Delete { .. } => stretches.push(Stretch::Deleted(old)),
            DiffOp::Insert { .. } => stretches.push(Stretch::Inserted(new)),
            DiffOp::Replace { .. } => replaced(before, after, old, new, &mut stretches),
        }
    }
    stretches
}

/// Tells a stretch that was replaced as paragraphs that were changed, came and went.
fn replaced(
    before: &[&str],
    after: &[&str],
    old: Range<usize>,
    new: Range<usize>,
    stretches: &mut Vec<Stretch>,
) {
    let (mut from, mut until) = (old.start, new.start);
    let texts = |all: &[&str], range: &Range<usize>| -> Vec<Likeness> {
        all.get(range.clone()).unwrap_or_default().iter().map(|text| Likeness::of(text)).collect()
    };
    let pairs = pairs(&texts(before, &old), &texts(after, &new));
    for (one, other) in pairs {
        let (one, other) = (old.start + one, new.start + other);
        gone_and_come(from..one, until..other, stretches);
        let text = |all: &[&str], at: usize| all.get(at).copied().unwrap_or_default().to_owned();
        let pieces = pieces(&text(before, one), &text(after, other));
        stretches.push(Stretch::Changed { before: one, after: other, pieces });
        (from, until) = (one + 1, other + 1);
    }
    gone_and_come(from..old.end, until..new.end, stretches);
}

fn gone_and_come(old: Range<usize>, new: Range<usize>, stretches: &mut Vec<Stretch>) {
    if !old.is_empty() {
        stretches.push(Stretch::Deleted(old));
    }
    if !new.is_empty() {
        stretches.push(Stretch::Inserted(new));
    }
}

/// The pairs of paragraphs, in the order of both versions, that are most alike together.
fn pairs(old: &[Likeness], new: &[Likeness]) -> Vec<(usize, usize)> {
    let (rows, columns) = (old.len(), new.len());
    let size = |all: &[Likeness]| all.iter().map(|one| one.0.len() + 1).sum::<usize>();
    let work = size(old) * columns + size(new) * rows;
    if rows * columns > MOST_PAIRS || work > MOST_WORK {
        let alike = |at: &usize| match (old.get(*at), new.get(*at)) {
            (Some(one), Some(other)) => one.to(other) >= ALIKE,
            _ => false,
        };
        return (0..rows.min(columns)).filter(alike).map(|at| (at, at)).collect();
    }
    // best[row][column]: the likeness of all pairs from there to the end.
    let mut best = vec![vec![0.0_f64; columns + 1]; rows + 1];
    let mut taken = vec![vec![false; columns]; rows];
    let at = |best: &[Vec<f64>], row: usize, column: usize| -> f64 {
        best.get(row).and_then(|row| row.get(column)).copied().unwrap_or_default()
    };
    for (row, one) in old.iter().enumerate().rev() {
        for (column, other) in new.iter().enumerate().rev() {
            let skipped = at(&best, row + 1, column).max(at(&best, row, column + 1));
            let likeness = one.to(other);
            let paired = likeness + at(&best, row + 1, column + 1);
            let take = likeness >= ALIKE && paired >= skipped;
            if let Some(cell) = best.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = if take { paired } else { skipped };
            }
            if let Some(cell) = taken.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = take;
            }
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < rows && column < columns {
        if taken.get(row).and_then(|row| row.get(column)).copied().unwrap_or_default() {
            pairs.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if at(&best, row + 1, column) >= at(&best, row, column + 1) {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

/// The pairs of neighbouring characters of a paragraph, sorted: by them paragraphs are held
/// against each other (the coefficient of Dice and Sørensen).
struct Likeness(Vec<(char, char)>);

impl Likeness {
    fn of(text: &str) -> Self {
        let of_text = |c: &char| !c.is_whitespace();
        let chars = text.chars().filter(of_text);
        let mut pairs: Vec<_> = chars.clone().zip(chars.skip(1)).collect();
        pairs.sort_unstable();
        Self(pairs)
    }

    /// From 0 for nothing in common to 1 for the same.
    fn to(&self, other: &Self) -> f64 {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = 0_u32;
        while let (Some(a), Some(b)) = (one.peek(), two.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(two.next()),
                std::cmp::Ordering::Equal => {
                    common += 1;
                    one.next();
                    two.next();
                }
            }
        }
        let all = u32::try_from(self.0.len() + other.0.len()).unwrap_or(u32::MAX);
        if all == 0 { 0.0 } else { 2.0 * f64::from(common) / f64::from(all) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pieces::Kind;
    use proptest::prelude::*;

    #[test]
    fn a_new_article_is_not_taken_for_a_changed_one() {
        let before = ["第一条　为了规范停车，制定本办法。", "第二条　本办法自发布之日起施行。"];
        let after = [
            "第一条　为了规范停车，制定本办法。",
            "第二条　停车设施由城市管理部门负责。",
            "第三条　本办法自2026年7月1日起施行。",
        ];
        let found = compare(&before, &after);
        assert_eq!(found[0], Stretch::Same { before: 0..1, after: 0..1 });
        assert_eq!(found[1], Stretch::Inserted(1..2));
        let Stretch::Changed { before: 1, after: 2, pieces } = &found[2] else {
            panic!("{found:?}")
        };
        let gone: Vec<_> =
            pieces.iter().filter(|p| p.kind == Kind::Deleted).map(|p| &*p.text).collect();
        assert_eq!(gone, ["第二条", "发布之"]);
    }

    #[test]
    fn nothing_in_common_is_gone_and_come() {
        assert_eq!(
            compare(&["甲乙丙丁"], &["子丑寅卯"]),
            [Stretch::Deleted(0..1), Stretch::Inserted(0..1)]
        );
        assert!(compare(&[], &[]).is_empty());
        assert_eq!(compare(&[], &["甲"]), [Stretch::Inserted(0..1)]);
    }

    #[test]
    fn a_large_rewrite_ends() {
        let old: Vec<String> = (0..3000).map(|n| format!("旧文第{n}段，内容各不相同。")).collect();
        let new: Vec<String> = (0..3000).map(|n| format!("新篇第{n}款，文字另行撰写。")).collect();
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        assert!(!compare(&old, &new).is_empty());
    }

    proptest! {
        #[test]
        fn every_paragraph_is_told_once(
            before in prop::collection::vec("[一二三四条。]{1,6}", 0..12),
            after in prop::collection::vec("[一二三四条。]{1,6}", 0..12),
        ) {
            let old: Vec<&str> = before.iter().map(String::as_str).collect();
            let new: Vec<&str> = after.iter().map(String::as_str).collect();
            let (mut seen, mut met) = (Vec::new(), Vec::new());
            for stretch in compare(&old, &new) {
                match stretch {
                    Stretch::Same { before, after } => { seen.extend(before); met.extend(after); }
                    Stretch::Changed { before, after, .. } => { seen.push(before); met.push(after); }
                    Stretch::Deleted(before) => seen.extend(before),
                    Stretch::Inserted(after) => met.extend(after),
                }
            }
            prop_assert_eq!(seen, (0..old.len()).collect::<Vec<_>>());
            prop_assert_eq!(met, (0..new.len()).collect::<Vec<_>>());
        }
    }
}
