//! What can be done, one transaction each.

pub mod deliver;
pub mod digest;
pub mod fan_out;
pub mod subscribe;
pub mod tidy;
