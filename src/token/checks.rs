//! What a JWT access token should be (RFC 9068, RFC 8725), as a table of checks.

use serde_json::{Map, Value};

use super::jwks::Signature;
use super::shape::{header, payload};
use crate::results::Severity;

/// A check: what it wants, where that is said, and what to do.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its id, kept from version to version.
    pub id: &'static str,
    /// What it wants.
    pub wants: &'static str,
    /// Where that is said.
    pub rfc: &'static str,
    /// What a consumer feels where it does not hold.
    pub severity: Severity,
    /// What to do.
    pub advice: &'static str,
    holds: fn(&Looked<'_>) -> Result<(), String>,
}

/// A check that does not hold.
#[derive(Debug, Clone)]
pub struct Unmet {
    /// The check.
    pub check: Check,
    /// What was found.
    pub found: String,
}

/// What the checks look at.
#[derive(Debug)]
struct Looked<'a> {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    issuer: Option<&'a str>,
    expires_in: Option<u64>,
    scope: Option<&'a str>,
    now: i64,
    signature: Option<&'a Signature>,
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
    /// The time at which it came, in seconds since 1970.
    pub now: i64,
    /// What the issuer's keys say of it.
    pub signature: Option<&'a Signature>,
}

/// Seconds by which `exp` may differ from the time of the answer and `expires_in`.
const LEEWAY: i64 = 5;
/// The latest end that can be meant in seconds: the year 2100. Milliseconds are far above.
const LATEST: i64 = 4_102_444_800;

/// Every check, in the order of the documentation.
pub const CHECKS: [Check; 11] = [
    Check {
        id: "F02",
        wants: "`typ` is `at+jwt`",
        rfc: "RFC 9068 section 2.1",
        severity: Severity::Cosmetic,
        advice: "resource servers that insist on `at+jwt` refuse this token; few do",
        holds: typ,
    },
    Check {
        id: "F03",
        wants: "`alg` is a signature with a public key",
        rfc: "RFC 8725 section 3.2",
        severity: Severity::Breaking,
        advice: "let the issuer sign with RS256 or ES256",
        holds: algorithm,
    },
    Check {
        id: "F04",
        wants: "the signature is one of the issuer's keys",
        rfc: "RFC 7515 section 4.1.4, RFC 7517 section 4.5",
        severity: Severity::Breaking,
        advice: "see that `jwks_uri` is the issuer's, and that it publishes the key before it signs",
        holds: signed,
    },
    Check {
        id: "F05",
        wants: "`iss` is the issuer, to the character",
        rfc: "RFC 9068 section 2.2, RFC 8414 section 3.3",
        severity: Severity::Breaking,
        advice: "name the issuer in the pair file as the token does, or mend the issuer",
        holds: issuer,
    },
    Check {
        id: "F06",
        wants: "`exp` and `iat` are whole seconds since 1970",
        rfc: "RFC 7519 section 4.1",
        severity: Severity::Breaking,
        advice: "milliseconds make a token that lives for ages; have the issuer mended",
        holds: times,
    },
    Check {
        id: "F07",
        wants: "`aud` is there",
        rfc: "RFC 9068 section 2.2",
        severity: Severity::Risky,
        advice: "without an audience the token is good at every resource server of the issuer",
        holds: audience,
    },
    Check {
        id: "F10",
        wants: "`jti` is there",
        rfc: "RFC 9068 section 2.2",
        severity: Severity::Risky,
        advice: "without an id a token cannot be named in a log or revoked by its id",
        holds: token_id,
    },
    Check {
        id: "F11",
        wants: "the claim `scope` is a text, the same as in the answer",
        rfc: "RFC 9068 section 2.2.3, RFC 8693 section 4.2",
        severity: Severity::Breaking,
        advice: "resource servers read the claim, clients the answer: they must not disagree",
        holds: scope,
    },
    Check {
        id: "F15",
        wants: "no `crit`, `jwk`, `jku`, `x5u` or `x5c` in the header",
        rfc: "RFC 7515 section 4.1.11, RFC 8725 section 3.10",
        severity: Severity::Risky,
        advice: "a key in the token is an invitation to trust it; certificates make it long",
        holds: header_keys,
    },
    Check {
        id: "F18",
        wants: "no `nonce` and no `at_hash`: those are of an ID token",
        rfc: "RFC 9068 section 5",
        severity: Severity::Breaking,
        advice: "take the access token of the answer, not the ID token",
        holds: no_id_token,
    },
    Check {
        id: "B29",
        wants: "`exp` is the time of the answer and `expires_in`",
        rfc: "RFC 9068 section 2.2, RFC 7519 section 4.1.4",
        severity: Severity::Breaking,
        advice: "clients renew by `expires_in`, gateways refuse by `exp`; see also both clocks",
        holds: life,
    },
];

/// The checks that do not hold for a JWT; none for an opaque token.
pub fn check_jwt(token: &str, known: Known<'_>) -> Vec<Unmet> {
    let object = |text: Option<Vec<u8>>| serde_json::from_slice(&text?).ok();
    let (Some(header), Some(claims)) = (object(header(token)), object(payload(token))) else {
        return Vec::new();
    };
    let looked = Looked {
        header,
        claims,
        issuer: known.issuer,
        expires_in: known.expires_in,
        scope: known.scope,
        now: known.now,
        signature: known.signature,
    };
    let unmet = CHECKS.into_iter().filter_map(|check| {
        let found = (check.holds)(&looked).err()?;
        Some(Unmet { check, found })
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

fn algorithm(looked: &Looked<'_>) -> Result<(), String> {
    let alg = looked.header.get("alg").and_then(Value::as_str);
    let alg = alg.unwrap_or_default();
    let public = ["RS", "PS", "ES", "Ed"].iter().any(|p| alg.starts_with(p));
    want(public, || shown(&looked.header, "alg"))
}

fn signed(looked: &Looked<'_>) -> Result<(), String> {
    match looked.signature {
        None | Some(Signature::Verified(_)) => Ok(()),
        Some(other) => Err(other.message()),
    }
}

fn issuer(looked: &Looked<'_>) -> Result<(), String> {
    let iss = looked.claims.get("iss").and_then(Value::as_str);
    let fits = match (iss, looked.issuer) {
        (None, _) => false,
        (Some(_), None) => true,
        // A URL without a path is written with a slash behind it and without.
        (Some(iss), Some(issuer)) => iss == issuer || root(issuer) == Some(iss),
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
    Ok(())
}

fn audience(looked: &Looked<'_>) -> Result<(), String> {
    let fits = match looked.claims.get("aud") {
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(all)) => !all.is_empty(),
        _ => false,
    };
    want(fits, || shown(&looked.claims, "aud"))
}

fn token_id(looked: &Looked<'_>) -> Result<(), String> {
    let fits = looked.claims.get("jti").is_some_and(Value::is_string);
    want(fits, || shown(&looked.claims, "jti"))
}

fn scope(looked: &Looked<'_>) -> Result<(), String> {
    let fits = match (looked.claims.get("scope"), looked.scope) {
        (Some(Value::String(claim)), Some(answer)) => words(claim) == words(answer),
        (None | Some(Value::String(_)), None) => true,
        _ => false,
    };
    want(fits, || {
        let answer = looked.scope.map_or("none".to_owned(), |s| format!("{s:?}"));
        let claim = shown(&looked.claims, "scope");
        format!("{claim}, that of the answer {answer}")
    })
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
    let (Some(exp), Some(life)) = (exp, looked.expires_in) else {
        return Ok(());
    };
    let left = exp.saturating_sub(looked.now);
    let promised = i64::try_from(life).unwrap_or(i64::MAX);
    let off = left.saturating_sub(promised);
    want(off.saturating_abs() <= LEEWAY, || {
        format!("`exp` leaves {left} s, `expires_in` says {promised}")
    })
}

#[cfg(test)]
mod tests;
