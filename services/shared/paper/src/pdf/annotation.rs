//! What annotations draw over a page (ISO 32000-2 §12.5.5). Their strings are read with all
//! other strings; here it is what their appearance shows.

use hayro_syntax::object::{Array, Dict, Stream};
use hayro_syntax::page::{Page, Resources};

use super::content::Canvas;
use super::layout;
use super::matrix::Matrix;
use crate::error::PaperError;
use crate::paper::How;

/// Notes what the annotations of a page show.
pub(super) fn read(page: &Page<'_>, canvas: &mut Canvas<'_, '_>) -> Result<(), PaperError> {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return Ok(()) };
    for annotation in annotations.iter::<Dict<'_>>() {
        let Some(appearance) = annotation.get::<Dict<'_>>("AP") else { continue };
        let mut forms: Vec<Stream<'_>> = appearance.get::<Stream<'_>>("N").into_iter().collect();
        if forms.is_empty()
            && let Some(states) = appearance.get::<Dict<'_>>("N")
        {
            // One appearance for each state, as of a box that is ticked or not.
            forms.extend(states.keys().filter_map(|state| states.get::<Stream<'_>>(&*state)));
        }
        for form in forms {
            canvas.form(&form, &Resources::new(Dict::empty()), Matrix::IDENTITY)?;
            let glyphs = std::mem::take(&mut canvas.glyphs);
            let lines: Vec<String> =
                layout::lines(&glyphs).into_iter().map(|line| line.text).collect();
            canvas.draft.hide(How::Annotation, canvas.place, &lines.join("\n"))?;
        }
    }
    Ok(())
}
