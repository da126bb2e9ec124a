//! Page descriptions (PDF, ISO 32000-2).

mod annotation;
mod behind;
mod bomb;
mod content;
mod font;
mod glyph;
mod layer;
mod layout;
mod matrix;
mod string;
mod title;

use hayro_syntax::page::{Page, Rotation};
use hayro_syntax::{LoadPdfError, Pdf};

use crate::draft::Draft;
use crate::error::{Excess, PaperError};
use crate::limits::Limits;
use crate::paper::{How, Kind, Paper, Why};
use content::{Budget, Canvas, Fonts, Glyph, Shown};
use layer::Layers;
use layout::Line;
use matrix::Matrix;

/// Reads a file: the text of its pages, and all that lies beside it.
pub(crate) fn read(bytes: &[u8], limits: &Limits, levels: u8) -> Result<Paper, PaperError> {
    bomb::check(bytes, limits)?;
    let encrypted = bomb::is_encrypted(bytes);
    bomb::check_packed(bytes, encrypted, limits)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(loading)?;
    if encrypted {
        bomb::check_encrypted(&pdf, limits)?;
    }
    let pages = pdf.pages();
    if pages.len() > limits.entries {
        return Err(PaperError::Bomb(Excess::Entries));
    }
    let mut file = File {
        layers: Layers::of(&pdf),
        fonts: Fonts::new(),
        budget: Budget::new(),
        draft: Draft::new(limits),
        pictures: 0,
        glyphs: 0,
    };
    let mut lines = Vec::with_capacity(pages.len());
    for (index, page) in pages.iter().enumerate() {
        lines.push(file.page(page, index + 1)?);
    }
    let File { mut draft, pictures, glyphs, .. } = file;
    for (index, paragraphs) in layout::join(&lines).iter().enumerate() {
        draft.part(&format!("第{}页", index + 1), &paragraphs.join("\n"))?;
    }
    if glyphs == 0 && pictures > 0 && draft.is_blank() {
        return Err(PaperError::Scanned { pages: pages.len() });
    }
    title::read(&pdf, lines.first().map(Vec::as_slice).unwrap_or_default(), &mut draft);
    behind::read(&pdf, levels, &mut draft)?;
    earlier(bytes, &mut draft);
    Ok(draft.finish(Kind::Pdf, None))
}

fn loading(error: LoadPdfError) -> PaperError {
    let detail = match error {
        // Other faults of encryption leave a file that cannot be opened either.
        LoadPdfError::Decryption(_) => return PaperError::Encrypted(Kind::Pdf),
        LoadPdfError::Invalid => "找不到页面".to_owned(),
    };
    PaperError::Broken { kind: Kind::Pdf, detail }
}

/// What programs append to a file leaves what was there before (§7.5.6).
fn earlier(bytes: &[u8], draft: &mut Draft<'_>) {
    let ends = bytes.windows(5).filter(|window| *window == b"%%EOF").count();
    let linear =
        bytes.get(..2048).unwrap_or(bytes).windows(11).any(|window| window == b"/Linearized");
    if ends > 1 + usize::from(linear) {
        draft.unread("文件中残留的早前版本", Why::Unknown);
    }
}

struct File<'a> {
    layers: Layers,
    fonts: Fonts,
    budget: Budget,
    draft: Draft<'a>,
    pictures: usize,
    glyphs: usize,
}

impl File<'_> {
    fn page(&mut self, page: &Page<'_>, number: usize) -> Result<Vec<Line>, PaperError> {
        let place = format!("第{number}页");
        let mut canvas =
            Canvas::new(&place, &self.layers, &mut self.fonts, &mut self.budget, &mut self.draft);
        if let Some(content) = page.page_stream() {
            canvas.run(content, page.resources(), upright(page))?;
        }
        let (glyphs, pictures) = (std::mem::take(&mut canvas.glyphs), canvas.pictures);
        annotation::read(page, &mut canvas)?;
        self.pictures += pictures;
        self.glyphs += glyphs.len();
        if pictures > 0 {
            self.draft.unread(&place, Why::Picture);
        }
        self.hide(page, &place, &glyphs)
    }

    /// Notes what is not seen, and gives the lines of what is.
    fn hide(
        &mut self,
        page: &Page<'_>,
        place: &str,
        glyphs: &[Glyph],
    ) -> Result<Vec<Line>, PaperError> {
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width), f64::from(height));
        let inside = |glyph: &Glyph| {
            let level = (-glyph.size..=height).contains(&glyph.y);
            level && glyph.end >= 0.0 && glyph.x <= width
        };
        let of = |is: &dyn Fn(&Glyph) -> bool| -> Vec<Glyph> {
            glyphs.iter().filter(|glyph| is(glyph)).cloned().collect()
        };
        let seen = of(&|glyph| glyph.shown == Shown::Seen && inside(glyph));
        for (how, glyphs) in [
            (How::Invisible, of(&|glyph| glyph.shown == Shown::Invisible)),
            (How::Layer, of(&|glyph| glyph.shown == Shown::Layer)),
            (How::Outside, of(&|glyph| glyph.shown == Shown::Seen && !inside(glyph))),
            (How::Faint, of(&|glyph| glyph.shown == Shown::Seen && glyph.size < 2.0)),
        ] {
            let lines: Vec<String> =
                layout::lines(&glyphs).into_iter().map(|line| line.text).collect();
            self.draft.hide(how, place, &lines.join("\n"))?;
        }
        Ok(layout::lines(&seen))
    }
}

/// From the page's own space to one whose origin is the lower left corner of what is shown,
/// turned as the page is shown (§7.7.3.3).
fn upright(page: &Page<'_>) -> Matrix {
    let crop = page.intersected_crop_box();
    let (width, height) = page.base_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let turn = match page.rotation() {
        Rotation::None => Matrix::IDENTITY,
        Rotation::Horizontal => Matrix([0.0, -1.0, 1.0, 0.0, 0.0, width]),
        Rotation::Flipped => Matrix([-1.0, 0.0, 0.0, -1.0, width, height]),
        Rotation::FlippedHorizontal => Matrix([0.0, 1.0, -1.0, 0.0, height, 0.0]),
    };
    Matrix::shift(-crop.x0, -crop.y0).then(turn)
}

#[cfg(test)]
mod tests;
