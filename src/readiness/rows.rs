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
    wire("environment-support", "Separate environments"),
    wire("rest-apis", "REST APIs"),
    wire("soap-backends", "SOAP backends"),
    wire(
        "message-mediation",
        "Mediation of messages towards the backend",
    ),
    wire("oauth2-authentication", "OAuth 2.0 authentication"),
    wire("token-type", "Token type"),
    wire("grant-types", "Grant types"),
    word("portal-theming", "Themes of the portal"),
    word("email-templates", "Templates of e-mails"),
    wire("regional-gateways", "Gateways in regions"),
    word("custom-url-publisher", "A URL of one's own: publisher"),
    word(
        "custom-url-store",
        "A URL of one's own: store or developer portal",
    ),
    wire("custom-url-gateway", "A URL of one's own: gateway"),
    word("custom-url-admin", "A URL of one's own: administration"),
    wire("client-mutual-ssl", "Mutual TLS with clients"),
    word("backend-mutual-ssl", "Mutual TLS with backends"),
    wire("api-throttling", "Throttling"),
    word("self-sign-up", "Self sign-up"),
    word("api-import-export", "Import and export of APIs"),
    wire("api-scopes", "Scopes"),
    wire("api-restful-apis", "REST APIs for administration"),
    wire("hybrid-gateway", "Gateways on the customer's premises"),
    wire("end-user-authentication", "Authentication of end users"),
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
