//! [`Origins`]: where a side's requests, and so its tokens, may go.

use std::fmt;

use url::Url;

/// Scheme, host and port (RFC 6454 section 4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an http or https URL.
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_ascii_lowercase(),
            port: url.port_or_known_default()?,
        })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

/// The origins of one side: its base URL and its token endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origins(Vec<Origin>);

impl Origins {
    /// Adds the origin of a URL.
    pub fn add(&mut self, url: &Url) {
        if let Some(origin) = Origin::of(url)
            && !self.0.contains(&origin)
        {
            self.0.push(origin);
        }
    }

    /// Whether a URL belongs to the side.
    pub fn holds(&self, url: &Url) -> bool {
        Origin::of(url).is_some_and(|origin| self.0.contains(&origin))
    }

    /// The origins, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Origin> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_port_scheme_or_host_is_another_origin() {
        let url = |text| Url::parse(text).expect("URL");
        let mut origins = Origins::default();
        origins.add(&url("https://gateway.example.com/t/acme"));
        assert!(origins.holds(&url("https://GATEWAY.example.com:443/token")));
        for other in [
            "http://gateway.example.com/",
            "https://gateway.example.com:8443/",
            "https://gateway.example.com.evil.test/",
            "https://evil.test/gateway.example.com",
        ] {
            assert!(!origins.holds(&url(other)), "{other}");
        }
    }
}
