//! `tampered-token`: whether a changed or forged token is refused.

use secrecy::ExposeSecret;

use super::bench::Bench;
use super::control::{is_taken, not_taken};
use super::finding::{Finding, finding};
use super::forge::{Claim, Parts, one_character, truncated};
use super::stopped::Stopped;
use crate::message::Request;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Reason, Severity};
use crate::token::catalogue::E07;
use crate::token::{Placement, Token, add_to_query};

use super::variant::{Rule, Variant};

/// What a side made of the variants.
#[derive(Debug, Default)]
struct Seen {
    /// What it answered to each that it was asked.
    statuses: Vec<(Variant, u16)>,
    /// Those for which no request was left.
    unasked: Vec<Variant>,
}

/// The tokens that a side is asked about.
#[derive(Debug)]
struct Tokens {
    own: String,
    /// The ID token that came with it.
    id: Option<String>,
    /// The other side's, where it may be sent.
    foreign: Option<(Side, String)>,
}

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let Pair { old, new } = benches;
    let (first, second) = tokio::try_join!(old.needed_token(), new.needed_token())?;
    let tokens = Pair::new(
        tokens(old, &first, (Side::New, &second)),
        tokens(new, &second, (Side::Old, &first)),
    );
    let (old, new) = tokio::try_join!(ask(old, &tokens.old), ask(new, &tokens.new))?;
    let seen = Pair::new(old, new);
    Ok((compare(&seen), unasked(&seen)))
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

/// Says which variants were not asked: a probe has so many requests and no more.
fn unasked(seen: &Pair<Seen>) -> Option<String> {
    let mut sides = Vec::new();
    for (side, seen) in seen.iter() {
        let names: Vec<&str> = seen.unasked.iter().map(|variant| variant.name()).collect();
        if !names.is_empty() {
            sides.push(format!("the {side} side about {}", names.join(", ")));
        }
    }
    let note = "no request was left to ask";
    (!sides.is_empty()).then(|| format!("{note} {}", sides.join(" and ")))
}

async fn ask(bench: &mut Bench<'_>, tokens: &Tokens) -> Result<Seen, Stopped> {
    let mut seen = Seen::default();
    let token = tokens.own.as_str();
    begin(bench, token, &mut seen).await?;
    let parts = Parts::of(token);
    // Whether an altered claim is taken says what else is worth a request.
    let forged = match &parts {
        Some(parts) => send(bench, Variant::Payload, &parts.payload(), &mut seen).await?,
        None => false,
    };
    send(bench, Variant::Truncated, &truncated(token), &mut seen).await?;
    if !forged {
        send(
            bench,
            Variant::OneCharacter,
            &one_character(token),
            &mut seen,
        )
        .await?;
    }
    places(bench, token, &mut seen).await?;
    if let Some(parts) = &parts {
        send(bench, Variant::None, &parts.none(), &mut seen).await?;
        send(bench, Variant::Stripped, &parts.stripped(), &mut seen).await?;
        if let Some(forgery) = parts.foreign_key() {
            send(bench, Variant::ForeignKey, &forgery, &mut seen).await?;
        }
    }
    // Before the claims: a gateway that refuses altered ones for their signature would refuse these too.
    if let Some(id) = &tokens.id {
        send(bench, Variant::IdToken, id, &mut seen).await?;
    }
    if let Some(parts) = &parts {
        claims(bench, parts, forged, &mut seen).await?;
    }
    if let Some((of, value)) = &tokens.foreign {
        let request = bench.with_token_of(*of, value)?;
        sent(bench, Variant::Foreign, &request, &mut seen).await?;
    }
    protected(bench, &seen)?;
    Ok(seen)
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

async fn send(
    bench: &mut Bench<'_>,
    variant: Variant,
    token: &str,
    seen: &mut Seen,
) -> Result<bool, Stopped> {
    let request = bench.with_token(token)?;
    sent(bench, variant, &request, seen).await
}

/// Sends a variant, as long as requests are left; says whether it was taken.
async fn sent(
    bench: &mut Bench<'_>,
    variant: Variant,
    request: &Request,
    seen: &mut Seen,
) -> Result<bool, Stopped> {
    if bench.api_left() == 0 {
        seen.unasked.push(variant);
        return Ok(false);
    }
    let status = bench.api(variant.name(), request).await?.response.status;
    seen.statuses.push((variant, status));
    Ok(is_taken(status))
}

/// A request that needs no token at all says nothing about tokens.
fn protected(bench: &Bench<'_>, seen: &Seen) -> Result<(), Stopped> {
    let mut all = seen.statuses.iter();
    if all.any(|(_, status)| !is_taken(*status)) {
        return Ok(());
    }
    let note = format!(
        "the {} side takes this request with any token, and without one: name a request that needs a \
         token: with: {{ request: GET /… }}",
        bench.side
    );
    Err(Stopped::because(Reason::Needs, note))
}

fn compare(seen: &Pair<Seen>) -> Vec<Difference> {
    let status = |side: Side, variant: Variant| {
        let mut all = seen[side].statuses.iter();
        all.find(|(asked, _)| *asked == variant)
            .map(|(_, status)| *status)
    };
    let found = Variant::ALL.into_iter().filter_map(|variant| {
        let statuses = Pair::of(|side| status(side, variant));
        let shown = statuses.map(|status| status.map_or(Observed::Absent, |s| Observed::of(&s)));
        judge(variant, statuses).map(|item| item.seen(shown))
    });
    found.collect()
}

fn judge(variant: Variant, statuses: Pair<Option<u16>>) -> Option<Difference> {
    let new = statuses.new?;
    let taken = statuses.map(|status| status.map(is_taken));
    let what = variant.what();
    let of = |check, kind, severity, explain: String| {
        finding(check, variant.name(), kind, severity, explain)
    };
    let own = |kind, severity, explain| of(variant.check(), kind, severity, explain);
    let locked_out = || {
        format!(
            "the new side refuses {what}, which the old side takes: clients that send it are locked out"
        )
    };
    Some(match (variant.rule(), taken.old, is_taken(new)) {
        (Rule::Refuse, old, true) => {
            let also = if old == Some(true) {
                ", as the old side does"
            } else {
                ""
            };
            let explain = format!(
                "security hole: the new side takes {what}{also}: {}",
                variant.harm()
            );
            own(Kind::NotRefused, Severity::Breaking, explain)
        }
        (Rule::Choose, Some(false), true) => {
            let explain = format!(
                "security hole: the new side takes {what}, which the old side refuses: {}",
                variant.harm()
            );
            own(Kind::NotRefused, Severity::Breaking, explain)
        }
        (Rule::Refuse, Some(true), false) => {
            let explain =
                format!("the old side takes {what}; the new side closes this security hole");
            own(Kind::Refused, Severity::Cosmetic, explain)
        }
        (Rule::Take, Some(true), false) => own(Kind::Refused, Severity::Breaking, locked_out()),
        (Rule::Choose, Some(true), false) => own(Kind::Refused, Severity::Risky, locked_out()),
        (Rule::Take, Some(false), true) => {
            let explain = format!("the new side takes {what}, which the old side refuses");
            own(Kind::Value, Severity::Cosmetic, explain)
        }
        (rule, Some(false), false) if statuses.old != Some(new) => {
            let explain = format!(
                "{what} is refused with another status: clients that ask for a new token on 401 act otherwise"
            );
            match rule {
                Rule::Choose => own(Kind::Value, Severity::Risky, explain),
                _ => of(E07, Kind::Value, Severity::Breaking, explain),
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: &[(Variant, u16)], new: &[(Variant, u16)]) -> Vec<String> {
        let seen = Pair::new(old, new).map(|statuses| Seen {
            statuses: statuses.to_vec(),
            unasked: Vec::new(),
        });
        let found = compare(&seen).into_iter();
        found
            .map(|d| format!("{} {} {}", d.path, d.kind, d.severity))
            .collect()
    }

    #[test]
    fn what_must_be_refused_is_a_hole_on_the_new_side_alone_too() {
        let hole = ["probe.none not-refused breaking"];
        assert_eq!(found(&[], &[(Variant::None, 200)]), hole);
        assert_eq!(
            found(&[(Variant::None, 200)], &[(Variant::None, 200)]),
            hole
        );
        let closed = ["probe.none refused cosmetic"];
        assert_eq!(
            found(&[(Variant::None, 200)], &[(Variant::None, 401)]),
            closed
        );
        assert_eq!(found(&[], &[(Variant::None, 401)]), [""; 0]);
    }

    #[test]
    fn what_clients_may_send_is_compared() {
        let one = |variant, old, new| found(&[(variant, old)], &[(variant, new)]);
        let locked = ["probe.lower-case-scheme refused breaking"];
        assert_eq!(one(Variant::LowerCaseScheme, 200, 401), locked);
        assert_eq!(one(Variant::Query, 200, 401), ["probe.query refused risky"]);
        let hole = ["probe.query not-refused breaking"];
        assert_eq!(one(Variant::Query, 401, 200), hole);
        assert_eq!(one(Variant::Query, 200, 200), [""; 0]);
        assert_eq!(
            one(Variant::Truncated, 401, 500),
            ["probe.truncated value breaking"]
        );
        assert_eq!(one(Variant::Truncated, 401, 401), [""; 0]);
    }

    /// Every finding that two sides can lead to stands in the table with its weight.
    #[test]
    fn each_finding_is_of_a_check_of_the_table() {
        let statuses = [None, Some(200), Some(401), Some(403)];
        for variant in Variant::ALL {
            for (old, new) in statuses.iter().flat_map(|o| statuses.map(|n| (*o, n))) {
                let Some(found) = judge(variant, Pair::new(old, new)) else {
                    continue;
                };
                let id = found.check.as_deref().unwrap_or_default();
                let check = crate::token::catalogue::check(id).unwrap();
                assert!(check.admits(found.severity), "{variant:?} {old:?} {new:?}");
                assert_eq!(found.advice.as_deref(), Some(check.advice));
            }
        }
    }

    #[test]
    fn what_was_not_asked_is_told() {
        let mut seen = Pair::new(Seen::default(), Seen::default());
        assert_eq!(unasked(&seen), None);
        seen.new.unasked = vec![Variant::IdToken, Variant::Foreign];
        let note = "no request was left to ask the new side about id-token, foreign";
        assert_eq!(unasked(&seen).as_deref(), Some(note));
    }

    #[test]
    fn the_page_shows_what_is_not_refused_and_what_is() {
        let told = |variant, old, new| {
            let seen = Pair::new(old, new).map(|status| Seen {
                statuses: vec![(variant, status)],
                unasked: Vec::new(),
            });
            compare(&seen).iter().for_each(crate::page::shows);
        };
        told(Variant::Query, 401, 200);
        told(Variant::LowerCaseScheme, 200, 401);
    }
}
