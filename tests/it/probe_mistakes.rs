//! Mistakes in probe cases: each is told where it is, and nothing is sent.

use crate::sandbox::{Sandbox, outcomes};

const PAIR: &str = "old:
  url: http://127.0.0.1:1
  tokens: &tokens
    app: { token_endpoint: http://127.0.0.1:1/token, client_id: a, client_secret: secret-secret }
    user: { grant: password, token_endpoint: http://127.0.0.1:1/token, revocation_endpoint: http://127.0.0.1:1/revoke, client_id: a, client_secret: secret-secret, username: u, password: secret-secret }
    fixed: { grant: static, value: secret-secret }
new:
  url: http://127.0.0.1:1
  tokens:
    app: { token_endpoint: http://127.0.0.1:1/token, client_id: a, client_secret: secret-secret }
    user: { grant: password, token_endpoint: http://127.0.0.1:1/token, revocation_endpoint: http://127.0.0.1:1/revoke, client_id: a, client_secret: secret-secret, username: u, password: secret-secret }
    fixed: { grant: static, value: secret-secret }
";

/// What `check` says of one case: the messages, each with its label or help.
fn told(case: &str) -> (i32, Vec<String>, String) {
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &PAIR.replace(" &tokens", ""));
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ncases:\n  - {{ name: x, {case} }}\n"),
    );
    let ran = sandbox.run(&["check"]);
    let messages = ran
        .err
        .lines()
        .filter_map(|line| line.strip_prefix("error: "));
    (
        ran.code,
        messages.map(str::to_owned).collect(),
        ran.err.clone(),
    )
}

fn mistake(case: &str, message: &str, hint: &str) {
    let (code, messages, err) = told(case);
    assert_eq!(
        (code, messages),
        (2, vec![message.to_owned()]),
        "{case}: {err}"
    );
    assert!(err.contains(hint), "{case}: {err}");
    assert!(err.contains("suites/a.yaml:3:"), "{case}: {err}");
}

#[test]
fn sound_probes_are_taken() {
    for case in [
        "probe: token-reuse, token: app, with: { request: GET /orders }",
        "probe: revocation, token: user, with: { within: 2m }",
        "probe: refresh-rotation, token: user",
        "probe: expiry, token: app, with: { within: 5m, leeway: 5s }",
        "probe: tampered-token, token: fixed",
        "probe: cross-acceptance, token: app, with: { within: 5m }",
        "probe: header-limit, with: { grow: header }",
        "probe: cors, with: { origin: \"https://app.example.com:8443\", method: PUT, headers: [ X-A ] }",
        "probe: tls",
        "probe: throttle, with: { limit: 200, per: 5m }",
        "probe: cors, old: { request: GET /v1 }, new: { request: GET /v2 }, accept: [ { where: token, path: probe.x, because: y } ]",
    ] {
        let (code, messages, err) = told(case);
        assert_eq!((code, messages), (0, Vec::<String>::new()), "{case}: {err}");
    }
}

#[test]
fn each_mistake_is_told_with_what_is_right() {
    mistake(
        "probe: revokation, token: user",
        "unknown probe `revokation`",
        "did you mean `revocation`?",
    );
    mistake(
        "probe: tls, with: { witin: 5s }",
        "unknown key of the settings of a probe `witin`",
        "did you mean `within`?",
    );
    mistake(
        "probe: revocation, token: user, with: { limit: 5 }",
        "`limit` is no setting of the probe `revocation`",
        "`revocation` has: request, within",
    );
    mistake(
        "probe: tls, with: { request: GET / }",
        "`request` is no setting of the probe `tls`",
        "`tls` has no settings",
    );
    mistake(
        "request: GET /, with: { within: 5s }",
        "only a probe has settings",
        "add `probe: NAME`",
    );
    mistake(
        "probe: revocation",
        "the probe `revocation` needs a credential",
        "add `token: NAME`",
    );
}

#[test]
fn what_a_probe_has_no_use_for_is_told() {
    mistake(
        "probe: tampered-token, token: none",
        "the probe `tampered-token` needs a credential",
        "add `token: NAME`",
    );
    mistake(
        "probe: cors, request: GET /",
        "a probe has no use for `request`",
        "with: { request: GET /… }",
    );
    mistake(
        "probe: cors, expect: { status: 200 }, safe: true",
        "a probe has no use for `expect`, `safe`",
        "finds what it finds",
    );
}

#[test]
fn each_setting_has_its_bounds() {
    mistake(
        "probe: cors, with: { request: POST / }",
        "a probe does not send POST",
        "GET, HEAD or OPTIONS",
    );
    mistake(
        "probe: cors, with: { origin: \"https://a.example/\" }",
        "`https://a.example/` is no origin",
        "scheme, host and port alone",
    );
    mistake(
        "probe: cors, with: { method: put }",
        "`put` is no method",
        "in capitals",
    );
    mistake(
        "probe: throttle",
        "the probe `throttle` needs a limit to go beyond",
        "limit: 20",
    );
    mistake(
        "probe: throttle, with: { limit: 201 }",
        "a limit of 201 is not tested",
        "from 5 to 200",
    );
    mistake(
        "probe: throttle, with: { limit: 4 }",
        "a limit of 4 is not tested",
        "from 5 to 200",
    );
    mistake(
        "probe: throttle, with: { limit: 5, per: 1h }",
        "the window is too long to wait for its end",
        "at most 5m",
    );
    mistake(
        "probe: revocation, token: user, with: { within: 1s }",
        "a revoked token is looked at once a second",
        "at least 2s",
    );
    mistake(
        "probe: expiry, token: app, with: { within: 0s }",
        "a time of nothing is over before anything was sent",
        "10s",
    );
    mistake(
        "probe: header-limit, with: { grow: body }",
        "unknown thing to grow `body`",
        "token, header",
    );
}

#[test]
fn a_credential_that_cannot_do_it_is_told_for_each_side() {
    let both = |case: &str, name: &str, probe: &str, why: &str| {
        let (code, messages, err) = told(case);
        let of = |side| {
            format!(
                "the credential `{name}` of the {side} side is of no use to the probe `{probe}`"
            )
        };
        assert_eq!((code, messages), (2, vec![of("old"), of("new")]), "{err}");
        assert!(err.contains(why), "{err}");
    };
    both(
        "probe: refresh-rotation, token: app",
        "app",
        "refresh-rotation",
        "it can have no refresh token",
    );
}

/// Without `--probes` nothing of a probe is sent, so that what its credential lacks holds nothing else back.
#[test]
fn what_a_withheld_probe_lacks_is_a_warning() {
    for (case, name, why) in [
        (
            "probe: revocation, token: app",
            "app",
            "it has no `revocation_endpoint`, and no `issuer` to find it by",
        ),
        (
            "probe: token-reuse, token: fixed",
            "fixed",
            "no token of it can be asked for",
        ),
    ] {
        let probe = case.split([' ', ',']).nth(1).unwrap();
        let of = |word: &str, side: &str| {
            format!(
                "{word}: the credential `{name}` of the {side} side is of no use to the probe `{probe}`"
            )
        };
        let told = |err: &str, word: &str| {
            let found = ["old", "new"].map(|side| err.contains(&of(word, side)));
            assert_eq!(found, [true; 2], "{err}");
            assert!(err.contains(why), "{err}");
        };
        let sandbox = Sandbox::new();
        sandbox.file("cutover.yaml", &PAIR.replace(" &tokens", ""));
        let suite = format!("name: A\ncases:\n  - {{ name: x, {case} }}\n");
        sandbox.file("suites/a.yaml", &suite);
        let checked = sandbox.run(&["check"]);
        told(&checked.err, "warning");
        assert_eq!(checked.code, 0, "{}", checked.err);
        assert_eq!(sandbox.run(&["check", "--strict"]).code, 1);
        let (ran, results) = sandbox.results(&["run"]);
        told(&ran.err, "warning");
        let skipped = "x: skipped (probes-withheld)".to_owned();
        assert_eq!((ran.code, outcomes(&results)), (4, vec![skipped]));
        let asked = sandbox.run(&["run", "--probes"]);
        told(&asked.err, "error");
        assert_eq!(asked.code, 2, "{}", asked.err);
    }
}
