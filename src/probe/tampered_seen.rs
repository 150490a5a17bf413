//! What a side made of the variants of `tampered-token`, and how it is asked about one.

use super::bench::Bench;
use super::control::is_taken;
use super::stopped::Stopped;
use super::variant::Variant;
use crate::message::Request;
use crate::results::Reason;

/// What a side made of the variants.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What it answered to each that it was asked.
    pub(super) statuses: Vec<(Variant, u16)>,
    /// Those for which no request was left, or that cannot be made.
    pub(super) unasked: Vec<Variant>,
    /// Why it was not asked to the end, if that is so.
    pub(super) cut: Option<Stopped>,
}

impl Seen {
    /// The names of those that it was not asked about; none where there are none.
    pub(super) fn unasked(&self) -> Option<String> {
        let names: Vec<&str> = self.unasked.iter().map(|variant| variant.name()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// Sends a token in its place.
pub(super) async fn send(
    bench: &mut Bench<'_>,
    variant: Variant,
    token: &str,
    seen: &mut Seen,
) -> Result<bool, Stopped> {
    let request = bench.with_token(token)?;
    sent(bench, variant, &request, seen).await
}

/// Sends a variant, as long as requests are left; says whether it was taken.
pub(super) async fn sent(
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

/// What was seen of a side, whether or not it was asked to the end: what it took before an answer that says nothing of
/// the token stands.
pub(super) fn end(
    bench: &Bench<'_>,
    seen: Seen,
    asked: Result<(), Stopped>,
) -> Result<Seen, Stopped> {
    let cut = asked.err();
    protected(bench, &seen).map_err(|unprotected| cut.clone().unwrap_or(unprotected))?;
    Ok(Seen { cut, ..seen })
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
