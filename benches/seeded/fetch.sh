#!/bin/sh
# Fetches the payloads of `cargo bench --bench seeded` into target/seeded: two npm packages (MIT), by
# version and digest. They are not part of this repository.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p target/seeded
cd target/seeded

fetch() { # NAME VERSION FILE SHA512
    if [ ! -f "$3" ]; then npm pack --silent "$1@$2" >/dev/null; fi
    found=$(openssl dgst -sha512 -binary "$3" | openssl base64 -A)
    if [ "$found" != "$4" ]; then
        echo "$3 is not what it was: expected $4, found $found" >&2
        rm -f "$3"
        exit 1
    fi
    rm -rf "$1" && mkdir -p "$1" && tar -xzf "$3" -C "$1" --strip-components=1
}

fetch @octokit/fixtures 23.1.2 octokit-fixtures-23.1.2.tgz \
    niG+SVffZ/xzojT3CE6M7DlqX7H9aQ75A6Xxjt4N47CkqssKXpSy2k6+Tj5ntcI5uWW2D9POzKxwJDmBfR+sJw==
fetch @octokit/webhooks-examples 7.6.1 octokit-webhooks-examples-7.6.1.tgz \
    De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==
echo "the payloads are in target/seeded"
