//! [`describe`]: what `cutover token` found, for people.

use serde_json::Value;

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
    let refreshes = token["refresh_token"] == true;
    let mut lines = vec![
        format!("{} {}", text("side"), text("credential")),
        format!("  token          {}", text("token")),
        format!(
            "  shape          {}, {} characters",
            text("shape"),
            text("length")
        ),
        format!("  life           {} s", text("expires_in")),
        format!("  type           {}", text("token_type")),
        format!("  scope asked    {}", text("scope_asked")),
        format!("  scope granted  {}", text("scope_granted")),
        format!("  refresh token  {}", if refreshes { "yes" } else { "no" }),
    ];
    if token["signature"].is_string() {
        lines.push(format!("  signature      {}", text("signature")));
    }
    for title in ["header", "claims"] {
        lines.extend(members(title, &token[title]));
    }
    for check in token["checks"].as_array().into_iter().flatten() {
        lines.push(unmet(check));
    }
    if token["strict_client"].is_string() {
        let why = text("strict_client");
        lines.push(format!(
            "  warning: a strict client library rejects this answer, {why}"
        ));
    }
    if let Value::Array(warnings) = &token["warnings"] {
        let warnings = warnings.iter().filter_map(Value::as_str);
        lines.extend(warnings.map(|warning| format!("  warning: {warning}")));
    }
    lines.join("\n")
}

/// The members of a JWT's part; times in words too.
fn members(title: &str, part: &Value) -> Vec<String> {
    let Value::Object(members) = part else {
        return Vec::new();
    };
    let lines = members.iter().map(|(name, value)| {
        let time = match name.as_str() {
            "exp" | "iat" | "nbf" => value.as_i64(),
            _ => None,
        };
        let time = time.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let words = time.map(|time| format!(" ({time})")).unwrap_or_default();
        format!("    {name}: {value}{words}")
    });
    std::iter::once(format!("  {title}")).chain(lines).collect()
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
