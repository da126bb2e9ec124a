//! What can go wrong. Documents never do: whatever their text is, it is laid out.

/// Why fonts were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// A file is not a font, or not one whose outlines can be embedded.
    #[error("{file} is not a font that can be embedded (TrueType, OpenType or a collection)")]
    Unreadable {
        /// The name the file was given with.
        file: String,
    },
    /// None of the files has Chinese characters.
    #[error(
        "none of the {files} font files has Chinese characters; install the Debian package \
         fonts-noto-cjk, or bring the free set with fonts.sh, or name the organ's own fonts"
    )]
    NoChinese {
        /// How many files were given.
        files: usize,
    },
}

/// Why a file could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The PDF library refused; it says why.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
    /// The package of the DOCX could not be written.
    #[error("the DOCX could not be written: {0}")]
    Docx(String),
}
