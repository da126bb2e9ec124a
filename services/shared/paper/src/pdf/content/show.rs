//! Showing text (ISO 32000-2 §9.3 and §9.4).

use std::rc::Rc;

use hayro_syntax::object::{Dict, Object};

use super::{Glyph, Interpreter, Shown, matrix, number};
use crate::error::PaperError;
use crate::paper::Why;
use crate::pdf::font::Font;
use crate::pdf::matrix::Matrix;

impl Interpreter<'_, '_, '_, '_> {
    pub(super) fn text_operator(
        &mut self,
        operator: &[u8],
        operands: &[&Object<'_>],
    ) -> Result<(), PaperError> {
        let first = number(operands.first());
        match operator {
            b"BT" => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            b"Tc" => self.state.character = first,
            b"Tw" => self.state.word = first,
            b"Tz" => self.state.scale = first / 100.0,
            b"TL" => self.state.leading = first,
            b"Ts" => self.state.rise = first,
            b"Tr" => {
                if let Some(Object::Number(mode)) = operands.first() {
                    self.state.mode = i32::try_from(mode.as_i64()).unwrap_or(0);
                }
            }
            b"Tf" => self.choose(operands),
            b"Td" => self.next_line(first, number(operands.get(1))),
            b"TD" => {
                self.state.leading = -number(operands.get(1));
                self.next_line(first, number(operands.get(1)));
            }
            b"Tm" => {
                self.line = matrix(operands);
                self.text = self.line;
            }
            b"T*" => self.next_line(0.0, -self.state.leading),
            b"Tj" | b"TJ" => return self.show(operands.first().copied()),
            b"'" => {
                self.next_line(0.0, -self.state.leading);
                return self.show(operands.first().copied());
            }
            b"\"" => {
                self.state.word = first;
                self.state.character = number(operands.get(1));
                self.next_line(0.0, -self.state.leading);
                return self.show(operands.get(2).copied());
            }
            _ => {}
        }
        Ok(())
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::shift(x, y).then(self.line);
        self.text = self.line;
    }

    fn choose(&mut self, operands: &[&Object<'_>]) {
        let Some(Object::Name(name)) = operands.first() else { return };
        self.state.font = self.resources.get_font(name).map(|dict| self.font(&dict));
        self.state.size = number(operands.get(1));
    }

    /// A font, read once for a file.
    pub(super) fn font(&mut self, dict: &Dict<'_>) -> Rc<Font> {
        let Some(id) = dict.obj_id() else { return Rc::new(Font::read(dict)) };
        let key = (id.obj_number, id.gen_number);
        if let Some(font) = self.canvas.fonts.get(&key) {
            return Rc::clone(font);
        }
        let font = Rc::new(Font::read(dict));
        self.canvas.fonts.insert(key, Rc::clone(&font));
        font
    }

    fn show(&mut self, operand: Option<&Object<'_>>) -> Result<(), PaperError> {
        match operand {
            Some(Object::String(string)) => self.string(string.as_bytes()),
            Some(Object::Array(array)) => {
                for item in array.iter::<Object<'_>>() {
                    match item {
                        Object::String(string) => self.string(string.as_bytes())?,
                        Object::Number(number) => {
                            let back = -number.as_f64() / 1000.0 * self.state.size;
                            self.advance(back);
                        }
                        _ => {}
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn string(&mut self, bytes: &[u8]) -> Result<(), PaperError> {
        let Some(font) = self.state.font.clone() else {
            if !bytes.is_empty() {
                self.canvas.draft.unread(self.canvas.place, Why::Glyphs);
            }
            return Ok(());
        };
        let shown = self.shown();
        for code in font.codes(bytes) {
            let start = self.place();
            let height = self.text.then(self.state.matrix).height() * self.state.size.abs();
            let width = if font.vertical { -1000.0 } else { code.width };
            let mut step = width * font.unit * self.state.size + self.state.character;
            if code.space {
                step += self.state.word;
            }
            self.advance(step);
            let end = self.place();
            let text = match code.text {
                Some(text) => text,
                None => {
                    self.untold(&font);
                    String::from(char::REPLACEMENT_CHARACTER)
                }
            };
            if !(start.0.is_finite() && start.1.is_finite() && end.0.is_finite()) {
                continue;
            }
            self.canvas.draft.spend(text.len())?;
            let (x, y) = start;
            let end = if font.vertical { x + height } else { end.0.max(x) };
            self.canvas.glyphs.push(Glyph { text, x, y, end, size: height, shown });
        }
        Ok(())
    }

    fn untold(&mut self, font: &Font) {
        let place = format!("{} 字体 {}", self.canvas.place, font.name);
        self.canvas.draft.unread(place.trim_end(), Why::Glyphs);
    }

    fn shown(&self) -> Shown {
        if self.canvas.is_off() {
            Shown::Layer
        } else if matches!(self.state.mode, 3 | 7) {
            Shown::Invisible
        } else {
            Shown::Seen
        }
    }

    fn place(&self) -> (f64, f64) {
        self.text.then(self.state.matrix).point(0.0, self.state.rise)
    }

    /// Moves on by a distance in text space.
    fn advance(&mut self, step: f64) {
        let vertical = self.state.font.as_ref().is_some_and(|font| font.vertical);
        let (x, y) = if vertical { (0.0, step) } else { (step * self.state.scale, 0.0) };
        self.text = Matrix::shift(x, y).then(self.text);
    }
}
