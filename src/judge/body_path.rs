//! Places of a body as an `accept` item writes them, in the form in which reports show them.

use crate::locator::Locator;
use crate::source::{Cx, Diagnostic, Spanned};

/// The place in the form of reports: `$['a'][0]` is `$.a[0]`. Reports an error for what is no place
/// of a body.
pub(super) fn body_path(written: &Spanned<String>, cx: &mut Cx<'_>) -> Option<String> {
    let text = written.trim();
    if text.starts_with('$') {
        return match Locator::parse(text) {
            Ok(_) => Some(normal(text).unwrap_or_else(|| text.to_owned())),
            Err(error) => {
                let diagnostic = Diagnostic::error(cx.source, written.span, error.message);
                cx.report(diagnostic.help(error.help))
            }
        };
    }
    let numbered = ["line ", "offset "].into_iter().any(|word| {
        let number = text.strip_prefix(word);
        number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    });
    if text.starts_with('/') || numbered {
        return Some(text.to_owned());
    }
    if let Some(field) = text.strip_prefix("form:").filter(|name| !name.is_empty()) {
        return Some(field.to_owned());
    }
    let message = format!("`{text}` is not a place in a body");
    let path = text.trim_start_matches('.');
    let path = if path.starts_with('[') {
        format!("${path}")
    } else {
        format!("$.{path}")
    };
    let diagnostic = Diagnostic::error(cx.source, written.span, message);
    cx.report(diagnostic.help(format!(
        "did you mean `{path}`? The field of a form is `form:{text}`, a line of a text `line 12`"
    )))
}

/// A JSONPath of names, indices and `[*]` as reports write it; none for other selectors.
fn normal(text: &str) -> Option<String> {
    let mut rest = text.strip_prefix('$')?;
    let mut path = String::from("$");
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('.') {
            let end = behind.find(['.', '[']).unwrap_or(behind.len());
            let (name, more) = behind.split_at_checked(end)?;
            if name.is_empty() || name == "*" {
                return None;
            }
            path.push('.');
            path.push_str(name);
            rest = more;
            continue;
        }
        let inner = rest.strip_prefix('[')?.trim_start();
        let quote = inner.chars().next().filter(|c| matches!(c, '\'' | '"'));
        if let Some(quote) = quote {
            let (name, behind) = quoted(inner, quote)?;
            push_name(&mut path, &name);
            rest = behind.trim_start().strip_prefix(']')?;
        } else {
            let (index, behind) = inner.split_once(']')?;
            let index = index.trim();
            if index != "*" && !index.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            path.push_str(&format!("[{index}]"));
            rest = behind;
        }
    }
    Some(path)
}

/// A quoted name and what stands behind it. Names with escapes are left as they are written.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let (name, behind) = text.strip_prefix(quote)?.split_once(quote)?;
    (!name.contains('\\')).then(|| (name.to_owned(), behind))
}

fn push_name(path: &mut String, name: &str) {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    if name.starts_with(first) && name.chars().all(|c| first(c) || c.is_ascii_digit()) {
        path.push('.');
        path.push_str(name);
    } else {
        path.push_str("['");
        path.push_str(&name.replace('\'', "\\'"));
        path.push_str("']");
    }
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn a_path_has_one_form() {
        for (written, shown) in [
            ("$['c']", "$.c"),
            ("$.a[\"b\"][0]['c d'][*]", "$.a.b[0]['c d'][*]"),
            ("$[ 'it-s' ]", "$['it-s']"),
            ("$[\"it's\"]", "$['it\\'s']"),
            ("$.a.b", "$.a.b"),
        ] {
            assert_eq!(normal(written).as_deref(), Some(shown), "{written}");
        }
        for other in ["$..a", "$.*", "$[1:2]", "$[?@.a]", "$['a\\'b']"] {
            assert_eq!(normal(other), None, "{other}");
        }
    }
}
