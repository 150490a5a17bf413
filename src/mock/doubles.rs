//! [`Doubles`]: some doubles, served until they are stopped.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use wiremock::{Mock, MockServer, Request, matchers};

use crate::mock::backend::Backend;
use crate::mock::document::{ChangeDoc, Framing, HeaderNames, HttpVersion, Tls};
use crate::mock::double::Double;
use crate::mock::engine::Engine;
use crate::mock::habits::FurtherListenDoc;
use crate::mock::listener::tls::{Keys, TlsFiles};
use crate::mock::listener::{
    Manner, RawConnection, Records, call_of, for_head, is_pumped, serve, template_of,
};
use crate::mock::log::Answered;
use crate::mock::relay::{Behind, Relay};
use crate::source::nearest;

/// How doubles are started.
#[derive(Debug, Clone)]
pub struct StartOptions {
    /// The address they listen on; default 127.0.0.1.
    pub listen: IpAddr,
    /// The name of a defect: the last double that has one of this name is broken so.
    pub defect: Option<String>,
}

impl Default for StartOptions {
    fn default() -> Self {
        Self {
            listen: Ipv4Addr::LOCALHOST.into(),
            defect: None,
        }
    }
}

/// Why doubles could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or the address is not this machine's.
    #[error("{name} cannot listen on {address}: {source}")]
    Listen {
        /// The double.
        name: String,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// No double has a defect of this name.
    #[error("unknown defect `{name}`; {}", one_of(.name, .known))]
    UnknownDefect {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// Certificates or keys could not be made.
    #[error("the keys of {name} could not be set up")]
    Keys {
        /// The double.
        name: String,
    },
}

/// A double that is being served.
pub struct Running {
    double: Double,
    /// Where it listens, the address of `listen` itself first.
    ways: Vec<Way>,
    base: String,
    tls: Option<TlsFiles>,
    records: Arc<Records>,
    engine: Arc<Engine>,
}

/// A way to a double.
#[derive(Debug, Clone, Copy)]
struct Way {
    address: SocketAddr,
    tls: Tls,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("name", &self.name())
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

impl Running {
    /// The name shown to people.
    pub fn name(&self) -> &str {
        self.double.name()
    }

    /// The platform that it stands for.
    pub fn platform(&self) -> &str {
        self.double.platform()
    }

    /// Its address without a path, e.g. `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.ways.first().map(Way::url).unwrap_or_default()
    }

    /// The address, without a path, at which it uses TLS so, if it has one.
    pub fn url_with(&self, tls: Tls) -> Option<String> {
        self.ways.iter().find(|way| way.tls == tls).map(Way::url)
    }

    /// The base path of its API; empty where it has none.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The URL of its token endpoint, where it has one.
    pub fn token_url(&self) -> Option<String> {
        let token = self.double.doc.token.as_ref()?;
        Some(format!("{}{}", self.url(), token.path.value))
    }

    /// The certificate that its clients must trust (PEM), where it uses TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.tls.as_ref().map(|tls| tls.ca.as_str())
    }

    /// The certificate and the key (PEM) that its clients must show, where it asks for one.
    pub fn client_pem(&self) -> Option<(&str, &str)> {
        let asks = self.ways.iter().any(|way| way.tls == Tls::Mutual);
        let tls = self.tls.as_ref().filter(|_| asks)?;
        Some((&tls.client_cert, &tls.client_key))
    }

    /// Keeps the last so many connections and answers, in place of 1,024 and 10,000.
    pub(crate) fn keep(&self, connections: usize, answers: usize) {
        self.records.keep(connections);
        self.engine.log().keep(answers);
    }

    /// Whether a connection or an answer is not kept any more.
    pub(crate) fn lacks_some(&self) -> bool {
        self.records.lacks_some() || self.engine.log().lacks_some()
    }

    /// What clients sent, byte for byte: the last 1,024 connections, oldest first, 1 MiB of each.
    pub fn connections(&self) -> Vec<RawConnection> {
        self.records.read()
    }

    /// The time that [`Answered::at`] is counted in.
    pub fn elapsed(&self) -> std::time::Duration {
        self.engine.log().elapsed()
    }

    /// What was answered, in order: the last 10,000 answers.
    pub fn answered(&self) -> Vec<Answered> {
        self.engine.log().read()
    }

    /// The double itself.
    pub const fn double(&self) -> &Double {
        &self.double
    }
}

impl Way {
    fn url(&self) -> String {
        format!("{}://{}", self.tls.scheme(), self.address)
    }
}

/// Doubles that are being served. Dropping it ends them too.
#[derive(Debug)]
pub struct Doubles {
    running: Vec<Running>,
    tasks: Vec<JoinHandle<()>>,
    servers: Vec<MockServer>,
}

impl Doubles {
    /// Starts doubles. All that name the same backend share it. They accept connections when this
    /// returns; it must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The first thing that stands in the way; nothing is left running then.
    pub async fn start(doubles: Vec<Double>, options: &StartOptions) -> Result<Self, StartError> {
        Self::start_before(doubles, options, None).await
    }

    /// The same; over HTTP/1.1 a relay answers what a gateway lets through and a double has no answer
    /// of its own to.
    ///
    /// # Errors
    /// The same.
    pub async fn start_before(
        doubles: Vec<Double>,
        options: &StartOptions,
        relay: Option<Arc<dyn Relay>>,
    ) -> Result<Self, StartError> {
        let broken = broken(&doubles, options.defect.as_deref())?;
        let backend = Backend::new();
        let mut started = Self {
            running: Vec::new(),
            tasks: Vec::new(),
            servers: Vec::new(),
        };
        let mut engines = Vec::new();
        for (index, double) in doubles.into_iter().enumerate() {
            let change = options
                .defect
                .as_deref()
                .filter(|_| broken == Some(index))
                .and_then(|name| double.change(name).cloned());
            let shared = double.doc.backend.map(|_| Arc::clone(&backend));
            let engine =
                Engine::new(&double, shared, change.clone()).map_err(|_| StartError::Keys {
                    name: double.name().to_owned(),
                })?;
            let engine = Arc::new(engine);
            started
                .add(
                    double,
                    Arc::clone(&engine),
                    change.as_ref(),
                    (options.listen, relay.clone()),
                )
                .await?;
            engines.push(engine);
        }
        for (index, engine) in engines.iter().enumerate() {
            let mut others = started.running.iter().enumerate();
            if let Some((_, other)) = others.find(|(at, _)| *at != index) {
                engine.pair_with(format!("{}{}", other.url(), other.base));
            }
        }
        Ok(started)
    }

    /// The doubles, in the order they were given.
    pub fn running(&self) -> &[Running] {
        &self.running
    }

    /// Ends them: no connection is accepted any more, open ones are closed.
    pub async fn stop(mut self) {
        for task in self.tasks.drain(..) {
            task.abort();
            let _ = task.await;
        }
        self.servers.clear();
    }

    async fn add(
        &mut self,
        double: Double,
        engine: Arc<Engine>,
        change: Option<&ChangeDoc>,
        (listen, relay): (IpAddr, Option<Arc<dyn Relay>>),
    ) -> Result<(), StartError> {
        let records = Arc::new(Records::default());
        let keys = keys(&double, change, listen)?;
        let spoken = change.map_or(&[][..], |change| &change.tls);
        let mut ways = Vec::new();
        for further in addresses(&double) {
            let tls = further.tls.unwrap_or(Tls::None);
            let (address, listener) = bind(&double, SocketAddr::new(listen, further.port)).await?;
            let server = decider(Arc::clone(&engine), tls).await;
            let mut manner = manner(&double, &further, *server.address(), &records, &engine);
            manner.behind = relay.as_ref().map(|relay| Behind {
                relay: Arc::clone(relay),
                engine: Arc::clone(&engine),
                scheme: tls.scheme(),
            });
            if let Some(keys) = keys.as_ref().filter(|_| tls != Tls::None) {
                let config = keys.config(&manner.versions, spoken, tls == Tls::Mutual);
                let config = config.map_err(|_| unmade(&double))?;
                manner.tls = Some(TlsAcceptor::from(config));
            }
            self.tasks
                .push(tokio::spawn(serve(listener, Arc::new(manner))));
            self.servers.push(server);
            ways.push(Way { address, tls });
        }
        self.running.push(Running {
            double,
            ways,
            base: engine.base().to_owned(),
            tls: keys.map(|keys| keys.files),
            records,
            engine,
        });
        Ok(())
    }
}

/// The address of a listener itself, then the further ones.
fn addresses(double: &Double) -> Vec<FurtherListenDoc> {
    let doc = double.doc.listen.as_ref();
    let first = FurtherListenDoc {
        port: doc.map_or(0, |doc| doc.port),
        tls: doc.and_then(|doc| doc.tls),
        http: doc.map(|doc| doc.http.clone()).unwrap_or_default(),
    };
    let further = doc.map(|doc| doc.also.clone()).unwrap_or_default();
    std::iter::once(first).chain(further).collect()
}

/// Certificates and keys, where any address uses TLS.
fn keys(
    double: &Double,
    change: Option<&ChangeDoc>,
    listen: IpAddr,
) -> Result<Option<Keys>, StartError> {
    let secure = |further: &FurtherListenDoc| !matches!(further.tls, None | Some(Tls::None));
    if !addresses(double).iter().any(secure) {
        return Ok(None);
    }
    let names = double.doc.listen.iter().flat_map(|doc| doc.names.iter());
    let names = names.map(|(_, name)| name.clone());
    let days = change.and_then(|change| change.certificate_days);
    Keys::make(listen, names.collect(), days)
        .map(Some)
        .map_err(|_| unmade(double))
}

fn unmade(double: &Double) -> StartError {
    StartError::Keys {
        name: double.name().to_owned(),
    }
}

async fn bind(
    double: &Double,
    wanted: SocketAddr,
) -> Result<(SocketAddr, TcpListener), StartError> {
    let bound = TcpListener::bind(wanted).await;
    let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
    bound.map_err(|source| StartError::Listen {
        name: double.name().to_owned(),
        address: wanted,
        source,
    })
}

/// How a double speaks at an address, before TLS.
fn manner(
    double: &Double,
    further: &FurtherListenDoc,
    upstream: SocketAddr,
    records: &Arc<Records>,
    engine: &Arc<Engine>,
) -> Manner {
    let gateway = double.doc.gateway.as_ref();
    Manner {
        upstream,
        versions: versions(&further.http),
        names: gateway
            .and_then(|gateway| gateway.header_names)
            .unwrap_or(HeaderNames::AsWritten),
        framing: gateway
            .and_then(|gateway| gateway.framing)
            .unwrap_or(Framing::Length),
        tls: None,
        records: Arc::clone(records),
        engine: Arc::clone(engine),
        behind: None,
    }
}

impl Drop for Doubles {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// The wiremock server that answers for a double: one responder that routes by itself.
async fn decider(engine: Arc<Engine>, tls: Tls) -> MockServer {
    let server = MockServer::builder()
        .disable_request_recording()
        .start()
        .await;
    let respond = move |request: &Request| {
        let pumped = is_pumped(request);
        let mut answer = engine.answer(&call_of(request), tls);
        if !pumped && request.method == http::Method::HEAD {
            answer = for_head(answer);
        }
        template_of(&answer, pumped)
    };
    Mock::given(matchers::any())
        .respond_with(respond)
        .mount(&server)
        .await;
    server
}

fn versions(spoken: &[HttpVersion]) -> Vec<HttpVersion> {
    match spoken {
        [] => vec![HttpVersion::Http11, HttpVersion::Http2],
        versions => versions.to_vec(),
    }
}

/// The last double with a defect of this name: where both sides have it, the new one is broken.
fn broken(doubles: &[Double], defect: Option<&str>) -> Result<Option<usize>, StartError> {
    let Some(name) = defect else {
        return Ok(None);
    };
    let at = doubles
        .iter()
        .rposition(|double| double.change(name).is_some());
    if at.is_some() {
        return Ok(at);
    }
    let names = doubles.iter().flat_map(|double| double.doc.defects.names());
    let mut known: Vec<String> = Vec::new();
    for name in names {
        if !known.iter().any(|k| k == name) {
            known.push(name.to_owned());
        }
    }
    Err(StartError::UnknownDefect {
        name: name.to_owned(),
        known,
    })
}

/// What may be meant, and everything that can be.
fn one_of(name: &str, known: &[String]) -> String {
    let all = match known {
        [] => "these doubles have none".to_owned(),
        _ => format!("known: {}", known.join(", ")),
    };
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`? {all}"),
        None => all,
    }
}
