//! [`carry`]: putting a token into a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::credential::Placement;
use crate::exchange::{Crossing, Failure, Target};
use crate::message::Request;
use crate::pair::Side;

/// RFC 3986 section 2.3: what a component never needs to encode.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Puts a token of a side in its place in a request to `target`, in place of one that stands there.
///
/// # Errors
/// The exchange layer lets no token of that side go there.
pub fn carry(
    request: &mut Request,
    target: &Target,
    token: (Side, &str),
    placement: &Placement,
    crossing: Option<Crossing>,
) -> Result<(), Failure> {
    let (of, value) = token;
    target.takes(of, crossing)?;
    match placement {
        Placement::Header { name, scheme } => {
            let value = match scheme {
                Some(scheme) => format!("{scheme} {value}"),
                None => value.to_owned(),
            };
            request.headers.set(name, value);
        }
        Placement::Query(name) => add_to_query(&mut request.url, name, value),
    }
    Ok(())
}

/// Adds a parameter to the query of a URL, percent-encoded.
pub fn add_to_query(url: &mut String, name: &str, value: &str) {
    let mark = if url.contains('?') { '&' } else { '?' };
    let value = utf8_percent_encode(value, COMPONENT);
    let name = utf8_percent_encode(name, COMPONENT);
    *url = format!("{url}{mark}{name}={value}");
}
