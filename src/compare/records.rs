//! NDJSON and event streams: each record is an element of one array, so `$[3].x` is a field of the
//! fourth.

use super::{Comparison, Rules, Standing, json, text};
use crate::pair::Pair;

/// Compares two streams of records; what is no such stream is compared as text.
pub(super) fn compare(
    bodies: Pair<&[u8]>,
    rules: &Rules,
    standing: &Standing,
    found: &mut Comparison,
) {
    let lists = bodies.map(list);
    if let Some(lists) = lists.transpose()
        && json::compare(lists.as_ref().map(String::as_bytes), rules, standing, found).is_ok()
    {
        return;
    }
    text::compare(bodies, standing, found);
}

/// The records as one JSON array.
fn list(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let records: Vec<String> = if lines().all(|line| json::check(line.as_bytes()).is_ok()) {
        lines().map(str::to_owned).collect()
    } else {
        events(text)
    };
    Some(format!("[{}]", records.join(",")))
}

/// The events of a stream (WHATWG HTML section 9.2.6) as objects of their fields; data that is JSON
/// stays JSON.
fn events(text: &str) -> Vec<String> {
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
        format!("{{{}}}", members.join(","))
    };
    blocks.map(event).collect()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
