//! `cutover token`: a token, obtained and explained.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::args::TokenArgs;
use super::context::Context;
use super::problem::{BAD_INPUT, COULD_NOT, Problem};
use super::run::runtime;
use super::setup;
use crate::pair::Side;
use crate::redact::Secrets;
use crate::run::{RunOptions, Session};
use crate::source::nearest;
use crate::token::{Sharing, header, payload, sharing};

/// Obtains a token on the chosen sides and says what it is.
pub(super) fn token(args: &TokenArgs, context: &Context) -> Result<u8, Problem> {
    let pair = setup::pair(&args.pair, context)?;
    let session = setup::session(&pair, "", RunOptions::new(setup::today()))?;
    let mut code = 0;
    let mut all = Vec::new();
    for side in args.side.sides() {
        let name = credential(&session, *side, args.name.as_deref())?;
        let told = runtime()?.block_on(explain(&session, *side, &name, args.show));
        match told {
            Ok(value) => all.push(value),
            Err(message) => {
                let message = session.secrets.text(&message).into_owned();
                all.push(json!({ "side": side.word(), "credential": name, "error": message }));
                code = COULD_NOT;
            }
        }
    }
    if args.json {
        context.print_json(&Value::Array(all))?;
    } else {
        let texts: Vec<String> = all.iter().map(describe).collect();
        context.print(&texts.join("\n\n"))?;
    }
    Ok(code)
}

/// The credential that is meant: the one named, the only one, or `app`.
fn credential(session: &Session, side: Side, name: Option<&str>) -> Result<String, Problem> {
    let known: Vec<&str> = session.sides[side].wallet.names().collect();
    match name {
        Some(name) if known.contains(&name) => Ok(name.to_owned()),
        Some(name) => {
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known: {}", known.join(", ")),
            };
            let text = format!("the {side} side has no credential `{name}`; {help}");
            Err(Problem::new(BAD_INPUT, text))
        }
        None => match known.as_slice() {
            [] => Err(Problem::new(
                BAD_INPUT,
                format!("the {side} side has no `tokens`"),
            )),
            [only] => Ok((*only).to_owned()),
            many if many.contains(&"app") => Ok("app".to_owned()),
            many => {
                let text = format!("which credential of the {side} side? {}", many.join(", "));
                Err(Problem::new(BAD_INPUT, text))
            }
        },
    }
}

async fn explain(session: &Session, side: Side, name: &str, show: bool) -> Result<Value, String> {
    let wallet = &session.sides[side].wallet;
    let token = wallet.get(name).await.map_err(|failure| failure.message)?;
    let Some(token) = token else {
        return Err(format!(
            "the credential `{name}` has `grant: none`: no token is sent"
        ));
    };
    let warnings: Vec<&str> = sharing(wallet, name)
        .await
        .map(Sharing::message)
        .into_iter()
        .collect();
    let value = token.value.expose_secret();
    let summary = token.summary();
    let parsed =
        |text: Option<Vec<u8>>| text.and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    let asked = wallet
        .credential(name)
        .map(|c| c.scope.join(" "))
        .unwrap_or_default();
    let answer = token.acquired.as_ref().map(|acquired| &acquired.answer);
    let mut told = json!({
        "side": side.word(),
        "credential": name,
        "shape": summary.shape.word(),
        "length": summary.length,
        "expires_in": summary.expires_in,
        "token_type": answer.and_then(|a| a.text("token_type")),
        "scope_asked": asked,
        "scope_granted": answer.and_then(|a| a.text("scope")),
        "refresh_token": token.refresh.is_some(),
        "header": parsed(header(value)),
        "claims": parsed(payload(value)),
        "strict_client": token.acquired.as_ref().and_then(|a| a.strict.clone()),
        "warnings": warnings,
        "token": value,
    });
    // Whatever an endpoint says may repeat what it was told.
    without_secrets(&mut told, &session.secrets);
    if show {
        told["token"] = Value::from(value);
    }
    Ok(told)
}

/// Takes the secrets out of every text, names of members included.
fn without_secrets(value: &mut Value, secrets: &Secrets) {
    match value {
        Value::String(text) => *text = secrets.text(text).into_owned(),
        Value::Array(items) => {
            for item in items {
                without_secrets(item, secrets);
            }
        }
        Value::Object(members) => {
            let all = std::mem::take(members).into_iter();
            members.extend(all.map(|(name, mut value)| {
                without_secrets(&mut value, secrets);
                (secrets.text(&name).into_owned(), value)
            }));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn describe(token: &Value) -> String {
    let text = |key: &str| match &token[key] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    if token.get("error").is_some() {
        return format!("{} {}: {}", text("side"), text("credential"), text("error"));
    }
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
        format!(
            "  refresh token  {}",
            if token["refresh_token"] == true {
                "yes"
            } else {
                "no"
            }
        ),
    ];
    for (title, key) in [("header", "header"), ("claims", "claims")] {
        if let Value::Object(members) = &token[key] {
            lines.push(format!("  {title}"));
            lines.extend(
                members
                    .iter()
                    .map(|(name, value)| format!("    {name}: {value}")),
            );
        }
    }
    if token["strict_client"].is_string() {
        lines.push(format!(
            "  warning: a strict client library rejects this answer, {}",
            text("strict_client")
        ));
    }
    if let Value::Array(warnings) = &token["warnings"] {
        let warnings = warnings.iter().filter_map(Value::as_str);
        lines.extend(warnings.map(|warning| format!("  warning: {warning}")));
    }
    lines.join("\n")
}
