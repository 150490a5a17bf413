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

/// What a token must have beside being live.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Needs<'a> {
    /// The scope that the route needs.
    pub(crate) scope: Option<&'a str>,
    /// The environment that the gateway serves.
    pub(crate) environment: Option<&'a str>,
    /// The issuers that are set up; none listed: all are.
    pub(crate) issuers: &'a [String],
}

/// How an audience names an environment (`JWTAuthenticator` of product-microgateway, branch `choreo`).
const ENVIRONMENT: &str = "choreo:environment:";

/// Checks a request's credential, and what its route and the gateway need of it.
pub(crate) fn check(
    style: FaultStyle,
    header: Option<&str>,
    needs: Needs<'_>,
    tokens: &TokenServer,
    now: i64,
) -> Result<(), Refused> {
    let issued = |token: &str| tokens.issued(token);
    let token = bearer(style, header, &issued).map_err(|situation| Refused {
        situation,
        token: String::new(),
    })?;
    let situation = match tokens.standing(token, now) {
        Standing::Live(granted) => match (tokens.refused(token), needs.scope) {
            (Some(situation), _) => situation,
            _ if needs
                .environment
                .is_some_and(|here| is_of_another(token, here)) =>
            {
                Situation::WrongEnvironment
            }
            (None, Some(scope)) if !granted.split(' ').any(|one| one == scope) => Situation::Scope,
            _ => return Ok(()),
        },
        Standing::Revoked => Situation::RevokedToken,
        Standing::Unknown if is_of_nobody(token, needs.issuers) => Situation::Unclassified,
        Standing::Unknown => Situation::InvalidToken,
    };
    Err(Refused {
        situation,
        token: token.to_owned(),
    })
}

/// Whether a JWT says that somebody issued it who is not set up here.
fn is_of_nobody(token: &str, issuers: &[String]) -> bool {
    let claims = token.split('.').nth(1).and_then(decoded);
    let issuer = claims.as_ref().and_then(|claims| claims.get("iss")?.text());
    !issuers.is_empty() && issuer.is_some_and(|issuer| issuers.iter().all(|known| known != issuer))
}

/// Whether the audience of a JWT names environments, and not this one.
fn is_of_another(token: &str, here: &str) -> bool {
    let claims = token.split('.').nth(1).and_then(decoded);
    let audience = claims.as_ref().and_then(|claims| claims.get("aud"));
    let named: Vec<&str> = match audience {
        Some(Json::List(list)) => list.iter().filter_map(Json::text).collect(),
        Some(one) => one.text().into_iter().collect(),
        None => Vec::new(),
    };
    let mut environments = named
        .iter()
        .filter_map(|entry| entry.strip_prefix(ENVIRONMENT))
        .peekable();
    environments.peek().is_some() && !environments.any(|one| one == here)
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
    let header = token.split('.').next().and_then(decoded);
    matches!(header, Some(Json::Map(_)))
}

/// A part of a JWT.
fn decoded(part: &str) -> Option<Json> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    Json::parse(&String::from_utf8(bytes).ok()?)
}
