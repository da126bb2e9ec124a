//! The rules of interpretation: which policies, until when, and what a text must be like.

pub mod duty;
pub mod interpretation;
pub mod term;

kit::id!(PolicyId);
kit::id!(TaskId);
kit::id!(InterpretationId);
