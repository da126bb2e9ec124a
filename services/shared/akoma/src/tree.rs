//! The divisions of a text as a tree, with what of the text is whose own.

use std::collections::HashSet;

use gongwen::document::{Level, Node};

/// A division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Division {
    /// Its element.
    pub element: &'static str,
    /// Its `eId`, unique in the document.
    pub id: String,
    /// Its number as written; empty for a paragraph.
    pub number: String,
    /// Its heading, where it has a line of its own.
    pub heading: String,
    /// The lines before the first division below it.
    pub lines: Vec<String>,
    /// What is below it.
    pub below: Vec<Division>,
}

/// The divisions of a text whose outline this is, and the text before the first of them.
pub(crate) fn divisions<'a>(text: &'a str, outline: &[Node]) -> (&'a str, Vec<Division>) {
    let first = outline.first().map_or(text.len(), |node| node.span.bytes().start);
    let mut builder = Builder { text, outline, ids: HashSet::new() };
    let tops: Vec<usize> = (0..outline.len())
        .filter(|at| builder.node(*at).is_some_and(|n| n.parent.is_none()))
        .collect();
    let tops = builder.all(&tops, Context { id: String::new(), article: false }, text.len());
    (text.get(..first).unwrap_or_default(), tops)
}

/// Where a division stands.
#[derive(Clone)]
struct Context {
    id: String,
    article: bool,
}

struct Builder<'a> {
    text: &'a str,
    outline: &'a [Node],
    ids: HashSet<String>,
}

impl Builder<'_> {
    fn node(&self, at: usize) -> Option<&Node> {
        self.outline.get(at)
    }

    fn start(&self, at: usize) -> usize {
        self.node(at).map_or(self.text.len(), |node| node.span.bytes().start)
    }

    /// Divisions in a row, of which each goes until the next begins and the last until `end`.
    fn all(&mut self, places: &[usize], context: Context, end: usize) -> Vec<Division> {
        let ends = places.iter().skip(1).map(|at| self.start(*at)).chain(Some(end));
        let ends: Vec<usize> = ends.collect();
        let each = places.iter().zip(ends);
        each.filter_map(|(at, end)| self.one(*at, &context, end)).collect()
    }

    fn one(&mut self, at: usize, context: &Context, end: usize) -> Option<Division> {
        let node = self.node(at)?.clone();
        let (element, short) = element(node.level, context.article);
        let id = self.id(&node, short, &context.id);
        let below: Vec<usize> = (at + 1..self.outline.len())
            .take_while(|below| self.start(*below) < end)
            .filter(|below| self.node(*below).is_some_and(|node| node.parent == Some(at)))
            .collect();
        let own_end = below.first().map_or(end, |first| self.start(*first));
        let own = self.text.get(node.span.bytes().start..own_end).unwrap_or_default();
        let (number, rest) = numbered(own, &node);
        let mut lines: Vec<String> = rest
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
        let heading = match lines.first() {
            Some(line) if heads(&node, line, context.article) => lines.remove(0),
            _ => String::new(),
        };
        let article = context.article || node.level == Level::Article;
        let inner = Context { id: id.clone(), article };
        let below = if node.level == Level::Article {
            let own = std::mem::take(&mut lines);
            let (kept, below) = self.paragraphs(own, &below, &inner, end);
            lines = kept;
            below
        } else {
            self.all(&below, inner, end)
        };
        Some(Division { element, id, number, heading, lines, below })
    }

    /// The paragraphs (款) of an article: where it has several, the first one has an element, too.
    fn paragraphs(
        &mut self,
        own: Vec<String>,
        below: &[usize],
        context: &Context,
        end: usize,
    ) -> (Vec<String>, Vec<Division>) {
        let is_paragraph =
            |at: &usize| self.node(*at).is_some_and(|node| node.level == Level::Paragraph);
        let Some(second) = below.iter().position(is_paragraph) else {
            return (own, self.all(below, context.clone(), end));
        };
        let (points, rest) = below.split_at_checked(second).unwrap_or((below, &[]));
        let id = self.unique(format!("{}__para_1", context.id));
        let until = rest.first().map_or(end, |at| self.start(*at));
        let points = self.all(points, Context { id: id.clone(), article: true }, until);
        let first = Division {
            element: "paragraph",
            id,
            number: String::new(),
            heading: String::new(),
            lines: own,
            below: points,
        };
        let rest = self.all(rest, context.clone(), end);
        (Vec::new(), std::iter::once(first).chain(rest).collect())
    }

    /// The `eId` of a division: that of what it stands in, its own kind and number (Naming
    /// Convention, clause 5.4). Articles are numbered through the whole document.
    fn id(&mut self, node: &Node, short: &str, context: &str) -> String {
        let number = number(&node.label).unwrap_or_default();
        let own = if number.is_empty() { short.to_owned() } else { format!("{short}_{number}") };
        let id = match (context, node.level) {
            ("", _) | (_, Level::Article) => own,
            (context, _) => format!("{context}__{own}"),
        };
        self.unique(id)
    }

    fn unique(&mut self, id: String) -> String {
        let mut unique = id.clone();
        let mut again = 2;
        while !self.ids.insert(unique.clone()) {
            unique = format!("{id}-{again}");
            again += 1;
        }
        unique
    }
}

/// The element of a rank and its abbreviation (Naming Convention, clause 5.4.2).
fn element(level: Level, article: bool) -> (&'static str, &'static str) {
    match (level, article) {
        (Level::Part, _) => ("part", "part"),
        (Level::Chapter, _) => ("chapter", "chp"),
        (Level::Article, _) => ("article", "art"),
        (Level::Section, _) | (Level::First, false) => ("section", "sec"),
        (Level::First, true) => ("list", "list"),
        (Level::Paragraph, _) | (Level::Third, false) => ("paragraph", "para"),
        (Level::Second, true) => ("point", "point"),
        (Level::Second, false) => ("subsection", "subsec"),
        (Level::Third, true) => ("indent", "indent"),
        (Level::Fourth, true) => ("alinea", "al"),
        (Level::Fourth, false) => ("subparagraph", "subpara"),
    }
}

/// The number as written, with the mark behind it, and the text behind that.
fn numbered<'a>(own: &'a str, node: &Node) -> (String, &'a str) {
    let Some(rest) = own.strip_prefix(node.label.as_str()).filter(|_| !node.label.is_empty())
    else {
        return (String::new(), own);
    };
    let behind = rest.trim_start_matches(['、', '.', '．']);
    let number = own.get(..own.len() - behind.len()).unwrap_or(&node.label);
    (number.to_owned(), behind)
}

/// Whether a line is the heading of a division and nothing else.
fn heads(node: &Node, line: &str, article: bool) -> bool {
    const LONGEST: usize = 60;
    let ranks = match node.level {
        Level::Part | Level::Chapter | Level::Section => true,
        Level::First | Level::Second => !article,
        _ => false,
    };
    ranks && line.chars().count() <= LONGEST && !line.ends_with(['。', '；', '：'])
}

/// The number of a label in Arabic digits: 第十二条之一 is 12_1.
fn number(label: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in label.split('之') {
        let digits: String = part.chars().filter(|c| value(*c).is_some()).collect();
        parts.push(arabic(&digits)?.to_string());
    }
    Some(parts.join("_"))
}

/// Reads digits as they stand in labels: 12, 十二, 一百零三.
fn arabic(digits: &str) -> Option<u32> {
    if digits.is_empty() || digits.chars().count() > 12 {
        return None;
    }
    let values: Vec<u32> = digits.chars().filter_map(value).collect();
    if values.iter().all(|value| *value < 10) {
        let joined =
            values.iter().try_fold(0_u32, |sum, digit| sum.checked_mul(10)?.checked_add(*digit));
        return joined.filter(|number| *number > 0);
    }
    let (mut sum, mut digit) = (0_u32, 0_u32);
    for value in values {
        if value < 10 {
            digit = value;
        } else {
            sum = sum.checked_add(digit.max(1).checked_mul(value)?)?;
            digit = 0;
        }
    }
    sum.checked_add(digit).filter(|number| *number > 0)
}

fn value(c: char) -> Option<u32> {
    const HAN: [(char, u32); 14] = [
        ('零', 0),
        ('〇', 0),
        ('一', 1),
        ('二', 2),
        ('三', 3),
        ('四', 4),
        ('五', 5),
        ('六', 6),
        ('七', 7),
        ('八', 8),
        ('九', 9),
        ('十', 10),
        ('百', 100),
        ('千', 1000),
    ];
    let full = u32::from(c).checked_sub(u32::from('０')).filter(|digit| *digit < 10);
    let han = HAN.iter().find(|(known, _)| *known == c).map(|(_, value)| *value);
    c.to_digit(10).or(full).or(han)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_counted() {
        for (label, expected) in [
            ("第十二条", "12"),
            ("第一百零三条", "103"),
            ("第十二条之一", "12_1"),
            ("（二）", "2"),
            ("３", "3"),
            ("第二十章", "20"),
        ] {
            assert_eq!(number(label).as_deref(), Some(expected), "{label}");
        }
        assert_eq!(number("第条"), None);
    }
}
