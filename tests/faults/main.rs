//! What must hold when things die: every effect of a publication exactly once, whatever happens.

#[path = "../harness/mod.rs"]
#[expect(dead_code, reason = "this binary needs a part of what journeys need")]
mod harness;

mod bus;
mod clerks;
mod cluster;
mod corpora;
mod death;
mod left_behind;
mod library;
mod portal;
mod standing;
mod tables;
