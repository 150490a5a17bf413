//! The tokens of a successful answer that nobody can read as one: a form, a bare text, names of another
//! spelling. They are no tokens to the run, and secrets all the same.

use std::sync::LazyLock;

use regex::Regex;

use super::answer::TokenAnswer;
use crate::message::Response;

/// A name of a token, in any spelling, and what is given to it in any notation.
static GIVEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:(?:access|refresh|id)[_-]?|\b)token\W{0,8}?[=:>]\W{0,8}(?P<value>[a-z0-9_-][\w.~+/%=-]{5,})",
    )
    .ok()
});

/// Shortest bare text that is taken for a token.
const BARE: usize = 8;

/// Every text of an answer that may be a token; nothing where the answer has its token where it
/// belongs, or refuses.
pub(super) fn tokens(answer: &TokenAnswer, response: &Response) -> Vec<String> {
    let refuses = !(200..300).contains(&response.status) || answer.text("error").is_some();
    if refuses || answer.token("access_token").is_some() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(&response.body);
    let given = GIVEN.iter().flat_map(|given| given.captures_iter(&text));
    let mut found: Vec<String> = given.map(|found| found["value"].to_owned()).collect();
    let bare = text.trim().trim_matches(['"', '\'']);
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    // The signs of a token (RFC 6750 section 2.1).
    if bare.len() >= BARE && bare.bytes().all(is_sign) {
        found.push(bare.to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;
    use crate::redact::Secrets;

    fn found(status: u16, body: &str) -> Vec<String> {
        let response = Response::plain(status, Headers::default(), body.to_owned().into());
        tokens(&TokenAnswer::read(&response, &Secrets::new()), &response)
    }

    #[test]
    fn a_token_is_found_in_any_notation() {
        for body in [
            "leaky-token.1",
            "\"leaky-token.1\"",
            "token_type=bearer&access_token=leaky-token.1&scope=a",
            "{'access_token':'leaky-token.1', 'token_type':'Bearer'}",
            "<r><access_token>leaky-token.1</access_token></r>",
            "{\"accessToken\": \"leaky-token.1\"}",
            "{\"token\": \"leaky-token.1\"}",
            "\"{\\\"access_token\\\": \\\"leaky-token.1\\\"}\"",
        ] {
            assert!(
                found(200, body).contains(&"leaky-token.1".to_owned()),
                "{body}"
            );
        }
    }

    #[test]
    fn words_are_no_tokens() {
        for (status, body) in [
            (
                200,
                "{\"access_token\":\"a-good-one\",\"token\":\"something\"}",
            ),
            (
                200,
                "{\"error\":\"x\",\"error_description\":\"token: something\"}",
            ),
            (401, "{\"description\":\"Invalid token: Access failure\"}"),
            (200, "<html>Sign in to go on</html>"),
            (200, "{\"token_type\":\"Bearer\"}"),
            (200, "{}"),
        ] {
            assert_eq!(found(status, body), Vec::<String>::new(), "{body}");
        }
    }
}
