//! Journeys through the whole platform, as its users make them.

#[path = "../harness/mod.rs"]
mod harness;

mod publication;
