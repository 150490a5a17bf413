#!/usr/bin/env bash
# The clients whose findings hang on time, N rounds (20) while the machine is kept busy: the same findings in
# each round. What is expected stands beside each client.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-20}
clients=(
  gives_up ignores_expires_in never_refreshes no_single_flight old_refresh_token
  right_parallel right_password right_reactive right_session one_error_text
  service_at_once service_never_refreshes service_right
)
cargo test --quiet --locked --test it --no-run

busy=()
for _ in $(seq "$(nproc)"); do
  while :; do :; done &
  busy+=($!)
done
trap 'kill "${busy[@]}"' EXIT

for round in $(seq "$rounds"); do
  start=$SECONDS
  if ! told=$(cargo test --quiet --locked --test it -- --test-threads=13 --exact "${clients[@]/#/clients::}" 2>&1); then
    printf '%s\nround %s of %s: not the same\n' "$told" "$round" "$rounds" >&2
    exit 1
  fi
  printf 'round %s of %s: the same, %s s\n' "$round" "$rounds" "$((SECONDS - start))"
done
