//! The `cutover` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    cutover::cli::main(std::env::args_os(), cutover::cli::Context::from_process())
}
