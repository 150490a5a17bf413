//! A plain server for tests of what goes wrong: a thread, a closure, one request per connection.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    /// The value of a header field, by its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next()?, words.next()?);
        let mut headers = Vec::new();
        loop {
            let mut field = String::new();
            reader.read_line(&mut field).ok().filter(|read| *read > 0)?;
            let Some((name, value)) = field.trim_end().split_once(':') else {
                break;
            };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut seen = Self {
            method,
            target,
            headers,
            body: String::new(),
        };
        let length = seen.header("content-length").unwrap_or("0");
        let mut body = vec![0; length.parse().ok()?];
        reader.read_exact(&mut body).ok()?;
        seen.body = String::from_utf8_lossy(&body).into_owned();
        Some(seen)
    }
}

/// A server on a free port of the loopback, until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Serves each connection with the closure, which writes what it likes.
    pub(crate) fn start(
        serve: impl Fn(&Seen, &mut TcpStream) + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            stopped: Arc::default(),
        };
        let (seen, stopped) = (Arc::clone(&server.seen), Arc::clone(&server.stopped));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (serve, seen) = (serve.clone(), Arc::clone(&seen));
                std::thread::spawn(move || handle(stream, &seen, &serve));
            }
        });
        server
    }

    /// Gives each request an answer of one piece.
    pub(crate) fn answering(
        answer: impl Fn(&Seen) -> Vec<u8> + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::start(move |seen, stream| {
            let _ = stream.write_all(&answer(seen));
        })
    }

    /// The same JSON for every request.
    pub(crate) fn json(body: &'static str) -> Self {
        Self::answering(move |_| json(body))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The requests for a path.
    pub(crate) fn asked(&self, path: &str) -> Vec<Seen> {
        let all = self.seen().into_iter();
        all.filter(|seen| seen.target.split('?').next() == Some(path))
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn handle(mut stream: TcpStream, seen: &Mutex<Vec<Seen>>, serve: &dyn Fn(&Seen, &mut TcpStream)) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    // A connection that asks nothing is a preflight.
    let Some(request) = Seen::read(&stream) else {
        return;
    };
    seen.lock().unwrap().push(request.clone());
    serve(&request, &mut stream);
    let _ = stream.shutdown(Shutdown::Write);
}

/// A whole answer, after which the connection ends.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
    if !matches!(status, 204 | 304) {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// 200 with a JSON body.
pub(crate) fn json(body: &str) -> Vec<u8> {
    answer(200, &[("Content-Type", "application/json")], body)
}

/// An address at which nobody listens: the port was just given back.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
