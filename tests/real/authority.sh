# Sourced by the scripts here: an authority of two days in $folder, a certificate of the servers and one of
# a client (ca.pem, server.pem, client.pem and their keys).
certificate() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
    -keyout "$folder/$1.key" -out "$folder/$1.csr" 2>>"$folder/openssl.log"
  openssl x509 -req -days 2 -in "$folder/$1.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial \
    -extfile <(printf 'subjectAltName=%s\n' "$2") -out "$folder/$1.pem" 2>>"$folder/openssl.log"
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=authority of tests' \
  -keyout "$folder/ca.key" -out "$folder/ca.pem" 2>>"$folder/openssl.log"
certificate server IP:127.0.0.1,DNS:localhost
certificate client DNS:client.example.com
