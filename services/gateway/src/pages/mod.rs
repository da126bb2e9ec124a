//! Pages that people see: the public portal and the console.
//!
//! `view` makes what templates show from what the services say and asks nobody; the handlers beside
//! it ask, as whoever asks them.

mod answer;
mod console;
mod failure;
mod organs;
mod public;
mod view;

use axum::Router;
use http::Uri;

pub use failure::failure;
pub use view::{address::encoded, policy::relation_word};

use crate::{app::App, preferences::Display, session::Staff};

/// All pages.
pub fn router() -> Router<App> {
    Router::new().merge(public::router()).merge(console::router())
}

/// Who asked for what, where something went wrong.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Path and query.
    pub uri: Uri,
    /// How the visitor wants pages to look.
    pub display: Display,
    /// Who is signed in, on pages of the console.
    pub staff: Option<Staff>,
    /// What the help desk finds the request by.
    pub reference: String,
}
