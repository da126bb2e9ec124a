//! Lines of a file, plain or gzipped, with a limit that keeps the memory small.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use indicatif::ProgressBar;

/// Bytes that a line may have: a text of 5 MiB in JSON's longest spelling.
pub const LONGEST_LINE: usize = 32 << 20;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BOM: &[u8] = b"\xef\xbb\xbf";

/// One line, as far as it was kept.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// Without its end.
    Whole(Vec<u8>),
    /// Longer than [`LONGEST_LINE`]; read over.
    TooLong,
}

/// The lines of one source, counted from 1.
pub struct Lines<R> {
    reader: R,
    number: u64,
}

impl Lines<Box<dyn BufRead + Send>> {
    /// Opens a file; the bar moves with the bytes that are read from the disk. `-` is standard
    /// input.
    pub fn open(path: &Path, bar: &ProgressBar) -> io::Result<Self> {
        let source: Box<dyn Read + Send> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path)?)
        };
        let mut file = BufReader::new(bar.wrap_read(source));
        // Told by content, not by name.
        let reader: Box<dyn BufRead + Send> = if file.fill_buf()?.starts_with(&GZIP) {
            Box::new(BufReader::with_capacity(1 << 18, MultiGzDecoder::new(file)))
        } else {
            Box::new(file)
        };
        Ok(Self::new(reader))
    }
}

impl<R: BufRead> Lines<R> {
    fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut line = Vec::new();
        let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if read == LONGEST_LINE {
            self.skip_rest()?;
            return Ok(Some(Line::TooLong));
        }
        if self.number == 0 && line.starts_with(BOM) {
            line.drain(..BOM.len());
        }
        Ok(Some(Line::Whole(line)))
    }

    fn skip_rest(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let skip = end.map_or(buffer.len(), |at| at + 1);
            let ended = end.is_some() || buffer.is_empty();
            self.reader.consume(skip);
            if ended {
                return Ok(());
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<(u64, Line)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.read() {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            self.number += 1;
            let blank = matches!(&line, Line::Whole(line) if line.trim_ascii().is_empty());
            if !blank {
                return Some(Ok((self.number, line)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(u64, Line)> {
        Lines::new(text).map(Result::unwrap).collect()
    }

    fn whole(number: u64, text: &str) -> (u64, Line) {
        (number, Line::Whole(text.as_bytes().to_vec()))
    }

    #[test]
    fn blank_lines_are_counted_but_not_given() {
        assert_eq!(lines(b"\xef\xbb\xbfa\n\n \r\nb"), [whole(1, "a"), whole(4, "b")]);
    }

    #[test]
    fn a_line_without_end_is_read_over() {
        let mut text = vec![b'x'; LONGEST_LINE + 10];
        text.extend_from_slice(b"\nb\n");
        assert_eq!(lines(&text), [(1, Line::TooLong), whole(2, "b")]);
    }

    #[test]
    fn gzip_is_told_by_content() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records");
        let file = File::create(&path).unwrap();
        let mut writer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        writer.write_all(b"a\nb\n").unwrap();
        writer.finish().unwrap();
        let read = Lines::open(&path, &ProgressBar::hidden()).unwrap();
        assert_eq!(read.map(Result::unwrap).collect::<Vec<_>>(), [whole(1, "a"), whole(2, "b")]);
    }
}
