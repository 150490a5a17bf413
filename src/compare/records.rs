//! NDJSON and event streams: each record is an element of one array, so `$[3].x` is a field of the
//! fourth. Where an event has more than its data (a name, an id), that is at `$[3].data.x`.

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
    let streams = answers.map(is_stream);
    let bare = |answer: &Response| events(answer).iter().all(|event| event.fields.is_empty());
    let bare = streams.old && streams.new && bare(answers.old) && bare(answers.new);
    let lists = answers.map(|answer| list(answer, bare));
    match (lists.old, lists.new) {
        (Ok(old), Ok(new)) => {
            let lists = Pair::new(old.as_bytes(), new.as_bytes());
            if let Ok(dress) = json::compare(lists, rules, standing, found) {
                found.dress = dress;
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

fn is_stream(answer: &Response) -> bool {
    answer.media_type().as_deref() == Some("text/event-stream")
}

/// The records of an answer as one JSON array; of events that are `bare` the data alone.
fn list(answer: &Response, bare: bool) -> Result<String, Broken> {
    let records = if is_stream(answer) {
        let records = events(answer).into_iter();
        records.map(|event| event.json(bare)).collect()
    } else {
        lines(answer.body.as_ref())?
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

/// An event of a stream.
#[derive(Default)]
struct Event {
    /// Its fields but for the data, as members of an object.
    fields: Vec<String>,
    /// Its data as JSON: what is none is a text.
    data: Option<String>,
}

impl Event {
    /// The event as an object of its fields, or its data alone.
    fn json(self, bare: bool) -> String {
        if let (true, Some(data)) = (bare, &self.data) {
            return data.clone();
        }
        let data = self.data.map(|data| format!("\"data\":{data}"));
        let members: Vec<String> = self.fields.into_iter().chain(data).collect();
        format!("{{{}}}", members.join(","))
    }
}

/// The events of a stream (WHATWG HTML section 9.2.6).
fn events(answer: &Response) -> Vec<Event> {
    let text = String::from_utf8_lossy(answer.body.as_ref());
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let blocks = text.split("\n\n").map(event);
    blocks
        .filter(|event| event.data.is_some() || !event.fields.is_empty())
        .collect()
}

fn event(block: &str) -> Event {
    let mut event = Event::default();
    let mut data: Vec<&str> = Vec::new();
    for line in block
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(':'))
    {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        if name == "data" {
            data.push(value);
        } else {
            let field = format!("{}:{}", quoted(name), quoted(value));
            event.fields.push(field);
        }
    }
    if !data.is_empty() {
        let text = data.join("\n");
        let json = json::check(text.as_bytes()).is_ok();
        event.data = Some(if json { text } else { quoted(&text) });
    }
    event
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
