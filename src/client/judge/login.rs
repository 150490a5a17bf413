//! A program that was given no token, since the token endpoint did not take its login.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::tokens::finding;
use crate::client::observation::{Asked, Observation};
use crate::client::wire::Message;
use crate::results::{Difference, Kind, Observed, Severity};

/// The finding, where no token was had and the last request for one was refused.
pub(super) fn refused(run: &Observation) -> Option<Difference> {
    let last = run.asked.last()?;
    let is_refusal = (400..500).contains(&last.status) && last.status != 429;
    if !run.issued.is_empty() || !is_refusal {
        return None;
    }
    let way = Way::of(last);
    let status = last.status;
    let explain = format!(
        "was given no token: the token endpoint answered {status} to its login, {}",
        way.told()
    );
    let path = format!("token[{}].authorization", run.asked.len() - 1);
    Some(
        finding(path, Kind::NotSent, Severity::Breaking, explain)
            .showing(Observed::Absent, Observed::text(way.word()))
            .advice(
                "make the way in which it sends id and secret a setting: HTTP Basic, form-encoded first \
                 (RFC 6749 section 2.3.1), Basic as they are, or the form of the request",
            )
            .detail("login", way.word()),
    )
}

/// How a program sends its id and its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// In HTTP Basic; either encoding gives the same.
    Basic,
    /// In HTTP Basic, as they are.
    Raw,
    /// In HTTP Basic, form-encoded.
    Encoded,
    /// In the form of the request.
    Post,
    /// Otherwise, or not at all.
    Other,
}

impl Way {
    fn of(asked: &Asked) -> Self {
        match basic(&asked.message) {
            Some(pair) if has_escape(&pair) && !has_sign(&pair) => Self::Encoded,
            Some(pair) if has_sign(&pair) => Self::Raw,
            Some(_) => Self::Basic,
            None if asked.message.form("client_secret").is_some() => Self::Post,
            None => Self::Other,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Raw => "basic raw",
            Self::Encoded => "basic encoded",
            Self::Post => "post",
            Self::Other => "other",
        }
    }

    const fn told(self) -> &'static str {
        match self {
            Self::Basic => "id and secret in HTTP Basic",
            Self::Raw => {
                "id and secret as they are in HTTP Basic: signs such as `+`, `/`, `%` and `:` were not encoded"
            }
            Self::Encoded => "id and secret form-encoded in HTTP Basic",
            Self::Post => "id and secret in the form of the request",
            Self::Other => "neither with HTTP Basic nor with a secret in the form",
        }
    }
}

/// The pair of HTTP Basic (RFC 7617), without the colon between its halves.
fn basic(message: &Message) -> Option<String> {
    let value = String::from_utf8_lossy(message.field("authorization")?).into_owned();
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = STANDARD.decode(encoded.trim()).ok()?;
    Some(String::from_utf8_lossy(&pair).replacen(':', "", 1))
}

/// Whether all signs of per cent begin an escape, and there is one.
fn has_escape(text: &str) -> bool {
    let mut pieces = text.split('%').skip(1).peekable();
    let is_escape = |piece: &str| {
        let digits = piece.get(..2).unwrap_or_default();
        digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    };
    pieces.peek().is_some() && pieces.all(is_escape)
}

/// Whether a sign stands in it that form-encoding would have replaced.
fn has_sign(text: &str) -> bool {
    let escaped = has_escape(text);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~*".contains(c) || (c == '%' && escaped);
    // A blank is a plus in a form.
    !text.chars().all(|c| plain(c) || (c == '+' && escaped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::judge::examples::Story;
    use crate::client::judge::{Terms, judge};
    use crate::client::observation::{Ending, Said};
    use std::time::Duration;

    const TOKEN: &str = "2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f";

    fn way(field: Option<&str>, body: &str) -> Way {
        let field = field.map(|pair| {
            let value = format!("Basic {}", STANDARD.encode(pair));
            ("Authorization".to_owned(), value.into_bytes())
        });
        Way::of(&Asked {
            at: Duration::ZERO,
            answered: Some(Duration::ZERO),
            status: 401,
            message: Message {
                fields: field.into_iter().collect(),
                body: body.as_bytes().to_vec(),
                ..Message::default()
            },
            issued: None,
            said: Said::default(),
        })
    }

    #[test]
    fn each_way_to_send_a_secret_is_known() {
        assert_eq!(way(Some("id:secret-1"), ""), Way::Basic);
        assert_eq!(way(Some("id:p+w/d=%&:x"), ""), Way::Raw);
        assert_eq!(way(Some("id:p%2Bw%2Fd%3D%25%26%3Ax"), ""), Way::Encoded);
        // The colon alone is encoded.
        assert_eq!(way(Some("id:p+w/d=%&%3Ax"), ""), Way::Raw);
        assert_eq!(way(None, "client_id=id&client_secret=s"), Way::Post);
        assert_eq!(way(None, "client_id=id"), Way::Other);
    }

    #[test]
    fn a_login_that_was_refused_is_told_as_such() {
        let mut story = Story::default();
        story
            .refuse(0, 401)
            .ends(Ending::Exit(1), "", "no token: 401\n");
        let found = judge(&story.run(), &Terms::default(), None);
        let told: Vec<_> = found
            .iter()
            .map(|f| (f.path.as_str(), f.kind, &f.detail["login"]))
            .collect();
        assert_eq!(
            told,
            [(
                "token[0].authorization",
                Kind::NotSent,
                &serde_json::json!("other")
            )]
        );
        // What is answered to a second attempt counts.
        story
            .fetch(10, TOKEN)
            .call(11, TOKEN, 200)
            .ends(Ending::Exit(0), "", "");
        assert_eq!(judge(&story.run(), &Terms::default(), None), []);
    }
}
