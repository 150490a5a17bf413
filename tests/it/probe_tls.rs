//! The TLS probe: chain, name, expiry, versions, client certificates.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

use cutover::results::Results;

use crate::probe_founded::founded;
use crate::probe_gate::suite;
use crate::sandbox::{Sandbox, outcomes};
use crate::serve::Server;

type Authority = CertifiedIssuer<'static, KeyPair>;

const BOTH: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];
const MODERN: &[&SupportedProtocolVersion] = &[&TLS13];
const DATED: &[&SupportedProtocolVersion] = &[&TLS12];

/// What a server shows.
#[derive(Clone)]
struct Shows {
    name: &'static str,
    /// The year in which its certificate ends.
    ends: i32,
    versions: &'static [&'static SupportedProtocolVersion],
    asks_client: bool,
}

const SOUND: Shows = Shows {
    name: "127.0.0.1",
    ends: 2099,
    versions: BOTH,
    asks_client: false,
};

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn config(ca: &Authority, shows: &Shows) -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![shows.name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(shows.ends, 1, 1);
    let certificate = params.signed_by(&key, ca).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_protocol_versions(shows.versions).unwrap();
    let builder = if shows.asks_client {
        let mut roots = RootCertStore::empty();
        roots.add(ca.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.allow_unauthenticated().build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    builder
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

/// Shakes hands with whoever comes, until the test ends; counts the connections.
async fn serve(ca: &Authority, shows: &Shows) -> SocketAddr {
    let acceptor = TlsAcceptor::from(Arc::new(config(ca, shows)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut session) = acceptor.accept(stream).await {
                    let mut end = [0; 1];
                    let _ = tokio::io::AsyncReadExt::read(&mut session, &mut end).await;
                }
            });
        }
    });
    address
}

/// The probe on a sound side and one whose certificate has ended.
pub(crate) fn with_a_certificate_that_ended() -> (i32, Results) {
    let ended = Shows {
        ends: 2021,
        ..SOUND
    };
    let a = authority("A");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(probed(&SOUND, &ended, [&a, &a], [&a, &a]))
}

async fn probe(
    old: &Shows,
    new: &Shows,
    cas: [&Authority; 2],
    trusted: [&Authority; 2],
) -> (i32, String) {
    let (code, results) = probed(old, new, cas, trusted).await;
    (code, outcomes(&results)[0].clone())
}

async fn probed(
    old: &Shows,
    new: &Shows,
    cas: [&Authority; 2],
    trusted: [&Authority; 2],
) -> (i32, Results) {
    let addresses = [serve(cas[0], old).await, serve(cas[1], new).await];
    let side = |name: &str, at: SocketAddr, ca: &Authority| {
        let pem = serde_json::Value::from(ca.pem());
        format!("{name}: {{ url: \"https://{at}\", tls: {{ ca: {pem} }} }}\n")
    };
    let pair = side("old", addresses[0], trusted[0]) + &side("new", addresses[1], trusted[1]);
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair);
    sandbox.file(
        "suites/p.yaml",
        &suite("probe: tls").replace("token: app\n", ""),
    );
    let run = tokio::task::spawn_blocking(move || {
        let (ran, results) = sandbox.results(&["run", "--probes"]);
        founded(&results);
        let mut found = results.cases[0].differences.iter();
        assert!(found.all(|d| d.check.as_deref() == Some("A33")));
        let requests = [&results.cases[0].old, &results.cases[0].new]
            .map(|side| side.as_ref().unwrap().requests);
        assert!(
            requests.iter().all(|requests| *requests <= Some(3)),
            "{requests:?}"
        );
        (ran.code, results)
    });
    run.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stops_a_client_is_named() {
    let (a, b) = (authority("A"), authority("B"));
    let own = [&a, &a];
    let with = async |new: Shows| probe(&SOUND, &new, own, own).await;
    assert_eq!(with(SOUND).await, (0, "p: same".to_owned()));
    let different = |what: &str| (1, format!("p: different tls {what}"));
    let other = Shows {
        name: "api.example.com",
        ..SOUND
    };
    assert_eq!(with(other).await, different("name value"));
    let expired = Shows {
        ends: 2021,
        ..SOUND
    };
    assert_eq!(with(expired).await, different("expiry value"));
    let modern = Shows {
        versions: MODERN,
        ..SOUND
    };
    assert_eq!(with(modern).await, different("protocol removed"));
    let dated = Shows {
        versions: DATED,
        ..SOUND
    };
    assert_eq!(
        with(dated).await,
        (0, "p: same tls protocol removed".to_owned())
    );
    let asks = Shows {
        asks_client: true,
        ..SOUND
    };
    assert_eq!(with(asks).await, different("client-certificate added"));
    let untrusted = probe(&SOUND, &SOUND, [&a, &b], [&a, &a]).await;
    assert_eq!(untrusted, different("chain value"));
    let another = probe(&SOUND, &SOUND, [&a, &b], [&a, &b]).await;
    assert_eq!(another, different("chain value"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_side_without_tls_is_told() {
    let a = authority("A");
    let address = serve(&a, &SOUND).await;
    let plain = Server::json("{}");
    let run = |old: String, new: String| {
        let sandbox = Sandbox::new();
        let pair = format!("old: {{ url: \"{old}\" }}\nnew: {{ url: \"{new}\" }}\n");
        sandbox.file("cutover.yaml", &pair);
        sandbox.file(
            "suites/p.yaml",
            &suite("probe: tls").replace("token: app\n", ""),
        );
        tokio::task::spawn_blocking(move || {
            let (ran, results) = sandbox.results(&["run", "--probes"]);
            (ran.code, outcomes(&results)[0].clone())
        })
    };
    let https = format!("https://{address}");
    let lost = run(https.clone(), plain.url()).await.unwrap();
    assert_eq!(lost, (1, "p: different tls protocol removed".to_owned()));
    let won = run(plain.url(), https).await.unwrap();
    assert_eq!(won, (1, "p: different tls protocol added".to_owned()));
    let neither = run(plain.url(), plain.url()).await.unwrap();
    assert_eq!(neither, (3, "p: inconclusive (tls)".to_owned()));
}
