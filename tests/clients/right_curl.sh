#!/bin/sh
# A right client in shell: curl, a token in a variable, one more at a 401.
set -eu
token() {
  curl --silent --fail --retry 3 --user "$CUTOVER_CLIENT_ID:$CUTOVER_CLIENT_SECRET" \
    --data grant_type=client_credentials "$CUTOVER_TOKEN_URL" |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/'
}
get() {
  printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --silent --config - --write-out '\n%{http_code}\n' "$CUTOVER_API_URL/orders"
}
token=$(token)
for _ in 1 2; do
  answer=$(get)
  if [ "$(printf '%s' "$answer" | tail -n 1)" = 401 ]; then
    token=$(token)
    answer=$(get)
  fi
  printf '%s\n' "$answer"
  [ "$(printf '%s' "$answer" | tail -n 1)" = 200 ]
done
