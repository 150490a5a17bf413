//! [`Service`]: a program that does not end by itself, and is asked; and its [`Course`] in one profile.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use regex::Regex;

use super::doc::StopSignal;
use super::profile::Profile;
use crate::request_line::RequestLine;
use crate::template::{Scope, Template, Undefined};

/// The name of the port that a service is given, in `{{port}}` and `CUTOVER_PORT`.
pub const PORT: &str = "port";
/// How often the requests are sent: a token is refreshed for the second time in the third round.
pub(crate) const ROUNDS: usize = 3;
/// Copies of a request that are sent at once, where a profile asks for it.
pub(crate) const TOGETHER: usize = 5;
/// A life below this is one in time lapse: the rounds are as far apart.
const LAPSE: Duration = Duration::from_secs(60);
/// What is added to the life of a token before the next round.
const BEYOND: Duration = Duration::from_millis(500);

/// A program that does not end by itself, and is asked.
#[derive(Debug, Clone)]
pub struct Service {
    /// What says that it is ready.
    pub ready: Ready,
    /// What it is asked.
    pub requests: Vec<Ask>,
    /// How long it is left alone after that.
    pub stays: Duration,
}

/// What says that a service is ready.
#[derive(Debug, Clone)]
pub enum Ready {
    /// It answers this address with a status below 500.
    Url(Template),
    /// It takes connections at this port.
    Port(Template),
    /// It writes a line that fits; a group named `port` tells its port.
    Line(Regex),
}

/// A request to a service.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The method and the path.
    pub line: RequestLine,
    /// The headers.
    pub headers: Vec<(String, Template)>,
    /// The body.
    pub text: Option<Template>,
}

/// How a program is told to end.
#[derive(Debug, Clone)]
pub struct Stopping {
    /// By what.
    pub by: StopBy,
    /// The time that it has.
    pub within: Duration,
}

/// By what a program is told to end.
#[derive(Debug, Clone)]
pub enum StopBy {
    /// A signal.
    Signal(StopSignal),
    /// A request to the service.
    Request(RequestLine),
}

impl Service {
    /// Whether two of it can be at work at one time: they do not ask for the same port.
    pub(crate) fn has_own_port(&self) -> bool {
        match &self.ready {
            Ready::Url(place) | Ready::Port(place) => place.names().any(|name| name == PORT),
            Ready::Line(_) => true,
        }
    }
}

/// What is done with a service in one profile, every placeholder filled in.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub(crate) ready: ReadyAt,
    /// Its port, unless it tells another.
    pub(crate) port: u16,
    pub(crate) requests: Vec<Asking>,
    /// The pause between two rounds.
    pub(crate) pause: Duration,
    /// How often each request is sent at one time.
    pub(crate) copies: usize,
    pub(crate) stays: Duration,
    pub(crate) stop: Option<Asking>,
}

/// [`Ready`], filled in.
#[derive(Debug, Clone)]
pub(crate) enum ReadyAt {
    Url(url::Url),
    Port,
    Line(Regex),
}

/// [`Ask`], filled in.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

/// Why there is no course.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CourseError {
    #[error(transparent)]
    Undefined(#[from] Undefined),
    #[error("{0}")]
    Place(String),
}

impl Course {
    /// What is done with a service in a profile; `own` is the port that it was given.
    pub(crate) fn of(
        service: &Service,
        stopping: Option<&Stopping>,
        profile: &Profile,
        own: u16,
        scope: &dyn Scope,
    ) -> Result<Self, CourseError> {
        let (ready, port) = match &service.ready {
            Ready::Url(url) => {
                let url = own_address(&url.render(scope)?).map_err(CourseError::Place)?;
                let port = url.port_or_known_default().unwrap_or(own);
                (ReadyAt::Url(url), port)
            }
            Ready::Port(port) => {
                let port = port.render(scope)?;
                let wrong = || CourseError::Place(format!("`{port}` is no port"));
                (ReadyAt::Port, port.parse().map_err(|_| wrong())?)
            }
            Ready::Line(line) => (ReadyAt::Line(line.clone()), own),
        };
        let requests = service.requests.iter().map(|ask| ask.filled(scope));
        let stop = match stopping.map(|stopping| &stopping.by) {
            Some(StopBy::Request(line)) => Some(filled(line, scope)?),
            _ => None,
        };
        let server = profile.token();
        let life = server
            .life
            .as_ref()
            .map(|life| Duration::from_secs(life.value));
        let life = life.unwrap_or(LAPSE);
        let leeway = Duration::from_secs(server.leeway);
        let pause = (life < LAPSE).then(|| life + leeway + BEYOND);
        Ok(Self {
            ready,
            port,
            requests: requests.collect::<Result<_, _>>()?,
            pause: pause.unwrap_or_default(),
            copies: if profile.together { TOGETHER } else { 1 },
            stays: service.stays,
            stop,
        })
    }
}

impl Ask {
    fn filled(&self, scope: &dyn Scope) -> Result<Asking, Undefined> {
        let mut asking = filled(&self.line, scope)?;
        for (name, value) in &self.headers {
            asking.headers.push((name.clone(), value.render(scope)?));
        }
        if let Some(text) = &self.text {
            asking.text = text.render(scope)?;
        }
        Ok(asking)
    }
}

fn filled(line: &RequestLine, scope: &dyn Scope) -> Result<Asking, Undefined> {
    Ok(Asking {
        method: line.method.to_string(),
        target: line.target.render_url(scope)?,
        headers: Vec::new(),
        text: String::new(),
    })
}

/// An address on this machine: a service that was started here is nowhere else, and a suite may come from
/// somebody else.
///
/// # Errors
/// What is wrong with it.
pub fn own_address(text: &str) -> Result<url::Url, String> {
    let url = url::Url::parse(text).map_err(|error| format!("`{text}` is no URL: {error}"))?;
    let here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() == "http" && here {
        Ok(url)
    } else {
        Err(format!("`{text}` is no http address of this machine"))
    }
}

/// The ports that services are given: below those that systems give to connections of their own (32768
/// on Linux, 49152 elsewhere), so that none is taken between now and the start of the service.
const PORTS: std::ops::Range<u16> = 15_000..32_000;

/// A port that nobody listens at, and that no other service of this process was given.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Other processes begin somewhere else.
    let count = PORTS.end - PORTS.start;
    let [high, low, ..] = uuid::Uuid::new_v4().into_bytes();
    let begin = u16::from_be_bytes([high, low]) % count;
    let _ = NEXT.compare_exchange(0, begin.max(1), Ordering::Relaxed, Ordering::Relaxed);
    for _ in 0..count {
        let port = PORTS.start + NEXT.fetch_add(1, Ordering::Relaxed) % count;
        let free = ["127.0.0.1", "0.0.0.0"].map(|host| TcpListener::bind((host, port)).is_ok());
        if free == [true, true] {
            return port;
        }
    }
    PORTS.start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_on_this_machine() {
        for good in [
            "http://127.0.0.1:8080/health",
            "http://localhost:80",
            "http://[::1]:8080/",
        ] {
            assert!(own_address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://127.0.0.1:80@example.com/",
            "https://localhost/",
            "http://gateway.example.com/",
            "/health",
        ] {
            assert!(own_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ports_are_free_and_not_given_twice() {
        let ports: std::collections::BTreeSet<u16> = (0..50).map(|_| free_port()).collect();
        assert_eq!(ports.len(), 50);
        assert!(ports.iter().all(|port| PORTS.contains(port)));
    }
}
