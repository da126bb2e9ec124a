//! A document that was read, beside the form that it fills.

use contracts::documents::{Proposal, ProposePolicyResponse};

use super::{concerns::Concern, privacy::Finding};
use crate::pages::view::parts::{ReadFrom, State};

/// From here on a reading is called sure; the reader itself asks for a person below 60.
const SURE: u32 = 90;
const FAIR: u32 = 60;

/// What was read of a document.
#[derive(Debug, Clone, Default)]
pub struct Intake {
    /// The text, cut at what was read.
    pub pieces: Vec<Piece>,
    /// Names of fields, and where each was read.
    pub reads: Vec<(String, ReadFrom)>,
    /// What it does to others.
    pub relations: Vec<ReadFrom>,
    pub concerns: Vec<Concern>,
    pub findings: Vec<Finding>,
    /// What could not be read.
    pub notes: Vec<String>,
}

/// A stretch of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// Where something was read, to link to; empty elsewhere.
    pub id: String,
}

impl Intake {
    /// What a page shows of an answer.
    pub fn of(read: &ProposePolicyResponse) -> Self {
        let mut reads = Vec::new();
        let mut relations = Vec::new();
        for (at, proposal) in read.proposals.iter().enumerate() {
            let mut from = from(at, proposal);
            if proposal.field == "relations" {
                relations.push(from);
            } else {
                // The input beside it shows the value itself, save where one is chosen.
                if !["organ_code", "category", "disclosure"].contains(&proposal.field.as_str()) {
                    from.value.clear();
                }
                reads.push((proposal.field.clone(), from));
            }
        }
        Self {
            pieces: pieces(&read.text, &read.proposals),
            reads,
            relations,
            concerns: read.concerns.iter().cloned().map(Concern::from).collect(),
            findings: read.exposures.iter().cloned().map(super::privacy::finding).collect(),
            notes: read.notes.clone(),
        }
    }

    /// Where the value of a field was read.
    pub fn read_of(&self, field: &str) -> Option<ReadFrom> {
        self.reads.iter().find(|(name, _)| name == field).map(|(_, from)| from.clone())
    }
}

fn from(at: usize, proposal: &Proposal) -> ReadFrom {
    let Proposal { field: _, value, start, end, confidence, doubts } = proposal;
    let label = format!("把握 {confidence}%");
    let state = match *confidence {
        SURE.. => State::ok(&label),
        FAIR.. => State::wait(&format!("{label}，请核对")),
        _ => State::warn("edit", &format!("{label}，请看原文确认")),
    };
    ReadFrom {
        state,
        value: value.clone(),
        url: (end > start).then(|| format!("#{}", id(at))),
        doubts: doubts.join("；"),
    }
}

fn id(at: usize) -> String {
    format!("read-{at}")
}

/// Cuts the text at the places of the proposals. Where two overlap the later one is marked from
/// where the earlier one ends, and what lies within another is linked to a mark of no length.
fn pieces(text: &str, proposals: &[Proposal]) -> Vec<Piece> {
    let mut places: Vec<(usize, usize, usize)> = proposals
        .iter()
        .enumerate()
        .filter(|(_, proposal)| proposal.end > proposal.start)
        .map(|(at, proposal)| (index(proposal.start), index(proposal.end), at))
        .collect();
    places.sort_unstable();
    let characters: Vec<char> = text.chars().collect();
    let cut = |from: usize, to: usize| -> String {
        characters.get(from..to.min(characters.len())).unwrap_or_default().iter().collect()
    };
    let mut pieces = Vec::new();
    let mut done = 0;
    for (start, end, at) in places {
        let start = start.max(done).min(characters.len());
        pieces.push(Piece { text: cut(done, start), id: String::new() });
        done = end.max(start);
        pieces.push(Piece { text: cut(start, done), id: id(at) });
    }
    pieces.push(Piece { text: cut(done, characters.len()), id: String::new() });
    pieces.retain(|piece| !piece.text.is_empty() || !piece.id.is_empty());
    pieces
}

fn index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal(field: &str, start: u32, end: u32) -> Proposal {
        Proposal { field: field.to_owned(), start, end, confidence: 95, ..Proposal::default() }
    }

    #[test]
    fn the_text_is_whole_and_marked_where_something_was_read() {
        let proposals =
            [proposal("title", 0, 2), proposal("relations", 1, 4), proposal("issued_on", 6, 99)];
        let pieces = pieces("一二三四五六七八", &proposals);
        let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(whole, "一二三四五六七八");
        let marked: Vec<_> = pieces
            .iter()
            .filter(|piece| !piece.id.is_empty())
            .map(|piece| (piece.id.as_str(), piece.text.as_str()))
            .collect();
        assert_eq!(marked, [("read-0", "一二"), ("read-1", "三四"), ("read-2", "七八")]);
    }

    #[test]
    fn a_title_that_came_with_the_file_has_no_place_in_the_text() {
        let read = ProposePolicyResponse {
            proposals: vec![proposal("title", 0, 0)],
            text: "正文".to_owned(),
            ..ProposePolicyResponse::default()
        };
        let intake = Intake::of(&read);
        assert_eq!(intake.read_of("title").unwrap().url, None);
        assert_eq!(intake.pieces.len(), 1);
    }
}
