//! Bodies: what they are, and which comparison fits.

use super::{
    Comparison, Rules, Standing, binary, charset, fault, form, json, packing, records, text,
};
use crate::message::{Packing, Response};
use crate::pair::{Pair, Side};
use crate::platform::Platform;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyKind {
    /// Nothing.
    Empty,
    /// JSON: said to be, or recognised under another type.
    Json,
    /// JSON records: one in each line, or in each event of a stream.
    Records,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// XML: said to be, or recognised under another type.
    Xml,
    /// Any other text.
    Text,
    /// Anything else.
    Binary,
}

impl BodyKind {
    /// What the body of an answer is: by its media type, and where that lies, by its bytes.
    pub(super) fn of(answer: &Response) -> Self {
        let body = answer.body.as_ref();
        if body.is_empty() {
            return Self::Empty;
        }
        let media = answer.media_type().unwrap_or_default();
        if media == "application/json" || media == "text/json" || media.ends_with("+json") {
            return Self::Json;
        }
        if matches!(
            media.as_str(),
            "application/x-ndjson" | "application/jsonl" | "text/event-stream"
        ) {
            return Self::Records;
        }
        let text = body.strip_prefix(MARK).unwrap_or(body);
        let start = text.iter().find(|byte| !byte.is_ascii_whitespace());
        if matches!(start, Some(b'{' | b'[')) && json::check(text).is_ok() {
            return Self::Json;
        }
        if media == "application/x-www-form-urlencoded" {
            return Self::Form;
        }
        let xml = media == "application/xml" || media == "text/xml" || media.ends_with("+xml");
        let html = media == "text/html";
        if xml || (!html && start_of_xml(body) && super::xml::check(answer)) {
            return Self::Xml;
        }
        let textual =
            media.starts_with("text/") || media.is_empty() || media.contains("javascript");
        let said_text = media.starts_with("text/") && charset::looks_like_text(body);
        if said_text || std::str::from_utf8(body).is_ok() && (textual || !body.contains(&0)) {
            Self::Text
        } else {
            Self::Binary
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Empty => "no body",
            Self::Json => "JSON",
            Self::Records => "JSON records",
            Self::Form => "a form",
            Self::Xml => "XML",
            Self::Text => "text",
            Self::Binary => "binary",
        }
    }
}

pub(super) fn compare(
    answers: Pair<&Response>,
    rules: &Rules,
    standing: &Standing,
    platforms: Pair<&Platform>,
    found: &mut Comparison,
) {
    if !packing::compare(answers, found) {
        return;
    }
    let bodies = answers.map(|answer| answer.body.as_ref());
    if bodies.old == bodies.new && standing.leaked(bodies.new).is_none() {
        // Equal bytes are equal. Rules are still looked up, so that they do not pass for unused.
        json::count_used(
            bodies.old.strip_prefix(MARK).unwrap_or(bodies.old),
            rules,
            found,
        );
        super::xml::count_used(answers.old, rules, found);
        return;
    }
    if let Some(difference) = fault::dialect(answers, platforms) {
        found.differences.push(difference);
        return;
    }
    let start = found.differences.len();
    let kinds = answers.map(BodyKind::of);
    match (kinds.old, kinds.new) {
        (BodyKind::Json, BodyKind::Json) => json_bodies(answers, rules, standing, found),
        (BodyKind::Records, BodyKind::Records) => records::compare(answers, rules, standing, found),
        (BodyKind::Form, BodyKind::Form) => form::compare(bodies, rules, standing, found),
        (BodyKind::Xml, BodyKind::Xml) => xml_bodies(answers, rules, standing, found),
        (BodyKind::Text, BodyKind::Text) => texts(answers, standing, found),
        (old, new) if old == new => binary::compare(bodies, found),
        (old, new) => retyped(answers, Pair::new(old, new), standing, found),
    }
    if let Some(differences) = found.differences.get_mut(start..) {
        fault::soften(answers, platforms, differences);
    }
}

/// Whether a body begins as XML does, a byte order mark or UTF-16 aside.
fn start_of_xml(body: &[u8]) -> bool {
    let text = body.strip_prefix(MARK).unwrap_or(body);
    let start = text.iter().find(|byte| !byte.is_ascii_whitespace());
    start == Some(&b'<') || matches!(body, [0xFE, 0xFF, 0, b'<', ..] | [0xFF, 0xFE, b'<', 0, ..])
}

/// Bodies that should both be XML. Where only one is, that is the difference; where neither is,
/// they are texts.
fn xml_bodies(
    answers: Pair<&Response>,
    rules: &Rules,
    standing: &Standing,
    found: &mut Comparison,
) {
    let Err(why) = super::xml::compare(answers, rules, standing, found) else {
        return;
    };
    let (side, why) = match (why.old, why.new) {
        (Some(why), None) => (Side::Old, why),
        (None, Some(why)) => (Side::New, why),
        (Some(old), Some(new)) => {
            return unread(Pair::new(&old, &new), "XML", answers, standing, found);
        }
        (None, None) => return,
    };
    let (kind, explain) = if why.charset {
        let text = format!("the {side} side's body is in {why}: clients may fail to read it, too");
        (Kind::Charset, text)
    } else {
        let text = format!(
            "the {side} side's body is no XML ({why}): clients fail to read the answer at all"
        );
        (Kind::Unparsable, text)
    };
    let mut difference = whole(kind, explain, answers).detail("side", side.word()).advice(
        "see what the side sent: a cut answer, an error page, or a document type, which is never read",
    );
    if let Some((line, column)) = why.at {
        difference = difference.detail("line", line).detail("column", column);
    }
    found.differences.push(difference);
}

/// Texts, each by its own character set.
fn texts(answers: Pair<&Response>, standing: &Standing, found: &mut Comparison) {
    let decoded = answers.map(charset::decode);
    charset::compare(decoded.as_ref(), found);
    let texts = decoded.as_ref().map(|decoded| decoded.text.as_bytes());
    text::compare(texts, standing, found);
}

/// Bodies that should both be JSON. Where only one is, that is the difference; where neither is,
/// they are texts.
fn json_bodies(
    answers: Pair<&Response>,
    rules: &Rules,
    standing: &Standing,
    found: &mut Comparison,
) {
    let bodies = answers.map(|answer| answer.body.as_ref());
    // A byte order mark that both send was in nobody's way before.
    let unmarked = bodies.map(|body: &[u8]| body.strip_prefix(MARK));
    let bodies = unmarked.transpose().unwrap_or(bodies);
    match json::compare(bodies, rules, standing, found) {
        Ok(dress) => found.dress = dress,
        Err(Pair {
            old: Some(why),
            new: None,
        }) => unparsable(Side::Old, &why, answers, found),
        Err(Pair {
            old: None,
            new: Some(why),
        }) => unparsable(Side::New, &why, answers, found),
        // Some gateways say JSON and send a fault in XML.
        Err(_) if super::xml::check(answers.old) && super::xml::check(answers.new) => {
            xml_bodies(answers, rules, standing, found);
        }
        Err(Pair {
            old: Some(old),
            new: Some(new),
        }) => unread(Pair::new(&old, &new), "JSON", answers, standing, found),
        Err(_) => texts(answers, standing, found),
    }
}

/// Bodies of which neither can be read as what they are said to be: texts, and why.
fn unread(
    why: Pair<&dyn std::fmt::Display>,
    what: &str,
    answers: Pair<&Response>,
    standing: &Standing,
    found: &mut Comparison,
) {
    let start = found.differences.len();
    texts(answers, standing, found);
    let Pair { old, new } = why.map(ToString::to_string);
    let why = if old == new {
        format!("of both sides: {old}")
    } else {
        format!("of the old side: {old}; of the new side: {new}")
    };
    for difference in found.differences.iter_mut().skip(start) {
        let said = &difference.explain;
        difference.explain = format!("{said} (compared as text, since it is no {what}; {why})");
    }
}

/// The body of one side is not the JSON that it is said to be.
fn unparsable(side: Side, why: &json::NotJson, answers: Pair<&Response>, found: &mut Comparison) {
    let mut explain = format!(
        "the {side} side's body is no JSON ({why}): clients fail to read the answer at all"
    );
    let mut advice = "see what the side sent: a cut answer, an error page, or text around the JSON";
    if let Some(length) = ends_by_its_length(answers[side], why.offset) {
        explain += &format!("; it ends where its Content-Length of {length} says");
        advice = "see whether the side counts what it sends: a Content-Length that is too small cuts the answer off";
    }
    found.differences.push(
        whole(Kind::Unparsable, explain, answers)
            .detail("side", side.word())
            .detail("offset", why.offset)
            .advice(advice),
    );
}

/// The `Content-Length` that a body ended by, where it ended before its JSON did. Clients read no more than
/// that (RFC 9112 section 6.3), so that nobody sees what came behind.
fn ends_by_its_length(answer: &Response, offset: usize) -> Option<u64> {
    let length: u64 = answer.headers.text("content-length")?.trim().parse().ok()?;
    let is_whole = answer.packing == Packing::Plain && length == answer.wire_bytes;
    (is_whole && length > 0 && offset >= answer.body.len()).then_some(length)
}

/// Bodies of two sorts.
fn retyped(
    answers: Pair<&Response>,
    kinds: Pair<BodyKind>,
    standing: &Standing,
    found: &mut Comparison,
) {
    let difference = if kinds.new == BodyKind::Empty {
        let explain = "the body is gone: clients that read it find nothing";
        let mut difference = whole(Kind::Removed, explain.to_owned(), answers);
        difference.new = Observed::Absent;
        difference
    } else if kinds.old == BodyKind::Empty {
        let explain = "a body where there was none: clients that expect none may leave it unread on the connection";
        let mut difference = whole(Kind::Added, explain.to_owned(), answers);
        difference.old = Observed::Absent;
        difference.severity = Severity::Risky;
        difference
    } else {
        let (from, to) = (kinds.old.word(), kinds.new.word());
        whole(
            Kind::Type,
            format!("{from} became {to}: clients fail to decode the answer"),
            answers,
        )
    };
    found.differences.push(difference);
    if let Some(host) = standing.leaked(&answers.new.body) {
        let explain = super::words::host_leak(host);
        found
            .differences
            .push(whole(Kind::HostLeak, explain, answers).detail("host", host));
    }
}

/// The same values, written otherwise: told once for the body, and not for each object.
pub(super) fn dressed(dress: json::Dress, answers: Pair<&Response>) -> Difference {
    let explain = format!(
        "the same values with {}: no client that parses JSON notices, one that compares texts or digests does",
        dress.words()
    );
    // The bodies themselves tell nobody more, and may hold what is not to be shown.
    let sizes = answers.map(|answer| Observed::text(&format!("{} bytes", answer.body.len())));
    Difference::new(Where::Body, "$", Kind::Format, Severity::Cosmetic, explain)
        .showing(sizes.old, sizes.new)
}

/// A difference of the whole body.
pub(super) fn whole(kind: Kind, explain: String, answers: Pair<&Response>) -> Difference {
    let shown = answers.map(|answer| Observed::text(&String::from_utf8_lossy(&answer.body)));
    Difference::new(Where::Body, "$", kind, Severity::Breaking, explain)
        .showing(shown.old, shown.new)
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "unparsable_tests.rs"]
mod unparsable_tests;
