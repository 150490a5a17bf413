//! [`Doubles`]: some doubles, served until they are stopped.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use wiremock::{Mock, MockServer, Request, matchers};

use crate::mock::address::{addresses, bind, keys, manner, tls_versions, unmade};
use crate::mock::backend::Backend;
use crate::mock::document::{ChangeDoc, Tls};
use crate::mock::double::Double;
use crate::mock::engine::Engine;
use crate::mock::listener::{Records, call_of, for_head, is_pumped, serve, template_of};
use crate::mock::relay::{Behind, Relay};
use crate::mock::running::{Running, Way};
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
            let own = (double, Arc::clone(&engine));
            let added = started.add(own, change.as_ref(), (options.listen, relay.clone()));
            // A double is large: its future stands on the heap.
            Box::pin(added).await?;
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
        (double, engine): (Double, Arc<Engine>),
        change: Option<&ChangeDoc>,
        (listen, relay): (IpAddr, Option<Arc<dyn Relay>>),
    ) -> Result<(), StartError> {
        let records = Arc::new(Records::default());
        let keys = keys(&double, change, listen)?;
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
                let spoken = tls_versions(&double, change, &further);
                let config = keys.config(&manner.versions, &spoken, tls == Tls::Mutual);
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
