//! The features that a suite can speak for: the rows of the platform comparison that API Cloud's
//! customers were given, and five more that only show on the wire.

/// Every feature.
pub const FEATURES: [&str; 28] = [
    "environment-support",
    "rest-apis",
    "soap-backends",
    "message-mediation",
    "oauth2-authentication",
    "token-type",
    "grant-types",
    "portal-theming",
    "email-templates",
    "regional-gateways",
    "custom-url-publisher",
    "custom-url-store",
    "custom-url-gateway",
    "custom-url-admin",
    "client-mutual-ssl",
    "backend-mutual-ssl",
    "api-throttling",
    "self-sign-up",
    "api-import-export",
    "api-scopes",
    "api-restful-apis",
    "hybrid-gateway",
    "end-user-authentication",
    "cors",
    "fault-formats",
    "paths-and-versions",
    "payloads",
    "limits",
];
