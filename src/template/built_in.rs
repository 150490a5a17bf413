//! The names that are always there.

use crate::source::{Cx, Diagnostic, Spanned};

/// The names that are always there.
pub const BUILT_IN: [&str; 4] = ["side", "run.id", "uuid", "now"];

/// Reports a value of a name that is built in: it would never be used. `what` is what has the name.
pub fn check_built_in(name: &Spanned<String>, what: &str, cx: &mut Cx<'_>) {
    if !BUILT_IN.contains(&name.as_str()) {
        return;
    }
    let message = format!("{what} cannot be named `{}`", name.value);
    let help = format!(
        "{{{{{}}}}} is built in and would be used instead: take another name",
        name.value
    );
    let diagnostic = Diagnostic::error(cx.source, name.span, message);
    cx.diagnostics.push(diagnostic.help(help));
}
