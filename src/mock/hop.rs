//! Fields that speak of one connection only, and are not passed on (RFC 9110 section 7.6.1).

const FIELDS: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "expect",
];

/// Whether a field, its name in lower case, is of the connection.
pub(crate) fn is_of_the_connection(name: &str) -> bool {
    FIELDS.contains(&name)
}
