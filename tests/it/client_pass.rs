//! `serve: { pass: .. }`: the calls of a program go to a side of the pair, with that side's token.

use cutover::results::{Results, Writes};

use crate::clients::{client, findings};
use crate::readme::Mock;
use crate::sandbox::{Ran, Sandbox, outcomes};
use crate::serve::{Server, answer, json, nobody};

/// A program in shell: one token, then what is in `calls`, where `call` is curl with the token.
fn program(calls: &str) -> String {
    format!(
        "token=$(curl --silent --fail --user \"$CUTOVER_CLIENT_ID:$CUTOVER_CLIENT_SECRET\" \
         --data grant_type=client_credentials \"$CUTOVER_TOKEN_URL\" | \
         sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n\
         call() {{ curl --silent --show-error --fail --header \"Authorization: Bearer $token\" \"$@\" || exit 1; }}\n\
         {calls}\n"
    )
}

fn suite(serve: &str) -> String {
    format!(
        "name: Shop\nclient:\n  run: [ sh, client.sh ]\n  profiles: [ jwt-choreo ]\n  serve: {serve}\n"
    )
}

fn run(sandbox: &Sandbox, args: &[&str]) -> (Ran, Results) {
    client(sandbox, &[&["suite.yaml", "-j", "1"], args].concat())
}

/// The token of the side itself.
const REAL: &str = "real-token-of-the-side-6f1d";

/// A side: its token endpoint, and its API by a closure.
fn side(api: impl Fn(&str, &str) -> Option<Vec<u8>> + Clone + Send + Sync + 'static) -> Server {
    Server::answering(move |seen| {
        let path = seen.target.split('?').next().unwrap();
        if path == "/token" {
            let token = format!(
                "{{\"access_token\":\"{REAL}\",\"token_type\":\"Bearer\",\"expires_in\":3600}}"
            );
            return json(&token);
        }
        api(&seen.method, &seen.target).unwrap_or_else(|| answer(404, &[], ""))
    })
}

/// A pair whose new side is this one; both keys for writes are turned where it says so.
fn pair(new: &str, writes: bool) -> String {
    let writes = if writes { ", writes: allowed" } else { "" };
    let tokens = format!(
        "{{ app: {{ token_endpoint: \"{new}/token\", client_id: me, client_secret: secret-of-the-side }} }}"
    );
    format!(
        "apis: {{ shop: {{ old: /old-shop, new: /shop }} }}\n\
         old: {{ url: \"{}\"{writes} }}\n\
         new: {{ url: \"{new}\", headers: {{ X-Env: prod }}, tokens: {tokens}{writes} }}\n",
        nobody()
    )
}

#[test]
fn a_program_is_tried_against_either_real_gateway() {
    let sandbox = Sandbox::new();
    let _mock = Mock::serve(sandbox.folder());
    sandbox.file(
        "client.sh",
        &program("call \"$CUTOVER_API_URL/orders?limit=1\""),
    );
    let page = crate::docs::blocks(include_str!("../../docs/clients.md"), "yaml pass")[0];
    let of_page = page.trim().strip_prefix("serve: ").unwrap();
    for serve in ["{ pass: old, api: orders }", of_page] {
        sandbox.file("suite.yaml", &suite(serve));
        let (ran, results) = run(&sandbox, &["--report", "markdown=page.md"]);
        assert_eq!(ran.code, 0, "{ran:?} {:?}", results.cases);
        let page = sandbox.read("page.md");
        assert!(
            page.starts_with("# Client readiness: ready: no finding in 2 of 2 profiles\n")
                && page.contains("passed on to a side of a real pair (old: API Cloud, http"),
            "{page}"
        );
        let wanted = ["Shop [jwt-choreo]: same", "Shop [opaque-uuid]: same"];
        assert_eq!(outcomes(&results), wanted);
        assert_eq!(ran.verdict(), "ready: no finding in 2 of 2 profiles");
        // The sides are in the results then.
        assert_eq!(results.pair.unwrap().new.platform, "choreo");
    }
    // A program that cuts the token is told so in front of a real gateway too.
    let cut = program("token=$(printf %.255s \"$token\"); call \"$CUTOVER_API_URL/orders\"");
    sandbox.file("client.sh", &cut);
    let (ran, results) = run(&sandbox, &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let wanted = ["jwt-choreo truncated issued=1459 sent=255"];
    assert_eq!(findings(&results.cases), wanted);
}

#[test]
fn the_side_gets_its_own_token_and_the_program_stays_where_it_is() {
    let base = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let own = std::sync::Arc::clone(&base);
    let real = side(move |_, target| {
        let body = "{\"a\":1}";
        match target {
            "/shop/orders?a=b%20c" => {
                let place = format!("{}/shop/moved", own.get()?);
                Some(answer(
                    302,
                    &[("Location", &place), ("Keep-Alive", "timeout=9")],
                    "",
                ))
            }
            "/shop/moved" => Some(answer(200, &[("X-Seen", REAL)], body)),
            _ => None,
        }
    });
    base.set(real.url()).unwrap();
    let sandbox = Sandbox::new();
    // It follows where it is sent, with its token; and it shows what it was given.
    let calls = "call --include --location --header 'Connection: close, X-Hop' --header 'X-Hop: 1' --header 'X-Mine: 2' \
                 --compressed \"$CUTOVER_API_URL/orders?a=b%20c\"; exit 3";
    sandbox
        .file("client.sh", &program(calls))
        .file("cutover.yaml", &pair(&real.url(), false))
        .file("suite.yaml", &suite("{ pass: new, api: shop }"));
    let (ran, results) = run(&sandbox, &["-v"]);
    // It ends with 3 whatever happens, so that its last words are shown.
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(results.cases[1].new.as_ref().unwrap().api_requests, Some(2));
    assert_eq!(real.asked("/token").len(), 1);
    let asked = [real.asked("/shop/orders"), real.asked("/shop/moved")].concat();
    assert_eq!(asked.len(), 2, "{asked:?}");
    for seen in asked {
        let bearer = format!("Bearer {REAL}");
        assert_eq!(seen.header("authorization"), Some(bearer.as_str()));
        assert_eq!(seen.header("x-env"), Some("prod"));
        assert_eq!(seen.header("x-mine"), Some("2"));
        assert_eq!(seen.header("host"), real.url().strip_prefix("http://"));
        for gone in ["x-hop", "accept-encoding"] {
            assert_eq!(seen.header(gone), None, "{gone}");
        }
        let all = seen
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        assert_eq!(all.count(), 1);
    }
    let journal = sandbox.path(".cutover/runs");
    let journal = std::fs::read_dir(journal).unwrap().next().unwrap().unwrap();
    let kept = std::fs::read_to_string(journal.path()).unwrap();
    for text in [&ran.out, &ran.err, &kept, &sandbox.read("results.json")] {
        for secret in [REAL, "secret-of-the-side", "test-secret-of"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn a_write_is_passed_on_with_both_keys_only() {
    let calls =
        "call --data-raw 'a=1' --header 'Content-Type: text/x-mine' \"$CUTOVER_API_URL/orders\"";
    for (keys, flags, sent) in [
        (false, &[][..], false),
        (true, &[][..], false),
        (false, &["--allow-writes"][..], false),
        (true, &["--allow-writes"][..], true),
    ] {
        let real = side(|method, target| {
            (method == "POST" && target == "/orders").then(|| answer(201, &[], "made"))
        });
        let sandbox = Sandbox::new();
        sandbox
            .file("client.sh", &program(calls))
            .file("cutover.yaml", &pair(&real.url(), keys))
            .file("suite.yaml", &suite("{ pass: new }"));
        let (ran, results) = run(&sandbox, flags);
        let posts = real.asked("/orders");
        if sent {
            assert_eq!(ran.code, 0, "{ran:?} {:?}", results.cases);
            let bodies: Vec<_> = posts.iter().map(|seen| seen.body.as_str()).collect();
            assert_eq!(bodies, ["a=1", "a=1"]);
            assert_eq!(posts[0].header("content-type"), Some("text/x-mine"));
            assert_eq!(results.run.writes, Writes::Allowed);
            continue;
        }
        assert_eq!((posts.len(), ran.code), (0, 4), "{ran:?}");
        let wanted = [
            "Shop [jwt-choreo]: skipped (writes-withheld)",
            "Shop [opaque-uuid]: skipped (writes-withheld)",
        ];
        assert_eq!(outcomes(&results), wanted);
        assert_eq!(results.run.writes, Writes::Withheld);
        let note = results.cases[1].note.clone().unwrap();
        assert!(note.starts_with("POST /orders was not passed on"), "{note}");
        let warned = results
            .warnings
            .iter()
            .any(|one| one.code == "writes-withheld");
        assert_eq!(warned, !flags.is_empty() && !keys);
    }
}

#[test]
fn a_side_that_does_not_answer_says_nothing_about_the_program() {
    let call = program("call \"$CUTOVER_API_URL/orders\"");
    let told = |pair: &str, reason: &str, said: &str| {
        let sandbox = Sandbox::new();
        sandbox
            .file("client.sh", &call)
            .file("cutover.yaml", pair)
            .file("suite.yaml", &suite("{ pass: new }"));
        let (ran, results) = run(&sandbox, &[]);
        assert_eq!(ran.code, 3, "{ran:?}");
        let wanted = [
            "Shop [jwt-choreo]: inconclusive (needs)".to_owned(),
            format!("Shop [opaque-uuid]: inconclusive ({reason})"),
        ];
        assert_eq!(outcomes(&results), wanted);
        let note = results.cases[1].note.clone().unwrap();
        assert!(note.contains(said), "{note}");
    };
    // Its token endpoint, then the API itself.
    told(
        &pair(&nobody(), false),
        "token",
        "the new side could not be asked",
    );
    let real = side(|_, _| Some(json("{}")));
    let elsewhere = pair(&real.url(), false).replacen(
        &format!("new: {{ url: \"{}\"", real.url()),
        &format!("new: {{ url: \"{}\"", nobody()),
        1,
    );
    told(&elsewhere, "connect", "the new side could not be asked");
    let refusing = side(|_, _| Some(answer(401, &[], "")));
    told(
        &pair(&refusing.url(), false),
        "token",
        "answered 401 to a call with its own token",
    );
    assert_eq!(refusing.asked("/orders").len(), 1);
    let full = side(|_, _| Some(answer(429, &[], "")));
    told(&pair(&full.url(), false), "throttled", "answered 429");
}

#[test]
fn a_side_that_fails_later_leaves_the_rest_open() {
    let count = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let real = side(move |_, _| {
        let before = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Some(if before == 0 {
            json("{}")
        } else {
            answer(429, &[], "")
        })
    });
    let sandbox = Sandbox::new();
    sandbox
        .file("client.sh", &program("call \"$CUTOVER_API_URL/orders\""))
        .file("cutover.yaml", &pair(&real.url(), false))
        .file("suite.yaml", &suite("{ pass: new }"));
    let (ran, results) = run(&sandbox, &[]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let wanted = [
        "Shop [jwt-choreo]: inconclusive (throttled)",
        "Shop [opaque-uuid]: same",
    ];
    assert_eq!(outcomes(&results), wanted);
}

#[test]
fn every_mistake_of_a_passage_is_told() {
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", "exit 1");
    let told = |serve: &str, command: &str, parts: &[&str]| {
        sandbox.file("suite.yaml", &suite(serve));
        let ran = sandbox.run(&[command, "suite.yaml"]);
        assert_eq!(ran.code, 2, "{serve}: {ran:?}");
        for part in parts {
            assert!(ran.err.contains(part), "{part}: {}", ran.err);
        }
    };
    told("{ pass: new }", "client", &["name the pair with -c FILE"]);
    let pair = pair("http://127.0.0.1:9", false);
    sandbox.file("cutover.yaml", &pair);
    told("{ pass: nwe }", "client", &["did you mean `new`?"]);
    told(
        "{ token: app }",
        "client",
        &["`token` says whose token is passed on"],
    );
    let names = "{ pass: new, api: shpo, token: ap }";
    for command in ["client", "run", "check"] {
        told(
            names,
            command,
            &["did you mean `shop`?", "did you mean `app`?"],
        );
    }
    let several = pair.replace(
        "tokens: { app:",
        "tokens: { one: { grant: static, value: abcdefgh }, two:",
    );
    sandbox.file("cutover.yaml", &several);
    told(
        "{ pass: new }",
        "client",
        &["several credentials", "it has one, two"],
    );
}
