//! What [`crate::layout()`] makes: glyphs and rules at positions, ready to be painted.
//!
//! Lengths are points (1/72 inch); x grows to the right and y downwards from the upper left
//! corner of the paper.

/// Pages with everything at its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pages {
    /// The pages in order.
    pub pages: Vec<Page>,
    /// The logical parts, in reading order; a parent comes before its children.
    pub parts: Vec<Part>,
    /// The outline in reading order.
    pub outline: Vec<Entry>,
    /// Characters that no face of the set has, each once, in code point order. They are shown
    /// as empty boxes.
    pub missing: Vec<char>,
}

impl Pages {
    /// The text of a page, line by line from above, as it is painted.
    pub fn text(&self, page: usize) -> String {
        let mut lines: Vec<(f32, String)> = Vec::new();
        for run in self.pages.get(page).map_or(&[][..], |page| &page.runs) {
            match lines.last_mut() {
                Some((y, line)) if (*y - run.y).abs() < 0.01 => line.push_str(&run.text),
                _ => lines.push((run.y, run.text.clone())),
            }
        }
        lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n")
    }
}

/// One page of A4.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Its printed number; `None` for an empty page before the imprint and the imprint's page
    /// behind it (7.5).
    pub number: Option<usize>,
    /// Glyphs.
    pub runs: Vec<Run>,
    /// Lines.
    pub rules: Vec<Rule>,
}

/// The colours of an official document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// The text.
    Black,
    /// The head (7.2.4, 7.2.7).
    Red,
}

/// Glyphs of one face and size on one baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Index of the face among the loaded files.
    pub face: usize,
    /// Size in pt.
    pub size: f32,
    /// Where the first glyph begins.
    pub x: f32,
    /// The baseline.
    pub y: f32,
    /// Its colour.
    pub colour: Colour,
    /// The characters.
    pub text: String,
    /// One glyph for each character.
    pub glyphs: Vec<Glyph>,
    /// Index of the part it belongs to; `None`: not part of the text (page numbers, repeated
    /// heads of tables).
    pub part: Option<usize>,
}

impl Run {
    /// Where the last glyph ends.
    pub fn right(&self) -> f32 {
        self.x + self.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>()
    }
}

/// A glyph of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Its index in the face; 0 shows the box for a missing character.
    pub id: u32,
    /// Where its character begins in the text of the run, in bytes.
    pub start: usize,
    /// From its origin to that of the next, in pt.
    pub advance: f32,
    /// How far it is moved from its origin, in pt; punctuation that is set tighter.
    pub offset: f32,
}

/// A straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// From here.
    pub from: (f32, f32),
    /// To here.
    pub to: (f32, f32),
    /// Its thickness in pt.
    pub thickness: f32,
    /// Its colour.
    pub colour: Colour,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The title of the document.
    Title(String),
    /// A heading; 2 is the highest below the title.
    Heading(u16, String),
    /// A paragraph.
    Paragraph,
    /// A table.
    Table,
    /// A row of the table that is its parent.
    Row,
    /// A cell of the table's head, of the row that is its parent.
    HeadCell,
    /// A cell, of the row that is its parent.
    Cell,
}

/// A logical part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: Kind,
    /// Index of the part that it belongs to.
    pub parent: Option<usize>,
}

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its depth, 0 for the title.
    pub depth: usize,
    /// Its words.
    pub title: String,
    /// Index of the page.
    pub page: usize,
    /// The top of its line.
    pub y: f32,
}
