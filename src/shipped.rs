//! The suites that ship inside the binary.

/// One suite: the path that its case ids begin with, and its text.
type Shipped = (&'static str, &'static str);

macro_rules! suite {
    ($name:literal) => {
        (
            concat!("suites/api-cloud-to-choreo/", $name),
            include_str!(concat!("../suites/api-cloud-to-choreo/", $name)),
        )
    };
}

/// The quick pack, which `cutover demo` runs.
const QUICK: &[Shipped] = &[
    suite!("quick/browsers.yaml"),
    suite!("quick/faults.yaml"),
    suite!("quick/orders-life.yaml"),
    suite!("quick/payloads.yaml"),
    suite!("quick/reads.yaml"),
    suite!("quick/tokens.yaml"),
];

/// The readiness file of the shipped suites: every row, and nobody's word for any.
pub const READINESS: Shipped = (
    "suites/api-cloud-to-choreo/readiness.yaml",
    include_str!("../suites/api-cloud-to-choreo/readiness.yaml"),
);

/// A suite for each row of the comparison that can be seen on the wire and for five rows beyond it, and one of
/// no row.
const ROWS: &[Shipped] = &[
    suite!("api-restful-apis.yaml"),
    suite!("api-scopes.yaml"),
    suite!("api-throttling.yaml"),
    suite!("client-mutual-ssl.yaml"),
    suite!("cors.yaml"),
    suite!("custom-url-gateway.yaml"),
    suite!("end-user-authentication.yaml"),
    suite!("environment-support.yaml"),
    suite!("fault-formats.yaml"),
    suite!("grant-types.yaml"),
    suite!("hybrid-gateway.yaml"),
    suite!("limits.yaml"),
    suite!("message-mediation.yaml"),
    suite!("oauth2-authentication.yaml"),
    suite!("paths-and-versions.yaml"),
    suite!("payloads.yaml"),
    suite!("regional-gateways.yaml"),
    suite!("rest-apis.yaml"),
    suite!("soap-backends.yaml"),
    suite!("staged-cutover.yaml"),
    suite!("token-type.yaml"),
];

/// The quick pack, or every suite that ships.
pub fn suites(all: bool) -> impl Iterator<Item = Shipped> {
    let rows = if all { ROWS } else { &[] };
    QUICK.iter().chain(rows).copied()
}
