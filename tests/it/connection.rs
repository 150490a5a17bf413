//! How a side is connected to: certificates, addresses, proxies, versions of HTTP.

use std::net::TcpStream;

use cutover::mock::Doubles;
use cutover::results::Results;

use crate::mock_support::{double, start};
use crate::sandbox::{Ran, Sandbox, outcomes};
use crate::serve::{Seen, Server, answer, json, nobody};

const SUITE: &str = "name: A\ncases:\n  - { name: x, request: GET /x }\n";

/// Runs one case; `settings` are further keys of the new side.
fn run(old: &str, new: &str, settings: &str) -> (Ran, Results) {
    let sandbox = Sandbox::new();
    sandbox.file(
        "cutover.yaml",
        &format!("old: {{ url: \"{old}\" }}\nnew:\n  url: \"{new}\"\n{settings}"),
    );
    sandbox.file("suites/a.yaml", SUITE);
    sandbox.results(&["run"])
}

async fn tls_double(mode: &str, http: &str) -> Doubles {
    let text = format!(
        "{{ name: T, platform: generic, listen: {{ tls: {mode}, http: {http} }}, \
         gateway: {{ faults: plain }}, routes: [ {{ request: GET /x, json: {{ a: 1 }} }} ] }}"
    );
    start(vec![double(&text)]).await
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn plain() -> Server {
    Server::json("{\"a\": 1}")
}

/// Verdict, exit code, version of HTTP and warnings of the new side.
fn told((ran, results): &(Ran, Results)) -> (String, i32, Option<&str>, Vec<&str>) {
    let new = results.cases[0].new.as_ref();
    let http = new.and_then(|new| new.http.as_deref());
    let warnings = results.warnings.iter().map(|w| w.code.as_str()).collect();
    let case = &results.cases[0];
    let reason = case.reason.map(|reason| format!(" ({reason})"));
    let verdict = format!("{}{}", case.verdict, reason.unwrap_or_default());
    (verdict, ran.code, http, warnings)
}

fn failure(results: &Results) -> &str {
    let new = results.cases[0].new.as_ref().unwrap();
    &new.failure.as_ref().unwrap().message
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_of_ones_own_is_trusted_where_it_is_named() {
    let doubles = tls_double("server", "[1.1, 2]").await;
    let double = &doubles.running()[0];
    let old = plain();
    let ca = quoted(double.ca_pem().unwrap());
    let got = run(
        &old.url(),
        &double.url(),
        &format!("  tls: {{ ca: {ca} }}\n"),
    );
    assert_eq!(told(&got), ("same".to_owned(), 0, Some("2"), vec![]));
    let got = run(
        &old.url(),
        &double.url(),
        &format!("  http: \"1.1\"\n  tls: {{ ca: {ca} }}\n"),
    );
    assert_eq!(told(&got), ("same".to_owned(), 0, Some("1.1"), vec![]));
    let got = run(
        &old.url(),
        &double.url(),
        &format!("  http: \"2\"\n  tls: {{ ca: {ca} }}\n"),
    );
    assert_eq!(told(&got), ("same".to_owned(), 0, Some("2"), vec![]));
    // Without it nothing is sent, and what to do is said.
    let got = run(&old.url(), &double.url(), "");
    assert_eq!(
        told(&got),
        ("inconclusive (tls)".to_owned(), 3, None, vec![])
    );
    assert_eq!(
        failure(&got.1),
        "the certificate is of an authority that is not trusted: name the authority in `tls.ca`"
    );
    // Unchecked, it works, and every report says so.
    let got = run(&old.url(), &double.url(), "  tls: { insecure: true }\n");
    assert_eq!(
        told(&got),
        (
            "same".to_owned(),
            0,
            Some("2"),
            vec!["certificate-checks-off"]
        )
    );
    assert!(
        got.0
            .out
            .contains("certificates of the new side are not checked"),
        "{}",
        got.0.out
    );
    doubles.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_another_name_is_told() {
    let doubles = tls_double("server", "[1.1]").await;
    let double = &doubles.running()[0];
    let ca = quoted(double.ca_pem().unwrap());
    let port = double.url().rsplit_once(':').unwrap().1.to_owned();
    let old = plain();
    let settings = format!(
        "  tls: {{ ca: {ca} }}\n  resolve: {{ \"api.example.com:443\": \"127.0.0.1:{port}\" }}\n"
    );
    let got = run(&old.url(), "https://api.example.com", &settings);
    assert_eq!(
        told(&got),
        ("inconclusive (tls)".to_owned(), 3, None, vec![])
    );
    let said = failure(&got.1);
    let start = "the certificate is for another host name (it is for ";
    assert!(
        said.starts_with(start) && said.contains("localhost"),
        "{said}"
    );
    assert!(!said.contains("DnsName"), "{said}");
    doubles.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    for http in ["[1.1]", "[2]"] {
        let doubles = tls_double("mutual", http).await;
        let double = &doubles.running()[0];
        let old = plain();
        let ca = quoted(double.ca_pem().unwrap());
        let (certificate, key) = double.client_pem().unwrap();
        let mine = format!(
            "  tls: {{ ca: {ca}, client_cert: {}, client_key: {} }}\n",
            quoted(certificate),
            quoted(key)
        );
        let got = run(&old.url(), &double.url(), &mine);
        assert_eq!(
            (told(&got).0, told(&got).1),
            ("same".to_owned(), 0),
            "{}",
            got.0.err
        );
        let got = run(
            &old.url(),
            &double.url(),
            &format!("  tls: {{ ca: {ca} }}\n"),
        );
        // The refusal comes after the handshake (RFC 8446 section 4.4.2): what the HTTP stack makes of
        // it depends on which it sees first, the alert or the end of the connection.
        let (verdict, code, ..) = told(&got);
        let open = ["inconclusive (tls)", "inconclusive (connect)"].contains(&verdict.as_str());
        assert!(open && code == 3, "{}", got.0.out);
        let help = "name yours in `tls.client_cert` and `tls.client_key`";
        assert!(failure(&got.1).ends_with(help), "{}", failure(&got.1));
        doubles.stop().await;
    }
}

#[test]
fn certificates_are_read_from_beside_the_pair_file_and_mistakes_are_told() {
    let old = plain();
    let told = |settings: &str| {
        let sandbox = Sandbox::new();
        let text = format!(
            "old: {{ url: \"{0}\" }}\nnew:\n  url: \"{0}\"\n  tls: {settings}\n",
            old.url()
        );
        sandbox
            .file("cutover.yaml", &text)
            .file("suites/a.yaml", SUITE);
        sandbox.file("certs/no.pem", "hello");
        let ran = sandbox.run(&["run"]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        ran.err
    };
    let missing = told("{ ca: certs/none.pem }");
    assert!(
        missing.starts_with("error: cannot read `certs/none.pem`: ")
            && missing.contains(" --> cutover.yaml:4:14\n"),
        "{missing}"
    );
    let empty = told("{ ca: certs/no.pem }");
    let expected = "error: there is no certificate in it\n --> cutover.yaml:4:14\n";
    assert!(empty.starts_with(expected), "{empty}");
    let outside = told("{ ca: ../out.pem }");
    let expected =
        "error: `../out.pem` leads out of the folder of this file\n --> cutover.yaml:4:14\n";
    assert!(outside.starts_with(expected), "{outside}");
    let identity = told("{ client_cert: certs/no.pem, client_key: certs/no.pem }");
    let expected = "error: there is no certificate in it\n --> cutover.yaml:4:23\n";
    assert!(identity.starts_with(expected), "{identity}");
}

#[test]
fn a_name_is_resolved_as_the_pair_file_says_with_and_without_a_port() {
    let (old, new) = (plain(), plain());
    let port = new.port();
    for (url, name) in [
        ("http://api.example.invalid", "api.example.invalid:80"),
        (
            "http://api.example.invalid:8443",
            "api.example.invalid:8443",
        ),
    ] {
        let settings = format!("  resolve: {{ \"{name}\": \"127.0.0.1:{port}\" }}\n");
        let got = run(&old.url(), url, &settings);
        assert_eq!(
            told(&got),
            ("same".to_owned(), 0, Some("1.1"), vec![]),
            "{}",
            got.0.out
        );
        let host = url.trim_start_matches("http://");
        assert_eq!(new.seen().last().unwrap().header("host"), Some(host));
    }
    // Another port of the same name is not what was named.
    let settings = format!("  resolve: {{ \"api.example.invalid:81\": \"127.0.0.1:{port}\" }}\n");
    let got = run(&old.url(), "http://api.example.invalid", &settings);
    assert_eq!(told(&got).0, "inconclusive (connect)");
    assert_eq!(new.seen().len(), 2);
}

/// A proxy: answers what is asked in absolute form, and makes tunnels to where it is told.
fn proxy(tunnel: String) -> Server {
    Server::start(move |seen, stream| {
        use std::io::Write as _;
        if seen.method != "CONNECT" {
            let _ = stream.write_all(&json("{\"a\": 1}"));
            return;
        }
        let Ok(mut there) = TcpStream::connect(&tunnel) else {
            let _ = stream.write_all(&answer(502, &[], ""));
            return;
        };
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let (mut back, mut from) = (stream.try_clone().unwrap(), there.try_clone().unwrap());
        let up = std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut back);
            let _ = back.shutdown(std::net::Shutdown::Both);
        });
        let _ = std::io::copy(stream, &mut there);
        let _ = there.shutdown(std::net::Shutdown::Both);
        let _ = up.join();
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_asked_in_place_of_the_side() {
    let doubles = tls_double("server", "[1.1]").await;
    let double = &doubles.running()[0];
    let address = double.url().trim_start_matches("https://").to_owned();
    let proxy = proxy(address.clone());
    let old = plain();
    let asked = |proxy: &Server| {
        let seen = proxy.seen().into_iter();
        seen.map(|seen: Seen| format!("{} {}", seen.method, seen.target))
            .collect::<Vec<_>>()
    };
    let settings = format!("  proxy: \"{}\"\n", proxy.url());
    let got = run(&old.url(), "http://api.example.invalid/base", &settings);
    assert_eq!(
        told(&got),
        ("same".to_owned(), 0, Some("1.1"), vec![]),
        "{}",
        got.0.out
    );
    assert_eq!(asked(&proxy), ["GET http://api.example.invalid/base/x"]);
    let ca = quoted(double.ca_pem().unwrap());
    let settings = format!("{settings}  tls: {{ ca: {ca} }}\n");
    let got = run(&old.url(), &double.url(), &settings);
    assert_eq!(
        told(&got),
        ("same".to_owned(), 0, Some("1.1"), vec![]),
        "{}",
        got.0.out
    );
    assert_eq!(asked(&proxy)[1], format!("CONNECT {address}"));
    // Nothing goes past a proxy that is not there.
    let settings = format!("  proxy: \"{}\"\n", nobody());
    let new = plain();
    let got = run(&old.url(), &new.url(), &settings);
    assert_eq!(
        (told(&got).0, told(&got).1),
        ("inconclusive (connect)".to_owned(), 3)
    );
    assert_eq!(new.seen(), []);
    doubles.stop().await;
}

#[test]
fn proxies_of_the_environment_are_not_asked() {
    let (old, new) = (plain(), plain());
    let sandbox = Sandbox::new();
    let (old, new) = (old.url(), new.url());
    let mut command = sandbox.command(&["run", "--old", &old, "--new", &new, "--get", "/x"]);
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env(name, nobody());
    }
    assert_eq!(Ran::of(&command.output().unwrap()).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_is_spoken_where_the_pair_file_says_so() {
    let doubles = tls_double("none", "[1.1, 2]").await;
    let url = doubles.running()[0].url();
    let old = plain();
    let got = run(&old.url(), &url, "  http: \"2\"\n");
    assert_eq!(told(&got), ("same".to_owned(), 0, Some("2"), vec![]));
    let got = run(&old.url(), &url, "");
    assert_eq!(told(&got), ("same".to_owned(), 0, Some("1.1"), vec![]));
    doubles.stop().await;
}

#[test]
fn requests_are_spread_and_redirects_are_compared_and_not_followed() {
    let serve = |to: &'static str| Server::answering(move |_| answer(302, &[("Location", to)], ""));
    let (old, new, other) = (serve("/here"), serve("/here"), serve("/there"));
    let got = run(&old.url(), &new.url(), "  max_rps: 50\n");
    assert_eq!((told(&got).0, told(&got).1), ("same".to_owned(), 0));
    let got = run(&old.url(), &other.url(), "");
    let found = outcomes(&got.1);
    assert_eq!(
        (got.0.code, found),
        (1, vec!["x: different header location value".to_owned()])
    );
    for server in [&old, &new, &other] {
        assert!(server.seen().iter().all(|seen| seen.target == "/x"));
    }
}

#[test]
fn a_side_that_does_not_speak_http_2_is_told_from_one_that_breaks() {
    let old = plain();
    let new = plain();
    let got = run(&old.url(), &new.url(), "  http: \"2\"\n");
    let expected = ("inconclusive (connect)".to_owned(), 3, None, vec![]);
    assert_eq!(told(&got), expected);
    let why = failure(&got.1);
    assert!(
        why.starts_with("no answer in HTTP/2, which `http: \"2\"` asks for"),
        "{why}"
    );
}
