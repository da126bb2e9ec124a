//! Who calls, and what they may.
//!
//! There is no trusted network: every service verifies the token of every call itself, with the
//! keys that identity publishes, and refuses every method that no rule opens.

mod access;
pub mod token;

pub use access::{Access, Guard, Guarded, To};
pub use token::{Caller, Claims, KeySource, Refused, Verifier};

/// Who made this request; nobody when it carried no token.
pub fn caller<T>(request: &tonic::Request<T>) -> Caller {
    request.extensions().get::<Caller>().cloned().unwrap_or_else(Caller::anonymous)
}

#[cfg(test)]
mod tests;
