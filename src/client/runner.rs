//! Runs a program: alone in its process group, for a limited time, with a bounded output.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use regex::Regex;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use super::doc::StopSignal;
use super::group::{GRACE, Group, Signal};
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
    /// The signal that tells it to end, where that is not TERM.
    pub(crate) signal: Option<StopSignal>,
    /// The time that it has then.
    pub(crate) within: Option<Duration>,
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
    let mut started = Started::start(program)?;
    let limit = program.serves.unwrap_or(program.timeout);
    let ended = tokio::select! {
        biased;
        ended = started.ended() => Some(ended?),
        () = tokio::time::sleep(limit) => None,
        () = stop => None,
    };
    // Where all stood still for a while, its end and that of its time are seen at once.
    let ended = ended.or_else(|| started.is_over());
    let ending = match (ended, program.serves) {
        (Some(ended), _) => ended,
        (None, Some(_)) => Ending::Stopped,
        (None, None) => Ending::TimedOut(program.timeout),
    };
    Ok(started.finish(ending, program).await)
}

/// A program at work.
pub(crate) struct Started {
    start: Instant,
    group: Group,
    child: Child,
    streams: [Option<Tap>; 2],
}

impl Started {
    /// Starts a program.
    pub(crate) fn start(program: &Program) -> io::Result<Self> {
        let start = Instant::now();
        let (group, mut child) = Group::start(&mut command(program))?;
        let streams = [
            child.stdout.take().map(Tap::new),
            child.stderr.take().map(Tap::new),
        ];
        Ok(Self {
            start,
            group,
            child,
            streams,
        })
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(&mut self) -> io::Result<Ending> {
        self.child.wait().await.map(of)
    }

    /// How it ended, if it has.
    pub(crate) fn is_over(&mut self) -> Option<Ending> {
        self.child.try_wait().ok().flatten().map(of)
    }

    /// What it writes, as it comes.
    pub(crate) fn log(&self) -> Log {
        let taps = self.streams.iter().flatten();
        Log(taps.map(|tap| Arc::clone(&tap.kept)).collect())
    }

    /// Ends what is left of it, and tells how it went.
    pub(crate) async fn finish(mut self, ending: Ending, program: &Program) -> Finished {
        let ms = self.start.elapsed().as_secs_f64() * 1000.0;
        if ending == Ending::Stopped {
            if let Some(given) = program.signal {
                self.group.signal(signal(given));
            }
            if let Some(within) = program.within {
                self.group.gone(&mut self.child, within).await;
            }
        }
        // What it left behind in its group ends with it.
        self.group.end(&mut self.child).await;
        let [stdout, stderr] = self.streams;
        Finished {
            ending,
            written: Written {
                stdout: text(stdout).await,
                stderr: text(stderr).await,
            },
            ms,
        }
    }
}

const fn signal(signal: StopSignal) -> Signal {
    match signal {
        StopSignal::Term => Signal::TERM,
        StopSignal::Int => Signal::INT,
        StopSignal::Hup => Signal::HUP,
        StopSignal::Quit => Signal::QUIT,
    }
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

/// What a stream said so far.
type Kept = Arc<Mutex<Vec<u8>>>;

/// What a program writes, as it comes.
pub(crate) struct Log(Vec<Kept>);

impl Log {
    /// The port that a whole line tells, if it fits; `own` where it tells none.
    pub(crate) fn line(&self, wanted: &Regex, own: u16) -> Option<u16> {
        self.0.iter().find_map(|kept| {
            let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let text = String::from_utf8_lossy(&kept);
            let whole = text.rsplit_once('\n')?.0;
            let found = whole.lines().find_map(|line| wanted.captures(line))?;
            let told = found.name("port").map(|port| port.as_str().parse());
            Some(told.and_then(Result::ok).unwrap_or(own))
        })
    }
}

/// A stream that is read as it comes.
struct Tap {
    kept: Kept,
    task: JoinHandle<()>,
}

impl Tap {
    fn new(mut stream: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let kept = Kept::default();
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
    // In two parts: where all stood still for a while, the first is over before the rest could be read.
    let mut read = false;
    for _ in 0..2 {
        read = read || tokio::time::timeout(GRACE / 2, &mut tap.task).await.is_ok();
    }
    if !read {
        tap.task.abort();
    }
    let kept = tap.kept.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&kept).into_owned()
}
