//! Where documents become files: the fonts, and how many are laid out at once.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use kit::hash::sha256_hex;
use tokio::sync::Semaphore;
use typeset::{Document, FontFile, Fonts, Style, fonts::NOTO_SET};

use crate::{
    domain::rendition::Format,
    error::{Error, Result},
};

/// Grows with every change of the layout, so that files of the old one are made anew.
const LAYOUT: u32 = 1;
/// Where Debian's fonts-noto-cjk lies.
const NOTO: &str = "/usr/share/fonts/opentype/noto";

/// Lays documents out; cheap to clone.
#[derive(Clone)]
pub struct Press {
    paths: Arc<[PathBuf]>,
    fonts: Arc<OnceLock<Result<Fonts, String>>>,
    places: Arc<Semaphore>,
    maker: Arc<str>,
}

impl Press {
    /// A press with the fonts of a folder before those of the system, and so many places; the
    /// fonts are read when the first document needs them.
    pub fn new(folder: &str, places: usize) -> Self {
        let mut paths = fonts_in(folder);
        paths
            .extend(NOTO_SET.iter().map(|name| Path::new(NOTO).join(name)).filter(|p| p.is_file()));
        let size = |path: &PathBuf| fs::metadata(path).map_or(0, |about| about.len());
        let named = paths.iter().map(|path| format!("{}:{}\n", path.display(), size(path)));
        let named = std::iter::once(format!("{LAYOUT}\n")).chain(named).collect::<String>();
        let maker = sha256_hex(named.as_bytes());
        Self {
            paths: paths.into(),
            fonts: Arc::default(),
            places: Arc::new(Semaphore::new(places.max(1))),
            maker: maker.get(..16).unwrap_or_default().into(),
        }
    }

    /// Whether it has what a format needs.
    pub fn makes(&self, format: Format) -> bool {
        match format {
            Format::Pdf => !self.paths.is_empty(),
            Format::Docx => true,
        }
    }

    /// Layout and fonts, by a name that is another one when any of them is.
    pub fn maker(&self) -> &str {
        &self.maker
    }

    /// Lays a document out, beside the runtime, once a place is free.
    pub async fn print(&self, document: Document, format: Format) -> Result<Vec<u8>> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let press = self.clone();
        let work = move || {
            // Held until the work is done, even when nobody waits for it any more.
            let _place = place;
            press.laid_out(&document, format)
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| kit::Error::Internal(error.to_string()))?
    }

    fn laid_out(&self, document: &Document, format: Format) -> Result<Vec<u8>> {
        let failed = |error: typeset::RenderError| kit::Error::Internal(error.to_string());
        match format {
            Format::Docx => Ok(typeset::docx(document, Style::Public).map_err(failed)?),
            Format::Pdf => {
                let fonts = self.fonts.get_or_init(|| self.load()).as_ref();
                let fonts = fonts.map_err(|error| {
                    tracing::error!(error, "documents.fonts_dir: no PDF can be made");
                    Error::NoFont
                })?;
                Ok(typeset::pdf(document, Style::Public, fonts).map_err(failed)?.bytes)
            }
        }
    }

    fn load(&self) -> Result<Fonts, String> {
        let file = |path: &PathBuf| {
            let name = path.display().to_string();
            let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
            Ok(FontFile { name, bytes: Arc::new(bytes), role: None })
        };
        let files: Vec<FontFile> = self.paths.iter().map(file).collect::<Result<_, String>>()?;
        Fonts::load(&files).map_err(|error| error.to_string())
    }
}

/// The fonts of a folder, by name.
fn fonts_in(folder: &str) -> Vec<PathBuf> {
    if folder.is_empty() {
        return Vec::new();
    }
    let is_font = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        ["otf", "ttf", "ttc"].iter().any(|known| ending.eq_ignore_ascii_case(known))
    };
    let listed = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = listed.filter(is_font).collect();
    paths.sort();
    if paths.is_empty() {
        tracing::error!(folder, "documents.fonts_dir holds no font (otf, ttf, ttc)");
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maker_is_another_one_with_other_fonts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_string_lossy().into_owned();
        let before = Press::new(&path, 1);
        fs::write(folder.path().join("方正小标宋.ttf"), b"x").unwrap();
        fs::write(folder.path().join("readme.txt"), b"x").unwrap();
        let after = Press::new(&path, 1);
        assert_ne!(before.maker(), after.maker());
        assert_eq!(after.paths.len(), before.paths.len() + 1);
        assert!(after.makes(Format::Pdf) && after.makes(Format::Docx));
    }

    #[tokio::test]
    async fn what_is_no_font_is_said_and_not_laid_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.ttf"), b"no font").unwrap();
        let press = Press::new(&folder.path().to_string_lossy(), 1);
        let document = typeset::blocks("正文。").into_document("通知");
        let pdf = press.print(document.clone(), Format::Pdf).await;
        assert!(matches!(pdf, Err(Error::NoFont)), "{pdf:?}");
        assert!(press.print(document, Format::Docx).await.is_ok());
    }
}
