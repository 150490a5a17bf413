//! Runs a program: alone in its process group, for a limited time, with a bounded output.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::task::JoinHandle;

use super::group::{GRACE, Group};
use super::observation::{Ending, Written};

/// Bytes of each stream that are kept; what comes after is read and forgotten.
const KEPT: usize = 256 * 1024;

/// What is run.
#[derive(Clone)]
pub(crate) struct Program {
    /// The program and its arguments.
    pub(crate) argv: Vec<String>,
    /// Its working folder.
    pub(crate) cwd: PathBuf,
    /// Its whole environment.
    pub(crate) env: Vec<(String, String)>,
    /// The time that it has.
    pub(crate) timeout: Duration,
    /// For a program that does not end: how long it runs.
    pub(crate) serves: Option<Duration>,
}

/// How it went.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) ending: Ending,
    pub(crate) written: Written,
    pub(crate) ms: f64,
}

/// Runs a program to its end, or to the end of its time. `stop` ends it before.
pub(crate) async fn run(program: &Program, stop: impl Future<Output = ()>) -> io::Result<Finished> {
    let start = Instant::now();
    let (group, mut child) = Group::start(&mut command(program))?;
    let streams = [
        child.stdout.take().map(Tap::new),
        child.stderr.take().map(Tap::new),
    ];
    let limit = program.serves.unwrap_or(program.timeout);
    let status = tokio::select! {
        status = child.wait() => Some(status?),
        () = tokio::time::sleep(limit) => None,
        () = stop => None,
    };
    let ending = match (status, program.serves) {
        (Some(status), _) => of(status),
        (None, Some(_)) => Ending::Stopped,
        (None, None) => Ending::TimedOut(program.timeout),
    };
    let ms = start.elapsed().as_secs_f64() * 1000.0;
    // What it left behind in its group ends with it.
    group.end(&mut child).await;
    let [stdout, stderr] = streams;
    Ok(Finished {
        ending,
        written: Written {
            stdout: text(stdout).await,
            stderr: text(stderr).await,
        },
        ms,
    })
}

fn command(program: &Program) -> Command {
    let mut argv = program.argv.iter();
    let mut command = Command::new(argv.next().map(String::as_str).unwrap_or_default());
    command
        .args(argv)
        .current_dir(&program.cwd)
        .env_clear()
        .envs(program.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn of(status: ExitStatus) -> Ending {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        if let Some(signal) = status.signal() {
            return Ending::Signal(signal);
        }
    }
    Ending::Exit(status.code().unwrap_or(-1))
}

/// A stream that is read as it comes.
struct Tap {
    kept: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<()>,
}

impl Tap {
    fn new(mut stream: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let kept = Arc::<Mutex<Vec<u8>>>::default();
        let into = Arc::clone(&kept);
        let task = tokio::spawn(async move {
            let mut piece = vec![0; 16 * 1024];
            while let Ok(count @ 1..) = stream.read(&mut piece).await {
                let mut kept = into.lock().unwrap_or_else(PoisonError::into_inner);
                let room = KEPT.saturating_sub(kept.len()).min(count);
                kept.extend_from_slice(&piece[..room]);
            }
        });
        Self { kept, task }
    }
}

/// What a stream said. A process that got away may hold it open: it is not waited for.
async fn text(tap: Option<Tap>) -> String {
    let Some(mut tap) = tap else {
        return String::new();
    };
    let ended = tokio::time::timeout(GRACE, &mut tap.task).await;
    if ended.is_err() {
        tap.task.abort();
    }
    let kept = tap.kept.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&kept).into_owned()
}
