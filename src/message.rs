//! HTTP messages as plain values: what the wire carried, with nothing that sends or receives.

use bytes::Bytes;

/// Header fields in the order of the wire, names as they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headers(pub Vec<(String, Vec<u8>)>);

impl Headers {
    /// Fields as tests write them.
    #[cfg(test)]
    pub(crate) fn of(fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter();
        let fields = fields.map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        Self(fields.collect())
    }

    /// The values of a field, names compared without case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    /// The first value of a field, as text; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.all(name).next()?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// Whether a field is there.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Sets a field, in place of every one of that name.
    pub fn set(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.remove(name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// Removes every field of a name.
    pub fn remove(&mut self, name: &str) {
        self.0
            .retain(|(field, _)| !field.eq_ignore_ascii_case(name));
    }

    /// Names and values as text, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, std::borrow::Cow<'_, str>)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value)))
    }
}

/// A request as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, e.g. `GET`.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// The header fields.
    pub headers: Headers,
    /// The body; empty for none.
    pub body: Bytes,
}

/// What became of the `Content-Encoding` of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packing {
    /// There was none.
    Plain,
    /// This one was taken off.
    Unpacked(String),
    /// The body is not what this one promises, for the reason beside it: kept as it came.
    Broken(String, String),
    /// This one was not asked for, and cannot be taken off: the body is kept as it came.
    Foreign(String),
}

/// A complete response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The HTTP version: `1.0`, `1.1` or `2`.
    pub http: &'static str,
    /// The header fields.
    pub headers: Headers,
    /// The body with its content encoding taken off, where [`Packing`] says so.
    pub body: Bytes,
    /// Bytes of the body on the wire.
    pub wire_bytes: u64,
    /// What became of the `Content-Encoding`.
    pub packing: Packing,
}

impl Response {
    /// A response over HTTP/1.1 whose body came as it is.
    pub fn plain(status: u16, headers: Headers, body: Bytes) -> Self {
        Self {
            status,
            http: "1.1",
            headers,
            wire_bytes: body.len() as u64,
            body,
            packing: Packing::Plain,
        }
    }

    /// The media type without its parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        let value = self.headers.text("content-type")?;
        let essence = value.split(';').next().unwrap_or_default();
        Some(essence.trim().to_ascii_lowercase())
    }

    /// The `charset` parameter of the media type.
    pub fn charset(&self) -> Option<String> {
        let value = self.headers.text("content-type")?;
        let mut parameters = value.split(';').skip(1);
        parameters.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let found = name.trim().eq_ignore_ascii_case("charset");
            found.then(|| value.trim().trim_matches('"').to_owned())
        })
    }
}
