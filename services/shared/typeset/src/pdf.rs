//! Painting: pages become a PDF.
//!
//! The file is tagged, has an outline, names its language and holds the used glyphs of the
//! fonts with their characters, so that text can be searched and copied.

mod tags;

use chrono::{Datelike as _, NaiveDate};
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, Configuration, ConfigurationBuilder};
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};

use crate::document::{Document, LANGUAGE, Style};
use crate::error::RenderError;
use crate::fonts::Fonts;
use crate::layout::layout;
use crate::measure::{PAGE_HEIGHT, PAGE_WIDTH};
use crate::pages::{Colour, Entry, Page, Pages, Rule, Run};
use tags::Tags;

/// What a PDF conforms to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Conformance {
    /// PDF/A-2a, for archives, and PDF/UA-1, for assistive technology.
    ArchiveAndAccess,
    /// Tagged only: it shows a character that no font has, one of private use, or a font that
    /// may not be embedded freely.
    Tagged,
}

/// A written PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// The characters shown as boxes, because no font of the set has them.
    pub missing: Vec<char>,
    /// What it conforms to.
    pub conformance: Conformance,
}

/// Writes a document as PDF. The same document and fonts always give the same bytes; the date
/// in its properties is that of the signature.
///
/// # Errors
///
/// [`RenderError::Pdf`] when the PDF library refuses, as it does a font it cannot cut down.
pub fn pdf(document: &Document, style: Style, fonts: &Fonts) -> Result<Pdf, RenderError> {
    let pages = layout(document, style, fonts);
    let strict = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .ok()
        .filter(|_| pages.missing.is_empty());
    let written = strict.map(|strict| paint(document, &pages, fonts, strict));
    let (bytes, conformance) = match written {
        Some(Ok(bytes)) => (bytes, Conformance::ArchiveAndAccess),
        Some(Err(error)) if !matches!(error, KrillaError::Validation(_)) => {
            return Err(RenderError::Pdf(error.to_string()));
        }
        Some(Err(_)) | None => {
            let bytes = paint(document, &pages, fonts, Configuration::default())
                .map_err(|error| RenderError::Pdf(error.to_string()))?;
            (bytes, Conformance::Tagged)
        }
    };
    Ok(Pdf { bytes, pages: pages.pages.len(), missing: pages.missing, conformance })
}

fn paint(
    document: &Document,
    pages: &Pages,
    fonts: &Fonts,
    configuration: Configuration,
) -> Result<Vec<u8>, KrillaError> {
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut file = krilla::Document::new_with(settings);
    let mut tags = Tags::new(pages.parts.len());
    for page in &pages.pages {
        let Some(size) = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT) else { continue };
        let mut sheet = file.start_page_with(size);
        let mut surface = sheet.surface();
        paint_page(page, fonts, &mut surface, &mut tags);
        surface.finish();
        sheet.finish();
    }
    file.set_tag_tree(tags.tree(&pages.parts));
    file.set_outline(outline(&pages.outline, &title(document)));
    file.set_metadata(metadata(document));
    file.finish()
}

fn paint_page(page: &Page, fonts: &Fonts, surface: &mut Surface<'_>, tags: &mut Tags) {
    if !page.rules.is_empty() {
        surface.start_tagged(artifact(ArtifactType::Layout));
        for rule in &page.rules {
            paint_rule(rule, surface);
        }
        surface.end_tagged();
    }
    for runs in page.runs.chunk_by(|a, b| a.part == b.part) {
        let part = runs.first().and_then(|run| run.part);
        let tag = match part {
            Some(_) => ContentTag::Span(SpanTag::empty()),
            None => artifact(ArtifactType::PaginationOther),
        };
        let identifier = surface.start_tagged(tag);
        for run in runs {
            paint_run(run, fonts, surface);
        }
        surface.end_tagged();
        if let Some(part) = part {
            tags.add(part, identifier);
        }
    }
}

fn artifact(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

fn colour(colour: Colour) -> rgb::Color {
    match colour {
        Colour::Black => rgb::Color::black(),
        Colour::Red => rgb::Color::new(255, 0, 0),
    }
}

fn paint_run(run: &Run, fonts: &Fonts, surface: &mut Surface<'_>) {
    let Some(face) = fonts.face(run.face) else { return };
    if run.glyphs.is_empty() || run.size <= 0.0 {
        return;
    }
    let ends = run.glyphs.iter().skip(1).map(|glyph| glyph.start);
    let ends = ends.chain(std::iter::once(run.text.len()));
    let glyphs: Vec<KrillaGlyph> = run
        .glyphs
        .iter()
        .zip(ends)
        .map(|(glyph, end)| {
            KrillaGlyph::new(
                GlyphId::new(glyph.id),
                glyph.advance / run.size,
                glyph.offset / run.size,
                0.0,
                0.0,
                glyph.start..end,
                None,
            )
        })
        .collect();
    surface.set_fill(Some(Fill { paint: colour(run.colour).into(), ..Fill::default() }));
    surface.set_stroke(None);
    let start = Point::from_xy(run.x, run.y);
    surface.draw_glyphs(start, &glyphs, face.font(), &run.text, run.size, false);
}

fn paint_rule(rule: &Rule, surface: &mut Surface<'_>) {
    let mut path = PathBuilder::new();
    path.move_to(rule.from.0, rule.from.1);
    path.line_to(rule.to.0, rule.to.1);
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: colour(rule.colour).into(),
        width: rule.thickness,
        opacity: NormalizedF32::ONE,
        ..Stroke::default()
    }));
    surface.draw_path(&path);
}

/// The title in the properties; a file must have one.
fn title(document: &Document) -> String {
    let title: String = document.title.chars().filter(|c| !crate::kinsoku::invisible(*c)).collect();
    let title = title.replace('\n', "");
    match (title.trim(), document.document_number.as_deref().map(str::trim)) {
        ("", Some(number)) if !number.is_empty() => number.to_owned(),
        ("", _) => "公文".to_owned(),
        (title, _) => title.to_owned(),
    }
}

fn metadata(document: &Document) -> Metadata {
    let mut metadata = Metadata::new().title(title(document)).language(LANGUAGE.to_owned());
    if let Some(author) = &document.author {
        metadata = metadata.authors(vec![author.clone()]);
    }
    if let Some(subject) = &document.subject {
        metadata = metadata.description(subject.clone());
    }
    if let Some(number) = &document.document_number {
        metadata = metadata.keywords(vec![number.clone()]);
    }
    // A fixed day where none is given: a clock would make every file another.
    let day = document
        .signed_on
        .or(document.printed_on)
        .map_or_else(|| Some(DateTime::new(2012).month(7).day(1)), moment);
    match day {
        Some(day) => metadata.creation_date(day),
        None => metadata,
    }
}

fn moment(day: NaiveDate) -> Option<DateTime> {
    let year = u16::try_from(day.year()).ok().filter(|year| *year <= 9999)?;
    let (month, day) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    Some(
        DateTime::new(year)
            .month(month)
            .day(day)
            .hour(0)
            .minute(0)
            .second(0)
            .utc_offset_hour(8)
            .utc_offset_minute(0),
    )
}

/// Entries below those of less depth before them.
fn outline(entries: &[Entry], title: &str) -> Outline {
    let mut outline = Outline::new();
    let mut open: Vec<(usize, OutlineNode)> = Vec::new();
    let close = |open: &mut Vec<(usize, OutlineNode)>, outline: &mut Outline, depth: usize| {
        while open.last().is_some_and(|(known, _)| *known >= depth) {
            let Some((_, node)) = open.pop() else { break };
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    };
    let start = Entry { depth: 0, title: title.to_owned(), page: 0, y: 0.0 };
    let untitled = entries.first().is_none_or(|entry| entry.depth > 0);
    for entry in untitled.then_some(&start).into_iter().chain(entries) {
        close(&mut open, &mut outline, entry.depth);
        let point = Point::from_xy(0.0, entry.y);
        let place = krilla::destination::XyzDestination::new(entry.page, point);
        let name = if entry.title.trim().is_empty() { "—" } else { entry.title.trim() };
        open.push((entry.depth, OutlineNode::new(name.to_owned(), place)));
    }
    close(&mut open, &mut outline, 0);
    outline
}
