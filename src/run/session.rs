//! [`Session`]: both sides made ready: connections, tokens, and what stands for what.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use thiserror::Error;

use super::options::{RunOptions, Stop};
use crate::compare::Standing;
use crate::config::{Folder, PairFile, TlsDoc, platform_name};
use crate::exchange::{
    ClientError, Connection, LargeBodies, Limits, Origins, Pinned, Target, TlsFiles,
};
use crate::pair::{Pair, Side};
use crate::platform::{Documents, Platform};
use crate::redact::Secrets;
use crate::results::{TargetInfo, Warning};
use crate::source::Spanned;
use crate::suite::Given;
use crate::token::{Credential, SharedTokens, Wallet};

/// The time for one exchange where nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The time for a connection, where the exchange as a whole has more: a side behind a firewall that
/// drops packets is told from a slow one, and given up in time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Both sides, ready.
#[derive(Debug)]
pub struct Session {
    /// The sides.
    pub sides: Pair<SideSession>,
    /// Their platforms.
    pub platforms: Pair<Arc<Platform>>,
    /// Everything that must not be shown.
    pub secrets: Secrets,
    /// Variables from outside.
    pub given: Given,
    /// The run's id.
    pub run_id: String,
    /// How the run is to be done.
    pub options: RunOptions,
    /// Whether it is to end.
    pub stop: Stop,
    /// When it began: what `--max-time` counts from.
    began: Instant,
    /// What stands for what, by API.
    standing: BTreeMap<Option<String>, Arc<Standing>>,
}

/// One side, ready.
#[derive(Debug)]
pub struct SideSession {
    /// Where requests go.
    pub target: Arc<Target>,
    /// Its tokens.
    pub wallet: Wallet,
    /// Its base URL.
    pub url: String,
    /// The URLs below which the paths of its APIs stand.
    pub apis: BTreeMap<String, String>,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
    /// The time for one exchange.
    pub timeout: Duration,
    /// How it is connected to.
    pub connection: Connection,
    /// How reports name it.
    pub info: TargetInfo,
}

/// Why a side cannot be made ready.
#[derive(Debug, Error)]
pub enum SessionError {
    /// A file that the target names.
    #[error("{side}.tls.{key}: {message}")]
    File {
        /// The side.
        side: Side,
        /// The key.
        key: &'static str,
        /// What is wrong.
        message: String,
    },
    /// A client's private key.
    #[error("{side}.tokens.{credential}: {message}")]
    Key {
        /// The side.
        side: Side,
        /// The credential.
        credential: String,
        /// What is wrong.
        message: String,
    },
    /// Settings that the HTTP client refuses.
    #[error("{side}: {error}")]
    Client {
        /// The side.
        side: Side,
        /// What it says.
        error: ClientError,
    },
}

impl Session {
    /// Makes both sides of a pair ready. Nothing is sent.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub fn new(
        pair: &PairFile,
        platforms: Pair<Arc<Platform>>,
        given: Given,
        run_id: String,
        options: RunOptions,
        secrets: Secrets,
    ) -> Result<Self, SessionError> {
        secrets.add_places(&pair.doc.redact);
        pair.register(&secrets);
        given.register(&secrets);
        let large = LargeBodies::default();
        let sides = Pair::both(large)
            .try_map(|side, large| SideSession::new(pair, side, &options, large, &secrets))?;
        let standing = standing(pair, &sides);
        Ok(Self {
            sides,
            platforms,
            secrets,
            given,
            run_id,
            options,
            stop: Stop::default(),
            began: Instant::now(),
            standing,
        })
    }

    /// What stands for what in the answers of an API. Shared: most cases add nothing to it.
    pub fn standing(&self, api: Option<&str>) -> Arc<Standing> {
        let key = api.map(str::to_owned);
        self.standing.get(&key).cloned().unwrap_or_default()
    }

    /// Ends the run when its time is up; never, where it has no limit. What is asked before the first
    /// case counts too.
    pub async fn time_up(&self) {
        match self.options.max_time {
            None => std::future::pending().await,
            Some(time) => {
                tokio::time::sleep(time.saturating_sub(self.began.elapsed())).await;
                self.stop.stop(1);
            }
        }
    }

    /// The platforms, borrowed.
    pub fn platforms(&self) -> Pair<&Platform> {
        self.platforms.as_ref().map(Arc::as_ref)
    }

    /// What a reader of the results should know of the sides.
    pub fn warnings(&self) -> Vec<Warning> {
        let unchecked = self
            .sides
            .iter()
            .filter(|(_, side)| side.connection.tls.insecure);
        let unchecked = unchecked.map(|(side, _)| Warning {
            code: "certificate-checks-off".to_owned(),
            side: Some(side),
            message: format!("certificates of the {side} side are not checked (tls.insecure)"),
        });
        unchecked.chain(self.secrets.warnings()).collect()
    }
}

impl SideSession {
    fn new(
        pair: &PairFile,
        side: Side,
        options: &RunOptions,
        large: LargeBodies,
        secrets: &Secrets,
    ) -> Result<Self, SessionError> {
        let doc = pair.target(side);
        let given = options.timeout.or(doc.timeout.as_ref().map(|span| span.0));
        let timeout = given.unwrap_or(TIMEOUT);
        let connection = connection(pair, side, timeout)?;
        let limits = Limits {
            body: options.body_limit,
            per_second: doc.max_rps.as_ref().map_or(0, |rate| rate.value),
            large,
        };
        let target = Target::new(side, &connection, origins(pair, side), limits)
            .map_err(|error| SessionError::Client { side, error })?;
        let target = Arc::new(target);
        let credentials: Vec<Credential> = doc
            .tokens
            .iter()
            .map(|(name, credential)| Credential::of(name, credential))
            .collect();
        for credential in &credentials {
            if let Err(message) = credential.check() {
                let credential = credential.name.clone();
                return Err(SessionError::Key {
                    side,
                    credential,
                    message,
                });
            }
        }
        let mut wallet = Wallet::new(Arc::clone(&target), credentials, secrets.clone(), timeout);
        if let Some(folder) = &options.meeting {
            wallet = wallet.shared(SharedTokens::new(folder, side.word()));
        }
        let apis = pair
            .doc
            .apis
            .iter()
            .map(|(name, api)| (name.value.clone(), api.base(side, doc.url.as_str())));
        Ok(Self {
            target,
            wallet,
            url: doc.url.as_str().to_owned(),
            apis: apis.collect(),
            headers: doc
                .headers
                .iter()
                .map(|(n, v)| (n.value.clone(), v.clone()))
                .collect(),
            timeout,
            connection,
            info: target_info(pair, side),
        })
    }

    /// The URL below which the paths of an API stand.
    pub fn base(&self, api: Option<&str>) -> String {
        let own = api.and_then(|api| self.apis.get(api));
        own.unwrap_or(&self.url).clone()
    }
}

/// How reports name a side.
pub fn target_info(pair: &PairFile, side: Side) -> TargetInfo {
    let doc = pair.target(side);
    TargetInfo {
        name: doc.name.clone().unwrap_or_else(|| side.word().to_owned()),
        platform: platform_name(pair, side),
        url: doc.url.as_str().to_owned(),
        documents: match doc.documents.unwrap_or_default() {
            Documents::Page => None,
            latest @ Documents::Latest => Some(latest.word().to_owned()),
        },
    }
}

/// The origins of a side: its base URL, the hosts of its APIs, its token endpoints, its issuers.
fn origins(pair: &PairFile, side: Side) -> Origins {
    let doc = pair.target(side);
    let mut origins = Origins::default();
    origins.add(doc.url.url());
    for (_, api) in pair.doc.apis.iter() {
        if let Some(url) = api.own_url(side) {
            origins.add(url.url());
        }
    }
    for (_, credential) in doc.tokens.iter() {
        let endpoints = [
            &credential.token_endpoint,
            &credential.revocation_endpoint,
            &credential.introspection_endpoint,
            &credential.jwks_uri,
        ];
        let endpoints = endpoints.into_iter().flatten().map(|endpoint| &endpoint.0);
        for url in endpoints.chain(&credential.issuer) {
            origins.add(url.url());
        }
    }
    origins
}

fn connection(pair: &PairFile, side: Side, timeout: Duration) -> Result<Connection, SessionError> {
    let doc = pair.target(side);
    let https = origins(pair, side)
        .iter()
        .any(|origin| origin.to_string().starts_with("https"));
    let resolve = doc.resolve.iter().filter_map(|(name, address)| {
        let (host, port) = name.rsplit_once(':')?;
        Some(Pinned {
            host: host.to_owned(),
            port: port.parse().ok()?,
            address: address.parse().ok()?,
        })
    });
    Ok(Connection {
        https,
        tls: match &doc.tls {
            Some(tls) => tls_files(tls, side, &pair.folder)?,
            None => TlsFiles::default(),
        },
        resolve: resolve.collect(),
        proxy: doc.proxy.as_ref().map(|url| url.as_str().to_owned()),
        http: doc.http,
        // A little less than the whole, so that it is this limit which is met.
        connect_timeout: Some(CONNECT_TIMEOUT.min(timeout * 9 / 10)),
    })
}

fn tls_files(doc: &TlsDoc, side: Side, folder: &Folder) -> Result<TlsFiles, SessionError> {
    let read = |key: &'static str, text: &Option<Spanned<String>>| match text {
        None => Ok(None),
        Some(text) if text.contains("-----BEGIN") => Ok(Some(text.value.clone().into_bytes())),
        Some(path) => folder
            .bytes(path)
            .map(Some)
            .map_err(|error| SessionError::File {
                side,
                key,
                message: error.to_string(),
            }),
    };
    let certificate = read("client_cert", &doc.client_cert)?;
    let key = read("client_key", &doc.client_key)?;
    Ok(TlsFiles {
        ca: read("ca", &doc.ca)?,
        identity: certificate.map(|mut pem| {
            pem.push(b'\n');
            pem.extend(key.unwrap_or_default());
            pem
        }),
        insecure: doc.insecure,
    })
}

/// Each side's base URLs, with and without the base path of an API, and its client ids.
fn standing(pair: &PairFile, sides: &Pair<SideSession>) -> BTreeMap<Option<String>, Arc<Standing>> {
    let names = pair.doc.apis.names().map(|name| Some(name.to_owned()));
    let apis = std::iter::once(None).chain(names);
    apis.map(|api| {
        let mut standing = Standing::default();
        let bases = sides.as_ref().map(|side| side.base(api.as_deref()));
        if api.is_some() {
            standing.base(bases.as_ref().map(String::as_str));
        }
        standing.base(sides.as_ref().map(|side| side.url.as_str()));
        for (name, old) in pair.doc.old.tokens.iter() {
            let new = pair.doc.new.tokens.get(name);
            if let (Some(old), Some(new)) = (&old.client_id, new.and_then(|n| n.client_id.as_ref()))
            {
                standing.word(Pair::new(old, new));
            }
        }
        (api, Arc::new(standing))
    })
    .collect()
}
