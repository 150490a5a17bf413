//! What two answers say to pages of other origins, as far as it decides what other headers weigh.

use super::parts::Part;
use super::syntax::split;
use crate::compare::{Relation, Standing};
use crate::message::Response;
use crate::pair::Pair;
use crate::results::{Kind, Severity};

/// Why a `Vary` that names `Origin` on one side only means nothing by itself.
pub(super) const VARIES: &str = "`Vary: Origin` comes with an origin that is echoed, where the other side allows any: to a browser the same";

/// What both answers say to pages of other origins (Fetch standard, CORS protocol).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cors {
    /// Whether either side allows credentials.
    pub(super) credentials: bool,
    /// Whether one side allows any origin by `*`, and the other the caller's own.
    echoed: bool,
}

impl Cors {
    pub(super) fn of(answers: Pair<&Response>) -> Self {
        let credentials = answers.map(|answer| {
            let allowed = answer.headers.text("access-control-allow-credentials");
            allowed.is_some_and(|value| value.eq_ignore_ascii_case("true"))
        });
        let any = answers.map(|answer| {
            let origin = answer.headers.text("access-control-allow-origin");
            origin.map(|origin| origin.trim() == "*")
        });
        let credentials = credentials.old || credentials.new;
        let one_any = any.old.zip(any.new).is_some_and(|(old, new)| old != new);
        Self {
            credentials,
            echoed: one_any && !credentials,
        }
    }

    /// What differs between two values of `Access-Control-Allow-Origin`: `*` and an echoed origin are one to
    /// a browser, unless credentials are allowed.
    pub(super) fn origin(self, texts: Pair<&str>, standing: &Standing) -> Vec<Part> {
        if standing.relation(texts, "header:access-control-allow-origin") == Relation::Same {
            return Vec::new();
        }
        let any = texts.map(|text| text == "*");
        let part = if any.old != any.new && !self.credentials {
            let explain = "any origin on one side, the caller's own on the other: to a browser without credentials the same";
            Part::whole(Kind::Format, Severity::Cosmetic, texts, explain)
        } else {
            let explain =
                "another origin is allowed: browsers refuse the answer to pages of the old one";
            Part::whole(Kind::Value, Severity::Breaking, texts, explain)
        };
        vec![part]
    }

    /// Whether a `Vary` of this value follows from an origin that is echoed on one side only. Whether
    /// the answer may be packed changes nothing for the caller either.
    pub(super) fn explains(self, vary: &str) -> bool {
        let mut names = split(vary, ',').into_iter().map(str::to_ascii_lowercase);
        let mut origin = false;
        let known = names.all(|name| {
            origin |= name == "origin";
            name == "origin" || name == "accept-encoding"
        });
        self.echoed && known && origin
    }
}

#[cfg(test)]
mod tests {
    use crate::compare::headers::tests::{diff, one};

    #[test]
    fn a_wildcard_covers_what_was_allowed_by_name() {
        let (methods, headers) = (
            "access-control-allow-methods",
            "access-control-allow-headers",
        );
        assert_eq!(
            one(methods, "GET, PUT", "*"),
            [format!("{methods} value cosmetic")]
        );
        assert_eq!(
            one(methods, "*", "GET, PUT"),
            [format!("{methods} value breaking")]
        );
        assert_eq!(
            one(headers, "X-A", "*"),
            [format!("{headers} value cosmetic")]
        );
        let lost = [format!("{headers} value breaking")];
        assert_eq!(one(headers, "Authorization, X-A", "*"), lost);
        assert_eq!(
            one(headers, "Authorization, X-A", "*, authorization"),
            [format!("{headers} value cosmetic")]
        );
        let credentials = ("access-control-allow-credentials", "true");
        assert_eq!(
            diff(
                &[(headers, "X-A"), credentials],
                &[(headers, "*"), credentials]
            ),
            lost
        );
        assert_eq!(one("vary", "Origin", "*"), ["vary value risky"]);
    }

    #[test]
    fn vary_origin_follows_an_origin_that_is_echoed_on_one_side() {
        for vary in ["Origin", "Accept-Encoding, origin"] {
            let (any, vary) = (("access-control-allow-origin", "*"), ("vary", vary));
            let echoed = ("access-control-allow-origin", "https://app.example");
            assert_eq!(
                diff(&[any], &[echoed, vary]),
                [
                    "access-control-allow-origin format cosmetic",
                    "vary added cosmetic"
                ]
            );
            assert_eq!(
                diff(&[echoed, vary], &[any]),
                [
                    "access-control-allow-origin format cosmetic",
                    "vary removed cosmetic"
                ]
            );
            // Without the echo it tells caches to keep answers apart, or no longer to.
            assert_eq!(diff(&[echoed, vary], &[echoed]), ["vary removed risky"]);
            assert_eq!(diff(&[any], &[any, vary]), ["vary added risky"]);
        }
        assert_eq!(
            diff(
                &[("access-control-allow-origin", "*"), ("vary", "Accept")],
                &[
                    ("access-control-allow-origin", "https://app.example"),
                    ("vary", "Accept, Origin")
                ]
            ),
            [
                "access-control-allow-origin format cosmetic",
                "vary value cosmetic"
            ]
        );
        assert_eq!(
            diff(
                &[("access-control-allow-origin", "*")],
                &[
                    ("access-control-allow-origin", "https://app.example"),
                    ("vary", "Cookie, Origin")
                ]
            ),
            [
                "access-control-allow-origin format cosmetic",
                "vary added risky"
            ]
        );
    }
}
