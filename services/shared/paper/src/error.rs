//! Why a file cannot be read, said to the clerk who chose it.

use crate::paper::Kind;

/// Why a file cannot be read. `Display` says in Chinese what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// The file has no content.
    #[error("文件是空的，请检查是否选错了文件或上传不完整")]
    Empty,
    /// The file has more bytes than [`crate::Limits::input`].
    #[error("文件有 {} MB，超过上限 {} MB，请拆分后上传", megabytes(*bytes), megabytes(*limit))]
    TooLarge {
        /// Bytes of the file.
        bytes: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Another kind of file.
    #[error("{0}")]
    Unsupported(Lookalike),
    /// A password is needed to open the file.
    #[error("{0}有打开密码，无法读取，请去掉密码另存后上传")]
    Encrypted(Kind),
    /// The ZIP package that DOCX and XLSX are cannot be opened.
    #[error("{kind}已损坏，压缩包无法打开（{detail}），请用原软件打开后另存再上传")]
    BrokenZip {
        /// What the file would be.
        kind: Kind,
        /// What the reader of packages says.
        detail: String,
    },
    /// Unpacked, the file is larger than any honest one.
    #[error("文件解压后过大（{0}），疑似压缩炸弹，已停止读取；请用原软件另存后上传")]
    Bomb(Excess),
    /// The content does not follow the format.
    #[error("{kind}已损坏（{detail}），请用原软件打开后另存再上传")]
    Broken {
        /// What the file is.
        kind: Kind,
        /// What is wrong.
        detail: String,
    },
    /// A PDF of pictures.
    #[error(
        "这份 PDF 共 {pages} 页，只有扫描图片，没有文字；请上传由 Word 或 WPS 导出的 PDF，或先做文字识别"
    )]
    Scanned {
        /// How many pages it has.
        pages: usize,
    },
    /// There is more text than [`crate::Limits::text`].
    #[error("文件中的文字超过 {} MB，请拆分后上传", megabytes(*limit))]
    TooMuchText {
        /// Bytes allowed.
        limit: usize,
    },
    /// Plain text in no known encoding.
    #[error("无法辨认文件的文字编码，请用记事本另存为 UTF-8 编码后上传")]
    Encoding,
    /// The reader itself failed on this file.
    #[error("读取{0}时程序出错，文件可能已损坏；请用原软件另存后上传，仍不行请联系管理员")]
    Failed(Kind),
}

/// What a file looks like that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Lookalike {
    /// Word 97 to 2003.
    #[error("这是旧版 Word 文档（.doc），请用 Word 或 WPS 另存为 .docx 后上传")]
    Doc,
    /// PowerPoint of any version.
    #[error("这是演示文稿，请把文字内容整理成 Word 文档（.docx）后上传")]
    Slides,
    /// A compound file of another program, WPS Office among them.
    #[error("这像是 WPS 或其他程序的专用格式，请另存为 .docx 或 .xlsx 后上传")]
    Wps,
    /// An open fixed-layout document (GB/T 33190-2016).
    #[error("这是 OFD 版式文件，暂不能读取，请上传 Word 文档（.docx）或导出的 PDF")]
    Ofd,
    /// An OpenDocument file.
    #[error("这是 OpenDocument 文件（.odt 或 .ods），请另存为 .docx 或 .xlsx 后上传")]
    OpenDocument,
    /// A binary workbook.
    #[error("这是二进制工作簿（.xlsb），请另存为 .xlsx 后上传")]
    Xlsb,
    /// Rich text format.
    #[error("这是 RTF 文档，请用 Word 或 WPS 另存为 .docx 后上传")]
    Rtf,
    /// Word or Excel saved as XML or as a single web file.
    #[error("这是 Word 或 Excel 另存的 XML 或单个网页文件，请另存为 .docx 或 .xlsx 后上传")]
    Xml,
    /// A picture.
    #[error("这是图片，没有可读取的文字；请上传 Word 文档（.docx）或带文字的 PDF")]
    Picture,
    /// An archive.
    #[error("这是压缩包，请解压后逐个上传")]
    Archive,
    /// Sound or film.
    #[error("这是音频或视频，请上传文字材料")]
    Media,
    /// A program.
    #[error("这是可执行程序，不能上传")]
    Program,
    /// Nothing known.
    #[error("无法识别文件格式；可上传 .docx、.xlsx、.xls、.csv、.txt、.html 文件或带文字的 PDF")]
    Unknown,
}

/// Which limit a package exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Excess {
    /// [`crate::Limits::unpacked`].
    #[error("总量超过上限")]
    Total,
    /// [`crate::Limits::entry`].
    #[error("单个部分超过上限")]
    Entry,
    /// [`crate::Limits::ratio`].
    #[error("压缩比异常")]
    Ratio,
    /// [`crate::Limits::entries`].
    #[error("组成部分过多")]
    Entries,
    /// [`crate::Limits::depth`].
    #[error("嵌套层数过多")]
    Depth,
}

impl From<Lookalike> for PaperError {
    fn from(lookalike: Lookalike) -> Self {
        Self::Unsupported(lookalike)
    }
}

/// Whole megabytes, rounded up so that what exceeds a limit reads larger than it.
fn megabytes(bytes: usize) -> usize {
    bytes.div_ceil(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        let error = PaperError::TooLarge { bytes: (64 << 20) + 1, limit: 64 << 20 };
        assert_eq!(error.to_string(), "文件有 65 MB，超过上限 64 MB，请拆分后上传");
        assert_eq!(
            PaperError::from(Lookalike::Doc).to_string(),
            "这是旧版 Word 文档（.doc），请用 Word 或 WPS 另存为 .docx 后上传"
        );
        let bomb = PaperError::Bomb(Excess::Ratio).to_string();
        assert!(bomb.contains("压缩比异常"), "{bomb}");
    }
}
