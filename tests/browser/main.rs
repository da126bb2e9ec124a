//! The pages in a real browser, over the sample city.
//!
//! `YANGGUANG_PICTURES=folder` makes the accessibility tests leave a picture of every page there.

#[path = "../harness/mod.rs"]
#[expect(dead_code, reason = "the harness serves the other tests, too")]
mod harness;

mod accessibility;
mod axe;
mod browser;
mod city;
mod desk;
mod hostile;
mod intake;
mod keyboard;
mod lifecycle;
mod lightness;
mod places;
mod tour;
