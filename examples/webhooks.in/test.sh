#!/usr/bin/env bash
# GitHub's webhook, signed with openssl, is verified and stored before it is answered.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
need openssl openssl
export GITHUB_SECRET="It's a Secret to Everybody"
start_tidegate
github=http://127.0.0.1:7114/e/5f3a9c0be1d24876b0c2a9d47e815f60
clicks=http://127.0.0.1:7114/e/a7b18d2c904e4f53a6d0e8f2317c9b45

body='{"zen":"Keep it logically awesome."}'
signature="sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac "$GITHUB_SECRET" -r | cut -d' ' -f1)"
deliver() { # deliver SIGNATURE CURL-ARGS...
  local given=$1
  shift
  "$@" -H 'content-type: application/json' -H 'x-github-event: ping' -H 'x-github-delivery: d-1' \
    -H "x-hub-signature-256: $given" -d "$body" $github
}

expect "stored" 200 "$(deliver "$signature" status)"
expect "the record" "ping $body" "$(read_topic github '%k %s')"
headers=$(read_topic github %h | tr , '\n')
expect "verified" tidegate-verification=verified "$(grep verification <<<"$headers")"
expect "the sender's header" x-github-event=ping "$(grep x-github-event <<<"$headers")"
expect "the sender's id" tidegate-delivery-id=d-1 "$(grep delivery-id <<<"$headers")"
expect "the same again is a duplicate" true "$(deliver "$signature" header x-duplicate)"
expect "another signature" 401 "$(deliver "sha256=00" status)"
expect "only one is stored" 1 "$(read_topic github '%o\n' | wc -l)"
expect "from memory" 202 "$(status -d 1 $clicks)"
is_stored() { [ -n "$(read_topic clicks %s)" ]; }
expect "stored in a moment" yes "$(wait_until 10 is_stored && echo yes)"
expect "a topic of the list" 200 "$(status -d x http://127.0.0.1:7114/topics/webhooks.any)"
expect "another topic" 404 "$(status -d x http://127.0.0.1:7114/topics/orders)"
expect "another id" 404 "$(status -d x http://127.0.0.1:7114/e/00000000000000000000000000000000)"
expect "another method" 405 "$(status $github)"
finish
