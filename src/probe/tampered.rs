//! `tampered-token`: whether a changed or forged token is refused.

use secrecy::ExposeSecret;

use super::bench::Bench;
use super::control::{is_taken, not_taken};
use super::forge::{Claim, Parts, one_character, truncated};
use super::forge_key::confused;
use super::forged_keys;
use super::found::{Found, at_least_the_new};
use super::kind::Forge;
use super::stopped::Stopped;
use super::tampered_judge::compare;
use super::tampered_seen::{Seen, end, send, sent};
use super::variant::Variant;
use crate::pair::{Pair, Side};
use crate::results::Reason;
use crate::token::{Placement, Token, add_to_query};

/// What this way of asking leaves to another case.
const OF_KEYS: &str =
    "other forged keys are not asked about here, but by a case with: { forge: key }";

/// The tokens that a side is asked about.
#[derive(Debug)]
struct Tokens {
    own: String,
    /// The ID token that came with it.
    id: Option<String>,
    /// The other side's, where it may be sent.
    foreign: Option<(Side, String)>,
}

pub(super) async fn run(benches: &mut Pair<Bench<'_>>, forge: Forge) -> Result<Found, Stopped> {
    let Pair { old, new } = benches;
    let asked = match forge {
        Forge::Token => tokens_of(old, new).await?,
        Forge::Key => {
            let (old, new) = tokio::join!(forged_keys::ask(old), forged_keys::ask(new));
            Pair::new(old, new)
        }
    };
    let (seen, stopped) = at_least_the_new(asked)?;
    let mut seen = seen.map(Option::unwrap_or_default);
    if seen.iter().all(|(_, seen)| seen.statuses.is_empty()) {
        let note = "neither side's token is a JWT: there is no key to forge".to_owned();
        return Err(stopped.unwrap_or_else(|| Stopped::because(Reason::Needs, note)));
    }
    let cut = [seen.new.cut.take(), seen.old.cut.take()];
    Ok(Found {
        differences: compare(&seen),
        note: note(&seen, forge),
        stopped: stopped.or_else(|| cut.into_iter().flatten().next()),
    })
}

/// Asks both sides with their own tokens, changed.
async fn tokens_of(
    old: &mut Bench<'_>,
    new: &mut Bench<'_>,
) -> Result<Pair<Result<Seen, Stopped>>, Stopped> {
    let (first, second) = tokio::try_join!(old.needed_token(), new.needed_token())?;
    let tokens = Pair::new(
        tokens(old, &first, (Side::New, &second)),
        tokens(new, &second, (Side::Old, &first)),
    );
    let (old, new) = tokio::join!(ask(old, &tokens.old), ask(new, &tokens.new));
    Ok(Pair::new(old, new))
}

fn tokens(bench: &Bench<'_>, own: &Token, (of, other): (Side, &Token)) -> Tokens {
    let text = |token: &Token| token.value.expose_secret().to_owned();
    let acquired = own.acquired.as_ref();
    let id = acquired.and_then(|acquired| acquired.answer.token("id_token"));
    Tokens {
        own: text(own),
        id: id.map(str::to_owned),
        foreign: bench.crossing.map(|_| (of, text(other))),
    }
}

/// What the case says besides: the variants that were not asked, since a probe has so many requests and no more, and
/// where those are that this way of asking has not.
fn note(seen: &Pair<Seen>, forge: Forge) -> Option<String> {
    let unasked: Vec<String> = seen
        .iter()
        .filter_map(|(side, seen)| Some(format!("the {side} side about {}", seen.unasked()?)))
        .collect();
    let unasked = unasked.join(" and ");
    let is_jwt = |seen: &Seen| {
        seen.statuses
            .iter()
            .any(|(asked, _)| *asked == Variant::None)
    };
    match forge {
        Forge::Key if unasked.is_empty() => None,
        Forge::Key => Some(format!(
            "not asked: {unasked}; the issuer's public keys are not known here, or there is no such key for the \
             algorithm"
        )),
        Forge::Token => {
            let mut said = Vec::new();
            if !unasked.is_empty() {
                said.push(format!("no request was left to ask {unasked}"));
            }
            if seen.iter().any(|(_, seen)| is_jwt(seen)) {
                said.push(OF_KEYS.to_owned());
            }
            (!said.is_empty()).then(|| said.join("; "))
        }
    }
}

async fn ask(bench: &mut Bench<'_>, tokens: &Tokens) -> Result<Seen, Stopped> {
    let mut seen = Seen::default();
    begin(bench, &tokens.own, &mut seen).await?;
    let asked = variants(bench, tokens, &mut seen).await;
    end(bench, seen, asked)
}

async fn variants(bench: &mut Bench<'_>, tokens: &Tokens, seen: &mut Seen) -> Result<(), Stopped> {
    let token = tokens.own.as_str();
    let parts = Parts::of(token);
    // Whether an altered claim is taken says what else is worth a request.
    let forged = match &parts {
        Some(parts) => send(bench, Variant::Payload, &parts.payload(), seen).await?,
        None => false,
    };
    send(bench, Variant::Truncated, &truncated(token), seen).await?;
    if !forged {
        send(bench, Variant::OneCharacter, &one_character(token), seen).await?;
    }
    places(bench, token, seen).await?;
    if let Some(parts) = &parts {
        send(bench, Variant::None, &parts.none(), seen).await?;
        send(bench, Variant::Stripped, &parts.stripped(), seen).await?;
        if let Some(forgery) = parts.foreign_key() {
            send(bench, Variant::ForeignKey, &forgery, seen).await?;
        }
    }
    // Before the claims: a gateway that refuses altered ones for their signature would refuse these too.
    if let Some(id) = &tokens.id {
        send(bench, Variant::IdToken, id, seen).await?;
    }
    if let Some(parts) = &parts {
        claims(bench, parts, forged, seen).await?;
    }
    if let Some((of, value)) = &tokens.foreign {
        let request = bench.with_token_of(*of, value)?;
        sent(bench, Variant::Foreign, &request, seen).await?;
    }
    // The best known of the forged keys, where a request is left for it; the others have a case of their own.
    if let Some(parts) = &parts
        && let Some(public) = forged_keys::public_key(bench, token).await
        && let Some(forgery) = confused(parts, &public)
    {
        send(bench, Variant::PublicKey, &forgery, seen).await?;
    }
    Ok(())
}

/// The good token, under a scheme in lower case: where that is taken no other control is needed.
async fn begin(bench: &mut Bench<'_>, token: &str, seen: &mut Seen) -> Result<(), Stopped> {
    if let Some(scheme) = scheme(bench) {
        let mut request = bench.with_token(token)?;
        let value = format!("{} {token}", scheme.to_ascii_lowercase());
        request.headers.set("Authorization", value);
        if sent(bench, Variant::LowerCaseScheme, &request, seen).await? {
            return Ok(());
        }
    }
    let request = bench.with_token(token)?;
    let status = bench.api("untouched", &request).await?.response.status;
    if is_taken(status) {
        Ok(())
    } else {
        Err(not_taken(bench, "the untouched token", status))
    }
}

/// The scheme of a token that goes where RFC 6750 section 2.1 puts it.
fn scheme(bench: &Bench<'_>) -> Option<String> {
    match bench.placement() {
        Placement::Header {
            name,
            scheme: Some(scheme),
        } if name.eq_ignore_ascii_case("authorization") => Some(scheme),
        _ => None,
    }
}

/// The good token in other places than its own.
async fn places(bench: &mut Bench<'_>, token: &str, seen: &mut Seen) -> Result<(), Stopped> {
    let Some(scheme) = scheme(bench) else {
        return Ok(());
    };
    let mut twice = bench.with_token(token)?;
    let other = format!("{scheme} {}", one_character(token));
    let name = "Authorization".to_owned();
    twice.headers.0.push((name, other.into_bytes()));
    sent(bench, Variant::TwoHeaders, &twice, seen).await?;
    let mut query = bench.request.clone();
    add_to_query(&mut query.url, "access_token", token);
    sent(bench, Variant::Query, &query, seen).await?;
    let mut form = bench.request.clone();
    form.body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("access_token", token)
        .finish()
        .into();
    let media_type = "application/x-www-form-urlencoded";
    form.headers.set("Content-Type", media_type);
    sent(bench, Variant::Form, &form, seen).await?;
    Ok(())
}

/// Wrong claims under a signature that does not fit. A gateway that looks at the signature refuses them
/// for that, whichever claim is wrong, so that one token with all of them tells as much as three. One
/// that does not look is asked with each.
async fn claims(
    bench: &mut Bench<'_>,
    parts: &Parts<'_>,
    forged: bool,
    seen: &mut Seen,
) -> Result<(), Stopped> {
    if forged {
        for claim in Claim::ALL {
            send(bench, Variant::of(claim), &parts.with(&[claim]), seen).await?;
        }
        return Ok(());
    }
    let request = bench.with_token(&parts.with(&Claim::ALL))?;
    if bench.api_left() == 0 {
        seen.unasked.extend(Claim::ALL.map(Variant::of));
        return Ok(());
    }
    let answer = bench.api("expired, aud, iss", &request).await?;
    let status = answer.response.status;
    seen.statuses
        .extend(Claim::ALL.map(|claim| (Variant::of(claim), status)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_asked_is_told() {
        let mut seen = Pair::new(Seen::default(), Seen::default());
        assert_eq!(note(&seen, Forge::Token), None);
        assert_eq!(note(&seen, Forge::Key), None);
        seen.new.unasked = vec![Variant::IdToken, Variant::Foreign];
        let left = "no request was left to ask the new side about id-token, foreign";
        assert_eq!(note(&seen, Forge::Token).as_deref(), Some(left));
        seen.new.statuses = vec![(Variant::None, 401)];
        let both = format!("{left}; {OF_KEYS}");
        assert_eq!(note(&seen, Forge::Token), Some(both));
        seen.new.unasked = vec![Variant::PublicKey];
        let told = note(&seen, Forge::Key).unwrap();
        assert!(
            told.starts_with("not asked: the new side about public-key; "),
            "{told}"
        );
    }
}
