//! The suites of this repository as tests.
fn main() {}
