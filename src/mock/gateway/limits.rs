//! Sizes above which a gateway refuses a request before it looks at it.

use crate::mock::answer::Call;
use crate::mock::document::Situation;
use crate::mock::habits::LimitsDoc;

/// The limit that a request is above, if there is one: URL, headers, body, in the order in which they
/// arrive.
pub(crate) fn exceeded(limits: &LimitsDoc, call: &Call) -> Option<Situation> {
    let above = |limit: Option<usize>, size: usize| limit.is_some_and(|limit| size > limit);
    let target = match call.query.len() {
        0 => call.path.len(),
        query => call.path.len() + 1 + query,
    };
    if above(limits.url, target) {
        return Some(Situation::UrlTooLong);
    }
    let fields = call.headers.0.iter();
    let fields: Vec<usize> = fields
        .map(|(name, value)| name.len() + value.len())
        .collect();
    let one = fields.iter().any(|size| above(limits.header, *size));
    if one || above(limits.headers, fields.iter().sum()) {
        return Some(Situation::HeadersTooLarge);
    }
    above(limits.body, call.body.len()).then_some(Situation::BodyTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;

    #[test]
    fn each_limit_is_met_to_the_byte() {
        let limits = LimitsDoc {
            url: Some(9),
            header: Some(6),
            headers: Some(10),
            body: Some(4),
        };
        let call = |query: &str, fields: &[(&str, &str)], body: &'static str| Call {
            method: "POST".into(),
            path: "/path".into(),
            query: query.into(),
            headers: Headers(
                fields
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                    .collect(),
            ),
            body: body.into(),
            connection: None,
        };
        let full = call("a=1", &[("ab", "cdef"), ("a", "bcd")], "body");
        assert_eq!(exceeded(&limits, &full), None);
        let cases = [
            (call("a=12", &[], ""), Situation::UrlTooLong),
            (call("", &[("ab", "cdefg")], ""), Situation::HeadersTooLarge),
            (
                call("", &[("ab", "cd"), ("ab", "cd"), ("ab", "c")], ""),
                Situation::HeadersTooLarge,
            ),
            (call("", &[], "body!"), Situation::BodyTooLarge),
        ];
        for (call, situation) in cases {
            assert_eq!(exceeded(&limits, &call), Some(situation), "{call:?}");
        }
    }
}
