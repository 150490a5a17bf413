//! Endpoints by an issuer's metadata (RFC 8414, OpenID discovery), where the pair file does not name them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::sandbox::Sandbox;
use crate::serve::{Seen, Server, answer, json};

/// An issuer below a path that serves its metadata at one of the two places only.
fn issuer(metadata_at: &'static str, named: &'static str) -> Server {
    Server::answering(move |seen: &Seen| {
        let host = seen.header("host").unwrap_or_default();
        let issuer = format!("http://{host}/t/acme");
        match seen.target.as_str() {
            target if target == metadata_at => {
                let issuer = if named.is_empty() {
                    issuer.as_str()
                } else {
                    named
                };
                json(&format!(
                    r#"{{"issuer":"{issuer}","token_endpoint":"http://{host}/tok","introspection_endpoint":"http://{host}/look","jwks_uri":7}}"#
                ))
            }
            "/tok" => json(
                r#"{"access_token":"an-opaque-token-of-the-issuer","token_type":"Bearer","expires_in":600}"#,
            ),
            "/look" => json(r#"{"active":true,"sub":"me"}"#),
            _ => answer(404, &[], ""),
        }
    })
}

fn told(server: &Server, more: &str) -> (i32, serde_json::Value) {
    let sandbox = Sandbox::new();
    let url = server.url();
    sandbox.file(
        "cutover.yaml",
        &format!(
            "old:\n  url: {url}\n  tokens: {{ app: {{ issuer: '{url}/t/acme', client_id: me, client_secret: a-secret{more} }} }}\nnew: {{ url: '{url}' }}\n"
        ),
    );
    let ran = sandbox.run(&["token", "old", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    (ran.code, told[0].clone())
}

fn asked(server: &Server) -> Vec<String> {
    let seen = server.seen().into_iter();
    seen.map(|seen| seen.target).collect()
}

const OPENID: &str = "/t/acme/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server/t/acme";

#[test]
fn an_issuer_names_every_endpoint_and_is_read_once() {
    for (place, before) in [(OPENID, vec![OPENID]), (OAUTH, vec![OPENID, OAUTH])] {
        let server = issuer(place, "");
        let (code, told) = told(&server, "");
        assert_eq!(
            (code, &told["introspection"]),
            (0, &"active: active, sub".into())
        );
        // The second request for a token is the look at who else holds it.
        let after = ["/tok", "/look", "/tok"].map(str::to_owned).to_vec();
        let before: Vec<String> = before.into_iter().map(str::to_owned).collect();
        assert_eq!(asked(&server), [before, after].concat());
    }
}

#[test]
fn what_the_pair_file_names_is_not_looked_for() {
    let server = issuer(OPENID, "");
    let url = server.url();
    let more = format!(", token_endpoint: '{url}/tok', introspection_endpoint: '{url}/nowhere'");
    let (code, told) = told(&server, &more);
    assert_eq!(code, 0);
    let said = "the introspection endpoint answered 404: its body is empty";
    assert_eq!(told["introspection"], said);
    let warning = "introspection did not work: see above";
    assert!(
        told["warnings"]
            .as_array()
            .unwrap()
            .contains(&warning.into()),
        "{told}"
    );
}

/// An explicit default port is part of an issuer, and of the audience that a server compares with its own
/// address, though no request goes elsewhere for it.
#[test]
fn a_default_port_that_is_written_stays() {
    const ISSUER: &str = "http://sts.example.dev:80/t/acme";
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = format!(r#"{{"iss":"{ISSUER}","sub":"me"}}"#);
    let jwt = format!(
        "{}.{}.c2ln",
        part(r#"{"alg":"RS256","typ":"at+jwt"}"#),
        part(&claims)
    );
    let server = Server::answering(move |seen: &Seen| match seen.target.as_str() {
        OPENID => json(&format!(
            r#"{{"issuer":"{ISSUER}","token_endpoint":"http://sts.example.dev:80/tok"}}"#
        )),
        "/tok" => json(&format!(
            r#"{{"access_token":"{jwt}","token_type":"Bearer","expires_in":600}}"#
        )),
        _ => answer(404, &[], ""),
    });
    let sandbox = Sandbox::new();
    let (url, port) = (server.url(), server.port());
    sandbox.file(
        "cutover.yaml",
        &format!(
            "old:\n  url: {url}\n  resolve: {{ \"sts.example.dev:80\": \"127.0.0.1:{port}\" }}\n  tokens: {{ app: {{ issuer: '{ISSUER}', client_id: me, client_secret: a-secret-of-thirty-two-characters, client_auth: client_secret_jwt }} }}\nnew: {{ url: '{url}' }}\n"
        ),
    );
    let ran = sandbox.run(&["token", "old", "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let unmet = told[0]["checks"].as_array().unwrap().iter();
    let unmet: Vec<&str> = unmet.filter_map(|check| check["id"].as_str()).collect();
    assert_eq!(unmet, ["F06", "F07", "F09", "F10"]);
    let form = server.asked("/tok").remove(0).body;
    let mut form = url::form_urlencoded::parse(form.as_bytes());
    let (_, assertion) = form.find(|(name, _)| name == "client_assertion").unwrap();
    let claims = URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1).unwrap());
    let claims: serde_json::Value = serde_json::from_slice(&claims.unwrap()).unwrap();
    assert_eq!(claims["aud"], "http://sts.example.dev:80/tok");
}

#[test]
fn metadata_of_another_issuer_are_refused() {
    let server = issuer(OPENID, "https://evil.example.com");
    let (code, told) = told(&server, "");
    assert_eq!(code, 3);
    let said = told["error"].as_str().unwrap();
    let text = "are those of `https://evil.example.com` (RFC 8414 section 3.3)";
    assert!(said.contains(text), "{said}");
    assert!(!asked(&server).contains(&"/tok".to_owned()));
}
