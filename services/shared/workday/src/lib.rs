//! The official Chinese working calendar: which days are worked, and when a deadline
//! counted in working days ends.
//!
//! The arrangement of a year is announced by the State Council's General Office in the
//! autumn before and is sometimes changed afterwards. It is therefore data
//! ([`Calendar::official`], extended by [`Calendar::with_file`]) under a version that
//! travels with every computed date, and a year without an arrangement is *unknown*: a
//! deadline that runs into it is provisional and has bounds instead of a day.
//!
//! Who stores a deadline stores what it was computed from, and computes it again when
//! [`Calendar::version`] changes: a notice may even touch the last days of December of the
//! year before its own.

mod bounds;
mod calendar;
mod deadline;
mod error;
mod file;

pub use calendar::{Calendar, DayKind};
pub use deadline::{Deadline, MAX_WORKING_DAYS, Reason, Why};
pub use error::CalendarError;

#[cfg(test)]
mod tests;
