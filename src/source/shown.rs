//! A file's text as a diagnostic may show it: without secrets, and without characters that act on a
//! terminal. Every byte stays where it is, so that spans still fit.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::escape::acts;

/// Keys whose values are secrets, wherever they stand. The value is quoted or plain; one that only
/// names an environment variable or a file shows nothing.
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let keys = "client_secret|password|passwd|secret|access_token|refresh_token|id_token|\
                subject_token|client_assertion|assertion|issuer_key|client_key|value";
    // Of a list nothing is shown up to the end of its line.
    let value = r#""(?:[^"\\]|\\.)*"|'[^']*'|\[[^\n]*|[^\s,}#][^,}\n#]*"#;
    Regex::new(&format!(
        r#"(?P<key>(?:^|[\s{{,"'])(?:{keys})["']?[ \t]*:[ \t]+)(?P<value>{value})"#
    ))
    .ok()
});

/// Query parameters whose values are secrets; a placeholder shows nothing.
static PARAMETER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = "access_token|refresh_token|id_token|client_secret|client_assertion|password|code|\
                 apikey|api-key";
    Regex::new(&format!(
        r#"(?i)(?P<key>[?&](?:{names})=)(?P<value>[^\s&\#"'{{][^\s&\#"']*)"#
    ))
    .ok()
});

/// The text as it is shown, as long as the text itself.
pub(super) fn shown(text: &str) -> String {
    let masked = match SECRET.as_ref() {
        Some(secret) => secret.replace_all(text, mask),
        None => text.into(),
    };
    let masked = match PARAMETER.as_ref() {
        Some(secret) => secret.replace_all(&masked, mask),
        None => masked.as_ref().into(),
    };
    let mut out = String::with_capacity(masked.len());
    for c in masked.chars() {
        match (acts(c), c.len_utf8()) {
            _ if matches!(c, '\n' | '\r' | '\t') => out.push(c),
            (false, _) => out.push(c),
            (true, 1) => out.push('?'),
            (true, 2) => out.push('¿'),
            (true, 3) => out.push('\u{fffd}'),
            (true, _) => out.push_str("¿¿"),
        }
    }
    out
}

fn mask(found: &Captures<'_>) -> String {
    let value = &found["value"];
    let bare = value.trim_matches(['"', '\'']);
    if bare.starts_with("${") {
        return found[0].to_owned();
    }
    let hidden = value.chars().map(|c| match c {
        '"' | '\'' | '[' | ']' | ' ' => c.to_string(),
        _ => "*".repeat(c.len_utf8()),
    });
    format!("{}{}", &found["key"], hidden.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_line_are_hidden_and_every_byte_stays_in_its_place() {
        for (text, expected) in [
            ("client_secret: s3cr3t", "client_secret: ******"),
            (
                "{ client_secret: \"a b\", x: 1 }",
                "{ client_secret: \"* *\", x: 1 }",
            ),
            ("  password: [é, \"b\"]", "  password: [*** \"*\"]"),
            ("password: ${env:P}", "password: ${env:P}"),
            (
                "request: \"GET /x?a=1&access_token=s3cr3t&code={{c}}\"",
                "request: \"GET /x?a=1&access_token=******&code={{c}}\"",
            ),
            ("grant: password\nscope: a", "grant: password\nscope: a"),
            ("a: \u{9b}\u{1b}\u{202e}", "a: ¿?\u{fffd}"),
        ] {
            assert_eq!(shown(text), expected);
            assert_eq!(expected.len(), text.len());
        }
    }
}
