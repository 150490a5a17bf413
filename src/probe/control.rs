//! The control of a probe: a token that nobody changed must work, or nothing is learned from those
//! that do not.

use super::bench::Bench;
use super::stopped::Stopped;
use crate::message::Request;
use crate::results::Reason;

/// Whether a side took a request. A redirect is none: it may lead to a page that asks who one is.
pub(super) const fn is_taken(status: u16) -> bool {
    matches!(status, 200..=299)
}

/// Sends a request with a good token, and wants success.
pub(super) async fn control(
    bench: &mut Bench<'_>,
    name: &str,
    request: &Request,
) -> Result<u16, Stopped> {
    let status = bench.api(name, request).await?.response.status;
    if is_taken(status) {
        Ok(status)
    } else {
        Err(not_taken(bench, name, status))
    }
}

/// A good token did not work: why nothing can be learned.
pub(super) fn not_taken(bench: &Bench<'_>, name: &str, status: u16) -> Stopped {
    let side = bench.side;
    let (reason, why) = match status {
        401 | 403 => (
            Reason::Token,
            "the token may not use this request, or is no good",
        ),
        _ => (
            Reason::Needs,
            "name a request that succeeds on both sides: with: { request: GET /… }",
        ),
    };
    Stopped::because(
        reason,
        format!("{name}: the {side} side answered {status}; {why}"),
    )
}
