//! A paper while it is being read: what keeps the limits and the shape of the text.

use std::collections::HashSet;

use crate::error::PaperError;
use crate::limits::Limits;
use crate::paper::{Hidden, How, Kind, Paper, Part, Unread, Why};
use crate::shape;

/// At most this many places are named for one kind of hidden or unread thing, so that a
/// hostile file cannot fill memory with places; text is limited by its bytes.
const MOST_UNREAD: usize = 1_000;

/// Collects what a reader of one kind of file finds.
pub(crate) struct Draft<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) title: Option<String>,
    text: String,
    parts: Vec<Part>,
    hidden: Vec<Hidden>,
    unread: Vec<Unread>,
    spent: usize,
    noted: HashSet<String>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            title: None,
            text: String::new(),
            parts: Vec::new(),
            hidden: Vec::new(),
            unread: Vec::new(),
            spent: 0,
            noted: HashSet::new(),
        }
    }

    /// Adds a part of the running text, if it says anything.
    pub(crate) fn part(&mut self, name: &str, text: &str) -> Result<(), PaperError> {
        self.add(name, text, true)
    }

    /// Adds what is seen beside the running text: headers, footers, notes.
    pub(crate) fn margin(&mut self, name: &str, text: &str) -> Result<(), PaperError> {
        self.add(name, text, false)
    }

    fn add(&mut self, name: &str, text: &str, main: bool) -> Result<(), PaperError> {
        let text = shape::lines(text);
        if text.is_empty() {
            return Ok(());
        }
        self.spend(text.len() + name.len())?;
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(&text);
        let bytes = start..self.text.len();
        self.parts.push(Part { name: name.to_owned(), main, bytes });
        Ok(())
    }

    /// Notes what a reader does not see, if it says anything.
    pub(crate) fn hide(&mut self, how: How, place: &str, text: &str) -> Result<(), PaperError> {
        let text = shape::lines(text);
        if text.is_empty() {
            return Ok(());
        }
        self.spend(text.len() + place.len())?;
        self.hidden.push(Hidden { how, place: place.to_owned(), text });
        Ok(())
    }

    /// Notes what could not be looked into, once for each place.
    pub(crate) fn unread(&mut self, place: &str, why: Why) {
        let unread = Unread { place: place.to_owned(), why };
        if self.unread.len() < MOST_UNREAD && !self.unread.contains(&unread) {
            self.unread.push(unread);
        }
    }

    /// Keeps a title, if none is known yet.
    pub(crate) fn entitle(&mut self, title: &str) {
        let title = shape::one_line(title);
        if self.title.is_none() && !title.is_empty() {
            self.title = Some(title);
        }
    }

    /// Whether nothing was found that a reader sees.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes over what a file inside this one holds: all of it is hidden.
    pub(crate) fn embed(&mut self, place: &str, paper: Paper) -> Result<(), PaperError> {
        self.hide(How::Embedded, place, &paper.text)?;
        for hidden in paper.hidden {
            self.hide(hidden.how, &format!("{place}：{}", hidden.place), &hidden.text)?;
        }
        for unread in paper.unread {
            self.unread(&format!("{place}：{}", unread.place), unread.why);
        }
        Ok(())
    }

    /// Whether a name is met for the first time.
    pub(crate) fn first(&mut self, name: &str) -> bool {
        self.noted.len() < MOST_UNREAD && self.noted.insert(name.to_owned())
    }

    /// Counts text against the limit before it is kept.
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<(), PaperError> {
        self.spent = self.spent.saturating_add(bytes);
        if self.spent > self.limits.text {
            return Err(PaperError::TooMuchText { limit: self.limits.text });
        }
        Ok(())
    }

    pub(crate) fn finish(self, kind: Kind, encoding: Option<&'static str>) -> Paper {
        let Self { title, text, parts, hidden, unread, .. } = self;
        Paper { kind, title, text, parts, hidden, unread, encoding }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_one_behind_the_other() {
        let mut draft = Draft::new(&Limits::DEFAULT);
        draft.margin("页眉", " 机密 ").unwrap();
        draft.part("空", "\n\n").unwrap();
        draft.part("正文", "一\r\n二").unwrap();
        let paper = draft.finish(Kind::Text, None);
        assert_eq!(paper.text, "机密\n一\n二");
        let parts: Vec<_> =
            paper.parts.iter().map(|part| &paper.text[part.bytes.clone()]).collect();
        assert_eq!(parts, ["机密", "一\n二"]);
        assert_eq!(paper.main_text(), "一\n二");
    }

    #[test]
    fn more_text_than_allowed_is_an_error() {
        let limits = Limits { text: 16, ..Limits::DEFAULT };
        let mut draft = Draft::new(&limits);
        draft.hide(How::Remark, "甲", "abc").unwrap();
        let error = draft.part("正文", "12345678901").unwrap_err();
        assert_eq!(error, PaperError::TooMuchText { limit: 16 });
    }

    #[test]
    fn a_place_is_named_once() {
        let mut draft = Draft::new(&Limits::DEFAULT);
        draft.unread("甲", Why::Picture);
        draft.unread("甲", Why::Picture);
        assert_eq!(draft.finish(Kind::Text, None).unread.len(), 1);
    }
}
