//! Steps down a JSON document, and the path that they are. Needs nothing of this crate: the benchmark
//! over real payloads reads this file too.

use std::fmt::Write;

/// One step down from a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// Writes a path: RFC 9535, names as shorthand where they can be, else in brackets and single quotes.
pub(super) fn write(steps: &[Step]) -> String {
    let mut path = String::from("$");
    for step in steps {
        match step {
            Step::Name(name) if is_shorthand(name) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Name(name) => {
                path.push_str("['");
                quote(&mut path, name);
                path.push_str("']");
            }
            Step::Index(index) => {
                let _ = write!(path, "[{index}]");
            }
        }
    }
    path
}

/// Whether a name can be written behind a dot (RFC 9535 section 2.5.1.1).
fn is_shorthand(name: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    name.starts_with(first) && name.chars().all(|c| first(c) || c.is_ascii_digit())
}

/// Escapes of a normalised path (RFC 9535 section 2.7).
fn quote(path: &mut String, name: &str) {
    for sign in name.chars() {
        match sign {
            '\'' => path.push_str("\\'"),
            '\\' => path.push_str("\\\\"),
            '\n' => path.push_str("\\n"),
            '\r' => path.push_str("\\r"),
            '\t' => path.push_str("\\t"),
            '\u{8}' => path.push_str("\\b"),
            '\u{c}' => path.push_str("\\f"),
            control if control < ' ' => {
                let _ = write!(path, "\\u{:04x}", u32::from(control));
            }
            other => path.push(other),
        }
    }
}
