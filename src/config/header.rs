//! Header fields that can be sent as they are written, and only those.

use http::{HeaderName, HeaderValue};

use crate::source::{Cx, Diagnostic, Spanned};

/// Reports a field that HTTP forbids, or that would not be sent as it is written. Without a value it
/// is one that is taken away.
pub(crate) fn check_header(name: &Spanned<String>, value: Option<&str>, cx: &mut Cx<'_>) {
    // What a suite says of all its cases is looked at for each of them.
    if cx.diagnostics.iter().any(|d| d.span == name.span) {
        return;
    }
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        let message = format!("`{}` is no header name (RFC 9110 section 5.1)", name.value);
        cx.error::<()>(name.span, message, "letters, digits and -");
        return;
    }
    let Some(value) = value else {
        return;
    };
    if HeaderValue::from_bytes(value.as_bytes()).is_err() {
        let message = format!("the header `{}` has a value that HTTP forbids", name.value);
        let label = "no line breaks and no control characters (RFC 9110 section 5.5)";
        cx.error::<()>(name.span, message, label);
    } else if let Some(sent) = instead(&name.to_ascii_lowercase(), value) {
        let message = format!("the header `{}` would be changed on its way", name.value);
        let diagnostic = Diagnostic::error(cx.source, name.span, message);
        cx.report::<()>(diagnostic.help(format!("{sent}; take it away")));
    }
}

/// What is sent instead of a field that belongs to the connection and not to the request.
fn instead(name: &str, value: &str) -> Option<&'static str> {
    match name {
        "transfer-encoding" if value.eq_ignore_ascii_case("chunked") => None,
        "content-length" => Some("sent would be the length of the body"),
        "transfer-encoding" => Some("a body is sent whole, or with `Transfer-Encoding: chunked`"),
        "connection" | "keep-alive" | "proxy-connection" | "upgrade" => Some(
            "connections are shared by requests, and HTTP/2 has no such header (RFC 9113 section \
             8.2.2): it would not be sent",
        ),
        _ => None,
    }
}
