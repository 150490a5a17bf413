# Sourced by `run`: writes the pair file. Each gateway stands before the backend, and each side's tokens
# come from its own authorization server. Wants $folder and the URLs in $old, $new, $old_issuer, $new_issuer.
credential() {
  local secret=$4
  printf '    %s: { issuer: "%s", client_id: "%s", client_secret: "%s", scope: read%s }\n' "$1" "$2" "$3" "$secret" "${5:-}"
}
side() {
  local name=$1 url=$2 issuer=$3 secret='a secret of tests: +/%&'
  printf '%s:\n  name: %s\n  url: %s\n  writes: allowed\n  tls: { ca: ca.pem }\n  tokens:\n' "$name" "$4" "$url"
  credential app "$issuer" cutover "$secret"
  credential brief "$issuer" brief 'another secret of tests'
  credential user "$issuer" cutover "$secret" ", grant: refresh_token, refresh_token: \"\${file:$name.seed}\""
  credential probed "$issuer" cutover "$secret" ", grant: refresh_token, refresh_token: \"\${file:$name.probe.seed}\""
  local use
  for use in cross stolen; do
    credential "$use" "$issuer" cutover "$secret" ", grant: refresh_token, refresh_token: \"\${file:$name.$use.seed}\""
  done
  credential openid "$issuer" cutover "$secret" " openid, resource: urn:orders, grant: refresh_token, refresh_token: \"\${file:$name.openid.seed}\""
  printf '    open: { issuer: "%s", client_id: open, client_auth: none }\n' "$issuer"
  printf '    made-up: { grant: static, value: a-token-that-nobody-issued }\n'
}
{
  side old "$old" "$old_issuer" nginx
  side new "$new" "$new_issuer" Envoy
  printf 'environments: { second: { new: { http: "2" } } }\n'
} >"$folder/cutover.yaml"
