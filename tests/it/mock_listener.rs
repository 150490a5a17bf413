//! The listener of doubles: raw answers, raw bytes, TLS, framing, concurrency.

use std::time::{Duration, Instant};

use cutover::mock::{Doubles, StartError, StartOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::mock_support::{ask, client, double, get, send, start};

const ROUTES: &str = "
name: T
platform: generic
gateway: { headers: { X-CamelCase: Yes } }
routes:
  - { request: GET /fine, text: 0123456789, headers: { ETag: '\"a\"' } }
  - { request: POST /fine, status: 201 }
  - { request: GET /cut, text: 0123456789, raw: cut }
  - { request: GET /drip, text: 0123456789, raw: drip }
  - { request: GET /reset, text: 0123456789, raw: reset }
  - { request: GET /wrong, text: 0123456789, raw: wrong-length }
  - { request: GET /endless, text: 0123456789, raw: endless }
  - { request: GET /slow, text: late, delay: 300ms }
";

async fn routes() -> Doubles {
    start(vec![double(ROUTES)]).await
}

fn address(doubles: &Doubles) -> String {
    let url = doubles.running()[0].url();
    url.split("://").nth(1).unwrap().to_owned()
}

/// Sends bytes, and reads until the other side closes (or resets: `Err`).
async fn talk(address: &str, bytes: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(bytes.as_bytes()).await?;
    let mut read = Vec::new();
    stream.read_to_end(&mut read).await?;
    Ok(String::from_utf8_lossy(&read).into_owned())
}

/// The lines of a head, without its date, and the body.
fn told(answer: &str) -> (Vec<&str>, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let lines = head
        .split("\r\n")
        .filter(|line| !line.starts_with("Date: "));
    (lines.collect(), body)
}

#[tokio::test]
async fn names_stay_as_they_are_written() {
    let doubles = routes().await;
    let request = "GET /fine HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = talk(&address(&doubles), request).await.unwrap();
    let (mut lines, body) = told(&answer);
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "Connection: close",
            "Content-Length: 10",
            "Content-Type: text/plain; charset=utf-8",
            "ETag: \"a\"",
            "HTTP/1.1 200 OK",
            "X-CamelCase: Yes",
        ]
    );
    assert_eq!(body, "0123456789");
    doubles.stop().await;
}

#[tokio::test]
async fn lower_case_and_chunks_where_the_file_says_so() {
    let text = "
name: T
platform: generic
gateway: { headers: { X-CamelCase: Yes }, header_names: lower, framing: chunked }
routes: [ { request: GET /fine, text: 0123456789 } ]
";
    let doubles = start(vec![double(text)]).await;
    let address = address(&doubles);
    let request = "GET /fine HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let answer = talk(&address, request).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let names = head
        .split("\r\n")
        .skip(1)
        .map(|line| line.split(':').next().unwrap());
    assert!(names.clone().all(|name| name == name.to_ascii_lowercase()));
    assert!(names.clone().any(|name| name == "x-camelcase"));
    assert!(head.contains("\r\ntransfer-encoding: chunked"));
    assert!(!head.contains("content-length"));
    assert_eq!(body, "a\r\n0123456789\r\n0\r\n\r\n");
    // HTTP/1.0 knows no chunks.
    let answer = talk(&address, "GET /fine HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(answer.contains("\r\ncontent-length: 10\r\n"), "{answer}");
    doubles.stop().await;
}

#[tokio::test]
async fn a_connection_serves_many_requests_and_keeps_their_bytes() {
    let doubles = routes().await;
    let sent = "GET /fine HTTP/1.1\r\nHost: a\r\nX-Odd:   two  blanks  \r\n folded\r\n\r\n\
                HEAD /fine HTTP/1.1\r\nhost: a\r\n\r\n\
                POST /fine HTTP/1.1\r\nhost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\
                GET /fine HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let answer = talk(&address(&doubles), sent).await.unwrap();
    let statuses: Vec<&str> = answer
        .match_indices("HTTP/1.1 ")
        .map(|(at, _)| &answer[at + 9..at + 12])
        .collect();
    assert_eq!(statuses, ["200", "200", "201", "200"]);
    assert_eq!(answer.matches("0123456789").count(), 3 - 1, "none for HEAD");
    let kept = doubles.running()[0].connections();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].bytes, sent.as_bytes());
    assert!(!kept[0].cut);
    assert!(!format!("{kept:?}").contains("folded"));
    doubles.stop().await;
}

#[tokio::test]
async fn no_more_than_a_mebibyte_is_kept() {
    let doubles = routes().await;
    let body = "x".repeat((1 << 20) + 5);
    let got = ask(
        "POST",
        &format!("{}/fine", doubles.running()[0].url()),
        &[],
        &body,
    )
    .await;
    assert_eq!(got.status, 201);
    let kept = doubles.running()[0].connections();
    assert_eq!((kept[0].bytes.len(), kept[0].cut), (1 << 20, true));
    // The request itself is kept, with the start of its body.
    let beyond = &kept[0].beyond;
    assert_eq!((beyond.len(), beyond[0].nth), (1, 0));
    assert!(beyond[0].head.starts_with(b"POST /fine HTTP/1.1\r\n"));
    assert_eq!(beyond[0].body.len(), 64 * 1024);
    doubles.stop().await;
}

#[tokio::test]
async fn a_cut_answer_ends_in_the_middle() {
    let doubles = routes().await;
    let answer = talk(&address(&doubles), "GET /cut HTTP/1.1\r\nhost: a\r\n\r\n")
        .await
        .unwrap();
    let (lines, body) = told(&answer);
    assert!(lines.contains(&"Content-Length: 10"));
    assert_eq!(body, "01234");
    doubles.stop().await;
}

#[tokio::test]
async fn a_wrong_length_promises_more_than_it_sends() {
    let doubles = routes().await;
    let answer = talk(&address(&doubles), "GET /wrong HTTP/1.1\r\nhost: a\r\n\r\n")
        .await
        .unwrap();
    let (lines, body) = told(&answer);
    assert!(lines.contains(&"Content-Length: 26"));
    assert_eq!(body, "0123456789");
    doubles.stop().await;
}

#[tokio::test]
async fn a_head_has_no_body_to_break() {
    let doubles = routes().await;
    let request = "HEAD /cut HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let answer = talk(&address(&doubles), request).await.unwrap();
    let (lines, body) = told(&answer);
    assert!(lines.contains(&"Content-Length: 10"), "{answer}");
    assert_eq!(body, "");
    doubles.stop().await;
}

#[tokio::test]
async fn a_dripping_answer_comes_whole_and_slowly() {
    let doubles = routes().await;
    let started = Instant::now();
    let got = get(&format!("{}/drip", doubles.running()[0].url()), &[]).await;
    assert_eq!((got.status, got.body.as_str()), (200, "0123456789"));
    assert!(started.elapsed() > Duration::from_millis(100));
    doubles.stop().await;
}

#[tokio::test]
async fn a_reset_answers_nothing_at_all() {
    let doubles = routes().await;
    let error = talk(&address(&doubles), "GET /reset HTTP/1.1\r\nhost: a\r\n\r\n")
        .await
        .expect_err("a reset");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    doubles.stop().await;
}

#[tokio::test]
async fn an_endless_answer_goes_on() {
    let doubles = routes().await;
    let mut stream = TcpStream::connect(address(&doubles)).await.unwrap();
    let request = b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut read = vec![0; 4 << 20];
    stream.read_exact(&mut read).await.expect("four mebibytes");
    let head = String::from_utf8_lossy(&read[..300]);
    assert!(head.contains("\r\nTransfer-Encoding: chunked\r\n"));
    drop(stream);
    doubles.stop().await;
}

#[tokio::test]
async fn a_hundred_requests_at_once_and_none_waits_for_a_slow_one() {
    let doubles = routes().await;
    let url = doubles.running()[0].url();
    let client = client();
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for at in 0..100 {
        let path = if at % 2 == 0 { "slow" } else { "fine" };
        let request = client.get(format!("{url}/{path}"));
        tasks.spawn(async move { send(request).await.body });
    }
    let mut bodies = tasks.join_all().await;
    bodies.sort();
    let expected = [vec!["0123456789"; 50], vec!["late"; 50]].concat();
    assert_eq!(bodies, expected);
    // One after the other, the slow ones alone would take 15 seconds.
    assert!(started.elapsed() < Duration::from_secs(14));
    doubles.stop().await;
}

#[tokio::test]
async fn what_cannot_be_passed_on_is_refused_and_closed() {
    let doubles = routes().await;
    for bad in [
        "GET\r\n\r\n",
        "GET / HTTP/3\r\n\r\n",
        "GET / HTTP/1.1\r\nbad name: x\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: many\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\n\r\n",
    ] {
        let answer = talk(&address(&doubles), bad).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 \r\n"), "{bad}: {answer}");
    }
    doubles.stop().await;
}

#[tokio::test]
async fn targets_arrive_as_they_were_sent() {
    let text = "{ name: T, platform: generic, backend: orders, gateway: { base: /api } }";
    let doubles = start(vec![double(text)]).await;
    let target = "/api/echo?a=%2f&b=[x]|{y}&c=a\\b";
    let request = format!("GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    let answer = talk(&address(&doubles), &request).await.unwrap();
    let (_, body) = told(&answer);
    let seen: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(seen["query"], "a=%2f&b=[x]|{y}&c=a\\b");
    doubles.stop().await;
}

fn tls_file(mode: &str, http: &str) -> String {
    format!(
        "{{ name: T, platform: generic, listen: {{ tls: {mode}, http: {http} }}, \
           routes: [ {{ request: GET /fine, text: fine }} ] }}"
    )
}

fn trusting(doubles: &Doubles) -> reqwest::ClientBuilder {
    let ca = doubles.running()[0].ca_pem().expect("an authority");
    let ca = reqwest::Certificate::from_pem(ca.as_bytes()).expect("PEM");
    reqwest::Client::builder().no_proxy().tls_certs_only([ca])
}

#[tokio::test]
async fn tls_shows_a_certificate_of_its_own_authority() {
    let doubles = start(vec![double(&tls_file("server", "[1.1]"))]).await;
    let url = format!("{}/fine", doubles.running()[0].url());
    assert!(url.starts_with("https://"));
    let got = send(trusting(&doubles).build().unwrap().get(&url)).await;
    assert_eq!((got.status, got.body.as_str()), (200, "fine"));
    assert!(
        client().get(&url).send().await.is_err(),
        "an unknown authority"
    );
    assert_eq!(doubles.running()[0].client_pem(), None);
    doubles.stop().await;
}

#[tokio::test]
async fn http_2_is_agreed_on_by_alpn_only_where_the_file_has_it() {
    for (http, expected) in [
        ("[1.1]", reqwest::Version::HTTP_11),
        ("[1.1, 2]", reqwest::Version::HTTP_2),
        ("[2]", reqwest::Version::HTTP_2),
    ] {
        let doubles = start(vec![double(&tls_file("server", http))]).await;
        let url = format!("{}/fine", doubles.running()[0].url());
        let client = trusting(&doubles).build().unwrap();
        let response = client.get(&url).send().await.expect("an answer");
        assert_eq!(response.version(), expected);
        let hidden = response
            .headers()
            .keys()
            .any(|name| name.as_str().starts_with("double-"));
        assert!(!hidden);
        assert_eq!(response.text().await.unwrap(), "fine");
        doubles.stop().await;
    }
}

#[tokio::test]
async fn http_2_needs_no_tls() {
    let doubles = start(vec![double(&tls_file("none", "[1.1, 2]"))]).await;
    let url = format!("{}/fine", doubles.running()[0].url());
    let prior = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .http2_prior_knowledge();
    let response = prior
        .build()
        .unwrap()
        .get(&url)
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
    let kept = doubles.running()[0].connections();
    assert!(kept[0].bytes.starts_with(b"PRI * HTTP/2.0"));
    doubles.stop().await;
}

#[tokio::test]
async fn mutual_tls_wants_a_certificate_of_the_same_authority() {
    let doubles = start(vec![double(&tls_file("mutual", "[1.1]"))]).await;
    let url = format!("{}/fine", doubles.running()[0].url());
    let bare = trusting(&doubles).build().unwrap();
    assert!(bare.get(&url).send().await.is_err(), "no certificate");
    let (certificate, key) = doubles.running()[0].client_pem().expect("a certificate");
    let identity = reqwest::Identity::from_pem(format!("{certificate}{key}").as_bytes());
    let client = trusting(&doubles)
        .identity(identity.expect("PEM"))
        .build()
        .unwrap();
    assert_eq!(send(client.get(&url)).await.body, "fine");
    doubles.stop().await;
}

#[tokio::test]
async fn after_stop_nothing_listens() {
    let doubles = routes().await;
    let address = address(&doubles);
    let mut open = TcpStream::connect(&address).await.unwrap();
    doubles.stop().await;
    assert!(TcpStream::connect(&address).await.is_err());
    let mut rest = Vec::new();
    assert!(matches!(open.read_to_end(&mut rest).await, Ok(0) | Err(_)));
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let text = format!("{{ name: T, platform: generic, listen: {{ port: {port} }} }}");
    let error = Doubles::start(vec![double(&text)], &StartOptions::default())
        .await
        .expect_err("a taken port");
    assert!(matches!(error, StartError::Listen { .. }));
    assert!(
        error
            .to_string()
            .starts_with(&format!("T cannot listen on 127.0.0.1:{port}: "))
    );
}
