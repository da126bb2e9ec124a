//! The rules of organs, accounts, passwords and failed sign-ins.

pub mod account;
pub mod credit_code;
pub mod lockout;
pub mod organ;
pub mod password;
