//! Paragraphs and runs.

use super::styles::face;
use super::xml::escape;

/// A paragraph as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Para {
    style: &'static str,
    properties: String,
    runs: String,
}

impl Para {
    /// An empty paragraph of a style; an empty name is the text's.
    pub fn new(style: &'static str) -> Self {
        Self { style, ..Self::default() }
    }

    /// Adds properties, which must follow in the order of the schema.
    pub fn with(mut self, properties: &str) -> Self {
        self.properties.push_str(properties);
        self
    }

    /// Adds text in the face of the style.
    pub fn text(self, text: &str) -> Self {
        self.run("", text)
    }

    /// Adds text in a face.
    pub fn in_face(self, name: &str, text: &str) -> Self {
        self.run(&face(name), text)
    }

    /// Adds text with properties of its own.
    pub fn run(mut self, properties: &str, text: &str) -> Self {
        if text.is_empty() {
            return self;
        }
        let properties = if properties.is_empty() {
            String::new()
        } else {
            format!("<w:rPr>{properties}</w:rPr>")
        };
        self.runs.push_str(&format!(
            "<w:r>{properties}<w:t xml:space=\"preserve\">{}</w:t></w:r>",
            escape(text)
        ));
        self
    }

    /// Adds a tabulator.
    pub fn tab(mut self) -> Self {
        self.runs.push_str("<w:r><w:tab/></w:r>");
        self
    }

    /// Adds the lines of a title, broken as on paper.
    pub fn lines(mut self, lines: &[String]) -> Self {
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.runs.push_str("<w:r><w:br/></w:r>");
            }
            self = self.text(line);
        }
        self
    }

    pub fn xml(self) -> String {
        let Self { style, properties, runs } = self;
        let style =
            if style.is_empty() { String::new() } else { format!("<w:pStyle w:val=\"{style}\"/>") };
        if style.is_empty() && properties.is_empty() {
            return format!("<w:p>{runs}</w:p>");
        }
        format!("<w:p><w:pPr>{style}{properties}</w:pPr>{runs}</w:p>")
    }
}

/// The width of text in hundredths of a character: ASCII is half as wide.
pub(super) fn hundredths(text: &str) -> u32 {
    text.chars().take(200).map(|c| if c.is_ascii() { 50 } else { 100 }).sum()
}

/// Hundredths of a character of the text as twentieths of a point.
pub(super) fn twips(hundredths: u32) -> u32 {
    hundredths * 316 / 100
}
