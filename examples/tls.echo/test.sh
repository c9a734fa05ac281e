#!/usr/bin/env bash
# Bytes come back inside TLS: to anyone by `echo`, by `secure-echo` only to who shows a certificate with the role.
. "$(dirname "$0")/../lib.sh"
need openssl openssl
make_certificates
start_tidegate

echo_by() { # echo_by PROTOCOL [OPENSSL-ARGS...]: what comes back of one line
  (echo "Hello, world"; sleep 2) | timeout 10 openssl s_client -quiet -connect 127.0.0.1:12345 -servername localhost \
    -CAfile "$certificates/authority.crt" -verify_return_error -alpn "$1" "${@:2}" 2>/dev/null || true
}
who() { echo "-cert $certificates/$1.crt -key $certificates/$1.key"; }
shown() { # the subject of the certificate that is shown now
  openssl s_client -connect 127.0.0.1:12345 -servername localhost -alpn echo </dev/null 2>/dev/null |
    openssl x509 -noout -subject -nameopt RFC2253 2>/dev/null
}

expect "echo, without a certificate" "Hello, world" "$(echo_by echo)"
expect "secure-echo, without a certificate" "" "$(echo_by secure-echo)"
# shellcheck disable=SC2046
expect "secure-echo, with the client's" "Hello, world" "$(echo_by secure-echo $(who client-1))"
# shellcheck disable=SC2046
expect "secure-echo, with another's of the same authority" "" "$(echo_by secure-echo $(who other))"
# shellcheck disable=SC2046
expect "echo, with one that nobody vouches for" "" "$(echo_by echo $(who stranger))"
expect "a protocol that is not offered" "" "$(echo_by nothing)"
expect "the certificate" "subject=CN=localhost" "$(shown)"
certificate renewed authority "/O=renewed/CN=localhost" "subjectAltName=DNS:localhost"
key_store renewed localhost
renewed() { [ "$(shown)" = "subject=CN=localhost,O=renewed" ]; }
wait_until 10 renewed || true
expect "a renewed certificate, without a restart" "subject=CN=localhost,O=renewed" "$(shown)"
finish
