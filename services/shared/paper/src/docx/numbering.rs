//! Automatic numbers of paragraphs (ECMA-376 Part 1 §17.9).

use std::collections::HashMap;

use super::numeral;
use crate::error::PaperError;
use crate::paper::Kind;
use crate::xml::{self, Node, Tag};

/// Lists have nine levels (§17.9.6).
const LEVELS: usize = 9;

/// How a level of a list counts and writes.
#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: String,
    /// The text around the numbers, `%1` for that of the first level.
    text: String,
    /// Numbers of upper levels in digits (§17.9.4).
    legal: bool,
    /// Which level starts this one again, counted from 1; 0 for none (§17.9.10).
    restart: Option<usize>,
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
            format: "decimal".to_owned(),
            text: String::new(),
            legal: false,
            restart: None,
            style: None,
        }
    }
}

type Levels = [Level; LEVELS];

/// A list as paragraphs refer to it.
#[derive(Debug, Default)]
struct List {
    definition: String,
    overrides: HashMap<usize, Level>,
    starts: HashMap<usize, u32>,
}

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: HashMap<String, Levels>,
    lists: HashMap<String, List>,
    counts: HashMap<String, [Option<u32>; LEVELS]>,
    /// Lists whose own beginnings have been set.
    begun: Vec<(String, usize)>,
}

impl Numbering {
    pub(super) fn read(bytes: &[u8], depth: usize) -> Result<Self, PaperError> {
        let mut reader = Reader::default();
        xml::walk(bytes, Kind::Docx, depth, |node| {
            match node {
                Node::Open(tag) => reader.open(&tag),
                Node::Close(name) => reader.close(&name),
                Node::Text(_) => {}
            }
            Ok(())
        })?;
        Ok(reader.numbering)
    }

    /// Counts a paragraph, and gives what is written before it.
    pub(super) fn next(&mut self, list: &str, level: usize) -> Option<String> {
        let own = self.lists.get(list)?;
        let definition = self.definitions.get(&own.definition)?;
        let at = |index: usize| own.overrides.get(&index).or(definition.get(index));
        let counts = self.counts.entry(own.definition.clone()).or_default();
        let begin = own.starts.get(&level).filter(|_| {
            let key = (list.to_owned(), level);
            let new = !self.begun.contains(&key);
            if new {
                self.begun.push(key);
            }
            new
        });
        let current = at(level)?;
        let place = counts.get_mut(level)?;
        let number = match (begin, *place) {
            (Some(begin), _) => *begin,
            (None, Some(last)) => last.saturating_add(1),
            (None, None) => current.start,
        };
        *place = Some(number);
        for (index, count) in counts.iter_mut().enumerate().skip(level + 1) {
            if at(index).is_none_or(|lower| lower.restart.is_none_or(|upper| upper > level)) {
                *count = None;
            }
        }
        let mut label = current.text.clone();
        for index in 0..=level {
            let count = counts.get(index).copied().flatten();
            let number = count.unwrap_or_else(|| at(index).map_or(1, |upper| upper.start));
            let format = match at(index) {
                Some(_) if current.legal => "decimal",
                Some(upper) => upper.format.as_str(),
                None => "decimal",
            };
            label = label.replace(&format!("%{}", index + 1), &numeral::written(format, number));
        }
        let bullet = current.format == "bullet";
        Some(label).filter(|label| !bullet && !label.trim().is_empty())
    }

    /// The level of a list that belongs to a style of paragraphs (§17.9.23).
    pub(super) fn level_of_style(&self, list: &str, style: &str) -> Option<usize> {
        let definition = self.definitions.get(&self.lists.get(list)?.definition)?;
        definition.iter().position(|level| level.style.as_deref() == Some(style))
    }
}

/// What is being read.
#[derive(Default)]
struct Reader {
    numbering: Numbering,
    definition: Option<String>,
    list: Option<String>,
    level: Option<(usize, Level)>,
    /// The level of an override.
    over: Option<usize>,
}

impl Reader {
    fn open(&mut self, tag: &Tag<'_>) {
        let value = tag.attribute("val").unwrap_or_default();
        match tag.name().as_str() {
            "abstractNum" => self.definition = tag.attribute("abstractNumId"),
            "num" => self.list = tag.attribute("numId"),
            "abstractNumId" => {
                if let Some(list) = &self.list {
                    self.numbering.lists.entry(list.clone()).or_default().definition = value;
                }
            }
            "lvlOverride" => self.over = index(tag),
            "startOverride" => {
                if let (Some(list), Some(level), Ok(start)) = (&self.list, self.over, value.parse())
                {
                    self.numbering
                        .lists
                        .entry(list.clone())
                        .or_default()
                        .starts
                        .insert(level, start);
                }
            }
            "lvl" => self.level = index(tag).map(|index| (index, Level::default())),
            name => self.property(name, tag, value),
        }
    }

    fn property(&mut self, name: &str, tag: &Tag<'_>, value: String) {
        let Some((_, level)) = &mut self.level else { return };
        match name {
            "start" => level.start = value.parse().unwrap_or(1),
            "numFmt" => level.format = value,
            "lvlText" => level.text = value,
            "isLgl" => level.legal = tag.is_on(),
            "lvlRestart" => level.restart = value.parse().ok(),
            "pStyle" => level.style = Some(value),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "lvl" => {
                let Some((index, level)) = self.level.take() else { return };
                if let Some(list) = &self.list {
                    let list = self.numbering.lists.entry(list.clone()).or_default();
                    list.overrides.insert(index, level);
                } else if let Some(definition) = &self.definition {
                    let levels = self.numbering.definitions.entry(definition.clone());
                    if let Some(place) = levels.or_default().get_mut(index) {
                        *place = level;
                    }
                }
            }
            "abstractNum" => self.definition = None,
            "num" => self.list = None,
            "lvlOverride" => self.over = None,
            _ => {}
        }
    }
}

fn index(tag: &Tag<'_>) -> Option<usize> {
    tag.attribute("ilvl").and_then(|index| index.parse().ok()).filter(|index| *index < LEVELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"<w:numbering>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"#;

    #[test]
    fn levels_count_and_start_again() {
        let mut numbering = Numbering::read(SOURCE.as_bytes(), 16).unwrap();
        let mut next = |list: &str, level| numbering.next(list, level);
        assert_eq!(next("1", 0).unwrap(), "一、");
        assert_eq!(next("1", 1).unwrap(), "（一）");
        assert_eq!(next("1", 1).unwrap(), "（二）");
        assert_eq!(next("1", 2).unwrap(), "1.2.1");
        assert_eq!(next("1", 3), None);
        assert_eq!(next("1", 0).unwrap(), "二、");
        assert_eq!(next("1", 1).unwrap(), "（一）");
        assert_eq!(next("2", 0).unwrap(), "一、");
        assert_eq!(next("2", 0).unwrap(), "二、");
        assert_eq!(next("9", 0), None);
        assert_eq!(next("1", 99), None);
    }
}
