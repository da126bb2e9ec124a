//! Fonts for tests: a folder named by `TYPESET_FONTS`, else Debian's Noto. Where neither is
//! there, what needs fonts says so and passes over it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::fonts::{FREE_SET, FontFile, Fonts, NOTO_SET};

fn read(folder: &Path, names: &[&str]) -> Vec<FontFile> {
    names
        .iter()
        .filter_map(|name| {
            let bytes = std::fs::read(folder.join(name)).ok()?;
            Some(FontFile { name: (*name).to_owned(), bytes: Arc::new(bytes), role: None })
        })
        .collect()
}

pub(crate) fn font_files() -> Option<Vec<FontFile>> {
    let mut files = Vec::new();
    if let Some(folder) = std::env::var_os("TYPESET_FONTS") {
        files.extend(read(&PathBuf::from(folder), &FREE_SET));
    }
    files.extend(read(Path::new("/usr/share/fonts/opentype/noto"), &NOTO_SET));
    if files.is_empty() {
        eprintln!("no Chinese fonts: passed over");
        return None;
    }
    Some(files)
}

pub(crate) fn fonts() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS.get_or_init(|| font_files().map(|files| Fonts::load(&files).unwrap())).as_ref()
}
