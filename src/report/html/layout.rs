//! Bodies as people read them: JSON on lines of its own, every value as it was written.

/// Deepest indentation; what is nested deeper stays on it.
const DEEPEST: usize = 16;

/// A JSON text with each member and element on a line. Nothing but white space between values is
/// changed: numbers and strings stay as they were sent. A text that is not JSON stays as it is.
pub(super) fn laid_out(text: &str) -> String {
    let is_json = text.trim_start().starts_with(['{', '[']);
    if !is_json || serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while rest.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(close) = rest.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth.min(DEEPEST) {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_stay_as_they_were_written() {
        assert_eq!(
            laid_out(r#"{"a":1.50,"b":["x, {y}\"",{}],"c":[ ] }"#),
            "{\n  \"a\": 1.50,\n  \"b\": [\n    \"x, {y}\\\"\",\n    {}\n  ],\n  \"c\": []\n}"
        );
        for text in ["{not json", "<a>", "plain", ""] {
            assert_eq!(laid_out(text), text);
        }
    }

    proptest! {
        #[test]
        fn the_document_stays_the_same(text in "[\\[\\]{},:\"a-c0-9\\\\ ]{0,24}") {
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
            prop_assert_eq!(value(&text), value(&laid_out(&text)));
        }
    }
}
