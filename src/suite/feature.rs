//! The features that a suite can speak for: the rows of the platform comparison that API Cloud's
//! customers were given, and five more that only show on the wire.

use crate::source::{Cx, Spanned, nearest};

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

/// Reports a feature that is not known.
pub(super) fn check_feature(feature: Option<&Spanned<String>>, cx: &mut Cx<'_>) {
    if let Some(feature) = feature
        && !FEATURES.contains(&feature.as_str())
    {
        let near = nearest(feature, FEATURES);
        let known: &[&str] = near.as_slice();
        let known = if known.is_empty() { &FEATURES } else { known };
        cx.unknown::<()>(feature.span, "feature", feature, known);
    }
}
