//! Texts with `{{name}}` placeholders, and the values that fill them.

mod built_in;
mod scalar;
mod text;

pub use built_in::{BUILT_IN, check_built_in};
pub use scalar::Scalar;
pub use text::{Scope, Template, TemplateError, Undefined};
