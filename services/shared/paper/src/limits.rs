//! How much of a file is read.

/// What a file may take. Every limit is enforced while reading; no header is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub input: usize,
    /// Bytes of all its parts together, unpacked.
    pub unpacked: usize,
    /// Bytes of one part, unpacked.
    pub entry: usize,
    /// How many times its packed size a part may grow, once it is larger than 1 MiB. Deflate
    /// itself cannot exceed 1032; sheets full of equal cells come near 200.
    pub ratio: usize,
    /// Number of parts of a package, pages of a PDF, or sheets of a workbook.
    pub entries: usize,
    /// How deeply elements of XML may be nested.
    pub depth: usize,
    /// Bytes of text given back, hidden text included.
    pub text: usize,
}

const MIB: usize = 1 << 20;

impl Limits {
    /// 64 MiB of file, 256 MiB unpacked, 5 MiB of text.
    pub const DEFAULT: Self = Self {
        input: 64 * MIB,
        unpacked: 256 * MIB,
        entry: 128 * MIB,
        ratio: 400,
        entries: 10_000,
        depth: 256,
        text: 5 * MIB,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
