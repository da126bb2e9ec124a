//! Content streams: which glyphs stand where (ISO 32000-2 §9.4).

mod marked;
mod show;

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Resources;

use super::font::Font;
use super::layer::Layers;
use super::matrix::Matrix;
use crate::draft::Draft;
use crate::error::{Excess, PaperError};
use crate::paper::Why;
use marked::Marked;

/// Forms within forms.
const DEEPEST: usize = 16;
/// Saved states; more are not kept.
const STATES: usize = 256;

/// How a glyph is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Seen,
    /// In rendering mode 3 or 7 (§9.3.6).
    Invisible,
    /// In a layer that is switched off (§8.11).
    Layer,
}

/// A glyph on a page, in default user space.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Where its baseline begins and ends.
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) end: f64,
    /// The size of its font.
    pub(super) size: f64,
    pub(super) shown: Shown,
}

/// What a whole file may still take, so that forms that call forms come to an end.
pub(super) struct Budget {
    pub(super) operators: usize,
    pub(super) forms: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { operators: 20_000_000, forms: 20_000 }
    }
}

/// Fonts that were read, by the number of their object.
pub(super) type Fonts = HashMap<(u32, i32), Rc<Font>>;

/// What is read from a page or a form.
pub(super) struct Canvas<'c, 'd> {
    pub(super) place: &'c str,
    pub(super) layers: &'c Layers,
    pub(super) fonts: &'c mut Fonts,
    pub(super) budget: &'c mut Budget,
    pub(super) draft: &'c mut Draft<'d>,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) pictures: usize,
    marked: Vec<Marked>,
    depth: usize,
}

/// The parameters that `q` saves (§8.4).
#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character: f64,
    word: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    mode: i32,
}

impl<'c, 'd> Canvas<'c, 'd> {
    pub(super) fn new(
        place: &'c str,
        layers: &'c Layers,
        fonts: &'c mut Fonts,
        budget: &'c mut Budget,
        draft: &'c mut Draft<'d>,
    ) -> Self {
        Self {
            place,
            layers,
            fonts,
            budget,
            draft,
            glyphs: Vec::new(),
            pictures: 0,
            marked: Vec::new(),
            depth: 0,
        }
    }

    /// Runs a content stream.
    pub(super) fn run(
        &mut self,
        content: &[u8],
        resources: &Resources<'_>,
        matrix: Matrix,
    ) -> Result<(), PaperError> {
        let mut interpreter = Interpreter {
            canvas: self,
            resources,
            state: State {
                matrix,
                font: None,
                size: 1.0,
                character: 0.0,
                word: 0.0,
                scale: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: 0,
            },
            saved: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
        };
        let mut instructions = UntypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            let operands: Vec<&Object<'_>> = instruction.operands().collect();
            interpreter.one(instruction.operator, &operands)?;
        }
        Ok(())
    }

    /// Draws a form (§8.10).
    pub(super) fn form(
        &mut self,
        form: &Stream<'_>,
        outer: &Resources<'_>,
        matrix: Matrix,
    ) -> Result<(), PaperError> {
        self.budget.forms =
            self.budget.forms.checked_sub(1).ok_or(PaperError::Bomb(Excess::Entries))?;
        if self.depth >= DEEPEST {
            self.draft.unread(self.place, Why::Deep);
            return Ok(());
        }
        let Ok(content) = form.decoded_data() else {
            self.draft.unread(&format!("{} 的一个图形", self.place), Why::Damaged);
            return Ok(());
        };
        let own = form.dict().get::<Array<'_>>("Matrix").map(|array| matrix_of(&array));
        let resources = form.dict().get::<Dict<'_>>("Resources").map(Resources::new);
        self.depth += 1;
        let matrix = own.unwrap_or(Matrix::IDENTITY).then(matrix);
        let result = self.run(&content, resources.as_ref().unwrap_or(outer), matrix);
        self.depth -= 1;
        result
    }
}

/// Six numbers; missing ones are those of the identity.
pub(super) fn matrix_of(array: &Array<'_>) -> Matrix {
    let mut matrix = Matrix::IDENTITY;
    for (place, number) in matrix.0.iter_mut().zip(array.iter::<f64>()) {
        *place = number;
    }
    matrix
}

struct Interpreter<'i, 'c, 'd, 'r> {
    canvas: &'i mut Canvas<'c, 'd>,
    resources: &'i Resources<'r>,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
}

impl Interpreter<'_, '_, '_, '_> {
    fn one(&mut self, operator: &[u8], operands: &[&Object<'_>]) -> Result<(), PaperError> {
        let left = self.canvas.budget.operators.checked_sub(1);
        self.canvas.budget.operators = left.ok_or(PaperError::Bomb(Excess::Total))?;
        match operator {
            b"q" if self.saved.len() < STATES => self.saved.push(self.state.clone()),
            b"Q" => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            b"cm" => self.state.matrix = matrix(operands).then(self.state.matrix),
            b"Do" => return self.object(operands),
            b"BI" | b"ID" | b"EI" => self.canvas.pictures += 1,
            b"BDC" => self.begin_marked(operands),
            b"BMC" => self.canvas.marked.push(Marked::default()),
            b"EMC" => return self.end_marked(),
            b"gs" => self.graphics_state(operands),
            _ => return self.text_operator(operator, operands),
        }
        Ok(())
    }

    /// A form or a picture.
    fn object(&mut self, operands: &[&Object<'_>]) -> Result<(), PaperError> {
        let Some(Object::Name(name)) = operands.first() else { return Ok(()) };
        let Some(object) = self.resources.get_x_object(name) else { return Ok(()) };
        let subtype = object.dict().get::<Name<'_>>("Subtype");
        if subtype.as_deref() == Some(b"Image") {
            self.canvas.pictures += 1;
            return Ok(());
        }
        let off = self.canvas.layers.hides(object.dict());
        if off {
            self.canvas.marked.push(Marked::off());
        }
        let result = self.canvas.form(&object, self.resources, self.state.matrix);
        if off {
            self.canvas.marked.pop();
        }
        result
    }

    /// A font may be chosen among the parameters of a graphics state (§8.4.5).
    fn graphics_state(&mut self, operands: &[&Object<'_>]) {
        let Some(Object::Name(name)) = operands.first() else { return };
        let font =
            self.resources.get_ext_g_state(name).and_then(|dict| dict.get::<Array<'_>>("Font"));
        let Some(font) = font else { return };
        let mut items = font.flex_iter();
        if let Some(dict) = items.next::<Dict<'_>>() {
            self.state.font = Some(self.font(&dict));
        }
        if let Some(size) = items.next::<f64>() {
            self.state.size = size;
        }
    }
}

fn number(operand: Option<&&Object<'_>>) -> f64 {
    match operand {
        Some(Object::Number(number)) => number.as_f64(),
        _ => 0.0,
    }
}

fn matrix(operands: &[&Object<'_>]) -> Matrix {
    let mut matrix = Matrix::IDENTITY;
    for (place, operand) in matrix.0.iter_mut().zip(operands) {
        *place = number(Some(operand));
    }
    if matrix.is_sound() { matrix } else { Matrix::IDENTITY }
}
