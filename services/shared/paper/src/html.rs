//! Web pages: the main text, and all that stands around and behind it.

mod body;
mod chrome;
mod encoding;
mod source;
mod text;
mod tree;
mod unseen;

use crate::draft::Draft;
use crate::error::{Excess, PaperError};
use crate::limits::Limits;
use crate::paper::{How, Kind, Paper, Why};
use crate::plain;
use crate::shape;
use tree::{Data, Id, Tree};

/// Reads a page.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Paper, PaperError> {
    let decoded = crate::encoding::decode(bytes, encoding::declared(bytes).as_deref())?;
    let tree = Tree::parse(&decoded.text);
    if tree.overflow {
        return Err(PaperError::Bomb(Excess::Entries));
    }
    let mut draft = Draft::new(limits);
    plain::note(&decoded, &mut draft);
    if tree.deep {
        draft.unread("网页", Why::Deep);
    }
    title(&tree, &mut draft);
    Page::of(&tree).read(&mut draft)?;
    source::read(&tree, &mut draft)?;
    Ok(draft.finish(Kind::Html, Some(decoded.encoding)))
}

/// The title: what the content system states, the first heading, the title of the window
/// without the name of the site (《政府网站发展指引》 annex 2 prescribes `ArticleTitle`).
fn title(tree: &Tree, draft: &mut Draft<'_>) {
    let metas = || (0..tree.nodes.len()).filter_map(|id| tree.element(id));
    let stated = metas().find(|element| {
        element.name == "meta"
            && element
                .attribute("name")
                .is_some_and(|name| name.eq_ignore_ascii_case("ArticleTitle"))
    });
    draft.entitle(stated.and_then(|meta| meta.attribute("content")).unwrap_or_default());
    for name in ["h1", "title"] {
        let found: Vec<Id> = (0..tree.nodes.len()).filter(|id| tree.name(*id) == name).collect();
        // Several headings of the first order are those of a site's boxes.
        if let [only] = found.as_slice() {
            let mut heading = String::new();
            for child in tree.children(*only) {
                heading.push_str(&text::of(tree, *child, &|_| false));
            }
            let heading = shape::one_line(&heading);
            let site = heading.rfind(['-', '_', '|', '–', '—']).filter(|_| name == "title");
            let bare = site.and_then(|at| heading.get(..at)).map(str::trim);
            draft.entitle(bare.filter(|bare| bare.chars().count() > 5).unwrap_or(&heading));
        }
    }
}

/// What of a page is shown where.
struct Page<'a> {
    tree: &'a Tree,
    unseen: Vec<bool>,
    chrome: Vec<bool>,
    main: Id,
    particulars: Option<Id>,
}

impl<'a> Page<'a> {
    fn of(tree: &'a Tree) -> Self {
        let unseen = unseen::mark(tree);
        let raw = |id: Id| {
            matches!(tree.name(id), "script" | "style" | "head" | "title" | "textarea" | "select")
        };
        let skipped: Vec<bool> =
            unseen.iter().enumerate().map(|(id, unseen)| *unseen || raw(id)).collect();
        let weights = body::Weights::of(tree, &skipped);
        let main = body::find(tree, &weights);
        // What holds most of the text is no chrome, whatever it is called.
        let whole = weights.plain(main);
        let chrome = (0..tree.nodes.len())
            .map(|id| id != main && weights.plain(id) * 3 < whole && chrome::is_chrome(tree, id))
            .collect();
        let particulars = body::particulars(tree, main, &skipped);
        Self { tree, unseen, chrome, main, particulars }
    }

    fn read(&self, draft: &mut Draft<'_>) -> Result<(), PaperError> {
        let seen = |id: Id| is(&self.unseen, id);
        let inner = |id: Id| seen(id) || is(&self.chrome, id);
        if let Some(particulars) = self.particulars {
            draft.part("信息要素", &text::of(self.tree, particulars, &inner))?;
        }
        let main = text::of(self.tree, self.main, &inner);
        draft.part("正文", &chrome::without_tools(&main))?;
        let around = |id: Id| seen(id) || id == self.main || Some(id) == self.particulars;
        draft.hide(How::Around, "网页", &text::of(self.tree, Tree::ROOT, &around))?;
        self.within(draft)?;
        for id in unseen::outermost(self.tree, &seen) {
            let hidden = text::of_hidden(self.tree, id);
            draft.hide(How::Element, &self.place(id), &hidden)?;
        }
        let faint = |id: Id| self.tree.element(id).is_some_and(unseen::is_faint);
        for id in unseen::outermost(self.tree, &faint) {
            draft.hide(How::Faint, &self.place(id), &text::of(self.tree, id, &|_| false))?;
        }
        Ok(())
    }

    /// What of the main box was left out, and its pictures.
    fn within(&self, draft: &mut Draft<'_>) -> Result<(), PaperError> {
        let mut waiting = vec![self.main];
        while let Some(id) = waiting.pop() {
            if is(&self.unseen, id) {
                continue;
            }
            if is(&self.chrome, id) {
                draft.hide(How::Around, &self.place(id), &text::of(self.tree, id, &|_| false))?;
                continue;
            }
            if let Some(element) = self.tree.element(id)
                && let Some(why) = foreign(&element.name)
            {
                let address = element.attribute("src").or(element.attribute("data"));
                let address: String = address.unwrap_or_default().chars().take(120).collect();
                draft.unread(format!("正文中的 <{}> {address}", element.name).trim_end(), why);
            }
            waiting.extend(self.tree.children(id).iter().rev());
        }
        Ok(())
    }

    fn place(&self, id: Id) -> String {
        match self.tree.nodes.get(id).map(|node| &node.data) {
            Some(Data::Element(element)) => {
                let class = element.attribute("id").or(element.attribute("class"));
                format!("<{} {}", element.name, class.unwrap_or_default()).trim_end().to_owned()
                    + ">"
            }
            _ => "网页".to_owned(),
        }
    }
}

/// Whether a node is marked.
fn is(marks: &[bool], id: Id) -> bool {
    marks.get(id).copied().unwrap_or(false)
}

/// Elements that show something else than text.
fn foreign(name: &str) -> Option<Why> {
    match name {
        "img" | "canvas" | "svg" | "picture" => Some(Why::Picture),
        "object" | "embed" | "applet" | "iframe" | "video" | "audio" => Some(Why::Object),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
