//! The suites that ship inside the binary.

/// One suite: the path that its case ids begin with, and its text.
type Shipped = (&'static str, &'static str);

macro_rules! quick {
    ($name:literal) => {
        (
            concat!("suites/api-cloud-to-choreo/quick/", $name),
            include_str!(concat!("../suites/api-cloud-to-choreo/quick/", $name)),
        )
    };
}

/// The quick pack, which `cutover demo` runs. It is the whole pack in this version.
const QUICK: &[Shipped] = &[
    quick!("browsers.yaml"),
    quick!("faults.yaml"),
    quick!("orders-life.yaml"),
    quick!("payloads.yaml"),
    quick!("reads.yaml"),
    quick!("tokens.yaml"),
];

/// The readiness file of the shipped suites: every row, and nobody's word for any.
pub const READINESS: Shipped = (
    "suites/api-cloud-to-choreo/readiness.yaml",
    include_str!("../suites/api-cloud-to-choreo/readiness.yaml"),
);

/// Every suite that ships.
pub fn suites() -> impl Iterator<Item = Shipped> {
    QUICK.iter().copied()
}
