//! `yangguang typeset`: documents laid out after GB/T 9704-2012, without any platform.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use ::typeset::{self, FontFile, Fonts, Style};
use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use super::{
    Outcome, Output,
    analyze::records::{self, Record},
};

/// Lays a document out after GB/T 9704-2012, as PDF and DOCX; needs no platform.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TypesetArgs {
    /// A text, web page, Word document or PDF
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The title, where the file does not tell it
    #[arg(long)]
    title: Option<String>,
    /// Folder of fonts; what it lacks is taken from Noto CJK
    #[arg(long, value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// Folder that the two files are written to
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  yangguang typeset notice.txt
  yangguang typeset page.html --title 关于加强停车管理的通知 --fonts fonts --out published

deploy/fonts.sh DIR brings free fonts; an organ that owns the official ones names their folder.";

/// Where Debian's fonts-noto-cjk lies.
const NOTO: &str = "/usr/share/fonts/opentype/noto";

/// What was written.
#[derive(Serialize)]
struct Written {
    pdf: String,
    docx: String,
    pages: usize,
    /// Characters that no font has.
    missing: Vec<char>,
}

/// Runs the command.
pub fn run(args: &TypesetArgs, output: Output) -> anyhow::Result<Outcome> {
    let Record { title, text, .. } = records::read_file(&args.file)?;
    let read = gongwen::analyze(title.as_deref(), &text);
    let body = body(&text, &read.fields);
    let told = args.title.clone().or(read.fields.title.map(|field| field.value)).or(title);
    let title = told.context("the file has no title that could be read: name it with --title")?;
    let number = read.fields.document_numbers.first().map(|field| field.value.to_string());

    let fonts = Fonts::load(&font_files(args.fonts.as_deref())?)?;
    let mut document = typeset::blocks(body).into_document(title.as_str());
    document.document_number.clone_from(&number);
    let pdf = typeset::pdf(&document, Style::Public, &fonts)?;
    let docx = typeset::docx(&document, Style::Public)?;
    let name = |ending| args.out.join(typeset::file_name(&title, number.as_deref(), ending));
    let paths = (name("pdf"), name("docx"));
    fs::create_dir_all(&args.out).with_context(|| args.out.display().to_string())?;
    for (path, bytes) in [(&paths.0, &pdf.bytes), (&paths.1, &docx)] {
        fs::write(path, bytes).with_context(|| path.display().to_string())?;
    }
    let written = Written {
        pdf: paths.0.display().to_string(),
        docx: paths.1.display().to_string(),
        pages: pdf.pages,
        missing: pdf.missing,
    };
    if output.is_json() {
        super::output::record(&written)?;
    } else {
        println!("{}（{} 页）\n{}", written.pdf, written.pages, written.docx);
    }
    if written.missing.is_empty() {
        return Ok(Outcome::Done);
    }
    let missing: String = written.missing.iter().collect();
    eprintln!("yangguang: no font has the characters {missing}; deploy/fonts.sh DIR rare has more");
    Ok(Outcome::SomeRefused)
}

/// Characters from the beginning within which title and number are the document's head.
const HEAD: usize = 300;

/// The text behind the title and number at its head, which are laid out by themselves.
fn body<'a>(text: &'a str, fields: &gongwen::document::Fields) -> &'a str {
    let title = fields.title.as_ref().and_then(|field| field.span.as_ref());
    let number = fields.document_numbers.first().and_then(|field| field.span.as_ref());
    let head = title.into_iter().chain(number).filter(|span| span.end <= HEAD);
    let end = head.map(|span| span.bytes().end).max().unwrap_or_default();
    text.get(end..).unwrap_or(text).trim_start()
}

/// The fonts of a folder, and Noto's where they are installed.
fn font_files(folder: Option<&Path>) -> anyhow::Result<Vec<FontFile>> {
    let mut files = Vec::new();
    if let Some(folder) = folder {
        let named = || folder.display().to_string();
        let listed = fs::read_dir(folder).with_context(named)?;
        let mut paths: Vec<PathBuf> =
            listed.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
        paths.retain(|path| is_font(path));
        paths.sort();
        for path in paths {
            files.push(font_file(&path)?);
        }
    }
    for name in typeset::fonts::NOTO_SET {
        let path = Path::new(NOTO).join(name);
        if path.exists() {
            files.push(font_file(&path)?);
        }
    }
    Ok(files)
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["otf", "ttf", "ttc"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn font_file(path: &Path) -> anyhow::Result<FontFile> {
    let name = path.display().to_string();
    let bytes = fs::read(path).with_context(|| name.clone())?;
    Ok(FontFile { name, bytes: Arc::new(bytes), role: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_not_laid_out_twice() {
        let text = "关于加强停车管理的通知\n明府办〔2024〕12号\n\n各区人民政府：\n现通知如下。\n";
        let read = gongwen::analyze(None, text);
        assert_eq!(body(text, &read.fields), "各区人民政府：\n现通知如下。\n");
        let read = gongwen::analyze(Some("通知"), "现通知如下。");
        assert_eq!(body("现通知如下。", &read.fields), "现通知如下。");
    }
}
