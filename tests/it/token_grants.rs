//! Every grant and every client authentication, on both sides, through the binary.

use cutover::mock::Doubles;

use crate::mock_support::{double, form, start};
use crate::sandbox::{Sandbox, outcomes};
use crate::serve::{Seen, Server};

const KEY: &str = include_str!("../../mocks/keys/test-only-rsa4096.pem");
const CLIENT: (&str, &str) = ("first client", "a secret: +/%&=");

fn side(name: &str, format: &str, tls: &str) -> String {
    format!(
        r#"
name: {name}
platform: generic
listen: {{ port: 0, tls: {tls} }}
token:
  path: /token
  revoke: /revoke
  introspect: /introspect
  clients:
    - {{ id: "first client", secret: "a secret: +/%&=", scopes: [ read, write ] }}
    - {{ id: by-certificate, secret: "" }}
  users: [ {{ name: john, password: a-password-of-john }} ]
  format: {format}
routes: [ {{ request: GET /fine, text: fine }} ]
"#
    )
}

async fn doubles(format: &str, tls: &str) -> Doubles {
    let [old, new] = ["Old", "New"].map(|name| double(&side(name, format, tls)));
    start(vec![old, new]).await
}

fn key(sandbox: &Sandbox) {
    let start = KEY.find("-----BEGIN").unwrap();
    sandbox.file("key.pem", &KEY[start..]);
}

/// A pair file in which each side has the same credentials at its own endpoint.
fn pair(doubles: &Doubles, more: &str, credentials: &str) -> String {
    let side = |at: usize| {
        let url = doubles.running()[at].url();
        let credentials = credentials.replace("URL", &url);
        format!("  url: {url}\n  writes: allowed\n{more}  tokens:\n{credentials}")
    };
    format!("old:\n{}new:\n{}", side(0), side(1))
}

const CREDENTIALS: &str = "
    app: { token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=', scope: read }
    raw: { token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=', basic_encoding: raw }
    post: { token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=', client_auth: client_secret_post }
    hmac: { token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=', client_auth: client_secret_jwt }
    signed: { token_endpoint: URL/token, client_id: first client, client_auth: private_key_jwt, client_key: '${file:key.pem}' }
    user: { grant: password, token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=', username: john, password: a-password-of-john }
    exchanged: { grant: token_exchange, subject: user, token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=', scope: write, audience: orders, resource: 'https://api.example.com/', params: { requested_token_type: a } }
    twice: { grant: token_exchange, subject: exchanged, subject_token_type: access_token, token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=' }
    asserted: { grant: jwt_bearer, issuer_key: '${file:key.pem}', sub: john, token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=' }
    wrong: { grant: jwt_bearer, assertion: no-assertion-at-all, token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=' }
";

const NAMES: [&str; 9] = [
    "app",
    "raw",
    "post",
    "hmac",
    "signed",
    "user",
    "exchanged",
    "twice",
    "asserted",
];

fn suite() -> String {
    let cases = NAMES.map(|name| {
        format!(
            "  - {{ name: {name}, request: GET /fine, token: {name}, expect: {{ status: 200 }} }}\n"
        )
    });
    format!(
        "name: Grants\ncases:\n{}\
         \x20 - {{ name: exchange, grant: token_exchange, token: exchanged, expect: {{ status: 200 }} }}\n\
         \x20 - {{ name: assertion, grant: jwt_bearer, token: asserted, expect: {{ status: 200 }} }}\n\
         \x20 - {{ name: refreshed, grant: refresh_token, token: exchanged, expect: {{ status: 200 }} }}\n\
         \x20 - {{ name: refused, grant: jwt_bearer, token: wrong, expect: {{ status: 400 }} }}\n",
        cases.concat()
    )
}

/// The forms that a side's token endpoint was sent.
fn asked(doubles: &Doubles, at: usize) -> Vec<String> {
    let connections = doubles.running()[at].connections();
    let texts = connections
        .iter()
        .map(|c| String::from_utf8_lossy(&c.bytes).into_owned());
    let texts: Vec<String> = texts.collect();
    let posts = texts.iter().flat_map(|text| text.split("POST /token "));
    let bodies = posts.filter_map(|post| post.split("\r\n\r\n").nth(1));
    let bodies = bodies.map(|body| body.split("GET /").next().unwrap_or_default().to_owned());
    bodies.filter(|body| body.contains("grant_type=")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_grant_and_every_client_authentication_opens_the_api() {
    for format in ["uuid", "jwt"] {
        let doubles = doubles(format, "none").await;
        let sandbox = Sandbox::new();
        key(&sandbox);
        sandbox.file("cutover.yaml", &pair(&doubles, "", CREDENTIALS));
        sandbox.file("suites/a.yaml", &suite());
        let (ran, results) = sandbox.results(&["run", "-j", "1", "--allow-writes"]);
        let all = NAMES.into_iter();
        let all = all.chain(["exchange", "assertion", "refreshed", "refused"]);
        let same: Vec<String> = all.map(|name| format!("{name}: same")).collect();
        assert_eq!((ran.code, outcomes(&results)), (0, same), "{}", ran.out);
        let secrets = ["a secret", "a-password", "no-assertion"];
        let told = format!("{}{}{}", ran.out, ran.err, sandbox.read("results.json"));
        assert!(
            secrets.iter().all(|secret| !told.contains(secret)),
            "{told}"
        );
        doubles.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_sends_what_its_standard_names() {
    let doubles = doubles("uuid", "none").await;
    let sandbox = Sandbox::new();
    key(&sandbox);
    sandbox.file("cutover.yaml", &pair(&doubles, "", CREDENTIALS));
    let ran = sandbox.run(&["token", "old", "exchanged"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let asked = asked(&doubles, 0);
    let [first, second, ..] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    assert!(first.contains("grant_type=password"), "{first}");
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(second.as_bytes())
        .into_owned()
        .filter(|(name, _)| name != "subject_token")
        .collect();
    let expected = [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("scope", "write"),
        ("audience", "orders"),
        ("resource", "https://api.example.com/"),
        ("requested_token_type", "a"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(fields, expected);
    doubles.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_in_a_file_is_the_way_in() {
    let doubles = doubles("uuid", "none").await;
    let sandbox = Sandbox::new();
    for (at, name) in ["old", "new"].iter().enumerate() {
        let url = doubles.running()[at].token_url().unwrap();
        let body = "grant_type=password&username=john&password=a-password-of-john";
        let refresh = form(&url, CLIENT, body).await.member("refresh_token");
        sandbox.file(&format!("seeds/{name}.txt"), &format!("{refresh}\n"));
    }
    let credentials = "    user: { grant: refresh_token, refresh_token: '${file:seeds/SIDE.txt}', token_endpoint: URL/token, client_id: first client, client_secret: 'a secret: +/%&=' }\n";
    let text = pair(&doubles, "", credentials).replacen("SIDE", "old", 1);
    sandbox.file("cutover.yaml", &text.replace("SIDE", "new"));
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases: [ { name: a, request: GET /fine, token: user, expect: { status: 200 } } ]\n",
    );
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["a: same".to_owned()])
    );
    // Both servers rotate: the file holds a refresh token that is used up, and the next run says so.
    let ran = sandbox.run(&["token", "old"]);
    assert_eq!(ran.code, 3, "{}", ran.out);
    let said = "the token endpoint answered 400: invalid_grant";
    assert!(ran.out.contains(said), "{}", ran.out);
    doubles.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_says_who_the_client_is() {
    let doubles = doubles("uuid", "mutual").await;
    let sandbox = Sandbox::new();
    let credentials = "    app: { token_endpoint: URL/token, client_id: by-certificate, client_auth: tls_client_auth }\n";
    let url = |at: usize| doubles.running()[at].url();
    let mut text = String::new();
    for (at, name) in ["old", "new"].iter().enumerate() {
        let running = &doubles.running()[at];
        let (certificate, key) = running.client_pem().unwrap();
        sandbox.file(&format!("{name}/ca.pem"), running.ca_pem().unwrap());
        sandbox.file(&format!("{name}/client.pem"), certificate);
        sandbox.file(&format!("{name}/client.key"), key);
        let url = url(at);
        let credentials = credentials.replace("URL", &url);
        text.push_str(&format!(
            "{name}:\n  url: {url}\n  tls: {{ ca: {name}/ca.pem, client_cert: {name}/client.pem, client_key: {name}/client.key }}\n  tokens:\n{credentials}"
        ));
    }
    sandbox.file("cutover.yaml", &text);
    sandbox.file(
        "suites/a.yaml",
        "name: A\ntoken: app\ncases:\n  - { name: a, request: GET /fine, expect: { status: 200 } }\n  - { name: t, grant: client_credentials }\n",
    );
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["a: same".to_owned(), "t: same".to_owned()]),
        "{}",
        ran.err
    );
    doubles.stop().await;
}

/// What `check` says of a credential of the old side.
fn told(credential: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    let text = format!(
        "old:\n  url: http://127.0.0.1:1\n  tokens:\n    x: {{ token_endpoint: 'http://127.0.0.1:1/t', client_id: a, client_secret: a-secret, {credential} }}\n    key: {{ grant: api_key, value: a-value, header: apikey }}\n    y: {{ grant: token_exchange, subject: z, token_endpoint: 'http://127.0.0.1:1/t', client_id: a, client_secret: a-secret }}\n    z: {{ grant: token_exchange, subject: x, token_endpoint: 'http://127.0.0.1:1/t', client_id: a, client_secret: a-secret }}\nnew: {{ url: 'http://127.0.0.1:1' }}\n"
    );
    sandbox.file("cutover.yaml", &text);
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases: [ { name: a, request: GET / } ]\n",
    );
    let ran = sandbox.run(&["check"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    let lines = ran.err.lines();
    let lines = lines.filter_map(|line| line.strip_prefix("error: "));
    lines.map(str::to_owned).collect()
}

#[test]
fn what_a_grant_lacks_is_told_before_anything_is_sent() {
    let x = "the credential `x`";
    let exchange = format!(
        "{x} (token_exchange) needs one of `subject_token` and `subject` (the name of a credential)"
    );
    assert_eq!(told("grant: token_exchange"), [exchange]);
    assert_eq!(
        told("grant: token_exchange, subject: ke"),
        ["unknown credential `ke`"]
    );
    assert_eq!(
        told("grant: token_exchange, subject: key"),
        ["the credential `key` has no token to exchange"]
    );
    assert_eq!(
        told("grant: token_exchange, subject: y"),
        [
            "`y` leads back to itself",
            "`z` leads back to itself",
            "`x` leads back to itself"
        ]
    );
    assert_eq!(
        told("grant: token_exchange, subject_token: abcdefgh, subject_token_type: jtw"),
        ["unknown token type `jtw`"]
    );
    let bearer = format!(
        "{x} (jwt_bearer) needs one of `assertion` and `issuer_key` (a private key in PEM: ${{file:key.pem}})"
    );
    assert_eq!(told("grant: jwt_bearer"), [bearer]);
    assert_eq!(
        told("grant: jwt_bearer, issuer_key: a-key"),
        [format!(
            "{x} (jwt_bearer) needs `sub`: of whom the assertion speaks"
        )]
    );
    assert_eq!(
        told("grant: jwt_bearer, issuer_key: a-key, sub: john"),
        ["old.tokens.x: `issuer_key` is no private key in PEM (RSA, P-256 or Ed25519)"]
    );
    let mut found = told("client_auth: tls_client_auth");
    found.sort();
    let secret = "has no use for `client_secret`: its certificate says who it is";
    assert_eq!(
        found,
        [
            format!("{x} (client_credentials) {secret}"),
            format!("{x} has client_auth: tls_client_auth, and its side shows no certificate"),
        ]
    );
}

/// An assertion may be brought by nobody in particular: then no client is named, in no header and in no form
/// (RFC 7523 section 2.1).
#[test]
fn an_assertion_needs_no_client() {
    let serve = || {
        Server::answering(|seen: &Seen| match seen.target.as_str() {
            "/token" if seen.header("authorization").is_some() || seen.body.contains("client") => {
                crate::serve::answer(401, &[], r#"{"error":"invalid_client"}"#)
            }
            "/token" => crate::serve::json(
                r#"{"access_token":"1fa22cef-c791-3105-9ac4-58511c199aa0","token_type":"Bearer","expires_in":3600}"#,
            ),
            _ => crate::serve::json("{}"),
        })
    };
    let (old, new) = (serve(), serve());
    let side = |name: &str, url: &str, more: &str| {
        format!(
            "{name}:\n  url: {url}\n  tokens: {{ app: {{ grant: jwt_bearer, assertion: an-assertion-of-somebody, token_endpoint: '{url}/token'{more} }} }}\n"
        )
    };
    let sandbox = Sandbox::new();
    let pair = side("old", &old.url(), "") + &side("new", &new.url(), ", client_auth: none");
    sandbox.file("cutover.yaml", &pair);
    sandbox.file(
        "suites/a.yaml",
        "name: A\ntoken: app\ncases:\n  - { name: t, grant: jwt_bearer }\n  - { name: r, request: GET /r }\n",
    );
    let (ran, results) = sandbox.results(&["run"]);
    let same = ["t: same", "r: same"];
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, same.map(str::to_owned).to_vec()),
        "{}",
        ran.err
    );
    let asked = new.asked("/token").remove(0).body;
    let wanted = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=an-assertion-of-somebody";
    assert_eq!(asked, wanted);
    // Who signs assertions is their issuer, and has a name; what proves a client needs one too.
    for (more, what) in [
        (
            "issuer_key: a-key, sub: john",
            "needs `client_id`: the issuer of the assertion",
        ),
        (
            "assertion: an-assertion, client_secret: a-secret",
            "needs `client_id` beside what its client shows who it is with",
        ),
    ] {
        let text = format!(
            "old:\n  url: http://127.0.0.1:1\n  tokens: {{ x: {{ grant: jwt_bearer, token_endpoint: 'http://127.0.0.1:1/t', {more} }} }}\nnew: {{ url: 'http://127.0.0.1:1' }}\n"
        );
        sandbox.file("cutover.yaml", &text);
        let ran = sandbox.run(&["check", "--get", "/"]);
        let told = format!("error: the credential `x` (jwt_bearer) {what}");
        assert!(ran.code == 2 && ran.err.contains(&told), "{}", ran.err);
    }
}
