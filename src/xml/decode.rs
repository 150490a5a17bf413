//! From bytes to text: the byte order mark says how, else the `Content-Type`, else the declaration
//! (RFC 7303 section 3).

use std::borrow::Cow;

use super::NotXml;

/// The character sets that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charset {
    Utf8,
    Utf16Be,
    Utf16Le,
    Latin1,
}

impl Charset {
    fn named(name: &str, body: &[u8]) -> Result<Self, NotXml> {
        match name.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(Self::Utf8),
            "utf-16le" => Ok(Self::Utf16Le),
            // Without a mark the first sign, `<`, tells which end comes first.
            "utf-16" if body.first() == Some(&b'<') => Ok(Self::Utf16Le),
            "utf-16" | "utf-16be" => Ok(Self::Utf16Be),
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "l1" => Ok(Self::Latin1),
            _ => Err(NotXml {
                charset: true,
                ..NotXml::new(
                    "a character set that is not read here (UTF-8, UTF-16, ISO-8859-1 and US-ASCII are)",
                )
            }),
        }
    }
}

/// The text of a body. `charset` is the parameter of its `Content-Type`.
///
/// # Errors
/// That its character set is not one that is read, or that its bytes are not of it.
pub(crate) fn decode<'a>(body: &'a [u8], charset: Option<&str>) -> Result<Cow<'a, str>, NotXml> {
    if u32::try_from(body.len()).is_err() {
        return Err(NotXml::new("more than 4 GiB"));
    }
    let (found, rest) = match body {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (Charset::Utf8, rest),
        [0xFE, 0xFF, rest @ ..] => (Charset::Utf16Be, rest),
        [0xFF, 0xFE, rest @ ..] => (Charset::Utf16Le, rest),
        _ => (unmarked(body, charset)?, body),
    };
    match found {
        Charset::Utf8 => match std::str::from_utf8(rest) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => {
                let at = error.valid_up_to() + body.len() - rest.len();
                Err(NotXml::new(format!("invalid UTF-8 at byte {at}")))
            }
        },
        Charset::Latin1 => Ok(rest.iter().map(|byte| char::from(*byte)).collect()),
        Charset::Utf16Be => utf16(rest, u16::from_be_bytes),
        Charset::Utf16Le => utf16(rest, u16::from_le_bytes),
    }
}

fn unmarked(body: &[u8], charset: Option<&str>) -> Result<Charset, NotXml> {
    if let Some(name) = charset {
        return Charset::named(name, body);
    }
    match body {
        [b'<', 0, ..] => return Ok(Charset::Utf16Le),
        [0, b'<', ..] => return Ok(Charset::Utf16Be),
        _ => {}
    }
    match declared(body) {
        // The declaration was read as bytes, so it cannot be UTF-16, whatever it says.
        Some(name) if name.to_ascii_lowercase().starts_with("utf-16") => Ok(Charset::Utf8),
        Some(name) => Charset::named(&name, body),
        None => Ok(Charset::Utf8),
    }
}

/// The encoding that the XML declaration names.
fn declared(body: &[u8]) -> Option<String> {
    let end = body.windows(2).take(1_000).position(|two| two == b"?>")?;
    let head = body.get(..end)?.strip_prefix(b"<?xml")?;
    let head = String::from_utf8_lossy(head);
    let value = head.split_once("encoding")?.1.trim_start();
    let value = value.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = value.get(1..)?.split_once(quote)?;
    Some(name.to_owned())
}

fn utf16<'a>(body: &[u8], read: fn([u8; 2]) -> u16) -> Result<Cow<'a, str>, NotXml> {
    let (pairs, rest) = body.as_chunks::<2>();
    let units = pairs.iter().map(|pair| read(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(Cow::Owned(text)),
        _ => Err(NotXml::new("invalid UTF-16")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8], charset: Option<&str>) -> Result<String, String> {
        let text = decode(body, charset);
        text.map(Cow::into_owned).map_err(|why| why.to_string())
    }

    #[test]
    fn the_mark_counts_before_the_header_and_the_header_before_the_declaration() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>";
        assert!(read(latin, None).is_ok_and(|text| text.ends_with("<a>\u{e9}</a>")));
        assert_eq!(
            read(latin, Some("UTF-8")),
            Err("invalid UTF-8 at byte 46".into())
        );
        assert_eq!(
            read(b"\xEF\xBB\xBF<a/>", Some("iso-8859-1")),
            Ok("<a/>".into())
        );
        let wide: Vec<u8> = "\u{feff}<a>\u{1F600}</a>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(read(&wide, None), Ok("<a>\u{1F600}</a>".into()));
        let wide: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide, None), Ok("<a/>".into()));
        assert_eq!(read(&wide, Some("utf-16")), Ok("<a/>".into()));
        assert_eq!(
            read(wide.get(..7).unwrap_or_default(), None),
            Err("invalid UTF-16".into())
        );
    }

    #[test]
    fn other_sets_are_said() {
        let why = decode(b"<?xml version=\"1.0\" encoding=\"KOI8-R\"?><a/>", None);
        let why = why.expect_err("another set");
        assert!(
            why.charset
                && why
                    .what
                    .starts_with("a character set that is not read here")
        );
    }
}
