//! The suites that ship, as tests: on doubles, or on the pair that `CUTOVER_PAIR` names.

use cutover::harness::Harness;

fn main() -> std::process::ExitCode {
    let doubles = ["mocks/api-cloud.yaml", "mocks/choreo.yaml"];
    Harness::new().doubles(doubles).main()
}
