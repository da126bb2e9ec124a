//! What reading a file gives.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// What a file is, by its content. The words written by serde are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Plain text.
    Text,
    /// Comma- or tab-separated values (RFC 4180).
    Csv,
    /// A web page (HTML Living Standard).
    Html,
    /// A word processor's document (WordprocessingML, ECMA-376 Part 1 §17).
    Docx,
    /// A workbook (SpreadsheetML, ECMA-376 Part 1 §18).
    Xlsx,
    /// A workbook of Excel 97 to 2003 (BIFF8, MS-XLS).
    Xls,
    /// A page description with text (ISO 32000-2).
    Pdf,
}

impl Kind {
    /// What a clerk calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "纯文本",
            Self::Csv => "CSV 表格",
            Self::Html => "网页",
            Self::Docx => "Word 文档（.docx）",
            Self::Xlsx => "Excel 工作簿（.xlsx）",
            Self::Xls => "Excel 97-2003 工作簿（.xls）",
            Self::Pdf => "PDF 文件",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// What the file is.
    pub kind: Kind,
    /// The title that the file itself states: of a page, of a document's properties, or its
    /// first paragraph in the style of a title. One line, not empty.
    pub title: Option<String>,
    /// What a reader sees: a line is a paragraph, a heading or a row of a table, whose cells
    /// are parted by tabs. No carriage returns, no blank at the end of a line, at most one
    /// empty line in a row.
    pub text: String,
    /// Which part of the file each stretch of the text comes from, in the order of the text.
    pub parts: Vec<Part>,
    /// What the file holds and a reader does not see at first.
    pub hidden: Vec<Hidden>,
    /// What may hold text and could not be looked into.
    pub unread: Vec<Unread>,
    /// For plain text, CSV and HTML: the name of the encoding the bytes were read by
    /// (Encoding Standard §4.2).
    pub encoding: Option<&'static str>,
}

impl Paper {
    /// The running text alone, without headers, footers and notes: what is to be read as a
    /// document.
    pub fn main_text(&self) -> String {
        let mut main = String::with_capacity(self.text.len());
        for part in self.parts.iter().filter(|part| part.main) {
            if !main.is_empty() {
                main.push('\n');
            }
            main.push_str(self.text.get(part.bytes.clone()).unwrap_or_default());
        }
        main
    }
}

/// A stretch of [`Paper::text`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What a clerk calls it: `正文`, `页眉`, `第3页`, `工作表“名单”`.
    pub name: String,
    /// Whether it belongs to the running text, and not to margins, notes or a page's frame.
    pub main: bool,
    /// Where it stands in the text, in bytes; both ends are character boundaries.
    pub bytes: Range<usize>,
}

/// Something in a file that would be published with it unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hidden {
    /// Why a reader does not see it.
    pub how: How,
    /// Where it lies, as a clerk would look for it: `工作表“名单” B3`.
    pub place: String,
    /// What it says; lines as in [`Paper::text`], not empty.
    pub text: String,
}

/// Something that could not be looked into, so that a person has to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Where it lies.
    pub place: String,
    /// Why it was not read.
    pub why: Why,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $label:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$each])* $variant,)*
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// What a clerk is shown.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $label,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.label())
            }
        }
    };
}

words! {
    /// Why a reader does not see something.
    How {
        /// Title, author, last editor, company and the like.
        Property = "文档属性",
        /// A comment in the margin or on a cell, with its author.
        Comment = "批注",
        /// Text that was deleted while changes were tracked.
        Deleted = "修订中删除的文字",
        /// Who changed something while changes were tracked.
        Reviser = "修订者",
        /// Text set not to be shown.
        Vanished = "设为隐藏的文字",
        /// Text in white or too small to be seen. It stands in the text as well, because
        /// white text on a dark ground is seen.
        Faint = "白色或极小的文字",
        /// A sheet that is hidden, also one hidden so that only a program shows it again.
        Sheet = "隐藏的工作表",
        /// A hidden row, or one a filter hides.
        Row = "隐藏的行",
        /// A hidden column.
        Column = "隐藏的列",
        /// A formula, with the names and files it mentions.
        Formula = "公式",
        /// A defined name of a workbook, or a bookmark.
        Name = "名称或书签",
        /// Where a link leads.
        Link = "链接地址",
        /// The instruction of a field.
        Field = "域代码",
        /// The replacement text of a picture or object.
        AltText = "替代文字",
        /// An element that is not displayed.
        Element = "不显示的网页元素",
        /// A remark in the source of a page.
        Remark = "网页源代码注释",
        /// A script, or data for one.
        Script = "脚本或数据",
        /// What stands around the main text of a page: navigation, footers, tools.
        Around = "网页正文以外的部分",
        /// The value of a form's field.
        Form = "表单内容",
        /// Text drawn without ink.
        Invisible = "不可见的文字",
        /// Text of a layer that is switched off.
        Layer = "未显示的图层",
        /// Text outside the page.
        Outside = "页面范围以外的文字",
        /// A note, stamp or link laid over a page.
        Annotation = "注释",
        /// Text of an earlier version of the file that is still in it.
        Earlier = "文件中残留的早前版本",
        /// The name or the text of a file inside the file.
        Embedded = "嵌入的文件",
        /// Data that programs keep with the document.
        Data = "附带的数据",
    }
}

words! {
    /// Why something was not read.
    Why {
        /// A picture: a person has to look at it.
        Picture = "图片，其中的文字未识别",
        /// An object of another program.
        Object = "嵌入的其他程序对象，未打开",
        /// A program inside the document.
        Macro = "宏程序，未打开",
        /// Glyphs whose font does not say which characters they are.
        Glyphs = "字体没有字符对照表，文字无法提取",
        /// A part that this reader does not know.
        Unknown = "无法识别的内容",
        /// A part that is damaged.
        Damaged = "内容已损坏",
        /// Bytes that are no characters in the encoding of the file.
        Characters = "有无法辨认的字符",
        /// The encoding was guessed, and another is possible.
        Guess = "编码为推测，请核对有无乱码",
        /// Something nested more deeply than is read.
        Deep = "嵌套过深，未全部读取",
        /// A part protected by a password.
        Locked = "有密码保护，未打开",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_label_of_its_own() {
        let mut labels: Vec<&str> = How::ALL.iter().map(|how| how.label()).collect();
        labels.extend(Why::ALL.iter().map(|why| why.label()));
        let count = labels.len();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), count);
        assert_eq!(serde_json::to_string(&How::AltText).unwrap(), "\"alt_text\"");
    }
}
