//! A file's text as a diagnostic may show it: without secrets, and without characters that act on a
//! terminal. Every byte stays where it is, so that spans still fit.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::nearest::edits;
use crate::escape::acts;

/// Keys whose values are secrets, wherever they stand. The value is quoted or plain; one that only
/// names an environment variable or a file shows nothing.
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let keys = "client_secret|password|passwd|secret|access_token|refresh_token|id_token|\
                subject_token|client_assertion|assertion|issuer_key|client_key|value";
    Regex::new(&format!(
        r#"(?P<key>(?:^|[\s{{,"'])(?:{keys})["']?[ \t]*:[ \t]+)(?P<value>{ONE})"#
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

/// A key and what stands behind it up to its value.
static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:^|[\s{,"'])(?P<name>[A-Za-z][\w-]{3,})["']?[ \t]*:[ \t]+"#).ok()
});

/// A value of one line: quoted, a list, or plain.
static VALUE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("^(?:{ONE})")).ok());

/// Of a list nothing is shown up to the end of its line.
const ONE: &str = r#""(?:[^"\\]|\\.)*"|'[^']*'|\[[^\n]*|[^\s,}#{][^,}\n#]*"#;

/// Names of secrets, without separators: a key that is one of them but for a slip has a secret too.
const NAMES: [&str; 12] = [
    "clientsecret",
    "password",
    "passwd",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "subjecttoken",
    "clientassertion",
    "assertion",
    "issuerkey",
    "clientkey",
    "apikey",
];
/// How many letters a slip changes at most: two in a long name, one in a short one. `token` is a key of
/// its own, and no slip of `id_token`.
const fn slips(name: &str) -> usize {
    if name.len() < 9 { 1 } else { 2 }
}

/// Whether a key is meant to be one of secrets.
fn is_near_a_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace(['-', '_'], "");
    // A key of its own, and no slip of `client_key`.
    if key == "clientkeyid" {
        return false;
    }
    let near = |name: &str| edits(&key, name) <= slips(name);
    key.contains("secret") || key.contains("passw") || NAMES.iter().any(|name| near(name))
}

/// Hides the values of keys that were misspelt.
fn without_slips(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for key in KEY.iter().flat_map(|key| key.captures_iter(text)) {
        let start = key.get(0).map_or(0, |found| found.end());
        if start < at || !is_near_a_secret(&key["name"]) {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        if let Some(value) = VALUE.as_ref().and_then(|value| value.find(rest)) {
            out.push_str(text.get(at..start).unwrap_or_default());
            out.push_str(&hidden(value.as_str()));
            at = start + value.end();
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The text as it is shown, as long as the text itself.
pub(super) fn shown(text: &str) -> String {
    let text = &without_slips(text);
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
    format!("{}{}", &found["key"], hidden(&found["value"]))
}

/// A value with a star for each byte; one that only names where it comes from stays.
fn hidden(value: &str) -> String {
    let bare = value.trim_matches(['"', '\'']);
    if bare.starts_with("${") || bare.starts_with("{{") {
        return value.to_owned();
    }
    let hidden = value.chars().map(|c| match c {
        '"' | '\'' | '[' | ']' | ' ' => c.to_string(),
        _ => "*".repeat(c.len_utf8()),
    });
    hidden.collect()
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
            (
                "{ client_secert: hunter2, client_id: a, pasword: 'b c' }",
                "{ client_secert: *******, client_id: a, pasword: '* *' }",
            ),
            ("clientSecret: \"${env:A}\"", "clientSecret: \"${env:A}\""),
            ("token: ap", "token: ap"),
            ("acces_token: abc\ntokens:\n", "acces_token: ***\ntokens:\n"),
            (
                "my_secret: { value: abc, subject: a, client_key_id: k, client_auth: none }",
                "my_secret: { value: ***, subject: a, client_key_id: k, client_auth: none }",
            ),
            ("a: \u{9b}\u{1b}\u{202e}", "a: ¿?\u{fffd}"),
        ] {
            assert_eq!(shown(text), expected);
            assert_eq!(expected.len(), text.len());
        }
    }
}
