//! The check of the `Authorization` header.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::mock::document::{FaultStyle, Situation};
use crate::mock::json::Json;
use crate::mock::token::{Standing, TokenServer};

/// A refusal, with the token that was refused (empty where there was none).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Why.
    pub(crate) situation: Situation,
    /// What was sent.
    pub(crate) token: String,
}

/// Checks a request's credential, and the scope that its route needs.
pub(crate) fn check(
    style: FaultStyle,
    header: Option<&str>,
    scope: Option<&str>,
    tokens: &TokenServer,
    now: i64,
) -> Result<(), Refused> {
    let issued = |token: &str| tokens.issued(token);
    let token = bearer(style, header, &issued).map_err(|situation| Refused {
        situation,
        token: String::new(),
    })?;
    let situation = match tokens.standing(token, now) {
        Standing::Live(granted) => match (tokens.refused(token), scope) {
            (Some(situation), _) => situation,
            (None, Some(scope)) if !granted.split(' ').any(|one| one == scope) => Situation::Scope,
            _ => return Ok(()),
        },
        Standing::Revoked => Situation::RevokedToken,
        Standing::Unknown => Situation::InvalidToken,
    };
    Err(Refused {
        situation,
        token: token.to_owned(),
    })
}

/// The bearer token of a header, by the habits of the platform.
fn bearer<'h>(
    style: FaultStyle,
    header: Option<&'h str>,
    issued: &dyn Fn(&str) -> bool,
) -> Result<&'h str, Situation> {
    let header = header
        .map(str::trim)
        .filter(|header| !header.is_empty())
        .ok_or(Situation::MissingCredentials)?;
    let (scheme, token) = header.split_once(' ').unwrap_or(("", header));
    let token = token.trim();
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    if style != FaultStyle::ChoreoJson {
        return if is_bearer && !token.is_empty() {
            Ok(token)
        } else {
            Err(Situation::WrongScheme)
        };
    }
    // Choreo asks first whether it is a JWT at all: anything else finds no authenticator. Where a file
    // has this dialect with opaque tokens, those that were issued here are known.
    if token.split('.').count() != 3 && !issued(token) {
        return Err(Situation::OpaqueToken);
    }
    if !is_bearer {
        return Err(Situation::WrongScheme);
    }
    if decodes(token) || issued(token) {
        Ok(token)
    } else {
        Err(Situation::UndecodableToken)
    }
}

fn decodes(token: &str) -> bool {
    let header = token.split('.').next().unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let json = String::from_utf8(bytes)
        .ok()
        .and_then(|text| Json::parse(&text));
    matches!(json, Some(Json::Map(_)))
}
