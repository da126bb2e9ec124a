//! The words of a paragraph that was changed.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::{clean, words::words};

/// Beyond so many words in both versions together a paragraph is told as gone and come.
const MOST_WORDS: usize = 20_000;

/// What became of a stretch of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It stands in both versions.
    Same,
    /// It stands in the earlier version only.
    Deleted,
    /// It stands in the later version only.
    Inserted,
}

/// A stretch of a paragraph, never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Piece {
    /// What became of it.
    pub kind: Kind,
    /// Its text.
    pub text: String,
}

/// What is alike, and behind it what was changed into what. All of it in turn is both versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edit {
    pub same: String,
    pub deleted: String,
    pub inserted: String,
}

/// Marks what was changed from one version of a paragraph to the other; what went comes before
/// what came in its place.
pub fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (words(before), words(after));
    let edits = if old.len() + new.len() > MOST_WORDS {
        vec![Edit { deleted: before.to_owned(), inserted: after.to_owned(), ..Edit::default() }]
    } else {
        clean::cleaned(edits(&old, &new))
    };
    let piece = |kind, text: String| (!text.is_empty()).then_some(Piece { kind, text });
    edits
        .into_iter()
        .flat_map(|Edit { same, deleted, inserted }| {
            [
                piece(Kind::Same, same),
                piece(Kind::Deleted, deleted),
                piece(Kind::Inserted, inserted),
            ]
        })
        .flatten()
        .collect()
}

fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let mut edits = vec![Edit::default()];
    let text = |words: &[&str], from: usize, length: usize| {
        words.get(from..from + length).unwrap_or_default().concat()
    };
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let (same, deleted, inserted) = match op {
            DiffOp::Equal { old_index, len, .. } => (text(old, old_index, len), None, None),
            DiffOp::Delete { old_index, old_len, .. } => {
                (String::new(), Some(text(old, old_index, old_len)), None)
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                (String::new(), None, Some(text(new, new_index, new_len)))
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => (
                String::new(),
                Some(text(old, old_index, old_len)),
                Some(text(new, new_index, new_len)),
            ),
        };
        if !same.is_empty() {
            edits.push(Edit { same, ..Edit::default() });
        } else if let Some(last) = edits.last_mut() {
            last.deleted.push_str(&deleted.unwrap_or_default());
            last.inserted.push_str(&inserted.unwrap_or_default());
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(before: &str, after: &str) -> String {
        let mark = |piece: Piece| match piece.kind {
            Kind::Same => piece.text,
            Kind::Deleted => format!("[-{}-]", piece.text),
            Kind::Inserted => format!("[+{}+]", piece.text),
        };
        pieces(before, after).into_iter().map(mark).collect()
    }

    #[test]
    fn a_figure_is_changed_as_a_whole() {
        assert_eq!(marked("补贴1200元。", "补贴1500元。"), "补贴[-1200-][+1500+]元。");
        assert_eq!(marked("每亩二十元", "每亩三十元"), "每亩[-二十-][+三十+]元");
        assert_eq!(marked("自2026年6月1日起", "自2026年7月1日起"), "自2026年[-6-][+7+]月1日起");
    }

    #[test]
    fn what_is_added_begins_at_its_clause() {
        assert_eq!(
            marked("应当登记，办结后归档。", "应当登记，及时办理，办结后归档。"),
            "应当登记，[+及时办理，+]办结后归档。"
        );
    }

    #[test]
    fn characters_that_happen_to_be_alike_do_not_cut_a_change() {
        assert_eq!(
            marked("由市公安局负责停车管理。", "由市城市管理局会同有关部门负责停车管理。"),
            "由市[-公安局-][+城市管理局会同有关部门+]负责停车管理。"
        );
    }

    #[test]
    fn the_same_paragraph_has_one_piece() {
        assert_eq!(pieces("办法", "办法"), [Piece { kind: Kind::Same, text: "办法".to_owned() }]);
        assert!(pieces("", "").is_empty());
    }

    proptest! {
        #[test]
        fn both_versions_can_be_read_back(before in "[一二三，。条第a1 ]{0,40}", after in "[一二三，。条第a1 ]{0,40}") {
            let pieces = pieces(&before, &after);
            let read = |leave: Kind| -> String {
                pieces.iter().filter(|p| p.kind != leave).map(|p| p.text.as_str()).collect()
            };
            prop_assert_eq!(read(Kind::Inserted), before);
            prop_assert_eq!(read(Kind::Deleted), after);
            prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
        }
    }
}
