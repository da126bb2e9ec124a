//! The logical structure: which painted pieces make which part.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

use crate::document::LANGUAGE;
use crate::pages::{Kind, Part};

/// The painted pieces of every part.
pub(super) struct Tags {
    pieces: Vec<Vec<Identifier>>,
}

impl Tags {
    pub fn new(parts: usize) -> Self {
        Self { pieces: vec![Vec::new(); parts] }
    }

    pub fn add(&mut self, part: usize, piece: Identifier) {
        if let Some(pieces) = self.pieces.get_mut(part) {
            pieces.push(piece);
        }
    }

    /// Parents come before their children, so that from the end every part is whole when its
    /// parent is reached.
    pub fn tree(self, parts: &[Part]) -> TagTree {
        let mut groups: Vec<Option<TagGroup>> = parts
            .iter()
            .zip(self.pieces)
            .map(|(part, pieces)| {
                let children = pieces.into_iter().map(Node::from).collect();
                Some(TagGroup::with_children(tag(&part.kind), children))
            })
            .collect();
        let mut roots = Vec::new();
        let mut collected: Vec<Vec<TagGroup>> = parts.iter().map(|_| Vec::new()).collect();
        for (index, part) in parts.iter().enumerate().rev() {
            let Some(mut group) = groups.get_mut(index).and_then(Option::take) else { continue };
            if let Some(below) = collected.get_mut(index) {
                for child in below.drain(..).rev() {
                    group.push(child);
                }
            }
            if group.children.is_empty() {
                continue;
            }
            match part.parent.and_then(|parent| collected.get_mut(parent)) {
                Some(siblings) => siblings.push(group),
                None => roots.push(group),
            }
        }
        let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
        for root in roots.into_iter().rev() {
            tree.push(root);
        }
        tree
    }
}

fn tag(kind: &Kind) -> TagKind {
    let heading = |rank: u16, title: Option<String>| {
        Tag::Hn(NonZeroU16::new(rank).unwrap_or(NonZeroU16::MIN), title).into()
    };
    match kind {
        Kind::Title(title) => heading(1, Some(title.clone())),
        Kind::Heading(rank, title) => heading(*rank, Some(title.clone())),
        Kind::Paragraph => Tag::P.into(),
        Kind::Table => Tag::Table.into(),
        Kind::Row => Tag::TR.into(),
        Kind::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Kind::Cell => Tag::TD.into(),
    }
}
