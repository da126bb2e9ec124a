//! The tree of a page.
//!
//! Tokens are those of the HTML Living Standard (§13.2.5). The tree is simpler than the
//! standard's: elements are closed by the rules that matter for text (§13.1.2.4, optional
//! tags), and nothing is ever searched for beyond a few levels, so that the work grows with
//! the length of the page, however it is nested.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Elements nested more deeply become children of the one at this depth, as browsers do it.
pub(super) const DEEPEST: usize = 256;

/// More nodes than this no honest page has: the source of the largest ones, those of the
/// HTML standard on one page, makes a third of it.
const MOST_NODES: usize = 1_000_000;

/// How many open elements an end tag looks through for its beginning.
const REACH: usize = 64;

/// The place of a node in [`Tree::nodes`].
pub(super) type Id = usize;

/// What a node is.
pub(super) enum Data {
    Element(Element),
    Text(String),
    Remark(String),
}

/// An element.
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A node with its children.
pub(super) struct Node {
    pub(super) data: Data,
    pub(super) children: Vec<Id>,
}

/// A page as a tree. Parents come before their children; the first node is the root.
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// Whether something was nested more deeply than [`DEEPEST`].
    pub(super) deep: bool,
    /// Whether there were more nodes than [`MOST_NODES`].
    pub(super) overflow: bool,
}

impl Tree {
    pub(super) const ROOT: Id = 0;

    pub(super) fn parse(source: &str) -> Self {
        let builder = Builder::new();
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(source));
        let tokenizer = Tokenizer::new(builder, TokenizerOpts::default());
        // A script ends a feed early; it is text like any other here.
        while !queue.is_empty() {
            let _ = tokenizer.feed(&queue);
        }
        tokenizer.end();
        tokenizer.sink.0.into_inner().tree
    }

    pub(super) fn element(&self, id: Id) -> Option<&Element> {
        match self.nodes.get(id).map(|node| &node.data) {
            Some(Data::Element(element)) => Some(element),
            _ => None,
        }
    }

    pub(super) fn name(&self, id: Id) -> &str {
        self.element(id).map_or("", |element| element.name.as_str())
    }

    pub(super) fn children(&self, id: Id) -> &[Id] {
        self.nodes.get(id).map(|node| node.children.as_slice()).unwrap_or_default()
    }

    fn add(&mut self, parent: Id, data: Data) -> Id {
        let id = self.nodes.len();
        if id >= MOST_NODES {
            self.overflow = true;
            return parent;
        }
        self.nodes.push(Node { data, children: Vec::new() });
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(id);
        }
        id
    }
}

/// Puts tokens into a tree. The tokenizer hands out its sink by shared reference only.
struct Builder(RefCell<State>);

struct State {
    tree: Tree,
    open: Vec<Id>,
}

impl Builder {
    fn new() -> Self {
        let data = Data::Element(Element { name: "#root".to_owned(), attributes: Vec::new() });
        let root = Node { data, children: Vec::new() };
        let tree = Tree { nodes: vec![root], deep: false, overflow: false };
        Self(RefCell::new(State { tree, open: vec![Tree::ROOT] }))
    }
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Ok(mut state) = self.0.try_borrow_mut() else { return TokenSinkResult::Continue };
        if state.tree.overflow {
            return TokenSinkResult::Continue;
        }
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(&tag),
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CommentToken(remark) => state.append(Data::Remark(remark.to_string())),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn current(&self) -> Id {
        self.open.last().copied().unwrap_or(Tree::ROOT)
    }

    fn append(&mut self, data: Data) {
        let parent = self.current();
        self.tree.add(parent, data);
    }

    fn text(&mut self, text: &str) {
        let parent = self.current();
        let last = self.tree.children(parent).last().copied();
        if let Some(Node { data: Data::Text(before), .. }) =
            last.and_then(|last| self.tree.nodes.get_mut(last))
        {
            before.push_str(text);
            return;
        }
        self.tree.add(parent, Data::Text(text.to_owned()));
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        self.close_for(&name);
        let attributes = tag
            .attrs
            .iter()
            .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
            .collect();
        let raw = raw_kind(&name);
        let empty = is_void(&name) || (tag.self_closing && !is_html(&name));
        let parent = self.current();
        let id = self.tree.add(parent, Data::Element(Element { name, attributes }));
        if empty {
            return TokenSinkResult::Continue;
        }
        if self.open.len() < DEEPEST || raw.is_some() {
            self.open.push(id);
        } else {
            self.tree.deep = true;
        }
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    /// Closes what a start tag ends without an end tag.
    fn close_for(&mut self, name: &str) {
        let (ends, within): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "option" | "optgroup" => (&["option"], &["select"]),
            "tr" => (&["tr"], &["table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
            _ if is_block(name) => (&["p"], &["td", "th", "div", "li", "table", "button"]),
            _ => return,
        };
        let found = self.open.iter().enumerate().rev().take(REACH).find_map(|(place, id)| {
            let open = self.tree.name(*id);
            if ends.contains(&open) {
                Some(Some(place))
            } else {
                within.contains(&open).then_some(None)
            }
        });
        if let Some(Some(place)) = found {
            self.open.truncate(place);
        }
    }

    fn end(&mut self, name: &str) {
        let place = self
            .open
            .iter()
            .enumerate()
            .skip(1)
            .rev()
            .take(REACH)
            .find(|(_, id)| self.tree.name(**id) == name)
            .map(|(place, _)| place);
        // The end of a cell must not be taken from the table around an inner one.
        let table = |id: &Id| name != "table" && self.tree.name(*id) == "table";
        if let Some(place) = place
            && !self.open.iter().skip(place + 1).any(table)
        {
            self.open.truncate(place);
        }
    }
}

/// Elements whose content is no markup (HTML Living Standard §13.2.6.2).
fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Only elements of other vocabularies may close themselves.
fn is_html(name: &str) -> bool {
    !name.contains(':') && !matches!(name, "path" | "circle" | "rect" | "line" | "use" | "g")
}

/// Elements that begin and end lines.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
            | "caption"
            | "option"
            | "ucapcontent"
    )
}

#[cfg(test)]
mod tests;
