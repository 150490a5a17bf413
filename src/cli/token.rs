//! `cutover token`: a token, obtained and explained.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::args::TokenArgs;
use super::context::Context;
use super::problem::{BAD_INPUT, COULD_NOT, Problem};
use super::run::runtime;
use super::setup;
use super::token_sides::side_by_side;
use super::token_text::describe;
use super::token_warnings::Looked;
use crate::pair::Side;
use crate::redact::Secrets;
use crate::run::{RunOptions, Session};
use crate::source::nearest;
use crate::token::{
    Acquired, Address, Credential, Endpoint, Introspected, Known, Signature, Token, TokenAnswer,
    TokenHint, Wallet, check_jwt, header, payload, sharing,
};

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
        let text = match all.as_slice() {
            [old, new] if code == 0 => side_by_side(old, new, context.width),
            _ => {
                let texts: Vec<String> = all.iter().map(describe).collect();
                texts.join("\n\n")
            }
        };
        context.print(&text)?;
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
                None if known.is_empty() => "it has no `tokens`".to_owned(),
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
    let value = token.value.expose_secret();
    let signature = wallet.signature(name, value).await;
    let introspected = introspected(wallet, name, &token).await;
    let sharing = sharing(wallet, name).await;
    let credential = wallet.credential(name);
    let parsed =
        |text: Option<Vec<u8>>| text.and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    let asked = credential.map(|c| c.scope.join(" ")).unwrap_or_default();
    let answer = token.acquired.as_ref().map(|acquired| &acquired.answer);
    let summary = token.summary();
    let looked = Looked {
        token: &token,
        credential,
        introspected: introspected.as_ref(),
        sharing,
    };
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
        "signature": signature.as_ref().map(Signature::message),
        "introspection": introspected.as_ref().map(Introspected::message),
        "checks": unmet(&token, credential, signature.as_ref()),
        "strict_client": token.acquired.as_ref().and_then(|a| a.strict.clone()),
        "warnings": looked.warnings(),
        "token": value,
    });
    // Whatever an endpoint says may repeat what it was told.
    without_secrets(&mut told, &session.secrets);
    if show {
        told["token"] = Value::from(value);
    }
    Ok(told)
}

/// What the server says of the token, where there is an endpoint to ask. That it cannot be asked is no
/// reason to say nothing of the token.
async fn introspected(wallet: &Wallet, name: &str, token: &Token) -> Option<Introspected> {
    let endpoint = wallet.endpoint(name, Endpoint::Introspection).await;
    endpoint.ok().flatten()?;
    let asked = wallet.introspect(name, &token.value, TokenHint::Access);
    Some(match asked.await {
        Ok(asked) => asked.outcome,
        Err(failure) => Introspected::Unasked(failure.message),
    })
}

/// The checks that do not hold, for machines.
fn unmet(token: &Token, credential: Option<&Credential>, signature: Option<&Signature>) -> Value {
    let acquired = token.acquired.as_ref();
    let answer = acquired.map(|acquired| &acquired.answer);
    let client = credential.filter(|credential| !credential.client_id.is_empty());
    let secret = client.and_then(|client| client.client_secret.as_ref());
    let issuer = credential.and_then(|credential| credential.issuer.as_ref());
    let now = || jiff::Timestamp::now().as_second();
    let known = Known {
        issuer: issuer.map(Address::as_str),
        expires_in: answer.and_then(TokenAnswer::expires_in),
        scope: answer.and_then(|answer| answer.text("scope")),
        token_type: answer.and_then(|answer| answer.text("token_type")),
        now: acquired.map_or_else(now, |acquired| acquired.at),
        took: acquired.map_or(0, Acquired::seconds),
        signature,
        client_id: client.map(|client| client.client_id.as_str()),
        client_secret: secret.map(ExposeSecret::expose_secret),
    };
    let all = check_jwt(token.value.expose_secret(), known);
    let all = all.iter().map(|unmet| {
        json!({
            "id": unmet.check.id,
            "wants": unmet.check.wants,
            "found": unmet.found,
            "rfc": unmet.check.rfc,
            "severity": unmet.severity.word(),
            "advice": unmet.check.advice,
        })
    });
    all.collect()
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
