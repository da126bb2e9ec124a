//! Relationships: what a part refers to (ECMA-376 Part 2 §6.5).

use super::Package;
use crate::error::PaperError;
use crate::xml::{self, Node};

/// What a part refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) id: String,
    /// The last word of its type, as `header` or `hyperlink`; transitional and strict
    /// documents differ in what stands before it.
    pub(crate) role: String,
    /// The name of a part, or an address outside the package.
    pub(crate) target: String,
    pub(crate) external: bool,
}

impl Package<'_> {
    /// What a part refers to; the empty name is the package itself. A part without
    /// relationships refers to nothing.
    pub(crate) fn relations(&mut self, source: &str) -> Result<Vec<Relation>, PaperError> {
        let (folder, file) = source.rsplit_once('/').unwrap_or(("", source));
        let slash = if folder.is_empty() { "" } else { "/" };
        let Some(bytes) = self.part(&format!("{folder}{slash}_rels/{file}.rels"))? else {
            return Ok(Vec::new());
        };
        let mut relations = Vec::new();
        let (kind, depth) = (self.kind, self.limits.depth);
        xml::walk(&bytes, kind, depth, |node| {
            if let Node::Open(tag) = node
                && tag.name() == "Relationship"
            {
                let external = tag.attribute("TargetMode").is_some_and(|mode| mode == "External");
                let target = tag.attribute("Target").unwrap_or_default();
                let role = tag.attribute("Type").unwrap_or_default();
                relations.push(Relation {
                    id: tag.attribute("Id").unwrap_or_default(),
                    role: role.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: if external { target } else { resolve(source, &target) },
                    external,
                });
            }
            Ok(())
        })?;
        Ok(relations)
    }
}

/// The part that a target names, seen from its source (RFC 3986 §5.2, paths only).
pub(crate) fn resolve(source: &str, target: &str) -> String {
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (base, target) = match target.strip_prefix('/') {
        Some(absolute) => ("", absolute),
        None => (folder, target),
    };
    let mut path: Vec<&str> = base.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// The part whose relationships a `.rels` part holds.
pub(crate) fn source_of(name: &str) -> Option<String> {
    let bare = name.strip_suffix(".rels")?;
    let (folder, file) = bare.rsplit_once('/').unwrap_or(("", bare));
    let folder = folder.strip_suffix("_rels")?;
    Some(format!("{folder}{file}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_seen_from_their_source() {
        assert_eq!(resolve("word/document.xml", "media/a.png"), "word/media/a.png");
        assert_eq!(resolve("xl/worksheets/sheet1.xml", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve("word/document.xml", "/word/a.xml"), "word/a.xml");
        assert_eq!(resolve("", "word/document.xml"), "word/document.xml");
        assert_eq!(resolve("a/b", "../../../c"), "c");
    }

    #[test]
    fn rels_belong_to_a_part() {
        assert_eq!(source_of("word/_rels/document.xml.rels").unwrap(), "word/document.xml");
        assert_eq!(source_of("_rels/.rels").unwrap(), "");
        assert_eq!(source_of("word/document.xml"), None);
    }
}
