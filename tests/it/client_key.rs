//! A client that signs for itself: what is wrong with its key is told before anything is sent.

use crate::command::{code, cutover, said};

const PAIR: &str = "
old:
  url: http://127.0.0.1:1
  tokens:
    app: { token_endpoint: 'http://127.0.0.1:1/token', client_id: a, client_auth: private_key_jwt, client_key: '${file:key.pem}' }
new:
  url: http://127.0.0.1:1
  tokens: { app: { grant: static, value: a-token } }
";
const SUITE: &str = "name: One\ntoken: app\ncases: [ { name: one, request: GET / } ]\n";

fn told(key: &str, command: &str) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("suites")).unwrap();
    std::fs::write(folder.path().join("suites/one.yaml"), SUITE).unwrap();
    std::fs::write(folder.path().join("cutover.yaml"), PAIR).unwrap();
    std::fs::write(folder.path().join("key.pem"), key).unwrap();
    let output = cutover(folder.path(), &[command]);
    (code(&output), said(&output))
}

#[test]
fn a_key_that_cannot_sign_is_told_and_not_shown() {
    let text = "error: old.tokens.app: `client_key` is no private key in PEM for RS256\n";
    for command in ["check", "run"] {
        let found = told("a secret that is no key", command);
        assert_eq!(found, (2, text.to_owned()), "{command}");
    }
}
