//! What a client sent on a connection, message by message, with nothing put right.
//!
//! Servers forgive much: blanks at the end of a line, folded lines, a line break of one byte. Here all
//! of it is kept, since a token that changed on its way shows in just that.

use std::borrow::Cow;

/// One request as its bytes have it.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Message {
    /// The method.
    pub(crate) method: String,
    /// The path and query.
    pub(crate) target: String,
    /// Names and values; a value has what stood behind the blanks after its colon, up to the end of the
    /// line: blanks, folded lines and single line feeds too.
    pub(crate) fields: Vec<(String, Vec<u8>)>,
    /// The body, chunks joined.
    pub(crate) body: Vec<u8>,
}

impl std::fmt::Debug for Message {
    // Fields and body hold credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("method", &self.method)
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

impl Message {
    /// The value of the first field of a name, letter case aside.
    pub(crate) fn field(&self, name: &str) -> Option<&[u8]> {
        let found = self
            .fields
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_slice())
    }

    /// The values of all fields of a name, letter case aside.
    pub(crate) fn all<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m [u8]> {
        let named = self
            .fields
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_slice())
    }

    /// The path, without the query.
    pub(crate) fn path(&self) -> &str {
        let path = self.target.split('?').next().unwrap_or_default();
        // A proxy's absolute form has the origin in front (RFC 9112 section 3.2.2).
        match path.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| rest.split_at(at).1),
            None => path,
        }
    }

    /// A parameter of a form body, decoded.
    pub(crate) fn form(&self, name: &str) -> Option<Cow<'_, str>> {
        url::form_urlencoded::parse(&self.body)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}

/// The messages of a connection, as far as they can be told apart.
pub(crate) fn messages(mut bytes: &[u8]) -> Vec<Message> {
    let mut found = Vec::new();
    loop {
        while let [b'\r' | b'\n', rest @ ..] = bytes {
            bytes = rest;
        }
        let Some((message, rest)) = message(bytes) else {
            return found;
        };
        found.push(message);
        bytes = rest;
    }
}

fn message(bytes: &[u8]) -> Option<(Message, &[u8])> {
    let (start, crlf, mut rest) = line(bytes)?;
    let start = String::from_utf8_lossy(start).into_owned();
    let mut words = start.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    if !version.starts_with("HTTP/1.") {
        return None;
    }
    let mut message = Message {
        method: method.to_owned(),
        target: target.to_owned(),
        ..Message::default()
    };
    while let Some((text, ended_crlf, behind)) = line(rest) {
        rest = behind;
        if text.is_empty() {
            break;
        }
        message.add(text, crlf && !ended_crlf);
    }
    let (body, rest) = body(&message, rest);
    message.body = body;
    Some((message, rest))
}

impl Message {
    /// Adds a line of the head. `single`: it ends with a line feed alone, where others have two bytes.
    fn add(&mut self, text: &[u8], single: bool) {
        let colon = text.iter().position(|byte| *byte == b':');
        let folded = text.starts_with(b" ") || text.starts_with(b"\t");
        match (self.fields.last_mut(), colon) {
            // A line that is no field belongs to the one before: its value had a line break in it.
            (Some((_, value)), at) if folded || at.is_none() => {
                if folded || !value.ends_with(b"\n") {
                    value.extend_from_slice(if folded { b"\r\n" } else { b"\n" });
                }
                value.extend_from_slice(text);
            }
            (_, Some(at)) => {
                let (name, value) = text.split_at(at);
                let value = value.get(1..).unwrap_or_default();
                let name = String::from_utf8_lossy(name).into_owned();
                self.fields.push((name, value.trim_ascii_start().to_vec()));
            }
            (None, _) | (Some(_), None) => {}
        }
        if single && let Some((_, value)) = self.fields.last_mut() {
            value.push(b'\n');
        }
    }
}

/// The next line without its end, whether that was CR LF, and what stands behind it.
fn line(bytes: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (text, rest) = bytes.split_at(end);
    let rest = rest.get(1..).unwrap_or_default();
    Some(match text.strip_suffix(b"\r") {
        Some(text) => (text, true, rest),
        None => (text, false, rest),
    })
}

fn body<'b>(message: &Message, bytes: &'b [u8]) -> (Vec<u8>, &'b [u8]) {
    let chunked = message.field("transfer-encoding").is_some_and(|value| {
        String::from_utf8_lossy(value)
            .to_ascii_lowercase()
            .contains("chunked")
    });
    if chunked {
        return chunks(bytes);
    }
    let length = message.field("content-length");
    let length = length.and_then(|value| String::from_utf8_lossy(value).trim().parse().ok());
    let (body, rest) = bytes.split_at(length.unwrap_or(0).min(bytes.len()));
    (body.to_vec(), rest)
}

fn chunks(mut bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut body = Vec::new();
    while let Some((size, _, rest)) = line(bytes) {
        let size = String::from_utf8_lossy(size);
        let size = size.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(size, 16) else {
            return (body, &[]);
        };
        if size == 0 {
            bytes = rest;
            // Trailers end with an empty line.
            while let Some((text, _, rest)) = line(bytes) {
                bytes = rest;
                if text.is_empty() {
                    break;
                }
            }
            return (body, bytes);
        }
        let (chunk, rest) = rest.split_at(size.min(rest.len()));
        body.extend_from_slice(chunk);
        bytes = rest.strip_prefix(b"\r\n").unwrap_or(rest);
    }
    (body, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Vec<(String, String, String)> {
        messages(bytes)
            .into_iter()
            .map(|m| {
                let value = m.field("authorization").unwrap_or_default();
                let value = String::from_utf8_lossy(value).into_owned();
                (
                    m.target.clone(),
                    value,
                    String::from_utf8_lossy(&m.body).into_owned(),
                )
            })
            .collect()
    }

    fn one(target: &str, value: &str, body: &str) -> (String, String, String) {
        (target.to_owned(), value.to_owned(), body.to_owned())
    }

    #[test]
    fn messages_are_told_apart_by_their_bodies() {
        let bytes = b"POST /t HTTP/1.1\r\nContent-Length: 3\r\n\r\na=bGET /x?y HTTP/1.1\r\nauthorization: Bearer t\r\n\r\n\
                      POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\nGET / HTTP/1.0\n\n";
        let wanted = [
            one("/t", "", "a=b"),
            one("/x?y", "Bearer t", ""),
            one("/c", "", "ab"),
            one("/", "", ""),
        ];
        assert_eq!(told(bytes), wanted);
    }

    #[test]
    fn blanks_folds_and_line_feeds_are_kept() {
        let cases: [(&[u8], &str); 4] = [
            (
                b"GET / HTTP/1.1\r\nAuthorization:  Bearer t \t\r\nHost: h\r\n\r\n",
                "Bearer t \t",
            ),
            (
                b"GET / HTTP/1.1\r\nAuthorization: Bearer t\r\n u\r\nHost: h\r\n\r\n",
                "Bearer t\r\n u",
            ),
            (
                b"GET / HTTP/1.1\r\nAuthorization: Bearer t\nu\r\nHost: h\r\n\r\n",
                "Bearer t\nu",
            ),
            (
                b"GET / HTTP/1.1\r\nAuthorization: Bearer t\n\r\nHost: h\r\n\r\n",
                "Bearer t\n",
            ),
        ];
        for (bytes, value) in cases {
            assert_eq!(told(bytes)[0].1, value);
        }
    }

    #[test]
    fn what_is_no_message_ends_the_list() {
        for bytes in [b"".as_slice(), b"hello\r\n", b"GET /", b"\x16\x03\x01\x00"] {
            assert_eq!(told(bytes), []);
        }
    }
}
