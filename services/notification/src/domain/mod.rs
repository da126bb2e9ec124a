//! The rules: addresses, interests, subscriptions, deliveries, the day's digest. No clock, no
//! chance, no table.

pub mod delivery;
pub mod digest;
pub mod email;
pub mod interest;
pub mod news;
pub mod subscription;
