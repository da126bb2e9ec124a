//! Journeys through the whole platform, as its users make them.

#[path = "../harness/mod.rs"]
#[expect(dead_code, reason = "the harness serves the fault tests, too")]
mod harness;

mod publication;
