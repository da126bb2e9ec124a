//! XML that is well-formed by construction.

use quick_xml::escape::escape;

/// A file that is being written.
pub(crate) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

/// Attributes of an element.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Xml {
    /// Nothing but the declaration.
    pub fn begun() -> Self {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        Self { text, open: Vec::new() }
    }

    /// Begins an element; attributes without a value are left out.
    pub fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.text.push('>');
        self.open.push(name);
    }

    /// Ends the element that was begun last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
    }

    /// An element without content.
    pub fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.text.push_str("/>");
    }

    /// An element that holds text.
    pub fn leaf(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.open(name, attributes);
        self.words(text);
        self.close();
    }

    /// Text.
    pub fn words(&mut self, text: &str) {
        self.text.push_str(&escape(kept(text)));
    }

    /// The file, with what is still open closed.
    pub fn finished(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text.push('\n');
        self.text
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.text.push_str(&escape(kept(value)));
            self.text.push('"');
        }
    }
}

/// The characters that XML 1.0 may hold (production 2, Char).
fn kept(text: &str) -> String {
    let holds = |c: &char| {
        matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'
            | '\u{10000}'..='\u{10FFFF}')
    };
    text.chars().filter(holds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_what_xml_cannot_hold_goes() {
        let mut xml = Xml::begun();
        xml.open("p", &[("class", "a\"<b"), ("title", "")]);
        xml.words("甲<b>&\u{1}乙\u{FFFE}");
        let text = xml.finished();
        assert!(text.ends_with("<p class=\"a&quot;&lt;b\">甲&lt;b&gt;&amp;乙</p>\n"), "{text}");
    }
}
