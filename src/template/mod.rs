//! Texts with `{{name}}` placeholders, and the values that fill them.

mod scalar;
mod text;

pub use scalar::Scalar;
pub use text::{Scope, Template, TemplateError, Undefined};
