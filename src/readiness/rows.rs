//! [`ROWS`]: what a customer compares two platforms by.

/// Where a row can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// On the wire: a suite can prove it.
    Wire,
    /// Nowhere that a client could look: somebody vouches for it.
    Word,
}

/// A row of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// What suites and `readiness.yaml` call it.
    pub key: &'static str,
    /// What it is about, in a line.
    pub title: &'static str,
    /// Where it can be seen.
    pub shown: Shown,
    /// Whether it stands in the comparison that customers were given. The others show on the wire only.
    pub beyond: bool,
}

const fn wire(key: &'static str, title: &'static str) -> Row {
    Row {
        key,
        title,
        shown: Shown::Wire,
        beyond: false,
    }
}

const fn word(key: &'static str, title: &'static str) -> Row {
    Row {
        shown: Shown::Word,
        ..wire(key, title)
    }
}

const fn beyond(key: &'static str, title: &'static str) -> Row {
    Row {
        beyond: true,
        ..wire(key, title)
    }
}

/// Every row, in the order of [`crate::suite::FEATURES`].
pub const ROWS: [Row; 28] = [
    wire("environment-support", "Environments"),
    wire("rest-apis", "REST APIs"),
    wire("soap-backends", "SOAP backends"),
    wire("message-mediation", "Message mediation"),
    wire("oauth2-authentication", "OAuth 2.0 authentication"),
    wire("token-type", "Token type"),
    wire("grant-types", "Grant types"),
    word("portal-theming", "Portal theming"),
    word("email-templates", "Email templates"),
    wire("regional-gateways", "Regional gateways"),
    word("custom-url-publisher", "Custom URL: publisher"),
    word("custom-url-store", "Custom URL: store"),
    wire("custom-url-gateway", "Custom URL: gateway"),
    word("custom-url-admin", "Custom URL: administration"),
    wire("client-mutual-ssl", "Mutual TLS with clients"),
    word("backend-mutual-ssl", "Mutual TLS with backends"),
    wire("api-throttling", "Throttling"),
    word("self-sign-up", "Self sign-up"),
    word("api-import-export", "API import and export"),
    wire("api-scopes", "Scopes"),
    wire("api-restful-apis", "RESTful APIs of the platform"),
    wire("hybrid-gateway", "Hybrid gateway"),
    wire("end-user-authentication", "End-user authentication"),
    beyond("cors", "Cross-origin requests of browsers"),
    beyond("fault-formats", "Formats of fault messages"),
    beyond("paths-and-versions", "Paths and versions"),
    beyond("payloads", "Payloads: empty, large, packed, multipart"),
    beyond("limits", "Limits of size and time"),
];

/// A row by its key.
pub fn row(key: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::FEATURES;

    #[test]
    fn each_feature_of_a_suite_has_its_row() {
        assert_eq!(ROWS.map(|row| row.key), FEATURES);
        assert_eq!(ROWS.iter().filter(|row| !row.beyond).count(), 23);
    }
}
