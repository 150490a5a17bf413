//! Members of JSON objects by name and by path, in a text that is left as it is otherwise.
//!
//! The scanner is lenient: it wants no valid document, so that NDJSON, a page with JSON in it and a
//! body that was cut short are searched too.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::places::is_fault_code;
use super::spans::Span;

/// Which members are secret.
pub(super) struct Wanted<'a> {
    /// By name.
    pub(super) name: &'a dyn Fn(&str) -> bool,
    /// By path, as RFC 9535 section 2.7 normalises it.
    pub(super) paths: &'a HashSet<String>,
}

/// Every secret member's value: inside its quotation marks where it is a string.
pub(super) fn spans(text: &[u8], wanted: &Wanted<'_>) -> Vec<Span> {
    let mut scan = Scan {
        text,
        at: 0,
        stack: Vec::new(),
        path: String::from("$"),
        spans: Vec::new(),
    };
    scan.run(wanted);
    scan.spans
}

struct Frame {
    /// Length of the path above the current element.
    path: usize,
    /// Index of the current element; none in an object.
    index: Option<usize>,
    /// The key of the current member.
    key: Option<String>,
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    stack: Vec<Frame>,
    path: String,
    spans: Vec<Span>,
}

impl Scan<'_> {
    fn run(&mut self, wanted: &Wanted<'_>) {
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'}' | b']' => self.close(),
                b',' => self.next_element(),
                b'"' => self.string(wanted),
                b if b.is_ascii_whitespace() || b == b':' => self.at += 1,
                _ => self.value(wanted),
            }
        }
    }

    fn close(&mut self) {
        self.at += 1;
        if let Some(frame) = self.stack.pop() {
            self.path.truncate(frame.path);
        }
        self.end_member();
    }

    fn end_member(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.key = None;
            self.path.truncate(frame.path);
        }
    }

    fn next_element(&mut self) {
        self.at += 1;
        self.end_member();
        if let Some(index) = self.stack.last_mut().and_then(|f| f.index.as_mut()) {
            *index += 1;
        }
    }

    /// A string: a key when a colon follows, else a value.
    fn string(&mut self, wanted: &Wanted<'_>) {
        let end = string_end(self.text, self.at);
        let mut colon = end;
        while self.text.get(colon).is_some_and(u8::is_ascii_whitespace) {
            colon += 1;
        }
        if self.text.get(colon) != Some(&b':') {
            return self.value(wanted);
        }
        let token = self.text.get(self.at..end).unwrap_or_default();
        let key = serde_json::from_slice::<String>(token)
            .unwrap_or_else(|_| String::from_utf8_lossy(token).trim_matches('"').to_owned());
        if self.stack.is_empty() {
            // A text that is no document: a member all the same.
            self.push(None);
        }
        if let Some(frame) = self.stack.last_mut() {
            self.path.truncate(frame.path);
            normalised(&mut self.path, &key);
            frame.key = Some(key);
        }
        self.at = colon + 1;
    }

    fn push(&mut self, index: Option<usize>) {
        self.stack.push(Frame {
            path: self.path.len(),
            index,
            key: None,
        });
    }

    fn value(&mut self, wanted: &Wanted<'_>) {
        let top = self.stack.last();
        if let Some(index) = top.and_then(|frame| frame.index) {
            let _ = write!(self.path, "[{index}]");
        }
        let key = top.and_then(|frame| frame.key.as_deref());
        let by_name = key.filter(|key| (wanted.name)(key)).map(str::to_owned);
        let by_path = wanted.paths.contains(&self.path);
        if by_name.is_some() || by_path {
            let name = by_name
                .or_else(|| super::places::last_name(&self.path))
                .unwrap_or_else(|| "body".to_owned());
            self.mask(&name);
            return;
        }
        match self.text.get(self.at) {
            Some(b'{') => {
                self.at += 1;
                self.push(None);
            }
            Some(b'[') => {
                self.at += 1;
                self.push(Some(0));
            }
            _ => {
                self.at = value_end(self.text, self.at);
                self.end_member();
            }
        }
    }

    fn mask(&mut self, name: &str) {
        let start = self.at;
        let end = value_end(self.text, start);
        let value = self.text.get(start..end).unwrap_or_default();
        let is_string = value.first() == Some(&b'"');
        let (start, inner_end) = if is_string {
            let closed = value.len() > 1 && value.last() == Some(&b'"');
            (start + 1, if closed { end - 1 } else { end })
        } else {
            (start, end)
        };
        let inner = self.text.get(start..inner_end).unwrap_or_default();
        let says_nothing = !is_string && matches!(inner, b"null" | b"true" | b"false");
        if !says_nothing
            && !is_fault_code(name, inner)
            && let Some(mut span) = Span::place(self.text, start, inner_end, name)
        {
            span.quoted = !is_string;
            self.spans.push(span);
        }
        self.at = end.max(self.at + 1);
        self.end_member();
    }
}

/// Appends a name as RFC 9535 section 2.7 writes it.
pub(super) fn normalised(path: &mut String, name: &str) {
    path.push_str("['");
    for c in name.chars() {
        match c {
            '\'' => path.push_str("\\'"),
            '\\' => path.push_str("\\\\"),
            '\u{8}' => path.push_str("\\b"),
            '\t' => path.push_str("\\t"),
            '\n' => path.push_str("\\n"),
            '\u{c}' => path.push_str("\\f"),
            '\r' => path.push_str("\\r"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(path, "\\u{:04x}", u32::from(c));
            }
            c => path.push(c),
        }
    }
    path.push_str("']");
}

/// The byte behind a string that starts at a quotation mark; the end of the text if it does not end.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The byte behind a value.
fn value_end(text: &[u8], start: usize) -> usize {
    match text.get(start) {
        Some(b'"') => string_end(text, start),
        Some(b'{' | b'[') => container_end(text, start),
        _ => {
            let rest = text.get(start..).unwrap_or_default();
            let stop = |b: &u8| b.is_ascii_whitespace() || b",}]\"".contains(b);
            let length = rest.iter().position(stop).unwrap_or(rest.len());
            start + length.max(1).min(rest.len())
        }
    }
}

fn container_end(text: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => {
                at = string_end(text, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::spans::{merge, without};
    use super::*;

    fn masked(text: &str, names: &[&str], paths: &[&str]) -> String {
        let paths = paths.iter().map(|p| (*p).to_owned()).collect();
        let wanted = Wanted {
            name: &|name| names.contains(&name),
            paths: &paths,
        };
        let spans = merge(spans(text.as_bytes(), &wanted));
        String::from_utf8(without(text.as_bytes(), &spans, text.len())).expect("text")
    }

    #[test]
    fn members_are_masked_by_name_and_the_rest_stays_as_written() {
        assert_eq!(
            masked(
                r#"{ "t" : "abc\"d", "n": 1.50, "o": {"t": 12345}, "l": [{"t":null}] }"#,
                &["t"],
                &[]
            ),
            r#"{ "t" : "[secret t, 6 characters]", "n": 1.50, "o": {"t": "[secret t, 5 characters]"}, "l": [{"t":null}] }"#
        );
    }

    #[test]
    fn members_are_masked_by_path_whatever_their_type() {
        assert_eq!(
            masked(
                r#"{"a":[{"b":1},{"b":{"c":[2]}}],"b":3}"#,
                &[],
                &["$['a'][1]['b']"]
            ),
            r#"{"a":[{"b":1},{"b":"[secret b, 9 characters]"}],"b":3}"#
        );
        assert_eq!(
            masked("[1,2]", &[], &["$[1]"]),
            r#"[1,"[secret body, 1 character]"]"#
        );
    }

    #[test]
    fn a_text_that_is_no_document_is_searched_too() {
        assert_eq!(
            masked("<script>x = {\"t\": \"abc", &["t"], &[]),
            "<script>x = {\"t\": \"[secret t, 3 characters]"
        );
        assert_eq!(
            masked("{\"t\":\"a1\"}\n{\"t\":\"a22\"}\n", &["t"], &[]),
            "{\"t\":\"[secret t, 2 characters]\"}\n{\"t\":\"[secret t, 3 characters]\"}\n"
        );
    }

    #[test]
    fn any_bytes_come_to_an_end() {
        for text in [
            "]]}}",
            "\"",
            "\"\\",
            "{\"t\":",
            "[[[",
            ",,,",
            "\"t\":}",
            "a\"t\":\"x",
        ] {
            let _ = masked(text, &["t"], &[]);
        }
    }
}
