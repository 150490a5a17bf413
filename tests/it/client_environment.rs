//! What a program is given: every variable of `docs/clients.md` leads where the page says, and what the command
//! line gets wrong is told.

use crate::client_suites::shell;
use crate::clients::{client as run, findings};
use crate::sandbox::Sandbox;

/// Checks each variable; the exit code is the number of the check. The certificate is found by each of its names.
const CHECKS: &str = r#"
ask() { curl --silent --fail --cacert "$CUTOVER_CA" --user "$CUTOVER_CLIENT_ID:$CUTOVER_CLIENT_SECRET" "$@"; }
[ "$CUTOVER_PROFILE" = "$1" ] || exit 11
for file in "$CUTOVER_CA" "$SSL_CERT_FILE" "$REQUESTS_CA_BUNDLE" "$CURL_CA_BUNDLE" "$NODE_EXTRA_CA_CERTS" "$2"; do
  [ "$file" = "$CUTOVER_CA" ] && grep -q 'BEGIN CERTIFICATE' "$file" || exit 12
done
for url in "$CUTOVER_TOKEN_URL" "$CUTOVER_API_URL" "$CUTOVER_JWKS_URL" "$CUTOVER_REVOKE_URL" "$CUTOVER_INTROSPECT_URL"; do
  case $url in https://*) ;; *) exit 13;; esac
done
# Without the bundle curl trusts nobody of these; with it, it needs no option.
env -u CURL_CA_BUNDLE -u SSL_CERT_FILE curl --silent "$CUTOVER_JWKS_URL" && exit 14
curl --silent --fail "$CUTOVER_JWKS_URL" | grep -q '"keys"' || exit 15
user=$(ask --data grant_type=password --data-urlencode "username=$CUTOVER_USERNAME" \
  --data-urlencode "password=$CUTOVER_PASSWORD" "$CUTOVER_TOKEN_URL" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
ask --data "token=$user" "$CUTOVER_INTROSPECT_URL" | grep -q '"active":true' || exit 16
ask --data "token=$user" "$CUTOVER_REVOKE_URL" || exit 17
ask --data "token=$user" "$CUTOVER_INTROSPECT_URL" | grep -q '"active":false' || exit 18
[ "$(cat "$CUTOVER_FILES/app.ini")" = "$CUTOVER_CLIENT_ID at $CUTOVER_API_URL" ] || exit 19
[ -z "${HTTP_PROXY:-}${https_proxy:-}" ] || exit 20
"#;

const SUITE: &str = r#"name: Orders client
client:
  run: [ sh, client.sh, "{{profile}}", "{{ca}}" ]
  files: { app.ini: app.ini }
  tls: true
  profiles: [ jwt-rs256 ]
"#;

#[test]
fn every_variable_of_the_page_leads_where_it_says() {
    let sandbox = Sandbox::new();
    sandbox
        .file("client.sh", &shell(CHECKS))
        .file("app.ini", "{{client_id}} at {{api_url}}")
        .file("suite.yaml", SUITE);
    let (ran, results) = run(&sandbox, &["suite.yaml"]);
    assert_eq!(findings(&results.cases), [""; 0], "{ran:?}");
    assert_eq!(ran.code, 0, "{ran:?}");
    let page = include_str!("../../docs/clients.md");
    let variables = page.split('`').filter(|word| {
        let name = word.strip_prefix("CUTOVER_").unwrap_or_default();
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    });
    for variable in variables.filter(|name| *name != "CUTOVER_PORT") {
        assert!(
            CHECKS.contains(variable) || shell("").contains(variable),
            "{variable}"
        );
    }
}

#[test]
fn mistakes_of_the_command_line_are_told_with_what_to_do() {
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", &shell(""));
    for (args, told) in [
        (
            &["client", "sh", "client.sh"][..],
            "there is no suite sh; a program and its arguments stand behind `--`: cutover client -- sh client.sh",
        ),
        (
            &["client", "--profiles", "own.yaml", "--", "sh", "client.sh"],
            "there is no file own.yaml for a profile",
        ),
        (
            &["client", "--pass-env", "HOME", "--", "sh", "client.sh"],
            "--pass-env: `HOME` is set by every run",
        ),
        (
            &["client", "--profiles", "jwt4k", "--", "sh", "client.sh"],
            "unknown profile `jwt4k`: did you mean `jwt-4k`?",
        ),
    ] {
        let ran = sandbox.run(args);
        assert!(ran.code == 2 && ran.err.contains(told), "{ran:?}");
        assert!(!sandbox.path(".cutover").exists(), "nothing ran");
    }
    let args = [
        "--pass-env",
        "NOT_SET_ANYWHERE",
        "--profiles",
        "opaque-hex",
        "--",
        "sh",
        "client.sh",
    ];
    let (ran, _) = run(&sandbox, &args);
    let told =
        "warning: NOT_SET_ANYWHERE of `pass_env` is not set here: the program does not get it";
    assert!(ran.code == 0 && ran.err.contains(told), "{ran:?}");
}
