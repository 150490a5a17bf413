//! The `cutover` command.

use std::process::ExitCode;

/// What is allocated by one worker is often freed by another; the system's allocator makes them wait
/// for each other then.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cutover::cli::main(std::env::args_os(), cutover::cli::Context::from_process())
}
