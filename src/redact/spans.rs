//! [`Span`]: a stretch of bytes that must not be shown, and how a text looks without them.

use std::sync::Arc;

/// What finds secrets gives these; [`without`] takes them out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// First byte.
    pub(super) start: usize,
    /// Behind the last byte.
    pub(super) end: usize,
    /// What the mark says.
    pub(super) mark: Mark,
    /// Whether the mark is put in quotation marks: it replaces a JSON value that is no string.
    pub(super) quoted: bool,
    /// Whether the value is known, not only its place: its name is the better one.
    pub(super) known: bool,
}

/// What is said in place of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The secret's name, or that of its place.
    pub(super) name: Arc<str>,
    /// Its length.
    pub(super) characters: usize,
}

impl Mark {
    /// The text of reports: `[secret app.access_token, 36 characters]`.
    pub(super) fn text(&self) -> String {
        let plural = if self.characters == 1 { "" } else { "s" };
        format!(
            "[secret {}, {} character{plural}]",
            self.name, self.characters
        )
    }
}

impl Span {
    /// A stretch that is secret because of where it stands.
    pub(super) fn place(text: &[u8], start: usize, end: usize, name: &str) -> Option<Self> {
        let value = text.get(start..end)?;
        if value.is_empty() || is_mark(value) {
            return None;
        }
        let mark = Mark {
            name: clean_name(name).into(),
            characters: String::from_utf8_lossy(value).chars().count(),
        };
        Some(Self {
            start,
            end,
            mark,
            quoted: false,
            known: false,
        })
    }
}

/// Whether the bytes are one whole mark already, so that redacting twice changes nothing.
fn is_mark(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else {
        return false;
    };
    let inner = text
        .strip_prefix("[secret ")
        .and_then(|t| t.strip_suffix(']'));
    inner
        .and_then(|inner| inner.rsplit_once(", "))
        .is_some_and(|(name, count)| {
            let count = count
                .strip_suffix(" characters")
                .or(count.strip_suffix(" character"));
            clean_name(name) == name
                && count.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        })
}

/// A name that can stand in a mark anywhere: in JSON, XML, a URL or a terminal.
pub(super) fn clean_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .take(64)
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' | '-' | '/' | ' ' => c,
            _ => '_',
        })
        .collect();
    if clean.is_empty() {
        "unnamed".to_owned()
    } else {
        clean
    }
}

/// Sorts spans and joins those that overlap. The longest one names the whole; of equal ones that
/// whose value is known.
pub(super) fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end), !span.known));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => {
                let longer = span.end - span.start > last.end - last.start;
                let end = last.end.max(span.end);
                if longer {
                    last.mark = span.mark;
                    last.known = span.known;
                }
                last.quoted |= span.quoted;
                last.end = end;
            }
            _ => merged.push(span),
        }
    }
    merged
}

/// The bytes before `cut`, each merged span replaced by its mark. A span that crosses `cut` is
/// replaced whole, so that no half of a secret is left.
pub(super) fn without(text: &[u8], merged: &[Span], cut: usize) -> Vec<u8> {
    let cut = cut.min(text.len());
    let mut out = Vec::with_capacity(cut);
    let mut at = 0;
    for span in merged.iter().take_while(|span| span.start < cut) {
        out.extend_from_slice(text.get(at..span.start).unwrap_or_default());
        let mark = span.mark.text();
        if span.quoted {
            out.push(b'"');
            out.extend_from_slice(mark.as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(mark.as_bytes());
        }
        at = span.end;
    }
    out.extend_from_slice(text.get(at..cut).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize, name: &str, known: bool) -> Span {
        Span {
            start,
            end,
            mark: Mark {
                name: name.into(),
                characters: end - start,
            },
            quoted: false,
            known,
        }
    }

    #[test]
    fn overlapping_secrets_leave_no_rest_of_either() {
        let merged = merge(vec![span(3, 9, "b", true), span(0, 6, "a", true)]);
        assert_eq!(
            without(b"abcdefghi!", &merged, 10),
            b"[secret a, 6 characters]!"
        );
    }

    #[test]
    fn the_known_name_wins_over_the_place_of_the_same_stretch() {
        let merged = merge(vec![
            span(0, 6, "place", false),
            span(0, 6, "app.token", true),
        ]);
        assert_eq!(merged, vec![span(0, 6, "app.token", true)]);
    }

    #[test]
    fn a_span_across_the_cut_is_replaced_whole() {
        let out = without(b"12abcdef34", &merge(vec![span(2, 8, "a", true)]), 5);
        assert_eq!(out, b"12[secret a, 6 characters]");
    }

    #[test]
    fn a_mark_is_not_marked_again() {
        assert_eq!(
            Span::place(b"[secret app.t, 36 characters]", 0, 29, "authorization"),
            None
        );
        assert!(Span::place(b"[secret x, y]", 0, 13, "authorization").is_some());
    }
}
