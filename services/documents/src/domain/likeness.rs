//! Whether two bodies say nearly the same: simhash (M. Charikar, "Similarity estimation techniques
//! from rounding algorithms", STOC 2002; G. Manku and others, "Detecting near-duplicates for web
//! crawling", WWW 2007) over overlapping runs of characters.

use std::collections::HashSet;

use super::{content::Content, text};

/// Characters of a run.
const RUN: usize = 5;
/// Bodies with fewer characters are too short to tell from others.
const SHORTEST: usize = 60;
/// Bits in which nearly equal bodies differ at most.
const NEAR: u32 = 14;

/// The simhash of a body, tags left out; 0 where it is too short to tell.
pub fn of(content: &Content) -> i64 {
    let told = telling(content);
    if told.len() < SHORTEST {
        return 0;
    }
    let mut weights = [0_i32; 64];
    for run in told.windows(RUN) {
        let hash = hash(run);
        for (bit, weight) in weights.iter_mut().enumerate() {
            *weight += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    let bits = weights.iter().enumerate().filter(|(_, weight)| **weight > 0);
    let hash = bits.fold(0_u64, |hash, (bit, _)| hash | 1 << bit);
    i64::from_ne_bytes(hash.to_ne_bytes())
}

/// Whether the bodies of two simhashes may be nearly the same.
pub const fn may_be_near(one: i64, other: i64) -> bool {
    one != 0 && other != 0 && distance(one, other) <= NEAR
}

/// In how many bits two simhashes differ.
pub const fn distance(one: i64, other: i64) -> u32 {
    (one ^ other).count_ones()
}

/// The runs of a body.
pub struct Runs(HashSet<u64>);

impl Runs {
    /// All runs of a body.
    pub fn of(content: &Content) -> Self {
        Self(telling(content).windows(RUN).map(hash).collect())
    }

    /// How much it has in common with another body, in hundredths: the runs of both among the runs
    /// of either (Jaccard).
    pub fn percent(&self, other: &Content) -> usize {
        let Self(other) = Self::of(other);
        let both = self.0.intersection(&other).count();
        let either = self.0.len() + other.len() - both;
        (both * 100).checked_div(either).unwrap_or(0)
    }
}

/// The characters that tell one body from another.
fn telling(content: &Content) -> Vec<char> {
    text::untagged(&content.text, content.format)
        .chars()
        .filter(|ch| ch.is_alphanumeric())
        .collect()
}

/// FNV-1a (Fowler, Noll, Vo), mixed once more for its weak high bits: a hash that is kept must
/// never change.
fn hash(run: &[char]) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = run.iter().fold(BASIS, |hash, ch| (hash ^ u64::from(*ch)).wrapping_mul(PRIME));
    let hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ hash >> 33
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::content::Format;
    use super::*;

    fn body(text: &str, format: Format) -> Content {
        Content { text: text.to_owned(), format, ..Content::default() }
    }

    fn plain(text: &str) -> i64 {
        of(&body(text, Format::Plain))
    }

    fn alike(one: &str, other: &str) -> usize {
        Runs::of(&body(one, Format::Plain)).percent(&body(other, Format::Plain))
    }

    fn notice(fee: &str) -> String {
        let articles = (1..=20).map(|n| {
            format!(
                "第{n}条 停车场经营者应当在第{n}个出入口的显著位置公示收费标准，每小时{fee}元。\n"
            )
        });
        articles.collect()
    }

    #[test]
    fn a_small_change_leaves_a_body_near() {
        let (one, other) = (notice("5"), notice("6"));
        assert!(may_be_near(plain(&one), plain(&other)));
        assert!(alike(&one, &other) > 50);
        assert_eq!(alike(&one, &one), 100);
    }

    #[test]
    fn another_body_is_far() {
        let other = "为规范城市房屋租赁管理，保护租赁双方当事人的合法权益，根据有关法律法规，\
                     结合本市实际，制定本办法。本市行政区域内的房屋租赁及其监督管理，适用本办法。";
        assert!(!may_be_near(plain(&notice("5")), plain(other)));
        assert!(alike(&notice("5"), other) < 5);
    }

    #[test]
    fn short_bodies_tell_nothing() {
        assert_eq!(plain("此件公开发布"), 0);
        assert!(!may_be_near(0, 0));
        assert_eq!(alike("", ""), 0);
    }

    #[test]
    fn marks_and_blanks_tell_nothing() {
        let plain = notice("5");
        let marked = format!("<p>{}</p>", plain.replace('\n', "</p>\n<p>　　"));
        assert_eq!(of(&body(&plain, Format::Plain)), of(&body(&marked, Format::Html)));
    }

    proptest! {
        #[test]
        fn nothing_stops_it(one in "\\PC{0,200}", other in "[<>a第条 ]{0,80}") {
            of(&body(&one, Format::Html));
            prop_assert!(alike(&one, &other) <= 100);
        }
    }
}
