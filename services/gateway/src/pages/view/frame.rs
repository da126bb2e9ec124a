//! What surrounds every page.

use super::parts::Link;
pub use crate::{app::Site, preferences::Display};

/// What a public page says of itself.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub title: String,
    pub description: String,
    /// `home`, `policies`, `interpretations`, `search`, `subscribe` or empty.
    pub section: String,
    pub canonical: String,
    /// Without 首页 and without this page.
    pub crumbs: Vec<Link>,
}

impl Page {
    /// A page of a section.
    pub fn new(title: impl Into<String>, section: &str) -> Self {
        Self { title: title.into(), section: section.to_owned(), ..Self::default() }
    }

    /// Names the page above this one.
    #[must_use]
    pub fn below(mut self, label: &str, url: &str) -> Self {
        self.crumbs.push(Link::new(label, url));
        self
    }

    /// What search engines show of it.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The address under which it stays.
    #[must_use]
    pub fn at(mut self, canonical: impl Into<String>) -> Self {
        self.canonical = canonical.into();
        self
    }
}

/// What surrounds a page of the console.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    pub title: String,
    pub csrf: String,
    pub who: String,
    pub organ: String,
    pub role: String,
    pub nav: Vec<NavItem>,
    pub crumbs: Vec<Link>,
    pub flash: Option<Flash>,
}

/// A place of the console.
#[derive(Debug, Clone, Default)]
pub struct NavItem {
    pub label: String,
    pub url: String,
    pub icon: String,
    /// What waits there; empty for nothing.
    pub count: String,
    pub current: bool,
}

/// What the last command did, shown once.
#[derive(Debug, Clone, Default)]
pub struct Flash {
    pub tone: String,
    pub text: String,
}
