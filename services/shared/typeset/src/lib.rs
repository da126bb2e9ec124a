//! A policy laid out after GB/T 9704-2012 《党政机关公文格式》, as PDF and as DOCX.
//!
//! Nothing is read or written here: the document, the dates and the fonts are given, bytes come
//! out, and the same input always gives the same bytes.
//!
//! - [`Document`] holds the parts; [`blocks()`] makes them from plain text.
//! - [`Fonts::load`] takes the fonts; [`fonts`] says which.
//! - [`layout()`] places every glyph; [`pdf()`] paints, [`docx()`] writes an editable file.
//! - [`file_name()`] names the file after the document.
//!
//! ```no_run
//! use std::sync::Arc;
//! use typeset::{FontFile, Fonts, Style, blocks, docx, file_name, pdf};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let read: Vec<u8> = Vec::new();
//! let fonts = Fonts::load(&[FontFile {
//!     name: "NotoSerifCJK-Regular.ttc".to_owned(),
//!     bytes: Arc::new(read),
//!     role: None,
//! }])?;
//! let text = "各县、区人民政府：\n　　一、总体要求\n　　请遵照执行。\n市财政局\n2026年6月9日";
//! let document = blocks(text).into_document("关于做好防汛工作的通知");
//! let file = pdf(&document, Style::Public, &fonts)?;
//! assert!(file.missing.is_empty());
//! let editable = docx(&document, Style::Public)?;
//! let name = file_name(&document.title, Some("淮府办〔2026〕12号"), "pdf");
//! # Ok(())
//! # }
//! ```
//!
//! Scripts that need shaping (Tibetan, Uyghur, Mongolian) are set character by character.

mod blocks;
pub mod document;
mod docx;
mod error;
mod file_name;
pub mod fonts;
mod kinsoku;
mod layout;
mod lines;
pub mod measure;
pub mod pages;
mod pdf;
mod shape;
#[cfg(test)]
mod testing;
pub mod title;

pub use blocks::{Blocks, blocks};
pub use document::{Attachment, Block, Document, Level, Paragraph, Style, Table};
pub use docx::docx;
pub use error::{FontError, RenderError};
pub use file_name::{content_disposition, file_name};
pub use fonts::{FontFile, Fonts, Role};
pub use layout::layout;
pub use pages::Pages;
pub use pdf::{Conformance, Pdf, pdf};
