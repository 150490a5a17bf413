#!/usr/bin/env bash
# Under `cargo nextest run` each test is a process of its own, and all of them together ask for each token once: runs
# cases of the shipped pack so, on doubles, and counts the token requests. Needs cargo-nextest and Node.js.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/real/servers.sh
source tests/real/servers.sh

cargo build --quiet --locked
"${CARGO_TARGET_DIR:-target}/debug/cutover" mock mocks/api-cloud.yaml mocks/choreo.yaml --write-pair "$folder/doubles.yaml" >"$folder/mock" &
started+=($!)
wait_for $! test -s "$folder/doubles.yaml"
# The address of a side's token endpoint: the first that stands in its part of the pair file.
address() { sed -n "/^$1:/,\$s|^ *token_endpoint: \"\\(http://[^/]*\\)/.*|\\1|p" "$folder/doubles.yaml" | head -1; }
old=$(address old)
new=$(address new)
serve_json counted node tests/counted.mjs "$folder/tokens" "$old" "$new"
sed -e "s|token_endpoint: \"$old/|token_endpoint: \"http://127.0.0.1:$(field counted old)/|" \
  -e "s|token_endpoint: \"$new/|token_endpoint: \"http://127.0.0.1:$(field counted new)/|" \
  "$folder/doubles.yaml" >"$folder/pair.yaml"

CUTOVER_PAIR=$folder/pair.yaml cargo nextest run --locked --test parity --test-threads 16 --no-fail-fast \
  -E 'test(/rest-apis|payloads|paths-and-versions/)' >"$folder/told" 2>&1 || { cat "$folder/told"; exit 1; }
tests=$(grep -c '^ *PASS ' "$folder/told")
requests=$(wc -l <"$folder/tokens")
keys=$(sort -u "$folder/tokens" | wc -l)
if [[ $tests -lt 20 || $keys -lt 2 || $requests -ne $keys ]]; then
  printf '%s tests, %s keys, %s token requests: expected 20 tests or more, and one request for each key\n' "$tests" "$keys" "$requests" >&2
  exit 1
fi
printf 'as expected: %s tests in a process each, %s keys, %s token requests\n' "$tests" "$keys" "$requests"
