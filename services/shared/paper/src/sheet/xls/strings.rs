//! The strings that cells share (SST, MS-XLS §2.4.265).
//!
//! They are read here only to know how long they are before `calamine` copies one into each
//! cell that shows it, and which of them no cell shows any more.

/// The strings of a table that goes on over several records.
pub(super) fn read(blocks: &[&[u8]]) -> Vec<String> {
    let Some((first, rest)) = blocks.split_first() else { return Vec::new() };
    // Two counts stand before the strings; neither is believed.
    let mut cursor = Cursor { block: first.get(8..).unwrap_or_default(), rest };
    let mut strings = Vec::new();
    while let Some(string) = cursor.string() {
        strings.push(string);
    }
    strings
}

struct Cursor<'a> {
    block: &'a [u8],
    rest: &'a [&'a [u8]],
}

impl Cursor<'_> {
    /// The next bytes, which must not be parted; blocks may end before them.
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        if self.block.is_empty() {
            self.next_block()?;
        }
        let (bytes, rest) = self.block.split_first_chunk::<N>()?;
        self.block = rest;
        Some(*bytes)
    }

    fn next_block(&mut self) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        (self.block, self.rest) = (first, rest);
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let length = usize::from(u16::from_le_bytes(self.take()?));
        let [flags] = self.take()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(u16::from_le_bytes(self.take()?)) };
        let more = if flags & 4 == 0 { 0 } else { u32::from_le_bytes(self.take()?) };
        let mut units = Vec::new();
        let mut wide = flags & 1 == 1;
        while units.len() < length {
            if self.block.is_empty() {
                self.next_block()?;
                // A string that is parted says again how wide its characters are.
                let [flags] = self.take()?;
                wide = flags & 1 == 1;
            }
            if wide {
                units.push(u16::from_le_bytes(self.take()?));
            } else {
                units.push(u16::from(self.take::<1>()?[0]));
            }
        }
        self.skip(runs.saturating_mul(4).saturating_add(usize::try_from(more).ok()?));
        Some(String::from_utf16_lossy(&units))
    }

    fn skip(&mut self, mut count: usize) {
        while count > self.block.len() {
            count -= self.block.len();
            self.block = &[];
            if self.next_block().is_none() {
                return;
            }
        }
        self.block = self.block.get(count..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_go_on_in_the_next_record() {
        let first = [&[0; 8][..], &[2, 0, 0, b'a', b'b', 3, 0, 1, 0x32, 0x75]].concat();
        let second = [1, 0x59, 0x4E, 0x19, 0x4E, 1, 0, 8, 1, 0, b'c', 0, 0, 0, 0];
        assert_eq!(read(&[&first, &second]), ["ab", "甲乙丙", "c"]);
    }

    #[test]
    fn what_is_cut_or_false_ends() {
        assert!(read(&[]).is_empty());
        assert!(read(&[&[0; 8], &[255, 255, 12, 255, 255, 255, 255, 255, 255]]).is_empty());
    }
}
