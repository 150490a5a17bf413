//! NDJSON and event streams: each record is an element of one array, so `$[3].x` is a field of the
//! fourth.

use super::json::NotJson;
use super::{Comparison, Rules, Standing, json, text};
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// A record that is no JSON.
struct Broken {
    /// Which one, from 0.
    at: usize,
    why: NotJson,
    line: String,
}

/// Compares two streams of records; where both have a record that cannot be read they are texts.
pub(super) fn compare(
    answers: Pair<&Response>,
    rules: &Rules,
    standing: &Standing,
    found: &mut Comparison,
) {
    let lists = answers.map(list);
    match (lists.old, lists.new) {
        (Ok(old), Ok(new)) => {
            let lists = Pair::new(old.as_bytes(), new.as_bytes());
            if json::compare(lists, rules, standing, found).is_ok() {
                return;
            }
        }
        (Err(broken), Ok(_)) => return found.differences.push(unparsable(Side::Old, &broken)),
        (Ok(_), Err(broken)) => return found.differences.push(unparsable(Side::New, &broken)),
        (Err(_), Err(_)) => {}
    }
    text::compare(answers.map(|answer| answer.body.as_ref()), standing, found);
}

/// A record of one side cannot be read.
fn unparsable(side: Side, broken: &Broken) -> Difference {
    let explain = format!(
        "record {} of the {side} side is no JSON ({}): clients fail on it, or stop reading there",
        broken.at + 1,
        broken.why
    );
    let mut shown = Pair::both(Observed::Absent);
    shown[side] = Observed::text(&broken.line);
    Difference::new(
        Where::Body,
        format!("$[{}]", broken.at),
        Kind::Unparsable,
        Severity::Breaking,
        explain,
    )
    .showing(shown.old, shown.new)
    .detail("side", side.word())
    .detail("offset", broken.why.offset)
    .advice("see what the side sent: a stream that was cut, or an error in the middle of it")
}

/// The records of an answer as one JSON array.
fn list(answer: &Response) -> Result<String, Broken> {
    let body = answer.body.as_ref();
    let records = if answer.media_type().as_deref() == Some("text/event-stream") {
        events(&String::from_utf8_lossy(body))
    } else {
        lines(body)?
    };
    Ok(format!("[{}]", records.join(",")))
}

/// The lines that hold something, each of which must be JSON.
fn lines(body: &[u8]) -> Result<Vec<String>, Broken> {
    let lines = body.split(|byte| *byte == b'\n');
    let filled = lines.filter(|line| !line.trim_ascii().is_empty());
    let record = |(at, line): (usize, &[u8])| {
        let text = String::from_utf8_lossy(line).trim().to_owned();
        match json::check(line) {
            Ok(()) => Ok(text),
            Err(why) => Err(Broken {
                at,
                why,
                line: text,
            }),
        }
    };
    filled.enumerate().map(record).collect()
}

/// The events of a stream (WHATWG HTML section 9.2.6) as objects of their fields; data that is JSON
/// stays JSON.
fn events(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let blocks = text.split("\n\n").filter(|block| !block.trim().is_empty());
    let event = |block: &str| {
        let mut data: Vec<&str> = Vec::new();
        let mut members: Vec<String> = Vec::new();
        for line in block.lines().filter(|line| !line.starts_with(':')) {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            if name == "data" {
                data.push(value);
            } else {
                members.push(format!("{}:{}", quoted(name), quoted(value)));
            }
        }
        if !data.is_empty() {
            let data = data.join("\n");
            let json = json::check(data.as_bytes()).is_ok();
            members.push(format!(
                "\"data\":{}",
                if json { data } else { quoted(&data) }
            ));
        }
        (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
    };
    blocks.filter_map(event).collect()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
