//! Marked content: layers, and what glyphs really say (ISO 32000-2 §14.6 and §14.9.4).

use hayro_syntax::object::{Dict, Object, String as Bytes};

use super::{Canvas, Interpreter};
use crate::error::PaperError;
use crate::paper::How;
use crate::pdf::string;
use crate::radical;

/// An open sequence.
#[derive(Default)]
pub(super) struct Marked {
    /// Whether its layer is switched off.
    pub(super) off: bool,
    /// What its glyphs say, and how many glyphs came before it.
    actual: Option<(String, usize)>,
}

impl Marked {
    /// What belongs to a layer that is switched off.
    pub(super) fn off() -> Self {
        Self { off: true, actual: None }
    }
}

/// More are counted as one: nesting is no content.
const DEEPEST: usize = 256;

impl Canvas<'_, '_> {
    pub(super) fn is_off(&self) -> bool {
        self.marked.iter().any(|marked| marked.off)
    }
}

impl Interpreter<'_, '_, '_, '_> {
    pub(super) fn begin_marked(&mut self, operands: &[&Object<'_>]) {
        if self.canvas.marked.len() >= DEEPEST {
            return;
        }
        let named = |name| self.resources.properties.get::<Dict<'_>>(name);
        let (properties, id) = match operands.get(1) {
            Some(Object::Name(name)) => (named(name), self.resources.properties.get_ref(name)),
            Some(Object::Dict(dict)) => (Some(dict.clone()), None),
            _ => (None, None),
        };
        let optional = matches!(operands.first(), Some(Object::Name(tag)) if tag.as_ref() == b"OC");
        let off =
            optional && properties.as_ref().is_some_and(|dict| self.canvas.layers.is_off(dict, id));
        let actual = properties
            .and_then(|dict| dict.get::<Bytes<'_>>("ActualText"))
            .and_then(|text| string::decoded(text.as_bytes()))
            .map(|text| (text, self.canvas.glyphs.len()));
        self.canvas.marked.push(Marked { off, actual });
    }

    /// Puts what glyphs really say in their place where they do not tell it themselves;
    /// where they tell something else, both are kept.
    pub(super) fn end_marked(&mut self) -> Result<(), PaperError> {
        let Some(Marked { actual: Some((actual, from)), .. }) = self.canvas.marked.pop() else {
            return Ok(());
        };
        let glyphs = self.canvas.glyphs.get_mut(from..).unwrap_or_default();
        let shown: String = glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
        if shown.contains(char::REPLACEMENT_CHARACTER) {
            for (place, glyph) in glyphs.iter_mut().enumerate() {
                glyph.text = if place == 0 { actual.clone() } else { String::new() };
            }
            return Ok(());
        }
        let bare = |text: &str| -> String {
            text.split_whitespace().flat_map(str::chars).map(radical::character).collect()
        };
        if bare(&shown) == bare(&actual) {
            return Ok(());
        }
        self.canvas.draft.hide(How::AltText, self.canvas.place, &actual)
    }
}
