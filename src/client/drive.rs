//! Drives a service through its course: waits until it is ready, asks it, leaves it alone, stops it.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::observation::{Ending, Reply};
use super::runner::{Finished, Log, Program, Started};
use super::service::{Asking, Course, ROUNDS, ReadyAt};
use crate::exchange::Connection;

/// How often it is looked whether a service is ready.
const LOOK: Duration = Duration::from_millis(50);
/// The time for one look. One that is given up leaves its trace: the service writes to nobody, and may complain.
const ONE_LOOK: Duration = Duration::from_secs(10);
/// The time for a request that is to end it.
const STOPPING: Duration = Duration::from_secs(2);
/// A service that gave no answer is given this time to show that it has ended.
const FALL: Duration = Duration::from_secs(3);
/// Bytes of an answer that are kept.
const KEPT: usize = 64 * 1024;

/// How a service went, and what it answered.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) finished: Finished,
    pub(crate) replies: Vec<Reply>,
    /// The ports that it was at.
    pub(crate) port: u16,
}

/// Runs a service. `stop` ends it before its time.
pub(crate) async fn serve(
    program: &Program,
    course: &Course,
    stop: impl Future<Output = ()>,
) -> io::Result<Served> {
    let client = Connection::default().client();
    let client = client.map_err(|error| io::Error::other(error.to_string()))?;
    let mut started = Started::start(program)?;
    let mut driver = Driver {
        client,
        course,
        log: started.log(),
        port: course.port,
        patience: program.timeout,
        replies: Vec::new(),
    };
    let ending = tokio::select! {
        biased;
        ended = started.ended() => ended?,
        ending = driver.whole() => ending,
        () = stop => Ending::Stopped,
    };
    // It may have ended under the last request, and its end says more than what became of that.
    let ending = started.is_over().unwrap_or(ending);
    let ending = match ending {
        Ending::Exit(code) => Ending::Gone(code),
        other => other,
    };
    if let Some(stop) = course.stop.as_ref().filter(|_| ending == Ending::Stopped) {
        let _ = timeout(STOPPING, driver.send(stop)).await;
    }
    let Driver { replies, port, .. } = driver;
    let finished = started.finish(ending, program).await;
    Ok(Served {
        finished,
        replies,
        port,
    })
}

struct Driver<'a> {
    client: reqwest::Client,
    course: &'a Course,
    log: Log,
    port: u16,
    /// The time until it is ready, and for each answer.
    patience: Duration,
    replies: Vec<Reply>,
}

/// Why there is no answer.
enum Silence {
    /// None came in time.
    Late,
    /// The connection was refused or closed.
    Broken,
}

impl Driver<'_> {
    async fn whole(&mut self) -> Ending {
        if timeout(self.patience, self.ready()).await.is_err() {
            return Ending::NeverReady(self.patience);
        }
        let rounds = if self.course.requests.is_empty() {
            0
        } else {
            ROUNDS
        };
        for round in 0..rounds {
            if round > 0 {
                sleep(self.course.pause).await;
            }
            for asking in &self.course.requests {
                if !self.asked(asking).await {
                    return Ending::Silent(self.patience);
                }
            }
        }
        sleep(self.course.stays).await;
        Ending::Stopped
    }

    /// Waits until the service is ready.
    async fn ready(&mut self) {
        loop {
            let ready = match &self.course.ready {
                ReadyAt::Url(url) => self.answers(url.clone()).await,
                ReadyAt::Port => {
                    let connected = TcpStream::connect(("localhost", self.port));
                    matches!(timeout(ONE_LOOK, connected).await, Ok(Ok(_)))
                }
                ReadyAt::Line(line) => {
                    let told = self.log.line(line, self.port);
                    self.port = told.unwrap_or(self.port);
                    told.is_some()
                }
            };
            if ready {
                return;
            }
            sleep(LOOK).await;
        }
    }

    async fn answers(&self, url: url::Url) -> bool {
        let answer = timeout(ONE_LOOK, read(self.client.get(url))).await;
        matches!(answer, Ok(Ok((status, _))) if status < 500)
    }

    /// Asks, and keeps the answer; gives whether one came in time. Of several copies the worst counts.
    async fn asked(&mut self, asking: &Asking) -> bool {
        let mut copies = JoinSet::new();
        for _ in 0..self.course.copies {
            let sent = self.send(asking);
            let patience = self.patience;
            copies
                .spawn(async move { timeout(patience, sent).await.unwrap_or(Err(Silence::Late)) });
        }
        let answers = copies.join_all().await;
        let worst = answers.into_iter().max_by_key(|answer| match answer {
            Ok((status, _)) => (0, *status),
            Err(Silence::Broken) => (1, 0),
            Err(Silence::Late) => (2, 0),
        });
        let Some(worst) = worst else {
            return true;
        };
        if matches!(worst, Err(Silence::Broken)) {
            // Its end is the better finding, and is seen by who waits for it.
            sleep(FALL).await;
        }
        let in_time = !matches!(worst, Err(Silence::Late));
        self.replies.push(Reply {
            what: format!("{} {}", asking.method, asking.target),
            answer: worst.ok(),
        });
        in_time
    }

    fn send(
        &self,
        asking: &Asking,
    ) -> impl Future<Output = Result<(u16, String), Silence>> + Send + use<> {
        let url = format!("http://localhost:{}{}", self.port, asking.target);
        let method = reqwest::Method::from_bytes(asking.method.as_bytes());
        let mut request = self.client.request(method.unwrap_or_default(), url);
        for (name, value) in &asking.headers {
            request = request.header(name, value);
        }
        if !asking.text.is_empty() {
            request = request.body(asking.text.clone());
        }
        read(request)
    }
}

/// Sends a request and reads the answer to its end; gives its status and its text.
async fn read(request: reqwest::RequestBuilder) -> Result<(u16, String), Silence> {
    let mut answer = request.send().await.map_err(|_| Silence::Broken)?;
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|_| Silence::Broken)? {
        let room = KEPT.saturating_sub(body.len()).min(piece.len());
        body.extend_from_slice(&piece[..room]);
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    Ok((answer.status().as_u16(), text))
}
