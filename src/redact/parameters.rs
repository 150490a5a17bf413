//! `name=value` in forms, queries and cookies.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::spans::Span;

/// Secret values of an `application/x-www-form-urlencoded` body.
pub(super) fn form(text: &[u8], wanted: &dyn Fn(&str) -> bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    for field in text.split(|b| *b == b'&') {
        spans.extend(pair(text, at, at + field.len(), wanted));
        at += field.len() + 1;
    }
    spans
}

/// Secret parameters of every URL in a text: what follows `?`, `&`, `#` or, in HTML, `&amp;`.
pub(super) fn queries(text: &[u8], wanted: &dyn Fn(&str) -> bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let ends = |b: &u8| b.is_ascii_whitespace() || b"&#?;\"'<>\\".contains(b);
    for (at, byte) in text.iter().enumerate() {
        let starts = match byte {
            b'?' | b'&' | b'#' => true,
            b';' => text
                .get(..at)
                .is_some_and(|before| before.ends_with(b"&amp")),
            _ => false,
        };
        if starts {
            let rest = text.get(at + 1..).unwrap_or_default();
            let length = rest.iter().position(ends).unwrap_or(rest.len());
            spans.extend(pair(text, at + 1, at + 1 + length, wanted));
        }
    }
    spans
}

/// Secret parts of a `multipart/form-data` body (RFC 7578): from the blank line to the boundary.
pub(super) fn multipart(text: &[u8], wanted: &dyn Fn(&str) -> bool) -> Vec<Span> {
    const NAME: &[u8] = b" name=\"";
    let find = |from: usize, what: &[u8]| {
        let rest = text.get(from..)?;
        let found = rest.windows(what.len()).position(|window| window == what)?;
        Some(from + found)
    };
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(found) = find(at, NAME) {
        at = found + NAME.len();
        let Some(quote) = find(at, b"\"") else { break };
        let name = String::from_utf8_lossy(text.get(at..quote).unwrap_or_default());
        if wanted(&name)
            && let Some(blank) = find(quote, b"\r\n\r\n")
        {
            let start = blank + 4;
            let end = find(start, b"\r\n--").unwrap_or(text.len());
            spans.extend(Span::place(text, start, end, &name));
            at = end;
        }
    }
    spans
}

/// User name and password in the URLs of a text: `https://user:password@host/`.
pub(super) fn user_info(text: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| rest.windows(3).position(|w| w == b"://"))
    {
        at += found + 3;
        let rest = text.get(at..).unwrap_or_default();
        let ends = |b: &u8| b.is_ascii_whitespace() || b"/?#\"'<>\\".contains(b);
        let authority = rest
            .get(..rest.iter().position(ends).unwrap_or(rest.len()))
            .unwrap_or_default();
        if let Some(sign) = authority.iter().rposition(|b| *b == b'@') {
            let user = authority.iter().position(|b| *b == b':');
            let start = user.filter(|u| *u < sign).map_or(0, |user| user + 1);
            spans.extend(Span::place(text, at + start, at + sign, "password"));
        }
    }
    spans
}

/// The value of one `name=value`, if the name is secret.
fn pair(text: &[u8], start: usize, end: usize, wanted: &dyn Fn(&str) -> bool) -> Option<Span> {
    let field = text.get(start..end)?;
    let equals = field.iter().position(|b| *b == b'=')?;
    let name: Cow<'_, [u8]> = percent_decode(field.get(..equals)?).into();
    let name = std::str::from_utf8(&name).ok()?.trim();
    if wanted(name) {
        Span::place(text, start + equals + 1, end, name)
    } else {
        None
    }
}

/// The values of a `Cookie` field, or that of a `Set-Cookie` field (RFC 6265 section 4): names and
/// attributes are shown.
pub(super) fn cookies(value: &[u8], set: bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    for (index, part) in value.split(|b| *b == b';').enumerate() {
        let equals = part.iter().position(|b| *b == b'=');
        if !set || index == 0 {
            let start = at + equals.map_or(0, |equals| equals + 1);
            let place = if set { "set-cookie" } else { "cookie" };
            spans.extend(Span::place(value, start, at + part.len(), place));
        } else if let Some(comma) = part.iter().position(|b| *b == b',')
            // Several fields in one text. The date of `Expires` has a comma too, and no sign behind it.
            && let Some(equals) = part.iter().skip(comma).position(|b| *b == b'=')
        {
            let start = at + comma + equals + 1;
            spans.extend(Span::place(value, start, at + part.len(), "set-cookie"));
        }
        at += part.len() + 1;
    }
    spans
}

/// The credentials of an `Authorization` field (RFC 9110 section 11.6.2): a known scheme is shown.
pub(super) fn credentials(value: &[u8], place: &str) -> Option<Span> {
    const SCHEMES: [&str; 8] = [
        "bearer",
        "basic",
        "digest",
        "dpop",
        "negotiate",
        "token",
        "apikey",
        "mac",
    ];
    let scheme = value.iter().position(|b| *b == b' ').filter(|length| {
        value.get(..*length).is_some_and(|word| {
            SCHEMES
                .iter()
                .any(|s| word.eq_ignore_ascii_case(s.as_bytes()))
        })
    });
    let blanks = value.iter().skip(scheme.unwrap_or(0));
    let skip = scheme.unwrap_or(0) + blanks.take_while(|b| **b == b' ').count();
    Span::place(value, skip, value.len(), place)
}

#[cfg(test)]
mod tests {
    use super::super::spans::{merge, without};
    use super::*;

    fn show(text: &str, spans: Vec<Span>) -> String {
        let out = without(text.as_bytes(), &merge(spans), text.len());
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn forms_and_queries_lose_the_values_of_secret_names() {
        let wanted = |name: &str| name == "code";
        let text = "grant_type=x&code=abc%20d&c%6Fde=1";
        assert_eq!(
            show(text, form(text.as_bytes(), &wanted)),
            "grant_type=x&code=[secret code, 7 characters]&c%6Fde=[secret code, 1 character]"
        );
        let text = "see https://h/p?a=1&code=abc#code=d, \"x?code=e\"";
        assert_eq!(
            show(text, queries(text.as_bytes(), &wanted)),
            "see https://h/p?a=1&code=[secret code, 3 characters]#code=[secret code, 2 characters] \"x?code=[secret code, 1 character]\""
        );
        let text = "<a href='?x=1&amp;code=abc'>fault; code=900901</a>";
        assert_eq!(
            show(text, queries(text.as_bytes(), &wanted)),
            "<a href='?x=1&amp;code=[secret code, 3 characters]'>fault; code=900901</a>"
        );
        let text =
            "--b\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\na\r\nb\r\n--b--\r\n";
        assert_eq!(
            show(text, multipart(text.as_bytes(), &wanted)),
            text.replace("a\r\nb", "[secret code, 4 characters]")
        );
        let text = "GET https://me:pw@h/a@b https://h/x";
        assert_eq!(
            show(text, user_info(text.as_bytes())),
            "GET https://me:[secret password, 2 characters]@h/a@b https://h/x"
        );
    }

    #[test]
    fn cookies_and_credentials_keep_what_is_no_secret() {
        let text = "sid=abc; Path=/; HttpOnly";
        assert_eq!(
            show(text, cookies(text.as_bytes(), true)),
            "sid=[secret set-cookie, 3 characters]; Path=/; HttpOnly"
        );
        let text = "a=1; Expires=Sat, 21 Nov 2026 22:10:00 GMT, b=22; Path=/, c=3; Secure";
        assert_eq!(
            show(text, cookies(text.as_bytes(), true)),
            "a=[secret set-cookie, 1 character]; Expires=Sat, 21 Nov 2026 22:10:00 GMT, \
             b=[secret set-cookie, 2 characters]; Path=/, c=[secret set-cookie, 1 character]; Secure"
        );
        let text = "a=1; b=22";
        assert_eq!(
            show(text, cookies(text.as_bytes(), false)),
            "a=[secret cookie, 1 character]; b=[secret cookie, 2 characters]"
        );
        for (text, shown) in [
            ("Bearer abc", "Bearer [secret authorization, 3 characters]"),
            (
                "bearer  abc",
                "bearer  [secret authorization, 3 characters]",
            ),
            ("secret one", "[secret authorization, 10 characters]"),
        ] {
            let span = credentials(text.as_bytes(), "authorization");
            assert_eq!(show(text, span.into_iter().collect()), shown);
        }
    }
}
