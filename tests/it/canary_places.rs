//! What is masked at one place is a secret at every other one.

use crate::canary::Hunter;
use crate::canary_secrets::Secret;
use crate::sandbox::{Ran, Sandbox};
use crate::serve::{Server, answer, json};

/// A token that no output may show.
const LEAKY: &str = "leakytoken-9f8e7d6c5b4a";

fn pair(old: &str, new: &str, more: &str) -> String {
    let side = |side: &str, url: &str| {
        format!("{side}:\n  url: \"{url}\"\n{more}").replace("SIDE-URL", url)
    };
    side("old", old) + &side("new", new)
}

/// Every output of a run that answers with exit code 1 or 3.
pub(crate) fn outputs(sandbox: &Sandbox, env: &[(&str, &str)]) -> Vec<String> {
    let mut command = sandbox.command(&[
        "run",
        "-v",
        "--keep-exchanges",
        "all",
        "--journal",
        "j.jsonl",
        "--report",
        "terminal",
        "--report",
        "json=r.json",
        "--report",
        "html=r.html",
        "--report",
        "markdown=r.md",
        "--report",
        "junit=r.xml",
    ]);
    command.envs(env.iter().copied());
    let ran = Ran::of(&command.output().unwrap());
    assert!(matches!(ran.code, 1 | 3), "{} {}", ran.code, ran.err);
    let files = ["j.jsonl", "r.json", "r.html", "r.md", "r.xml"];
    let mut texts: Vec<String> = files.map(|file| sandbox.read(file)).into();
    texts.extend([ran.out, ran.err]);
    let mut list = sandbox.command(&["list"]);
    list.envs(env.iter().copied());
    let listed = Ran::of(&list.output().unwrap());
    assert_eq!(listed.code, 0, "{}", listed.err);
    texts.extend([listed.out, listed.err]);
    texts
}

pub(crate) fn hunt(texts: &[String], secrets: &[(&'static str, &str)]) {
    let secrets: Vec<Secret> = secrets
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let hunter = Hunter::new(&secrets);
    for (at, text) in texts.iter().enumerate() {
        hunter.check(text, &format!("output {at}"));
    }
}

#[test]
fn a_token_in_an_answer_that_nobody_can_read_is_not_shown() {
    for (media_type, body) in [
        (
            "application/x-www-form-urlencoded",
            format!("access_token={LEAKY}&token_type=bearer"),
        ),
        ("text/plain", LEAKY.to_owned()),
        ("application/json", format!("{{'access_token':'{LEAKY}'}}")),
        ("application/json", format!("\"{LEAKY}\"")),
        (
            "application/json",
            format!("{{\"accessToken\":\"{LEAKY}\"}}"),
        ),
        (
            "application/xml",
            format!("<r><access_token>{LEAKY}</access_token></r>"),
        ),
    ] {
        let body = body.clone();
        let new = Server::answering(move |_| answer(200, &[("Content-Type", media_type)], &body));
        let old = Server::answering(|_| json("{\"access_token\":\"a-good-one\"}"));
        let sandbox = Sandbox::new();
        let tokens = "  tokens: { app: { token_endpoint: \"SIDE-URL/token\", client_id: a, \
                      client_secret: abcdefgh } }\n";
        sandbox.file("cutover.yaml", &pair(&old.url(), &new.url(), tokens));
        sandbox.file(
            "suites/a.yaml",
            "name: A\ntoken: app\ncases:\n  - { name: x, request: GET /x }\n  \
             - { name: g, grant: client_credentials }\n",
        );
        let mut texts = outputs(&sandbox, &[]);
        for args in [
            ["token", "new", "--json"].as_slice(),
            &["token", "new"],
            &["check", "--connect"],
        ] {
            let ran = sandbox.run(args);
            assert_ne!(ran.code, 0, "{}", ran.out);
            texts.extend([ran.out, ran.err]);
        }
        hunt(&texts, &[("the token", LEAKY)]);
    }
}

#[test]
fn what_is_captured_from_a_secret_place_is_a_secret_from_then_on() {
    let serve = |token: &'static str, n: u8| {
        Server::answering(move |seen| match seen.target.as_str() {
            "/login" => json(&format!("{{\"access_token\":\"{token}\"}}")),
            _ => json(&format!("{{\"n\":{n},\"you sent\":\"{}\"}}", seen.target)),
        })
    };
    let (old, new) = (
        serve("captured-token-of-old", 1),
        serve("captured-token-of-new", 2),
    );
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url(), ""));
    sandbox.file(
        "suites/a.yaml",
        "name: A\nvars: { password: written-password }\ncases:\n  \
         - { name: l, request: POST /login, safe: true, capture: { tok: $.access_token } }\n  \
         - { name: q, request: \"GET /q?t={{tok}}\", headers: { X-Session: \"{{tok}}\" } }\n  \
         - { name: p, request: \"GET /p?p={{password}}\" }\n  \
         - { name: r, request: \"GET /r?p={{apikey}}\", rows: [ { apikey: a-key-of-a-row } ] }\n",
    );
    hunt(
        &outputs(&sandbox, &[]),
        &[
            ("the token of old", "captured-token-of-old"),
            ("the token of new", "captured-token-of-new"),
            ("the password", "written-password"),
            ("the cell", "a-key-of-a-row"),
        ],
    );
}

#[test]
fn what_is_expected_or_accepted_at_a_secret_place_is_not_shown() {
    let (old, new) = (Server::json("{\"a\":1}"), Server::json("{\"a\":2}"));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url(), ""));
    sandbox.file(
        "suites/a.yaml",
        "name: A\nredact: [ $.email ]\ncases:\n  \
         - { name: e, request: GET /e, expect: { body: { $.password: zq7, $.access_token: expected-token, \
         $.email: person@example.com }, headers: { apikey: expected-key, set-cookie: expected-cookie, \
         x-jwt-assertion: /expected-pattern/ } } }\n  \
         - { name: a, request: GET /a, accept: [ { where: body, path: $.password, old: accepted-old, \
         new: accepted-new, because: known } ] }\n",
    );
    let texts = outputs(&sandbox, &[]);
    hunt(
        &texts,
        &[
            ("a token", "expected-token"),
            ("a person", "person@example.com"),
            ("a key", "expected-key"),
            ("a cookie", "expected-cookie"),
            ("a pattern", "expected-pattern"),
            ("an old value", "accepted-old"),
            ("a new value", "accepted-new"),
        ],
    );
    // Too short to be looked for: masked where it stands.
    assert!(texts.iter().all(|text| !text.contains("zq7")));
    assert!(texts[1].contains(
        "$.password of both sides is not there, expected [secret password, 3 characters]"
    ));
}

#[test]
fn what_a_pair_file_takes_from_outside_is_a_secret() {
    let echo = |n: u8| {
        Server::answering(move |seen| {
            let sent = seen.header("x-api-key").unwrap_or_default();
            json(&format!(
                "{{\"n\":{n},\"you sent\":\"{sent} {}\"}}",
                seen.target
            ))
        })
    };
    let (old, new) = (echo(1), echo(2));
    let sandbox = Sandbox::new();
    let more = "  headers: { X-Api-Key: \"${env:GATEWAY_KEY}\", X-File: \"${file:key.txt}\", \
                apikey: a-written-key }\n";
    let vars = "vars: { k: \"${env:PARTNER_KEY}\" }\n";
    let pair = pair(&old.url(), &new.url(), more);
    sandbox.file("cutover.yaml", &format!("{vars}{pair}"));
    sandbox.file("key.txt", "key-out-of-a-file\n");
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:\n  - { name: a, request: \"GET /a?key={{k}}&b=a-written-key\" }\n",
    );
    let env = [
        ("GATEWAY_KEY", "gateway-key-998877"),
        ("PARTNER_KEY", "partner-key-665544"),
    ];
    let texts = outputs(&sandbox, &env);
    hunt(
        &texts,
        &[
            ("the header", env[0].1),
            ("the variable", env[1].1),
            ("the file", "key-out-of-a-file"),
            ("the key", "a-written-key"),
        ],
    );
    assert!(texts[1].contains("[secret headers.X-Api-Key, 18 characters]"));
    // What reports name a side by is shown, wherever it comes from.
    assert!(texts[1].contains(&old.url()));
}

#[test]
fn a_list_of_a_tokens_bytes_is_not_shown_byte_by_byte() {
    const TOKEN: &str = "listed-token-0123456789";
    let numbers = serde_json::json!({ "b": TOKEN.as_bytes() }).to_string();
    let texts: Vec<String> = TOKEN.bytes().map(|byte| format!("{byte:#04x}")).collect();
    let texts = serde_json::json!({ "b": texts }).to_string();
    for body in [numbers, texts] {
        let old = Server::answering(move |_| json(&body));
        let new = Server::json("{\"b\":[1]}");
        let sandbox = Sandbox::new();
        let tokens = format!("  tokens: {{ app: {{ grant: static, value: {TOKEN} }} }}\n");
        sandbox.file("cutover.yaml", &pair(&old.url(), &new.url(), &tokens));
        sandbox.file(
            "suites/a.yaml",
            "name: A\ntoken: app\ncases:\n  - { name: a, request: GET /a }\n",
        );
        hunt(&outputs(&sandbox, &[]), &[("the token", TOKEN)]);
        let results: serde_json::Value = serde_json::from_str(&sandbox.read("r.json")).unwrap();
        let differences = results["cases"][0]["differences"].as_array().unwrap();
        assert!(!differences.is_empty());
        for difference in differences {
            let old = &difference["old"];
            assert_eq!(old, "[secret app.value, 23 characters]", "{difference}");
        }
    }
}

#[test]
fn a_secret_below_a_misspelt_key_is_not_shown() {
    let sandbox = Sandbox::new();
    let tokens = "  tokens: { app: { token_endpoint: \"SIDE-URL/token\", client_id: a, \
                  client_secert: hunter2hunter2 } }\n";
    sandbox.file(
        "cutover.yaml",
        &pair("http://127.0.0.1:1", "http://127.0.0.1:2", tokens),
    );
    let ran = sandbox.run(&["check"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("client_secert: **************"),
        "{}",
        ran.err
    );
    hunt(&[ran.out, ran.err], &[("the secret", "hunter2hunter2")]);
}
