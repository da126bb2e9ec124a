//! From the fewest changes to those that a reader understands.

use crate::pieces::Edit;

/// Characters up to which a stretch that is alike may belong to the changes around it.
const LONGEST_ISLAND: usize = 6;
/// Where a clause ends.
const STOPS: [char; 6] = ['，', '。', '；', '：', '、', '\u{3000}'];

/// Joins changes that only chance parts, and moves each to the clause that it is.
pub(crate) fn cleaned(edits: Vec<Edit>) -> Vec<Edit> {
    let mut kept: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match kept.last_mut() {
            Some(last) if belongs(last, &edit) => {
                last.deleted.push_str(&edit.same);
                last.inserted.push_str(&edit.same);
                last.deleted.push_str(&edit.deleted);
                last.inserted.push_str(&edit.inserted);
            }
            _ => kept.push(edit),
        }
    }
    // What moves to the front leaves something behind it, at the end of the paragraph too.
    kept.push(Edit::default());
    slide(&mut kept);
    kept.pop_if(|last| *last == Edit::default());
    kept
}

/// Whether what is alike between two changes is too little, beside them, to be told as standing.
fn belongs(last: &Edit, next: &Edit) -> bool {
    let size = |edit: &Edit| edit.deleted.chars().count().max(edit.inserted.chars().count());
    let island = next.same.chars().count();
    let (left, right) = (size(last), size(next));
    island <= LONGEST_ISLAND
        && left > 0
        && right > 0
        && (island <= left.min(right) || (island == 1 && left.max(right) > 1))
        && !next.same.contains(['。', '；', '，'])
}

/// Moves what only came or only went, as far as the text around it stays the same, to where it
/// begins behind a stop.
fn slide(edits: &mut [Edit]) {
    for at in 0..edits.len() {
        let Some((head, tail)) = edits.split_at_mut_checked(at + 1) else { return };
        let Some(edit) = head.last_mut() else { return };
        let one_sided = edit.deleted.is_empty() != edit.inserted.is_empty();
        if !one_sided {
            continue;
        }
        let Edit { same, deleted, inserted } = edit;
        let moved = if deleted.is_empty() { inserted } else { deleted };
        let Some(Edit { same: behind, .. }) = tail.first_mut() else { return };
        let steps = best(same, moved, behind);
        shift(same, moved, behind, steps);
    }
}

/// By how many characters a change is best moved: below 0 to the front.
fn best(same: &str, moved: &str, behind: &str) -> isize {
    let (mut same, mut moved, mut behind) = (same.to_owned(), moved.to_owned(), behind.to_owned());
    let mut at = 0;
    while step_back(&mut same, &mut moved, &mut behind) {
        at -= 1;
    }
    let mut found = (score(&same, &moved), at);
    while step_forth(&mut same, &mut moved, &mut behind) {
        at += 1;
        let here = (score(&same, &moved), at);
        // Where nothing speaks for another place it stays where it was found.
        if here.0 > found.0 || (here.0 == found.0 && found.1 < 0 && at <= 0) {
            found = here;
        }
    }
    found.1
}

/// How well a change stands behind this text.
fn score(same: &str, moved: &str) -> u8 {
    let starts = same.is_empty() || same.ends_with(STOPS);
    let ends = moved.ends_with(STOPS);
    u8::from(starts) * 2 + u8::from(starts && ends)
}

fn shift(same: &mut String, moved: &mut String, behind: &mut String, steps: isize) {
    for _ in 0..steps.unsigned_abs() {
        if steps < 0 {
            step_back(same, moved, behind);
        } else {
            step_forth(same, moved, behind);
        }
    }
}

/// Moves a change one character to the front, where the same character ends both.
fn step_back(same: &mut String, moved: &mut String, behind: &mut String) -> bool {
    match (same.chars().next_back(), moved.chars().next_back()) {
        (Some(one), Some(other)) if one == other => {
            same.pop();
            moved.pop();
            moved.insert(0, one);
            behind.insert(0, one);
            true
        }
        _ => false,
    }
}

/// Moves a change one character to the end.
fn step_forth(same: &mut String, moved: &mut String, behind: &mut String) -> bool {
    match (moved.chars().next(), behind.chars().next()) {
        (Some(one), Some(other)) if one == other => {
            moved.remove(0);
            behind.remove(0);
            same.push(one);
            moved.push(one);
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(same: &str, deleted: &str, inserted: &str) -> Edit {
        let own = str::to_owned;
        Edit { same: own(same), deleted: own(deleted), inserted: own(inserted) }
    }

    #[test]
    fn an_island_of_chance_belongs_to_the_changes_around_it() {
        let cleaned =
            cleaned(vec![edit("由", "公安", "城管"), edit("局", "和", ""), edit("办", "", "")]);
        assert_eq!(cleaned, [edit("由", "公安局和", "城管局"), edit("办", "", "")]);
    }

    #[test]
    fn a_stop_parts_changes() {
        let edits = vec![edit("", "甲", "乙"), edit("。", "丙", "丁")];
        assert_eq!(cleaned(edits.clone()), edits);
    }

    #[test]
    fn what_moves_from_the_end_leaves_the_end() {
        let moved = cleaned(vec![edit("", "", "1a"), edit("，三", "", "。三")]);
        assert_eq!(moved, [edit("", "", "1a"), edit("，", "", "三。"), edit("三", "", "")]);
    }

    #[test]
    fn a_change_moves_to_its_clause() {
        // 登记[，办理]，归档 is 登记，[办理，]归档.
        let moved = cleaned(vec![edit("登记", "", "，办理"), edit("，归档", "", "")]);
        assert_eq!(moved, [edit("登记，", "", "办理，"), edit("归档", "", "")]);
    }
}
