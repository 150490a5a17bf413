//! Two token answers, compared by what OAuth promises of them and not as bodies.

use std::collections::BTreeSet;

use serde_json::Value;

use super::acquire::Acquired;
use super::shape::shape;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, TokenShape, Where};

/// What a client would notice when its tokens come from the other endpoint (RFC 6749 section 5).
pub fn compare_answers(pair: Pair<&Acquired>) -> Vec<Difference> {
    let mut found = Vec::new();
    found.extend(status(pair));
    if pair.old.answer.access_token().is_err() && pair.new.answer.access_token().is_err() {
        found.extend(errors(pair));
        return found;
    }
    found.extend(access_token(pair));
    found.extend(token_type(pair));
    found.extend(expires_in(pair));
    found.extend(scope(pair));
    found.extend(presence(pair));
    found.extend(no_store(pair));
    found.extend(strict(pair));
    found
}

fn member(pair: Pair<&Acquired>, name: &str) -> Pair<Option<Value>> {
    pair.map(|side| side.answer.members.get(name).cloned())
}

fn show(value: Option<&Value>) -> Observed {
    value.map_or(Observed::Absent, Observed::of)
}

fn differ(path: &str, kind: Kind, severity: Severity, explain: &str) -> Difference {
    Difference::new(Where::Token, path, kind, severity, explain)
}

fn status(pair: Pair<&Acquired>) -> Option<Difference> {
    let status = pair.map(|side| side.response.status);
    (status.old != status.new).then(|| {
        let severity = match status.old / 100 == status.new / 100 {
            true => Severity::Risky,
            false => Severity::Breaking,
        };
        let explain = "the token endpoint answers with another status";
        Difference::new(Where::Status, "", Kind::Value, severity, explain)
            .showing(Observed::of(&status.old), Observed::of(&status.new))
    })
}

fn errors(pair: Pair<&Acquired>) -> Vec<Difference> {
    let mut found = Vec::new();
    let error = member(pair, "error");
    if error.old != error.new {
        let explain = "another error code: clients that branch on `error` take another path";
        found.push(
            differ("$.error", Kind::Value, Severity::Breaking, explain)
                .showing(show(error.old.as_ref()), show(error.new.as_ref())),
        );
    }
    let text = member(pair, "error_description");
    if text.old != text.new {
        let explain = "another wording; clients must not read it (RFC 6749 section 5.2)";
        found.push(
            differ(
                "$.error_description",
                Kind::Value,
                Severity::Cosmetic,
                explain,
            )
            .showing(show(text.old.as_ref()), show(text.new.as_ref())),
        );
    }
    found
}

/// The token itself is never shown: its shape and its length say what a client feels.
fn access_token(pair: Pair<&Acquired>) -> Option<Difference> {
    let token = pair.map(|side| side.answer.access_token().unwrap_or_default());
    let (shapes, lengths) = (token.map(shape), token.map(|token| token.chars().count()));
    let describe = |shape: TokenShape, length: usize| {
        Observed::text(&format!("{} token, {length} characters", shape.word()))
    };
    let shown = |difference: Difference| {
        difference
            .showing(
                describe(shapes.old, lengths.old),
                describe(shapes.new, lengths.new),
            )
            .detail("old_length", lengths.old)
            .detail("new_length", lengths.new)
    };
    if shapes.old != shapes.new {
        let explain = "the token has another form and length: columns, buffers, patterns and \
                       header limits that fitted the old one may not fit this one";
        let advice = "run the clients against tokens of this length before the cutover";
        let difference = differ("$.access_token", Kind::Format, Severity::Risky, explain);
        return Some(shown(difference).advice(advice));
    }
    // JWTs of one issuer vary by a few characters; a quarter more is another kind of token.
    let (short, long) = (lengths.old.min(lengths.new), lengths.old.max(lengths.new));
    (long * 4 > short * 5).then(|| {
        let explain = "the token has another length: a column or buffer that fitted may not";
        shown(differ(
            "$.access_token",
            Kind::Length,
            Severity::Risky,
            explain,
        ))
    })
}

fn token_type(pair: Pair<&Acquired>) -> Option<Difference> {
    let value = member(pair, "token_type");
    if value.old == value.new {
        return None;
    }
    let text = value.as_ref().map(|v| v.as_ref().and_then(Value::as_str));
    let same_word = matches!((text.old, text.new), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
    let (kind, severity, explain) = if same_word {
        let explain = "`token_type` is written in another case; it is compared without case \
                       (RFC 6749 section 5.1), but not by every client";
        (Kind::Format, Severity::Cosmetic, explain)
    } else if value.new.is_none() {
        let explain =
            "`token_type` is required (RFC 6749 section 5.1): strict clients refuse the answer";
        (Kind::Removed, Severity::Breaking, explain)
    } else {
        let explain = "another token type: clients send the token in another way, or not at all";
        (Kind::Value, Severity::Breaking, explain)
    };
    let shown = (show(value.old.as_ref()), show(value.new.as_ref()));
    Some(differ("$.token_type", kind, severity, explain).showing(shown.0, shown.1))
}

fn expires_in(pair: Pair<&Acquired>) -> Option<Difference> {
    let value = member(pair, "expires_in");
    let shown = |kind, severity, explain: &str| {
        differ("$.expires_in", kind, severity, explain)
            .showing(show(value.old.as_ref()), show(value.new.as_ref()))
    };
    let is_text = value
        .as_ref()
        .map(|v| v.as_ref().is_some_and(Value::is_string));
    match (&value.old, &value.new) {
        (None, None) => None,
        (Some(_), None) => {
            let explain = "without `expires_in` a client does not know when to renew its token";
            Some(shown(Kind::Removed, Severity::Risky, explain))
        }
        (None, Some(_)) => {
            let explain = "the answer now says how long the token lives";
            Some(shown(Kind::Added, Severity::Risky, explain))
        }
        (Some(_), Some(_)) if is_text.old != is_text.new => {
            let explain =
                "`expires_in` changed between a number and a text: typed clients fail to decode it";
            Some(shown(Kind::Type, Severity::Breaking, explain))
        }
        (Some(_), Some(_)) => life(pair, shown),
    }
}

/// Re-served tokens come with what is left of their life: half of it or less is another life.
fn life(
    pair: Pair<&Acquired>,
    shown: impl Fn(Kind, Severity, &str) -> Difference,
) -> Option<Difference> {
    let (Some(old), Some(new)) = (pair.old.answer.expires_in(), pair.new.answer.expires_in())
    else {
        return None;
    };
    let (short, long) = (old.min(new), old.max(new));
    if long < short.saturating_mul(2) {
        return None;
    }
    let times = long / short.max(1);
    let explain = if new < old {
        format!(
            "the token lives {new} s instead of {old} s: clients renew it {times} times as often"
        )
    } else {
        format!(
            "the token lives {new} s instead of {old} s: a leaked one is useful {times} times as long"
        )
    };
    Some(shown(Kind::Value, Severity::Risky, &explain).detail("times", times))
}

fn scope(pair: Pair<&Acquired>) -> Option<Difference> {
    let words = pair.map(|side| -> BTreeSet<String> {
        let text = side.answer.text("scope").unwrap_or_default();
        text.split_whitespace().map(str::to_owned).collect()
    });
    if words.old == words.new {
        return None;
    }
    let lost: Vec<&String> = words.old.difference(&words.new).collect();
    let (kind, severity, explain) = if lost.is_empty() {
        let explain = "the token carries scopes that the old one did not";
        (Kind::Added, Severity::Risky, explain.to_owned())
    } else {
        let lost: Vec<&str> = lost.into_iter().map(String::as_str).collect();
        let explain = format!(
            "the token lacks {}: calls that need it are refused",
            lost.join(", ")
        );
        (Kind::Value, Severity::Breaking, explain)
    };
    // `default` is what a server says when nothing was asked for; it grants nothing.
    let meaningless = words
        .old
        .symmetric_difference(&words.new)
        .all(|w| w == "default");
    let severity = if meaningless {
        Severity::Cosmetic
    } else {
        severity
    };
    let value = member(pair, "scope");
    Some(
        differ("$.scope", kind, severity, &explain)
            .showing(show(value.old.as_ref()), show(value.new.as_ref())),
    )
}

/// Members that are only on one side. Values may be secrets and are not shown.
fn presence(pair: Pair<&Acquired>) -> Vec<Difference> {
    let judged_apart = ["access_token", "token_type", "expires_in", "scope"];
    let names = pair
        .map(|side| -> BTreeSet<&str> { side.answer.members.keys().map(String::as_str).collect() });
    let all: BTreeSet<&str> = names.old.union(&names.new).copied().collect();
    let one_sided = all
        .into_iter()
        .filter(|name| !judged_apart.contains(name))
        .filter(|name| names.old.contains(name) != names.new.contains(name));
    let mut found = Vec::new();
    for name in one_sided {
        let there = Observed::text("present");
        let path = format!("$.{name}");
        found.push(if names.old.contains(name) {
            let explain = match name {
                "refresh_token" => "no refresh token any more: clients must run their grant again",
                "id_token" => "no ID token any more: clients do not learn who signed in",
                _ => "a member of the token answer is gone",
            };
            differ(&path, Kind::Removed, Severity::Breaking, explain)
                .showing(there, Observed::Absent)
        } else {
            let explain = "a member of the token answer is new";
            differ(&path, Kind::Added, Severity::Risky, explain).showing(Observed::Absent, there)
        });
    }
    found
}

fn no_store(pair: Pair<&Acquired>) -> Option<Difference> {
    let stored = pair.map(|side| {
        let value = side
            .response
            .headers
            .text("cache-control")
            .unwrap_or_default();
        value.to_ascii_lowercase().contains("no-store")
    });
    (stored.old && !stored.new).then(|| {
        let explain = "the answer may be cached: `no-store` is required (RFC 6749 section 5.1)";
        let value = pair.map(|side| side.response.headers.text("cache-control"));
        let shown = value.map(|v| v.map_or(Observed::Absent, |text| Observed::text(&text)));
        Difference::new(
            Where::Header,
            "cache-control[no-store]",
            Kind::Removed,
            Severity::Risky,
            explain,
        )
        .showing(shown.old, shown.new)
    })
}

fn strict(pair: Pair<&Acquired>) -> Option<Difference> {
    let said = pair.map(|side| side.strict.clone());
    match (said.old, said.new) {
        (None, Some(new)) => {
            let explain = format!("a strict client library rejects this answer, {new}");
            let mut difference = differ("$", Kind::Unparsable, Severity::Risky, &explain);
            difference.check = Some("strict-client".to_owned());
            Some(difference)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Headers, Request, Response};
    use crate::token::TokenAnswer;
    use std::time::Duration;

    fn acquired(status: u16, body: &str) -> Acquired {
        let response = Response::plain(
            status,
            Headers(vec![("cache-control".into(), b"no-store".to_vec())]),
            body.to_owned().into(),
        );
        Acquired {
            request: Request {
                method: "POST".into(),
                url: String::new(),
                headers: Headers::default(),
                body: bytes::Bytes::new(),
            },
            answer: TokenAnswer::read(&response, &crate::redact::Secrets::new()),
            response,
            strict: None,
            took: Duration::ZERO,
        }
    }

    fn found(old: &Acquired, new: &Acquired) -> Vec<(String, Kind, Severity)> {
        let found = compare_answers(Pair::new(old, new));
        found
            .into_iter()
            .map(|d| (d.path, d.kind, d.severity))
            .collect()
    }

    const OPAQUE: &str = r#"{"access_token":"1fa22cef-c791-3105-9ac4-58511c199aa0","token_type":"Bearer","expires_in":3600,"scope":"b a"}"#;

    #[test]
    fn order_of_scopes_and_the_rest_of_a_life_are_no_difference() {
        let new = r#"{"scope":"a b","expires_in":3299,"token_type":"Bearer","access_token":"ca19a540f544777860e44e75f605d927"}"#;
        assert_eq!(found(&acquired(200, OPAQUE), &acquired(200, new)), []);
    }

    #[test]
    fn what_a_migration_changes_is_told() {
        let jwt = format!("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.{}", "s".repeat(600));
        let new = format!(
            r#"{{"access_token":"{jwt}","token_type":"bearer","expires_in":"900","refresh_token":"r","scope":"a"}}"#
        );
        let path = |path: &str| path.to_owned();
        assert_eq!(
            found(&acquired(200, OPAQUE), &acquired(200, &new)),
            [
                (path("$.access_token"), Kind::Format, Severity::Risky),
                (path("$.token_type"), Kind::Format, Severity::Cosmetic),
                (path("$.expires_in"), Kind::Type, Severity::Breaking),
                (path("$.scope"), Kind::Value, Severity::Breaking),
                (path("$.refresh_token"), Kind::Added, Severity::Risky),
            ]
        );
    }

    #[test]
    fn no_token_is_ever_shown() {
        let old = acquired(200, OPAQUE);
        let new = acquired(
            200,
            &OPAQUE.replace("1fa22cef-c791-3105-9ac4-58511c199aa0", "short"),
        );
        let text = format!("{:?}", compare_answers(Pair::new(&old, &new)));
        assert!(
            !text.contains("1fa22cef") && text.contains("36 characters"),
            "{text}"
        );
    }

    #[test]
    fn errors_are_compared_by_code_and_not_by_wording() {
        let old = acquired(401, r#"{"error":"invalid_client","error_description":"a"}"#);
        let new = acquired(400, r#"{"error":"invalid_grant","error_description":"b"}"#);
        assert_eq!(
            found(&old, &new),
            [
                (String::new(), Kind::Value, Severity::Risky),
                ("$.error".to_owned(), Kind::Value, Severity::Breaking),
                (
                    "$.error_description".to_owned(),
                    Kind::Value,
                    Severity::Cosmetic
                ),
            ]
        );
    }
}
