//! What pages show, made from what the services say. Nothing here asks anybody.

pub mod address;
pub mod compare;
pub mod days;
pub mod effect;
pub mod facets;
pub mod file;
pub mod frame;
pub mod interpretation;
pub mod lifecycle;
pub mod parts;
pub mod policy;
pub mod prose;
pub mod receipt;
pub mod standing;
pub mod task;
pub mod week;
