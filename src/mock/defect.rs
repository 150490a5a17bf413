//! What a defect does to an answer.

use crate::mock::answer::{Answer, essence};
use crate::mock::document::{ChangeDoc, TokenDoc};
use crate::mock::json::Json;

/// The address of the double itself, and of the one that it is paired with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses<'a> {
    /// Its own.
    pub(crate) own: &'a str,
    /// The other's; its own where there is no other.
    pub(crate) other: &'a str,
}

/// Applies a change to an answer. Changes of a JSON body leave every other answer alone.
pub(crate) fn apply(change: &ChangeDoc, answer: &mut Answer, addresses: Addresses<'_>) {
    if let Some(status) = change.status {
        answer.status = status;
    }
    for (name, value) in change.headers.iter() {
        match value {
            Some(value) => answer.headers.set(name, value.as_bytes()),
            None => answer.headers.remove(name),
        }
    }
    edit_json(change, answer);
    edit_text(change, answer, addresses);
    if let Some(delay) = change.delay {
        answer.delay = delay.0;
    }
    answer.raw = change.raw.or(answer.raw);
}

/// Applies a change to a token server.
pub(crate) fn of_tokens(change: &ChangeDoc, token: &mut TokenDoc) {
    token.answer.set.extend(change.answer.set.clone());
    token.answer.remove.extend(change.answer.remove.clone());
    token.claims.0.extend(change.claims.0.clone());
    token.reissue = change.reissue.or(token.reissue);
    token.refresh = change.refresh.or(token.refresh);
    token.leeway = change.leeway.unwrap_or(token.leeway);
    token.unrevocable |= change.unrevocable;
}

fn edit_json(change: &ChangeDoc, answer: &mut Answer) {
    let media_type = answer.headers.text("content-type").unwrap_or_default();
    if essence(&media_type) != "application/json" {
        return;
    }
    let Some(mut body) = text(answer).and_then(Json::parse) else {
        return;
    };
    let mut edits = 0;
    for setting in &change.set {
        edits += setting.path.set(&mut body, &Json::from(&setting.value));
    }
    for place in &change.remove {
        edits += place.remove(&mut body);
    }
    for place in &change.stringify {
        edits += place.edit(&mut body, &mut |value| {
            if let Json::Number(number) = value {
                *value = Json::Text(number.clone());
            }
        });
    }
    for place in &change.reverse {
        edits += place.edit(&mut body, &mut |value| {
            if let Json::List(items) = value {
                items.reverse();
            }
        });
    }
    for place in &change.bump {
        edits += place.edit(&mut body, &mut bump);
    }
    if edits > 0 {
        answer.body = body.to_string().into();
    }
}

/// Changes the last digit of a number: an even one grows, an odd one shrinks.
fn bump(value: &mut Json) {
    if let Json::Number(number) = value
        && let Some(digit) = number.pop().and_then(|last| last.to_digit(10))
    {
        number.push_str(&(digit ^ 1).to_string());
    }
}

fn edit_text(change: &ChangeDoc, answer: &mut Answer, addresses: Addresses<'_>) {
    let Some(before) = text(answer) else {
        return;
    };
    let mut after = before.to_owned();
    for (from, to) in change.replace.iter() {
        after = after.replace(from.as_str(), to);
    }
    if change.host_leak {
        after = after.replace(addresses.own, addresses.other);
    }
    if after != before {
        answer.body = after.into();
    }
}

/// The body as text, unless it is packed or binary.
fn text(answer: &Answer) -> Option<&str> {
    if answer.headers.has("content-encoding") {
        return None;
    }
    std::str::from_utf8(&answer.body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Cx, Decode, Source, parse};

    fn changed(change: &str, body: &str) -> Answer {
        let source = Source::new("change.yaml", change);
        let mut cx = Cx::new(&source);
        let node = parse(&source).expect("YAML");
        let change = ChangeDoc::decode(&node, &mut cx).expect("a change");
        let mut answer =
            Answer::of(200, "application/json; charset=utf-8", body.to_owned()).with("ETag", "x");
        let addresses = Addresses {
            own: "http://new/b",
            other: "http://old/a",
        };
        apply(&change, &mut answer, addresses);
        answer
    }

    fn body(change: &str, body: &str) -> String {
        let answer = changed(change, body);
        String::from_utf8(answer.body.to_vec()).expect("text")
    }

    #[test]
    fn each_change_does_what_it_says_and_no_more() {
        let before = r#"{"a":12.50,"b":[1,2],"c":"http://new/b/x"}"#;
        let cases = [
            (
                "set: [ { path: $.a, value: null } ]",
                r#"{"a":null,"b":[1,2],"c":"http://new/b/x"}"#,
            ),
            ("remove: [ $.a ]", r#"{"b":[1,2],"c":"http://new/b/x"}"#),
            (
                "stringify: [ $.a ]",
                r#"{"a":"12.50","b":[1,2],"c":"http://new/b/x"}"#,
            ),
            (
                "reverse: [ $.b ]",
                r#"{"a":12.50,"b":[2,1],"c":"http://new/b/x"}"#,
            ),
            (
                "bump: [ $.a, '$.b[*]' ]",
                r#"{"a":12.51,"b":[0,3],"c":"http://new/b/x"}"#,
            ),
            (
                "replace: { '/x': '/y' }",
                r#"{"a":12.50,"b":[1,2],"c":"http://new/b/y"}"#,
            ),
            (
                "host_leak: true",
                r#"{"a":12.50,"b":[1,2],"c":"http://old/a/x"}"#,
            ),
            ("remove: [ $.z ]", before),
            ("status: 500", before),
        ];
        for (change, after) in cases {
            assert_eq!(body(change, before), after, "{change}");
        }
    }

    #[test]
    fn status_headers_and_raw_are_set() {
        let answer = changed(
            "{ status: 202, headers: { ETag: null, X: y }, raw: cut, delay: 2s }",
            "{}",
        );
        assert_eq!(answer.status, 202);
        assert_eq!(answer.headers.text("etag"), None);
        assert_eq!(answer.headers.text("x").as_deref(), Some("y"));
        assert_eq!(answer.raw, Some(crate::mock::document::Raw::Cut));
        assert_eq!(answer.delay.as_secs(), 2);
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        assert_eq!(body("remove: [ $.a ]", "{ not JSON"), "{ not JSON");
    }
}
