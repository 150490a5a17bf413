#!/usr/bin/env bash
# curl: one token for the script, `--oauth2-bearer`, and `--retry` as its manual has it. There is no more
# in curl than that: when the token has ended, the script ends.
set -euo pipefail
case $CUTOVER_PROFILE in
  *refresh* | parallel-rotation) grant=password ;;
  *) grant=client_credentials ;;
esac
token=$(curl --silent --show-error --fail --retry 3 --user "$CUTOVER_CLIENT_ID:$CUTOVER_CLIENT_SECRET" \
  --data "grant_type=$grant" --data-urlencode "username=$CUTOVER_USERNAME" \
  --data-urlencode "password=$CUTOVER_PASSWORD" "$CUTOVER_TOKEN_URL" |
  sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/')

call() {
  curl --silent --show-error --fail --oauth2-bearer "$token" "$CUTOVER_API_URL$1" | tr ',' '\n' | grep -c '"id"'
}

call /customers/1
case $CUTOVER_PROFILE in
  parallel-*)
    sleep 5.5
    curl --silent --show-error --fail --parallel --oauth2-bearer "$token" "$CUTOVER_API_URL/orders/[0-4]" >/dev/null
    ;;
  no-refresh-token)
    call /orders
    call /orders/1
    ;;
  short-lived | *refresh*)
    sleep 5.5
    call /orders
    sleep 5.5
    call /orders/1
    ;;
  *)
    call /orders
    call /orders/1
    ;;
esac
