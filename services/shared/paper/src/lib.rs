//! What a file says: bytes in, text out.
//!
//! [`read`] takes the bytes of a text file, a web page, a DOCX, XLSX, XLS, CSV or PDF file and
//! gives a [`Paper`]: the title the file states, the [text](Paper::text) a reader sees as
//! lines (a paragraph, a heading or a row of a table each), what the file holds and a reader
//! does not see ([`Paper::hidden`]), and what could not be looked into ([`Paper::unread`]).
//!
//! A file that is published is published whole. So nothing that can be extracted is left out
//! in silence: it is text, it is hidden, or it is said to be unread. A check for personal
//! data looks at the first two, and a person at the third.
//!
//! Files come from outside and may be weapons. [`Limits`] bound what is unpacked, nested and
//! given back, enforced while reading; no file makes [`read`] panic, recurse without bound or
//! run for ever. Nothing is written, fetched or executed.
//!
//! ```
//! use paper::{How, Kind, read};
//!
//! let page = "<html><body><h1>关于开展检查的通知</h1><p>各县、区人民政府：</p>\
//!     <p hidden>拟稿人：张三</p></body></html>";
//! let paper = read(page.as_bytes(), Some("通知.html"))?;
//! assert_eq!(paper.kind, Kind::Html);
//! assert_eq!(paper.title.as_deref(), Some("关于开展检查的通知"));
//! assert_eq!(paper.text, "关于开展检查的通知\n各县、区人民政府：");
//! assert_eq!(paper.hidden[0].how, How::Element);
//! assert_eq!(paper.hidden[0].text, "拟稿人：张三");
//! # Ok::<(), paper::PaperError>(())
//! ```

mod docx;
mod draft;
mod encoding;
mod error;
mod html;
mod kind;
mod limits;
mod package;
mod paper;
mod pdf;
mod plain;
mod radical;
mod read;
mod shape;
mod sheet;
mod xml;

pub use error::{Excess, Lookalike, PaperError};
pub use kind::kind_of;
pub use limits::Limits;
pub use paper::{Hidden, How, Kind, Paper, Part, Unread, Why};
pub use read::{read, read_within};
