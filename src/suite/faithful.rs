//! Requests that the HTTP stack would change on their way.

use url::Url;

/// What a request target would become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Path and query as they would be sent.
    pub sent: String,
    /// What causes it.
    pub why: &'static str,
}

impl Changed {
    /// Why, and what would be sent; secrets in the query are masked.
    pub fn in_words(&self) -> String {
        if self.sent.is_empty() {
            return self.why.to_owned();
        }
        let sent = crate::redact::name(&self.sent);
        format!("{}; sent would be {sent}", self.why)
    }
}

/// Whether a base URL with a path and query behind it is sent as it is written.
///
/// # Errors
/// What would be sent instead, and why: URL parsers take dot segments out, turn backslashes, and
/// escape braces and the like (WHATWG URL, section 4.4).
pub fn check_target(base: &str, target: &str) -> Result<(), Changed> {
    let text = format!("{base}{target}");
    let origin_end = text.find("://").map_or(0, |at| at + 3);
    let written = text.get(origin_end..).unwrap_or_default();
    let written = written
        .find(['/', '?'])
        .map_or("", |at| written.get(at..).unwrap_or_default());
    if target.starts_with('/') && is_plain(written) {
        return Ok(());
    }
    let Ok(url) = Url::parse(&text) else {
        return Err(Changed {
            sent: String::new(),
            why: "this makes no URL",
        });
    };
    let sent = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let written = if written.starts_with('?') || written.is_empty() {
        format!("/{written}")
    } else {
        written.to_owned()
    };
    if sent == written {
        return Ok(());
    }
    let why = if written.contains('\\') {
        "a backslash becomes a slash; write %5C"
    } else if written.split(['/', '?']).any(is_dot_segment) {
        "dot segments are taken out; they cannot be sent"
    } else if written.contains(['{', '}']) {
        "braces are escaped; write %7B and %7D"
    } else {
        "some characters are escaped; write them percent-encoded"
    };
    Err(Changed { sent, why })
}

/// Whether a path and query have nothing in them that a URL parser escapes or takes out. True of
/// almost every request, and spares large suites a parser's work.
fn is_plain(target: &str) -> bool {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~/=&,:@".contains(&byte);
    let path = target.split('?').next().unwrap_or_default();
    target.starts_with('/')
        && target
            .bytes()
            .all(|byte| kept(byte) || matches!(byte, b'.' | b'?'))
        && !path.split('/').any(|segment| segment.starts_with('.'))
}

fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_plain_is_left_by_the_parser() {
        let sent = |target: &str| {
            let url = Url::parse(&format!("http://127.0.0.1:1{target}")).expect("URL");
            url[url::Position::BeforePath..].to_owned()
        };
        for target in [
            "/",
            "/a//b/",
            "/v1.0/o_1?x=1&y=a.b",
            "/a..b/c.",
            "/a?b?/../c",
            "/@me:x,y~",
        ] {
            assert!(is_plain(target), "{target}");
            assert_eq!(sent(target), target);
        }
        for target in [
            "/a/../b", "/.", "/.hidden", "a", "", "/%2e", "/a b", "/a#b", "/a\\b", "/é", "/a'b",
        ] {
            assert!(!is_plain(target), "{target}");
        }
    }

    #[test]
    fn what_is_written_is_what_is_sent_or_it_is_refused() {
        let base = "http://127.0.0.1:1/v1";
        for target in [
            "/a//b/",
            "/a%2Fb?x=1&y",
            "?x",
            "",
            "/ä".replace('ä', "%C3%A4").as_str(),
        ] {
            assert_eq!(check_target(base, target), Ok(()), "{target}");
        }
        assert!(
            check_target("http://127.0.0.1:1", "x/y").is_err(),
            "no port"
        );
        assert!(
            check_target("http://127.0.0.1:1/{v}", "/a").is_err(),
            "the base counts"
        );
        for (target, sent) in [
            ("/a/../b", "/v1/b"),
            ("/a/%2e%2E/b", "/v1/b"),
            ("/{id}", "/v1/%7Bid%7D"),
            ("/a\\b", "/v1/a/b"),
            ("/ä", "/v1/%C3%A4"),
        ] {
            let changed = check_target(base, target).expect_err(target);
            assert_eq!(changed.sent, sent);
        }
    }
}
