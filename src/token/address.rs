//! [`Address`]: where an issuer or an endpoint is, and the text that names it.

use url::Url;

use crate::config::BaseUrl;

/// A URL with the text that it was read from. Whoever compares an issuer or an audience does that by the
/// character (RFC 8414 section 3.3, RFC 7523 section 3), and a parsed URL forgets a default port: `:443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    url: Url,
    text: String,
}

impl Address {
    /// Reads a URL; none where the text is no absolute one.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        Some(Self {
            url,
            text: text.to_owned(),
        })
    }

    /// Where requests go.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// As it was written, to the character.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<&BaseUrl> for Address {
    fn from(base: &BaseUrl) -> Self {
        Self {
            url: base.url().clone(),
            text: base.written().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_port_and_a_last_slash_stay_in_the_text() {
        for text in [
            "https://sts.example.dev:443/oauth2/token",
            "https://sts.example.dev/",
            "https://sts.example.dev",
        ] {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!(Address::from(&base).as_str(), text);
            assert_eq!(Address::parse(text), Some(Address::from(&base)));
        }
        assert_eq!(Address::parse("/oauth2/token"), None);
    }
}
