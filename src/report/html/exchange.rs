//! What was sent and received, side by side, with the lines marked that the other side has not.

use std::collections::HashSet;

use super::layout::laid_out;
use crate::escape;
use crate::pair::Pair;
use crate::report::curl;
use crate::results::{CaseResult, CaseType, ExchangeRecord, MessageRecord, PayloadEncoding};

/// Characters of a body that a page shows.
const BODY: usize = 6_000;

/// A line, and whether the other side has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) changed: bool,
}

/// One message.
#[derive(Debug, Clone, Default)]
pub(super) struct Message {
    /// The request line or the status.
    pub(super) first: String,
    pub(super) headers: Vec<Line>,
    pub(super) body: Vec<Line>,
    /// What is to be said of the body.
    pub(super) note: String,
}

/// What one side sent and received.
#[derive(Debug, Clone, Default)]
pub(super) struct Exchange {
    /// Whose it is: the side, or the profile of a program.
    pub(super) label: String,
    /// The request, and the response if there is one.
    pub(super) messages: Vec<Message>,
    pub(super) answered: bool,
    /// The request as a line for a shell; empty for a program, since what it called is there no more.
    pub(super) curl: String,
}

/// Both sides; nothing of a case that has no evidence.
pub(super) fn exchanges(case: &CaseResult) -> Option<Pair<Option<Exchange>>> {
    let records = case.pair().map(|side| side?.exchange.as_ref());
    if records.old.is_none() && records.new.is_none() {
        return None;
    }
    let request = |record: Option<&ExchangeRecord>| record.map(|r| message(&r.request));
    let response = |record: Option<&ExchangeRecord>| Some(message(record?.response.as_ref()?));
    let requests = compared(records.map(request));
    let responses = compared(records.map(response));
    let labels = case.pair().map_sides(|side, result| {
        let profile = result.and_then(|result| result.profile.as_deref());
        escape::line(profile.unwrap_or(side.word())).into_owned()
    });
    let all = records.zip(requests).zip(responses).zip(labels);
    Some(all.map(|(((record, request), response), label)| {
        let record = record?;
        Some(Exchange {
            label,
            answered: response.is_some(),
            messages: request.into_iter().chain(response).collect(),
            curl: if case.r#type == CaseType::Client {
                String::new()
            } else {
                escape::line(&curl::line(&record.request)).into_owned()
            },
        })
    }))
}

fn message(record: &MessageRecord) -> Message {
    let first = match (&record.method, record.status) {
        (Some(method), _) => format!("{method} {}", record.url.as_deref().unwrap_or_default()),
        (None, Some(status)) => status.to_string(),
        (None, None) => String::new(),
    };
    let lines = |text: &str| {
        let lines = text.lines().map(|line| Line {
            text: escape::line(line).into_owned(),
            changed: false,
        });
        lines.collect::<Vec<_>>()
    };
    let headers = record.headers.iter();
    let headers = headers.flat_map(|(name, value)| lines(&format!("{name}: {}", value.trim())));
    let (body, note) = body(record);
    Message {
        first: escape::line(&first).into_owned(),
        headers: headers.collect(),
        body: lines(&body),
        note,
    }
}

/// The body as it is shown, and what is to be said of it.
fn body(record: &MessageRecord) -> (String, String) {
    let bytes = record.bytes;
    match record.encoding {
        _ if bytes == 0 => (String::new(), "no body".to_owned()),
        PayloadEncoding::Base64 => {
            let note = format!("{bytes} bytes that are no text, SHA-256 {}", record.sha256);
            (String::new(), note)
        }
        PayloadEncoding::Text => {
            let whole = laid_out(&record.body);
            let text: String = whole.chars().take(BODY).collect();
            let cut = record.truncated || text.len() < whole.len();
            let note = if cut {
                format!("{bytes} bytes; the journal has more of them")
            } else {
                format!("{bytes} bytes")
            };
            (text, note)
        }
    }
}

/// Marks the lines of each side that the other has not.
fn compared(sides: Pair<Option<Message>>) -> Pair<Option<Message>> {
    let Pair {
        old: Some(mut old),
        new: Some(mut new),
    } = sides
    else {
        return sides;
    };
    mark(&mut old.headers, &mut new.headers);
    mark(&mut old.body, &mut new.body);
    Pair::new(Some(old), Some(new))
}

fn mark(old: &mut [Line], new: &mut [Line]) {
    // A line that has become the last one, or is it no more, is the same line.
    let plain = |line: &Line| line.text.trim().trim_end_matches(',').to_owned();
    let set = |lines: &[Line]| lines.iter().map(plain).collect::<HashSet<String>>();
    let (of_old, of_new) = (set(old), set(new));
    for line in old {
        line.changed = !of_new.contains(&plain(line));
    }
    for line in new {
        line.changed = !of_old.contains(&plain(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(body: &str) -> MessageRecord {
        MessageRecord {
            status: Some(200),
            headers: vec![
                ("Content-Type".into(), "application/json".into()),
                ("X-Evil".into(), "a\r\n\u{1b}[2Jb".into()),
            ],
            body: body.into(),
            bytes: body.len() as u64,
            ..MessageRecord::default()
        }
    }

    #[test]
    fn lines_that_the_other_side_has_not_are_marked_and_nothing_acts() {
        let sides = Pair::new(r#"{"a":1,"b":2.50}"#, r#"{"b":2.5,"a":1}"#);
        let sides = compared(sides.map(|body| Some(message(&record(body)))));
        let told = |message: &Option<Message>| {
            let message = message.as_ref().expect("a message");
            let lines = message.body.iter().filter(|line| line.changed);
            lines.map(|line| line.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(told(&sides.old), ["  \"b\": 2.50"]);
        assert_eq!(told(&sides.new), ["  \"b\": 2.5,"]);
        let headers: Vec<_> = sides.old.expect("old").headers;
        let text: Vec<_> = headers.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            text,
            ["Content-Type: application/json", "X-Evil: a", "\\u{1b}[2Jb"]
        );
        assert!(headers.iter().all(|line| !line.changed));
    }

    #[test]
    fn long_bodies_and_those_that_are_no_text_say_so() {
        let long = body(&record(&"x".repeat(BODY + 1)));
        assert_eq!(long.0.len(), BODY);
        assert_eq!(long.1, "6001 bytes; the journal has more of them");
        let mut binary = record("AAEC");
        binary.encoding = PayloadEncoding::Base64;
        binary.sha256 = "ab".into();
        let expected = "4 bytes that are no text, SHA-256 ab";
        assert_eq!(body(&binary), (String::new(), expected.to_owned()));
    }
}
