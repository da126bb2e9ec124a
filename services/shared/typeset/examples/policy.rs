//! Lays out a text file: `policy FONTS_FOLDER TITLE TEXT_FILE OUT [full]` writes OUT.pdf and
//! OUT.docx, and says how long it took.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use typeset::fonts::{FREE_SET, NOTO_SET};
use typeset::{FontFile, Fonts, Style, blocks, docx, pdf};

const NOTO: &str = "/usr/share/fonts/opentype/noto";

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [folder, title, text, out, more @ ..] = given.as_slice() else {
        return Err("policy FONTS_FOLDER TITLE TEXT_FILE OUT [full]".into());
    };
    let style = if more.is_empty() { Style::Public } else { Style::Full };
    let mut files = Vec::new();
    let named = FREE_SET.iter().map(|name| Path::new(folder).join(name));
    for path in named.chain(NOTO_SET.iter().map(|name| Path::new(NOTO).join(name))) {
        if let Ok(bytes) = std::fs::read(&path) {
            let name = path.display().to_string();
            files.push(FontFile { name, bytes: Arc::new(bytes), role: None });
        }
    }
    let start = Instant::now();
    let fonts = Fonts::load(&files)?;
    eprintln!("fonts loaded in {:?}", start.elapsed());
    let mut document = blocks(&std::fs::read_to_string(text)?).into_document(title.as_str());
    document.document_number = Some("淮府办〔2026〕12号".to_owned());
    if style == Style::Full {
        document.masthead = vec!["淮南市人民政府办公室文件".to_owned()];
        document.copy_to = Some(
            "市委各部门，市人大常委会办公室，市政协办公室，市监委，市法院，市检察院，淮南军分区"
                .to_owned(),
        );
        document.printed_by = Some("淮南市人民政府办公室".to_owned());
        document.printed_on = NaiveDate::from_ymd_opt(2026, 6, 10);
    }
    let start = Instant::now();
    let written = pdf(&document, style, &fonts)?;
    eprintln!(
        "{} pages, {} bytes in {:?}, {:?}, missing {:?}",
        written.pages,
        written.bytes.len(),
        start.elapsed(),
        written.conformance,
        written.missing
    );
    std::fs::write(format!("{out}.pdf"), written.bytes)?;
    std::fs::write(format!("{out}.docx"), docx(&document, style)?)?;
    Ok(())
}
