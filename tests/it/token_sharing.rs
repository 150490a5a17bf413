//! Whether somebody else holds the token that `cutover` was given.

use std::path::Path;
use std::time::Duration;

use cutover::mock::pair_file;

use crate::command::{code, cutover, said};
use crate::mock_support::{OLD, form, shipped};

const SUITE: &str = "
name: One
api: orders
token: app
cases: [ { name: an order, request: GET /orders/ord-1001 } ]
";

fn told(folder: &Path, side: &str) -> Vec<String> {
    let output = cutover(folder, &["token", side]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let warnings = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("warning: "));
    warnings.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_others_hold_is_told_of() {
    let doubles = shipped(None).await;
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("cutover.yaml"), pair_file(doubles.running())).unwrap();
    std::fs::create_dir(here.join("suites")).unwrap();
    std::fs::write(here.join("suites/one.yaml"), SUITE).unwrap();

    let shared = "asking twice gives the same token: unless cutover has an application of its own, \
                  this token was already live: somebody else holds it";
    assert_eq!(told(here, "old"), [shared]);
    assert_eq!(told(here, "new"), Vec::<String>::new());
    let checked = cutover(here, &["check", "--connect"]);
    assert_eq!(code(&checked), 0, "{}", said(&checked));
    let strict = cutover(here, &["check", "--connect", "--strict"]);
    assert_eq!(code(&strict), 1, "{}", said(&strict));

    // That token lives on: its life is no longer whole.
    let url = doubles.running()[0].token_url().unwrap();
    loop {
        let answer = form(&url, OLD, "grant_type=client_credentials").await;
        if answer.json()["expires_in"].as_u64().unwrap() < 3_600 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let live = "this token was already live: somebody else holds it; give cutover an application of \
                its own";
    assert_eq!(told(here, "old"), [live]);
    let checked = cutover(here, &["check", "--connect"]);
    let text = format!("warning: token-already-live (old): credential `app`: {live}\n");
    assert_eq!((code(&checked), said(&checked)), (0, text));
    let strict = cutover(here, &["check", "--connect", "--strict"]);
    assert_eq!(code(&strict), 1);
    doubles.stop().await;
}
