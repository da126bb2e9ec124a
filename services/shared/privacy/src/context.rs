//! What stands around a place in a text: labels, table columns, persons, organs.

use crate::glyph::{line_after, line_before, window_before};
use crate::table::Cell;
use crate::words::{Marks, Word};

/// A text with everything that is known about it before its numbers are read.
pub(crate) struct Context<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// Its words.
    pub(crate) marks: Marks,
    /// The cells of its tables that stand below a known heading.
    pub(crate) cells: Vec<Cell>,
}

impl Context<'_> {
    /// What is announced for `at`: by the word right before it, or by its column's heading.
    pub(crate) fn label(&self, at: usize) -> Option<Word> {
        self.marks.label(self.text, at).or_else(|| self.column(at))
    }

    /// The heading of the table column in which `at` lies.
    pub(crate) fn column(&self, at: usize) -> Option<Word> {
        let next = self.cells.partition_point(|cell| cell.start <= at);
        let cell = next.checked_sub(1).and_then(|index| self.cells.get(index))?;
        (at < cell.end).then_some(cell.word)
    }

    /// Whether one of the words stands in the line, at most `count` characters before `at`.
    pub(crate) fn near(&self, at: usize, count: usize, words: &[Word]) -> bool {
        let from = at - line_before(self.text, at, count).len();
        self.marks.has(from, at, words)
    }

    /// Whether a contact without a label of its own is a private person's: somebody in a
    /// private role is named before it, and no organ and no call between the two.
    pub(crate) fn is_persons(&self, at: usize) -> bool {
        const PRIVATE: [Word; 4] = [Word::Identity, Word::Home, Word::Person, Word::Name];
        let line = line_before(self.text, at, 60);
        let from = at - line.len();
        let Some(person) =
            self.marks.within(from, at).iter().rev().find(|mark| PRIVATE.contains(&mark.word))
        else {
            return false;
        };
        let between = self.text.get(person.end..at).unwrap_or_default();
        let asked = [Word::Call, Word::PublicPhone, Word::PublicMail, Word::PublicAddress];
        !self.marks.has(person.end, at, &asked) && !names_organ(between) && !between.contains('。')
    }

    /// Whether the account at `at` is an organ's: its holder is one, or it is of an official
    /// kind.
    pub(crate) fn is_organs_account(&self, at: usize) -> bool {
        const OFFICIAL: &str =
            "专户、保证金、对公、基本户、基本存款、零余额、国库、财政、托管、缴款、非税";
        let before = window_before(self.text, at, 60, 0);
        let before = before.rsplit(['。', '\n']).next().unwrap_or_default();
        let clause = window_before(before, before.len(), 24, 0);
        if OFFICIAL.split('、').any(|word| clause.contains(word)) {
            return true;
        }
        let from = at - before.len();
        let behind = at + line_after(self.text, at, 60).len();
        let holder = self
            .marks
            .within(from, behind)
            .iter()
            .rev()
            .find(|mark| mark.word == Word::Holder)
            .map(|mark| line_after(self.text, mark.end, 40));
        holder.is_some_and(|holder| {
            let name = holder.trim_start_matches([':', '：', ' ', '为', '\t', '|']);
            let name = name.split(['，', ',', '；', ';', '。', ' ', '\t', '|', '、']).next();
            names_organ(name.unwrap_or_default())
        })
    }
}

/// Whether a few words name an organ, a firm or an institution, or a part of one.
pub(crate) fn names_organ(text: &str) -> bool {
    const ORGANS: &str = "局、委员会、政府、中心、办公室、厅、公司、医院、学校、大学、学院、小学、中学、幼儿园、\
大厅、窗口、处室、科室、法院、检察院、支队、大队、协会、服务站、街道办、居委会、村委会、\
银行、机关、部门、单位、指挥部、工作组、专班、研究院、事务所、集团、合作社、基金会、\
红十字会";
    ORGANS.split('、').any(|organ| text.contains(organ))
}
