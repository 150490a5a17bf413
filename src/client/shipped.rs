//! The profiles that ship inside the binary, in the order of reports.

/// What every profile is merged over: its path and its text.
pub(super) const BASE: (&str, &str) = (
    "mocks/profiles/base.yaml",
    include_str!("../../mocks/profiles/base.yaml"),
);

macro_rules! shipped {
    ($name:literal) => {
        (
            $name,
            concat!("mocks/profiles/", $name, ".yaml"),
            include_str!(concat!("../../mocks/profiles/", $name, ".yaml")),
        )
    };
}

/// Name, path and text of each; the baseline comes first.
pub(super) const PROFILES: &[(&str, &str, &str)] = &[
    shipped!("opaque-uuid"),
    shipped!("opaque-hex"),
    shipped!("opaque-base64"),
    shipped!("jwt-rs256"),
    shipped!("jwt-choreo"),
    shipped!("jwt-4k"),
    shipped!("jwt-8k"),
    shipped!("jwt-16k"),
    shipped!("jwt-es256"),
    shipped!("short-lived"),
    shipped!("lifetime-900"),
    shipped!("reissue-same"),
    shipped!("reissue-fresh"),
    shipped!("reissue-revokes"),
    shipped!("rotate-refresh"),
    shipped!("no-refresh-token"),
    shipped!("no-scope"),
    shipped!("extra-members"),
    shipped!("expires-in-string"),
    shipped!("no-expires-in"),
    shipped!("token-type-lowercase"),
    shipped!("revoked-mid-flight"),
    shipped!("challenge-changed"),
    shipped!("format-flips"),
    shipped!("parallel-expiry"),
    shipped!("parallel-rotation"),
    shipped!("endpoint-503"),
    shipped!("endpoint-429"),
    shipped!("slow-endpoint"),
];
