//! What `cutover token` says of a token endpoint, or a key set, that answers what it should not: whether the side could be
//! asked, and what is wrong in words.

use serde_json::json;

use crate::sandbox::Sandbox;
use crate::serve::answer;
use crate::token_bad_input::{
    SECRET, SOUND, Side, broken, claims, dated, huge_keys, json_answer, keys, many_claims, now,
    pair, serve, signed, token_answer,
};

/// The exit code, and everything that is said, of a sound old side and this new one. Nothing of a secret is in it.
fn told(new: Side) -> (i32, String) {
    let (old, new) = (serve(SOUND), serve(new));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old, &new));
    let ran = sandbox.run(&["token", "both", "app"]);
    let text = format!("{}{}", ran.out, ran.err);
    let leaked = [SECRET, "eyJ", "t0kent0ken", "panicked"];
    assert!(!leaked.iter().any(|leak| text.contains(leak)), "{text}");
    let words: Vec<&str> = text.split_whitespace().collect();
    (ran.code, words.join(" "))
}

/// It ends with this code, and says this.
fn says(new: Side, code: i32, said: &str) {
    let (ended, text) = told(new);
    assert_eq!(ended, code, "{text}");
    assert!(text.contains(said), "wanted: {said}\nsaid: {text}");
}

#[test]
fn a_sound_token_has_nothing_below_it() {
    let (code, text) = told(SOUND);
    assert_eq!(code, 0, "{text}");
    assert!(
        !text.contains("warning") && !text.contains("check "),
        "{text}"
    );
}

#[test]
fn an_endpoint_that_gives_no_token_is_told_in_its_own_words() {
    let of = |token: fn() -> Vec<u8>, said| says(Side { token, ..SOUND }, 3, said);
    of(
        || answer(200, &[], "<html>a-client-secret-of-this-test"),
        "answered 200: no JSON object but",
    );
    of(
        || json_answer(200, r#"{"error":"server_error"}"#),
        "answered 200: server_error",
    );
    of(
        || answer(502, &[], "<h1>Bad Gateway</h1>"),
        "answered 502: no JSON object but",
    );
    of(Vec::new, "new");
    of(
        || token_answer(&"t0ken".repeat(2_000_000)),
        "its token has 10000000 characters, and no server takes a header",
    );
}

#[test]
fn a_token_that_is_wrong_is_told_by_its_check() {
    let of = |token: fn() -> Vec<u8>, said| says(Side { token, ..SOUND }, 0, said);
    of(broken, "check F01, breaking");
    of(many_claims, "claims.client_id \"me\" \"me\"");
    of(many_claims, "claims - and 4967 more (--json shows all)");
    of(|| claiming("iat", now() + 600), "check T01, breaking");
    of(|| claiming("exp", now() - 600), "check T01, breaking");
    of(|| claiming("exp", now() + 4200), "check B29, breaking");
    of(|| dated(600), "warning: the clock of the token endpoint is");
}

fn claiming(name: &str, at: i64) -> Vec<u8> {
    let mut claims = claims();
    claims[name] = json!(at);
    token_answer(&signed(&claims))
}

#[test]
fn keys_that_do_not_help_are_told() {
    let of = |keys: fn() -> Vec<u8>, said| says(Side { keys, ..SOUND }, 0, said);
    of(|| json_answer(200, r#"{"keys":[]}"#), "check F04, breaking");
    of(|| json_answer(200, &keys("another")), "check F04, breaking");
    of(|| json_answer(200, &huge_keys()), "check F04, breaking");
    of(Vec::new, "signature");
}
