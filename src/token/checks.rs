//! The checks of a JWT access token (RFC 9068, RFC 8725), one function each.

use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};

use super::catalogue::{self, Check};
use super::jwks::Signature;
use super::key::ALGORITHMS;
use super::shape::{header, is_signed_in_form, payload};
use crate::results::Severity;

/// A check that does not hold.
#[derive(Debug, Clone)]
pub struct Unmet {
    /// The check.
    pub check: Check,
    /// Its place in the token, as differences name it.
    pub path: &'static str,
    /// What was found.
    pub found: String,
    /// How much it weighs: one of the check's weights.
    pub severity: Severity,
}

/// What the checks look at.
#[derive(Debug)]
struct Looked<'a> {
    token: &'a str,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    known: Known<'a>,
}

/// What is known of a token besides the token.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The issuer that the pair file names.
    pub issuer: Option<&'a str>,
    /// `expires_in` of the answer.
    pub expires_in: Option<u64>,
    /// `scope` of the answer.
    pub scope: Option<&'a str>,
    /// `token_type` of the answer.
    pub token_type: Option<&'a str>,
    /// The time at which it came, in seconds since 1970.
    pub now: i64,
    /// Seconds that the answer took: it may have been made at any time in them.
    pub took: i64,
    /// What the issuer's keys say of it.
    pub signature: Option<&'a Signature>,
    /// The client that it was issued to.
    pub client_id: Option<&'a str>,
    /// That client's secret.
    pub client_secret: Option<&'a str>,
}

/// Seconds by which `exp` may differ from the time of the answer and `expires_in`, and by which clocks may
/// differ: gateways are known to give no more. What is found says them.
pub(super) const LEEWAY: i64 = 5;
/// The latest end that can be meant in seconds: the year 2100. Milliseconds are far above.
const LATEST: i64 = 4_102_444_800;

/// A check, its place in the token, and whether it holds.
type Look = (Check, &'static str, fn(&Looked<'_>) -> Result<(), String>);

/// What is looked at in a token that can be read, in the order of the documentation.
const LOOKS: [Look; 17] = [
    (catalogue::F02, "header.typ", typ),
    (catalogue::F03, "header.alg", algorithm),
    (catalogue::F04, "signature", signed),
    (catalogue::F05, "claims.$.iss", issuer),
    (catalogue::F06, "claims.$.exp", times),
    (catalogue::F07, "claims.$.aud", audience),
    (catalogue::F08, "claims.$.sub", subject),
    (catalogue::F09, "claims.$.client_id", client),
    (catalogue::F10, "claims.$.jti", token_id),
    (catalogue::F11, "claims.$.scope", scope),
    (catalogue::F14, "claims", personal),
    (catalogue::F15, "header", header_keys),
    (catalogue::F16, "claims.$.cnf", bound),
    (catalogue::F18, "claims", no_id_token),
    (catalogue::F19, "signature", own_key),
    (catalogue::T01, "claims.$.iat", clock),
    (catalogue::B29, "claims.$.exp", life),
];

/// The checks that do not hold for a JWT; none for an opaque token.
pub fn check_jwt(token: &str, known: Known<'_>) -> Vec<Unmet> {
    let object = |text: Option<Vec<u8>>| serde_json::from_slice(&text?).ok();
    let Some(header) = object(header(token)) else {
        return Vec::new();
    };
    let Some(claims) = object(payload(token)).filter(|_| is_signed_in_form(token)) else {
        let found = "payload or signature is not base64url, or the payload is no JSON object";
        return vec![Unmet {
            check: catalogue::F01,
            path: "claims",
            found: found.to_owned(),
            severity: catalogue::F01.severity,
        }];
    };
    let looked = Looked {
        token,
        header,
        claims,
        known,
    };
    let unmet = LOOKS.into_iter().filter_map(|(check, path, holds)| {
        let found = holds(&looked).err()?;
        let severity = match check == catalogue::F02 && is_of_another_kind(&looked) {
            true => Severity::Breaking,
            false => check.severity,
        };
        Some(Unmet {
            check,
            path,
            found,
            severity,
        })
    });
    unmet.collect()
}

fn want(holds: bool, found: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(found()) }
}

fn shown(members: &Map<String, Value>, name: &str) -> String {
    match members.get(name) {
        Some(value) => format!("`{name}` is {value}"),
        None => format!("`{name}` is not there"),
    }
}

fn typ(looked: &Looked<'_>) -> Result<(), String> {
    let typ = looked.header.get("typ").and_then(Value::as_str);
    let typ = typ.unwrap_or_default().to_ascii_lowercase();
    let fits = matches!(typ.as_str(), "at+jwt" | "application/at+jwt");
    want(fits, || shown(&looked.header, "typ"))
}

/// Whether the token says that it is a JWT of another kind, such as `logout+jwt`: who is explicit about it must not
/// be misunderstood (RFC 8725 section 3.11).
fn is_of_another_kind(looked: &Looked<'_>) -> bool {
    let typ = looked.header.get("typ").and_then(Value::as_str);
    let typ = typ.unwrap_or_default().to_ascii_lowercase();
    typ.ends_with("+jwt") && !matches!(typ.as_str(), "at+jwt" | "application/at+jwt")
}

fn algorithm(looked: &Looked<'_>) -> Result<(), String> {
    let alg = looked.header.get("alg").and_then(Value::as_str);
    let allowed = alg.is_some_and(|alg| ALGORITHMS.contains(&alg));
    want(allowed, || {
        let shown = shown(&looked.header, "alg");
        format!("{shown}; allowed are {}", ALGORITHMS.join(", "))
    })
}

fn signed(looked: &Looked<'_>) -> Result<(), String> {
    match looked.known.signature {
        None | Some(Signature::Verified(_) | Signature::Unchecked(_)) => Ok(()),
        Some(other) => Err(other.message()),
    }
}

fn issuer(looked: &Looked<'_>) -> Result<(), String> {
    let iss = looked.claims.get("iss").and_then(Value::as_str);
    let fits = match (iss, looked.known.issuer) {
        (None, _) => false,
        (Some(_), None) => true,
        // A URL without a path is written with a slash behind it and without.
        (Some(iss), Some(issuer)) => {
            iss == issuer || root(issuer) == Some(iss) || root(iss) == Some(issuer)
        }
    };
    want(fits, || shown(&looked.claims, "iss"))
}

/// The URL without its last slash, where that is all of its path.
fn root(url: &str) -> Option<&str> {
    let bare = url.strip_suffix('/')?;
    let (_, host) = bare.split_once("://")?;
    (!host.contains('/')).then_some(bare)
}

fn times(looked: &Looked<'_>) -> Result<(), String> {
    for name in ["exp", "iat"] {
        let time = looked.claims.get(name).and_then(Value::as_i64);
        let fits = time.is_some_and(|time| (0..=LATEST).contains(&time));
        want(fits, || shown(&looked.claims, name))?;
    }
    let nbf = looked.claims.get("nbf");
    let fits = nbf.is_none_or(|nbf| nbf.as_i64().is_some_and(|nbf| (0..=LATEST).contains(&nbf)));
    want(fits, || shown(&looked.claims, "nbf"))
}

fn clock(looked: &Looked<'_>) -> Result<(), String> {
    let off = |name: &str| {
        let time = looked.claims.get(name).and_then(Value::as_i64)?;
        // What is no time at all is told by another check.
        let time = Some(time).filter(|time| (0..=LATEST).contains(time))?;
        Some(time.saturating_sub(looked.known.now))
    };
    for name in ["iat", "nbf"] {
        let ahead = off(name).unwrap_or_default();
        want(ahead <= LEEWAY, || {
            format!("`{name}` is {ahead} s ahead of our clock, more than {LEEWAY}")
        })?;
    }
    let left = off("exp").unwrap_or(1);
    want(left >= -LEEWAY, || {
        format!(
            "`exp` was {} s ago when the token came, more than {LEEWAY}",
            -left
        )
    })
}

fn subject(looked: &Looked<'_>) -> Result<(), String> {
    let sub = looked.claims.get("sub").and_then(Value::as_str);
    want(sub.is_some_and(|sub| !sub.is_empty()), || {
        shown(&looked.claims, "sub")
    })
}

fn client(looked: &Looked<'_>) -> Result<(), String> {
    let claim = looked.claims.get("client_id").and_then(Value::as_str);
    let fits = match looked.known.client_id {
        Some(client) => claim == Some(client),
        None => claim.is_some(),
    };
    want(fits, || shown(&looked.claims, "client_id"))
}

/// The claims of OpenID Connect Core section 5.1 that tell of a person.
const PERSONAL: [&str; 8] = [
    "email",
    "phone_number",
    "address",
    "birthdate",
    "given_name",
    "family_name",
    "name",
    "picture",
];

fn personal(looked: &Looked<'_>) -> Result<(), String> {
    let there = PERSONAL
        .iter()
        .find(|name| looked.claims.contains_key(**name));
    there.map_or(Ok(()), |name| Err(format!("`{name}` is there")))
}

fn bound(looked: &Looked<'_>) -> Result<(), String> {
    let proof = looked.known.token_type.unwrap_or_default();
    let wanted = proof.eq_ignore_ascii_case("DPoP");
    let there = looked.claims.get("cnf").is_some_and(Value::is_object);
    want(!wanted || there, || shown(&looked.claims, "cnf"))
}

fn own_key(looked: &Looked<'_>) -> Result<(), String> {
    let alg = looked.header.get("alg").and_then(Value::as_str);
    let alg = match alg {
        Some("HS256") => Algorithm::HS256,
        Some("HS384") => Algorithm::HS384,
        Some("HS512") => Algorithm::HS512,
        _ => return Ok(()),
    };
    let (Some(secret), Some((message, signature))) =
        (looked.known.client_secret, looked.token.rsplit_once('.'))
    else {
        return Ok(());
    };
    let key = DecodingKey::from_secret(secret.as_bytes());
    let made = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, alg);
    want(!made.unwrap_or(false), || {
        "the client's secret verifies it".to_owned()
    })
}

fn audience(looked: &Looked<'_>) -> Result<(), String> {
    let named = |audience: &Value| audience.as_str().is_some_and(|text| !text.is_empty());
    let fits = match looked.claims.get("aud") {
        Some(text @ Value::String(_)) => named(text),
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(named),
        _ => false,
    };
    want(fits, || shown(&looked.claims, "aud"))
}

fn token_id(looked: &Looked<'_>) -> Result<(), String> {
    let fits = looked.claims.get("jti").is_some_and(Value::is_string);
    want(fits, || shown(&looked.claims, "jti"))
}

fn scope(looked: &Looked<'_>) -> Result<(), String> {
    let fits = match (looked.claims.get("scope"), looked.known.scope) {
        (Some(Value::String(claim)), Some(answer)) => words(claim) == words(answer),
        (Some(Value::String(_)), None) => true,
        (None, None) => other_scopes(looked).is_none(),
        _ => false,
    };
    want(fits, || {
        if let Some(name) = other_scopes(looked).filter(|_| !looked.claims.contains_key("scope")) {
            return format!("`scope` is not there, {}", shown(&looked.claims, name));
        }
        let answer = looked
            .known
            .scope
            .map_or("none".to_owned(), |s| format!("{s:?}"));
        let claim = shown(&looked.claims, "scope");
        format!("{claim}, that of the answer {answer}")
    })
}

/// The claim in which some issuers name the scopes instead of `scope`.
fn other_scopes(looked: &Looked<'_>) -> Option<&'static str> {
    let names = ["scopes", "scp"];
    names
        .into_iter()
        .find(|name| looked.claims.contains_key(*name))
}

fn words(scope: &str) -> Vec<&str> {
    let mut words: Vec<&str> = scope.split_whitespace().collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn header_keys(looked: &Looked<'_>) -> Result<(), String> {
    let names = ["crit", "jwk", "jku", "x5u", "x5c"];
    let there = names.iter().find(|name| looked.header.contains_key(**name));
    there.map_or(Ok(()), |name| Err(format!("`{name}` is there")))
}

fn no_id_token(looked: &Looked<'_>) -> Result<(), String> {
    let names = ["nonce", "at_hash"];
    let there = names.iter().find(|name| looked.claims.contains_key(**name));
    there.map_or(Ok(()), |name| Err(format!("`{name}` is there")))
}

fn life(looked: &Looked<'_>) -> Result<(), String> {
    let exp = looked.claims.get("exp").and_then(Value::as_i64);
    let (Some(exp), Some(life)) = (exp, looked.known.expires_in) else {
        return Ok(());
    };
    let left = exp.saturating_sub(looked.known.now);
    let promised = i64::try_from(life).unwrap_or(i64::MAX);
    let off = left.saturating_sub(promised);
    let fits = off <= LEEWAY && off.saturating_add(looked.known.took) >= -LEEWAY;
    want(fits, || {
        format!("`exp` leaves {left} s, `expires_in` says {promised}: more than {LEEWAY} s apart")
    })
}

#[cfg(test)]
mod tests;
