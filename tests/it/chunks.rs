//! A body that is sent in chunks, as the bytes of its connection show it.

use cutover::mock::pair_file;

use crate::mock_support::shipped;
use crate::sandbox::Sandbox;

const SUITE: &str = "name: Chunks
api: orders
token: app
compare: { ignore: [ header:access-control-allow-origin, header:access-control-allow-methods, header:access-control-allow-headers ] }
cases:
  - name: in two chunks
    request: POST /size
    safe: true
    headers: { Transfer-Encoding: chunked, Content-Type: text/plain }
    text: hello world
    expect: { status: 200, body: { $.bytes: 11 } }
  - name: empty
    request: POST /size
    safe: true
    headers: { transfer-encoding: Chunked }
    expect: { status: 200, body: { $.bytes: 0 } }
";

#[tokio::test(flavor = "multi_thread")]
async fn a_body_goes_in_chunks_where_the_suite_says_so() {
    let doubles = shipped(None).await;
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair_file(doubles.running()));
    sandbox.file("suites/chunks.yaml", SUITE);
    let ran = tokio::task::block_in_place(|| sandbox.run(&["run", "-j", "1"]));
    assert_eq!(
        (ran.code, ran.verdict()),
        (0, "parity in 2 of 2 cases"),
        "{ran:?}"
    );
    for running in doubles.running() {
        let sent: String = running
            .connections()
            .iter()
            .map(|connection| String::from_utf8_lossy(&connection.bytes).into_owned())
            .collect();
        let posts: Vec<&str> = sent
            .split("POST ")
            .filter(|one| one.contains("/size "))
            .collect();
        let bodies = [
            "\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
            "\r\n\r\n0\r\n\r\n",
        ];
        assert_eq!(posts.len(), bodies.len(), "{sent}");
        for (post, body) in posts.into_iter().zip(bodies) {
            let lower = post.to_ascii_lowercase();
            assert_eq!(
                lower.matches("transfer-encoding: chunked").count(),
                1,
                "{post}"
            );
            assert!(!lower.contains("content-length"), "{post}");
            assert!(post.ends_with(body), "{post:?}");
        }
    }
    doubles.stop().await;
}
