//! What it weighs when a header is lost, added or changed.

use crate::results::Severity::{self, Breaking, Cosmetic, Risky};

/// The severities of one header.
pub(super) struct Weight {
    pub(super) lost: Severity,
    pub(super) added: Severity,
    pub(super) changed: Severity,
    pub(super) when_lost: &'static str,
    pub(super) when_added: &'static str,
}

impl Weight {
    /// Of a header whose loss or coming means nothing by itself.
    pub(super) const fn of_nothing(why: &'static str) -> Self {
        Self {
            lost: Cosmetic,
            added: Cosmetic,
            changed: Cosmetic,
            when_lost: why,
            when_added: why,
        }
    }

    /// What a header (lower-case name) weighs; `value` is the one that was lost or added.
    pub(super) fn of(name: &str, value: Option<&str>) -> Self {
        // Whether the answer may be packed changes nothing for the caller.
        let packing =
            name == "vary" && value.is_some_and(|v| v.eq_ignore_ascii_case("accept-encoding"));
        let lost = lost(name);
        let acted_on = lost.is_some();
        let caching = matches!(
            name,
            "cache-control" | "expires" | "pragma" | "vary" | "surrogate-control"
        );
        let (added, when_added) = match name {
            _ if packing => (
                Cosmetic,
                "answers may now come packed; HTTP libraries see to that",
            ),
            _ if caching => (
                Risky,
                "clients and caches may now keep the answer, or no longer may",
            ),
            "set-cookie" => (Risky, "clients that keep cookies now send one"),
            _ if acted_on => (Risky, "clients that act on this header now do"),
            _ => (
                Cosmetic,
                "a new header, which clients that do not know it pass over",
            ),
        };
        Self {
            lost: if acted_on {
                Breaking
            } else if packing {
                Cosmetic
            } else {
                Risky
            },
            added,
            changed: if acted_on { Breaking } else { Risky },
            when_lost: lost.unwrap_or("the header is gone: clients that read it find nothing"),
            when_added,
        }
    }
}

/// What clients lose with a header that they act on.
fn lost(name: &str) -> Option<&'static str> {
    Some(match name {
        "location" => "the Location is gone: clients cannot follow, or find what they created",
        "content-location" => {
            "the Content-Location is gone: clients cannot find the resource again"
        }
        "retry-after" => "the Retry-After is gone: clients come back at once, or never",
        "www-authenticate" => {
            "the challenge is gone: clients do not learn that, or how, to authenticate"
        }
        "etag" => "the ETag is gone: clients can no longer ask for changes only, nor write safely",
        "last-modified" => "the Last-Modified is gone: clients can no longer ask for changes only",
        "link" => "the Link is gone: clients stop at the first page",
        "content-type" => "the media type is gone: clients have to guess how to read the body",
        "content-disposition" => "the Content-Disposition is gone: downloads lose their name",
        "content-range" => "the Content-Range is gone: clients cannot put the parts together",
        "accept-ranges" => "the Accept-Ranges is gone: downloads cannot be resumed",
        "set-cookie" => "the cookie is gone: clients lose their session",
        _ if name.starts_with("access-control-") => {
            "a CORS header is gone: browsers refuse the answer"
        }
        _ => return None,
    })
}
