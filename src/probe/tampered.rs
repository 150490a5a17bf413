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
use crate::token::{Placement, add_to_query};

use super::variant::{Rule, Variant};

/// What a side answered to each variant that it was asked.
type Seen = Vec<(Variant, u16)>;

/// A token of one side, on its way to a request.
type Foreign = Option<(Side, String)>;

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let Pair { old, new } = benches;
    let (first, second) = tokio::try_join!(old.needed_token(), new.needed_token())?;
    let value = |side: &Bench<'_>, token: &crate::token::Token| {
        let value = token.value.expose_secret().to_owned();
        side.crossing.map(|_| (side.side, value))
    };
    let foreign = Pair::new(value(new, &second), value(old, &first));
    let own = Pair::new(first, second).map(|token| token.value.expose_secret().to_owned());
    let (old, new) = tokio::try_join!(
        ask(old, &own.old, foreign.old),
        ask(new, &own.new, foreign.new)
    )?;
    Ok((compare(&Pair::new(old, new)), None))
}

async fn ask(bench: &mut Bench<'_>, token: &str, foreign: Foreign) -> Result<Seen, Stopped> {
    let mut seen = Seen::new();
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
        claims(bench, parts, forged, &mut seen).await?;
    }
    if let Some((of, value)) = foreign {
        let request = bench.with_token_of(of, &value)?;
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
        return Ok(());
    }
    let answer = bench.api("expired, aud, iss", &request).await?;
    let status = answer.response.status;
    seen.extend(Claim::ALL.map(|claim| (Variant::of(claim), status)));
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
        return Ok(false);
    }
    let status = bench.api(variant.name(), request).await?.response.status;
    seen.push((variant, status));
    Ok(is_taken(status))
}

/// A request that needs no token at all says nothing about tokens.
fn protected(bench: &Bench<'_>, seen: &Seen) -> Result<(), Stopped> {
    if seen.iter().any(|(_, status)| !is_taken(*status)) {
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
        let mut all = seen[side].iter();
        all.find(|(asked, _)| *asked == variant)
            .map(|(_, status)| *status)
    };
    let found = Variant::ALL.into_iter().filter_map(|variant| {
        let statuses = Pair::of(|side| status(side, variant));
        let shown = statuses.map(|status| status.map_or(Observed::Absent, |s| Observed::of(&s)));
        judge(variant, statuses).map(|item| item.seen(shown).cites(variant.paragraph()))
    });
    found.collect()
}

fn judge(variant: Variant, statuses: Pair<Option<u16>>) -> Option<Difference> {
    let new = statuses.new?;
    let taken = statuses.map(|status| status.map(is_taken));
    let what = variant.what();
    let of = |kind, severity, explain: String| finding(variant.name(), kind, severity, explain);
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
            of(Kind::NotRefused, Severity::Breaking, explain).advice(variant.advice())
        }
        (Rule::Choose, Some(false), true) => {
            let explain = format!(
                "security hole: the new side takes {what}, which the old side refuses: {}",
                variant.harm()
            );
            of(Kind::NotRefused, Severity::Breaking, explain).advice(variant.advice())
        }
        (Rule::Refuse, Some(true), false) => {
            let explain =
                format!("the old side takes {what}; the new side closes this security hole");
            of(Kind::Refused, Severity::Cosmetic, explain)
        }
        (Rule::Take, Some(true), false) => {
            let explain = format!(
                "the new side refuses {what}, which the old side takes: clients that send it are locked out"
            );
            of(Kind::Refused, Severity::Breaking, explain).advice(variant.advice())
        }
        (Rule::Choose, Some(true), false) => {
            let explain = format!(
                "the new side refuses {what}, which the old side takes: clients that send it are locked out"
            );
            let advice = "have clients send the token once, in the Authorization header";
            of(Kind::Refused, Severity::Risky, explain).advice(advice)
        }
        (Rule::Take, Some(false), true) => {
            let explain = format!("the new side takes {what}, which the old side refuses");
            of(Kind::Value, Severity::Cosmetic, explain)
        }
        (_, Some(false), false) if statuses.old != Some(new) => {
            let explain = format!(
                "{what} is refused with another status: clients that ask for a new token on 401 act otherwise"
            );
            of(Kind::Value, Severity::Risky, explain)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: &[(Variant, u16)], new: &[(Variant, u16)]) -> Vec<String> {
        let found = compare(&Pair::new(old.to_vec(), new.to_vec()));
        let found = found.into_iter();
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
            ["probe.truncated value risky"]
        );
        assert_eq!(one(Variant::Truncated, 401, 401), [""; 0]);
    }

    #[test]
    fn the_page_shows_what_is_not_refused_and_what_is() {
        let told = |variant, old, new| {
            compare(&Pair::new(vec![(variant, old)], vec![(variant, new)]))
                .iter()
                .for_each(crate::page::shows);
        };
        told(Variant::Query, 401, 200);
        told(Variant::LowerCaseScheme, 200, 401);
    }
}
