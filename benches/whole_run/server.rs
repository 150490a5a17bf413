//! The two servers: plain hyper, HTTP/1.1, keep-alive, one thread each.
//!
//! `/SIZE/PATTERN/N` answers with a JSON document of about SIZE bytes. The new side changes one value
//! of it where PATTERN is `changed` and N is a multiple of [`ONE_IN`]. `/endless` announces nothing and
//! sends a gigabyte on the new side; `/announced` announces it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// One case in so many differs where a suite has changes.
pub(crate) const ONE_IN: usize = 50;
/// The sizes of bodies.
pub(crate) const SIZES: [usize; 2] = [1_000, 10_000];
/// The large body.
const GIGABYTE: usize = 1_000_000_000;
const CHUNK: usize = 64 * 1024;

/// Serves until standard input ends; says both addresses first.
pub(crate) fn serve() {
    let addresses = [false, true].map(start);
    println!("{} {}", addresses[0], addresses[1]);
    std::io::stdout().flush().expect("the starter reads");
    let _ = std::io::stdin().read(&mut [0]);
}

fn start(is_new: bool) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            sender
                .send(listener.local_addr().expect("an address"))
                .expect("somebody asked");
            let bodies = Arc::new(Bodies::new(is_new));
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                stream.set_nodelay(true).expect("a socket");
                let bodies = Arc::clone(&bodies);
                tokio::spawn(async move {
                    let answer = service_fn(|request: Request<Incoming>| {
                        let answer = bodies.answer(&request);
                        async move { Ok::<_, Infallible>(answer) }
                    });
                    // A client that goes away is no concern of the server's.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), answer)
                        .await;
                });
            }
        });
    });
    receiver.recv().expect("the server starts")
}

/// Every body, made once.
struct Bodies {
    is_new: bool,
    equal: HashMap<String, Bytes>,
    changed: HashMap<String, Bytes>,
}

impl Bodies {
    fn new(is_new: bool) -> Self {
        let all = |price: &str| {
            let bodies = SIZES.map(|size| (size.to_string(), document(size, price)));
            bodies.into_iter().collect()
        };
        Self {
            is_new,
            equal: all("12.50"),
            changed: all("\"12.50\""),
        }
    }

    fn answer(&self, request: &Request<Incoming>) -> Response<Either<Full<Bytes>, Zeros>> {
        if !request.headers().contains_key(AUTHORIZATION) {
            return status(StatusCode::UNAUTHORIZED);
        }
        let mut segments = request.uri().path().split('/').skip(1);
        let (size, pattern, number) = (segments.next(), segments.next(), segments.next());
        let length = if self.is_new { GIGABYTE } else { 1 };
        match size {
            Some("endless") => return zeros(Zeros::new(length, false)),
            Some("announced") => return zeros(Zeros::new(length, true)),
            _ => {}
        }
        let is_odd = number
            .and_then(|number| number.parse::<usize>().ok())
            .is_some_and(|number| number.is_multiple_of(ONE_IN));
        let bodies = if self.is_new && pattern == Some("changed") && is_odd {
            &self.changed
        } else {
            &self.equal
        };
        match size.and_then(|size| bodies.get(size)) {
            Some(body) => Response::builder()
                .header(CONTENT_TYPE, "application/json")
                .body(Either::Left(Full::new(body.clone())))
                .expect("an answer"),
            None => status(StatusCode::NOT_FOUND),
        }
    }
}

fn status(code: StatusCode) -> Response<Either<Full<Bytes>, Zeros>> {
    let mut answer = Response::new(Either::Left(Full::default()));
    *answer.status_mut() = code;
    answer
}

fn zeros(body: Zeros) -> Response<Either<Full<Bytes>, Zeros>> {
    Response::new(Either::Right(body))
}

/// A list of orders of about `size` bytes, the last one of which costs `price`.
fn document(size: usize, price: &str) -> Bytes {
    let order = |at: usize, price: &str| {
        format!(
            "{{\"id\":\"order-{at:05}\",\"customer\":{{\"name\":\"Zo\\u00eb\",\"tier\":{}}},\"price\":{price},\"open\":true}}",
            at % 7
        )
    };
    let count = size / (order(0, "12.50").len() + 1);
    let orders = (1..=count).map(|at| order(at, if at == count { price } else { "12.50" }));
    let orders: Vec<String> = orders.collect();
    Bytes::from(format!(
        "{{\"items\":[{}],\"total\":{count}}}",
        orders.join(",")
    ))
}

/// A body of zeros that is never in memory as a whole.
struct Zeros {
    left: usize,
    announced: bool,
    chunk: Bytes,
}

impl Zeros {
    fn new(length: usize, announced: bool) -> Self {
        Self {
            left: length,
            announced,
            chunk: Bytes::from(vec![b'0'; CHUNK]),
        }
    }
}

impl Body for Zeros {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.left.min(CHUNK);
        self.left -= next;
        Poll::Ready((next > 0).then(|| Ok(Frame::data(self.chunk.slice(..next)))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.announced {
            SizeHint::with_exact(self.left as u64)
        } else {
            SizeHint::default()
        }
    }
}
