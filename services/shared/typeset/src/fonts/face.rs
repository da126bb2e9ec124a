//! One face: its names, its glyphs, its widths.

use std::sync::Arc;

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider as _};

use super::{FontFile, Role, names};
use crate::error::FontError;

/// A glyph of a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FaceGlyph {
    /// Its index in the face.
    pub id: u32,
    /// Its width, as a part of the em.
    pub advance: f32,
}

/// A loaded face.
pub(crate) struct Face {
    name: String,
    role: Option<Role>,
    data: Arc<Vec<u8>>,
    index: u32,
    font: Font,
    upem: f32,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").field("name", &self.name).field("role", &self.role).finish()
    }
}

impl Face {
    pub(super) fn read(file: &FontFile) -> Result<Self, FontError> {
        let unreadable = || FontError::Unreadable { file: file.name.clone() };
        let index = simplified_chinese(&file.bytes);
        let font = FontRef::from_index(&file.bytes, index).map_err(|_| unreadable())?;
        if font.outline_glyphs().format().is_none() || !font.charmap().has_map() {
            return Err(unreadable());
        }
        let texts = all_names(&font);
        let role = file
            .role
            .or_else(|| names::role(texts.iter().map(String::as_str)))
            .or_else(|| names::role([file.name.as_str()]));
        let name = font
            .localized_strings(StringId::POSTSCRIPT_NAME)
            .english_or_first()
            .map_or_else(|| file.name.clone(), |name| name.to_string());
        let upem = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        let data: Arc<dyn AsRef<[u8]> + Send + Sync> = file.bytes.clone();
        let loaded = Font::new(data.into(), index).ok_or_else(unreadable)?;
        if upem <= 0.0 {
            return Err(unreadable());
        }
        Ok(Self { name, role, data: file.bytes.clone(), index, font: loaded, upem })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// The font as the PDF library holds it; cloning is cheap.
    pub fn font(&self) -> Font {
        self.font.clone()
    }

    /// The glyph of a character; `None` where the face has none.
    pub fn glyph(&self, character: char) -> Option<FaceGlyph> {
        let font = FontRef::from_index(&self.data, self.index).ok()?;
        let glyph = font.charmap().map(character)?;
        if glyph.to_u32() == 0 {
            return None;
        }
        let advance = font
            .glyph_metrics(Size::unscaled(), LocationRef::default())
            .advance_width(glyph)
            .unwrap_or(self.upem);
        Some(FaceGlyph { id: glyph.to_u32(), advance: advance / self.upem })
    }
}

/// The index of the face for simplified Chinese in a collection; 0 in a single font.
fn simplified_chinese(bytes: &[u8]) -> u32 {
    let mut index = 0;
    while let Ok(font) = FontRef::from_index(bytes, index) {
        if index > 0 || FontRef::from_index(bytes, 1).is_ok() {
            let names = all_names(&font);
            if names.iter().any(|name| name.contains("CJK SC") || name.contains("CJKsc")) {
                return index;
            }
        } else {
            return 0;
        }
        index += 1;
        if index > 64 {
            break;
        }
    }
    0
}

/// Family, full and PostScript names in all languages.
fn all_names(font: &FontRef<'_>) -> Vec<String> {
    [
        StringId::FAMILY_NAME,
        StringId::SUBFAMILY_NAME,
        StringId::FULL_NAME,
        StringId::POSTSCRIPT_NAME,
        StringId::TYPOGRAPHIC_FAMILY_NAME,
        StringId::TYPOGRAPHIC_SUBFAMILY_NAME,
    ]
    .into_iter()
    .flat_map(|id| font.localized_strings(id).map(|name| name.to_string()).collect::<Vec<_>>())
    .collect()
}
