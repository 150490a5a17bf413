//! Suites as tests of a Rust project, under `cargo test` and `cargo nextest run`.
//!
//! A project adds a test target with `harness = false`, and this as its `tests/parity.rs`:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     cutover::harness::main()
//! }
//! ```
//!
//! The pair is `cutover.yaml` of the package, the suites are in its folder `suites`. Each case that
//! stands alone is a test and goes by its id; each chain is one, and goes by its first case's. A
//! suite whose clean-up depends on no case is one test, named as its file. A test fails where a case
//! is `different` or `inconclusive`. It is ignored where a write or a probe in it is withheld.
//!
//! The environment says the rest: `CUTOVER_PAIR` names another pair file, `CUTOVER_ENV` its
//! environment, `CUTOVER_ALLOW_WRITES=1` is `--allow-writes`, `CUTOVER_PROBES=1` is `--probes`,
//! `CUTOVER_FAIL_ON` is `--fail-on`,
//! `CUTOVER_VAR_name` gives a variable.
//!
//! nextest gives each test a process. Those of one run meet in `.cutover/nextest`, a folder for each
//! run: a token is obtained once and kept in a locked file that only its owner can read, and write
//! barriers hold between them.

mod conclude;
mod trials;

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use tokio::runtime::Runtime;

use crate::cli::{self, Context};
use crate::mock::{Double, Doubles, StartOptions};
use crate::private;
use crate::token::sweep;

/// Runs the suites of a package as its tests; gives libtest's exit code.
pub fn main() -> ExitCode {
    Harness::new().main()
}

/// Suites as tests, where the names of files are not the usual ones.
#[derive(Debug, Default)]
pub struct Harness {
    suites: Vec<PathBuf>,
    pair: Option<PathBuf>,
    doubles: Vec<PathBuf>,
}

impl Harness {
    /// The suites in `suites`, against the pair in `cutover.yaml`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Suites: files, or folders that are searched. Paths start from the package's folder.
    #[must_use]
    pub fn suites<P: Into<PathBuf>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        self.suites = paths.into_iter().map(Into::into).collect();
        self
    }

    /// The pair file, where the environment names none.
    #[must_use]
    pub fn pair(mut self, path: impl Into<PathBuf>) -> Self {
        self.pair = Some(path.into());
        self
    }

    /// Two files of doubles to run against, the old side first, where the environment names no pair
    /// file. They run in the process of the test; writes are allowed on them.
    #[must_use]
    pub fn doubles<P: Into<PathBuf>>(mut self, files: impl IntoIterator<Item = P>) -> Self {
        self.doubles = files.into_iter().map(Into::into).collect();
        self
    }

    /// Does what libtest's command line says; gives its exit code: 0, or 101 where a test failed.
    pub fn main(self) -> ExitCode {
        let arguments = Arguments::from_args();
        // One provider for every signature and every TLS session; a second call changes nothing.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let context = Context::from_process();
        let (trials, doubles) = match Runtime::new() {
            Ok(runtime) => self.trials(&Arc::new(runtime), &context),
            Err(error) => (vec![failing(error.to_string())], None),
        };
        let conclusion = libtest_mimic::run(&arguments, trials);
        if let Some((runtime, doubles)) = doubles {
            runtime.block_on(doubles.stop());
        }
        conclusion.exit_code()
    }

    /// The tests. What cannot be read is one that fails, so that it can be listed like any other.
    fn trials(
        &self,
        runtime: &Arc<Runtime>,
        context: &Context,
    ) -> (Vec<Trial>, Option<(Arc<Runtime>, Doubles)>) {
        let doubles = match self.start_doubles(runtime, context) {
            Ok(doubles) => doubles,
            Err(text) => return (vec![failing(text)], None),
        };
        // Doubles of this process know no token of another's, even where ports come to be the same.
        let meeting = match &doubles {
            Some(_) => None,
            None => meeting(context),
        };
        let command = self.command(context, doubles.is_some());
        let trials = match cli::ready(command, doubles.as_ref(), meeting, context) {
            Ok(ready) => trials::of(ready, runtime, context.env("NEXTEST").is_some()),
            Err(problem) => vec![failing(problem.render(false))],
        };
        (
            trials,
            doubles.map(|doubles| (Arc::clone(runtime), doubles)),
        )
    }

    fn start_doubles(
        &self,
        runtime: &Runtime,
        context: &Context,
    ) -> Result<Option<Doubles>, String> {
        if self.doubles.is_empty() || context.env(PAIR).is_some() {
            return Ok(None);
        }
        let loaded = self.doubles.iter().map(|path| Double::load(path));
        let loaded: Result<Vec<Double>, _> = loaded.collect();
        let loaded = loaded.map_err(|diagnostics| diagnostics.render(false))?;
        let options = StartOptions {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            defect: None,
        };
        let started = runtime.block_on(Doubles::start(loaded, &options));
        started.map(Some).map_err(|error| error.to_string())
    }

    /// What would be typed to run the suites.
    fn command(&self, context: &Context, on_doubles: bool) -> Vec<OsString> {
        let mut command: Vec<OsString> = vec!["cutover".into(), "run".into()];
        let pair = context.env(PAIR).map(PathBuf::from);
        if let Some(pair) = pair.or_else(|| self.pair.clone()) {
            command.extend(["-c".into(), pair.into()]);
        }
        for (name, flag) in [("CUTOVER_ENV", "--env"), ("CUTOVER_FAIL_ON", "--fail-on")] {
            if let Some(value) = context.env(name) {
                command.extend([flag.into(), value.into()]);
            }
        }
        let is_set = |name| {
            let value = context.env(name);
            value.is_some_and(|value| matches!(value.as_str(), "1" | "true"))
        };
        if on_doubles || is_set("CUTOVER_ALLOW_WRITES") {
            command.push("--allow-writes".into());
        }
        if is_set("CUTOVER_PROBES") {
            command.push("--probes".into());
        }
        command.extend(self.suites.iter().map(Into::into));
        command
    }
}

/// Names the pair file.
const PAIR: &str = "CUTOVER_PAIR";

/// The folder in which the processes of one run of nextest meet.
fn meeting(context: &Context) -> Option<PathBuf> {
    let id = context.env("NEXTEST_RUN_ID")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if id.is_empty() || !id.chars().all(is_plain) {
        return None;
    }
    let folder = PathBuf::from(private::OWN_FOLDER).join("nextest").join(id);
    // Two processes may clean up at once; what one leaves, the next run removes.
    let _ = sweep(&folder);
    Some(folder)
}

/// What stands in for tests that cannot be made.
fn failing(text: String) -> Trial {
    Trial::test("cutover::load", move || Err(text.into()))
}
