//! [`describe`]: what `cutover token` found, for people.

use serde_json::{Map, Value};

/// A token, or why there is none, in lines.
pub(super) fn describe(token: &Value) -> String {
    let text = |key: &str| match &token[key] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    if token.get("error").is_some() {
        return format!("{} {}: {}", text("side"), text("credential"), text("error"));
    }
    let mut lines = vec![format!("{} {}", text("side"), text("credential"))];
    let rows = rows(token);
    let names = rows.iter().map(|(name, _)| name.chars().count());
    let width = names.max().unwrap_or_default().min(NAMES);
    for (name, value) in rows {
        lines.push(format!("  {name:<width$} {value}"));
    }
    lines.extend(findings(token));
    lines.join("\n")
}

/// What can be said of a token, a name and a value for each: members of a JWT by `header.` and
/// `claims.`.
pub(super) fn rows(token: &Value) -> Vec<(String, String)> {
    let text = |key: &str| match &token[key] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    let refreshes = if token["refresh_token"] == true {
        "yes"
    } else {
        "no"
    };
    let asked = match text("scope_asked") {
        empty if empty.is_empty() => "none".to_owned(),
        scope => scope,
    };
    let life = match &token["expires_in"] {
        Value::Null => "not said".to_owned(),
        seconds => format!("{seconds} s"),
    };
    let mut rows = vec![
        ("token", text("token")),
        (
            "shape",
            format!("{}, {} characters", text("shape"), text("length")),
        ),
        ("life", life),
        ("type", text("token_type")),
        ("scope asked", asked),
        ("scope granted", text("scope_granted")),
        ("refresh token", refreshes.to_owned()),
    ];
    for name in ["signature", "introspection"] {
        if token[name].is_string() {
            rows.push((name, text(name)));
        }
    }
    let mut rows: Vec<(String, String)> = rows
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    for part in ["header", "claims"] {
        rows.extend(members(part, &token[part]));
    }
    rows
}

/// What is wrong with it, in lines.
pub(super) fn findings(token: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for check in token["checks"].as_array().into_iter().flatten() {
        lines.push(unmet(check));
    }
    if let Some(why) = token["strict_client"].as_str() {
        lines.push(format!(
            "  warning: a strict client library rejects this answer, {why}"
        ));
    }
    let warnings = token["warnings"].as_array().into_iter().flatten();
    let warnings = warnings.filter_map(Value::as_str);
    lines.extend(warnings.map(|warning| format!("  warning: {warning}")));
    lines
}

/// The widest column of the names of rows.
pub(super) const NAMES: usize = 22;
/// Members of a part beyond which a person reads no more.
const MANY: usize = 40;

/// The members of a JWT's part; times in words too.
fn members(title: &str, part: &Value) -> Vec<(String, String)> {
    let Value::Object(members) = part else {
        return Vec::new();
    };
    let rows = first(members).into_iter().map(|(name, value)| {
        let time = match name.as_str() {
            "exp" | "iat" | "nbf" => value.as_i64(),
            _ => None,
        };
        let time = time.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let words = time.map(|time| format!(" ({time})")).unwrap_or_default();
        (format!("{title}.{name}"), format!("{value}{words}"))
    });
    let mut rows: Vec<(String, String)> = rows.collect();
    if members.len() > MANY {
        let more = members.len() - MANY;
        rows.push((title.to_owned(), format!("and {more}{MORE}")));
    }
    rows
}

/// What ends the row that stands for members which are not shown.
pub(super) const MORE: &str = " more (--json shows all)";
/// Claims that say what a token is (RFC 7519 section 4.1, RFC 9068 section 2.2): shown however many others there are.
const TELLING: [&str; 9] = [
    "aud",
    "client_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "scope",
    "sub",
];

/// As many members as a person reads, the telling ones first where there are more.
fn first(members: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut all: Vec<(&String, &Value)> = members.iter().collect();
    if all.len() > MANY {
        all.sort_by_key(|(name, _)| !TELLING.contains(&name.as_str()));
        all.truncate(MANY);
    }
    all
}

fn unmet(check: &Value) -> String {
    let part = |key: &str| check[key].as_str().unwrap_or_default();
    format!(
        "  check {}, {}: {}, but {} ({})\n    {}",
        part("id"),
        part("severity"),
        part("wants"),
        part("found"),
        part("rfc"),
        part("advice")
    )
}
