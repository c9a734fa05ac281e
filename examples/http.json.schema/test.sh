#!/usr/bin/env bash
# What goes in must fit a JSON Schema, and what another server answers too.
. "$(dirname "$0")/../lib.sh"
need python3 python3
mkdir -p "$work/site"
printf '{"id":42,"status":"Active"}' >"$work/site/valid.json"
printf '{"id":"forty-two","status":"Active"}' >"$work/site/invalid.json"
(cd "$work/site" && exec python3 -m http.server 7110 --bind 127.0.0.1 >/dev/null 2>&1) &
pids+=($!)
start_tidegate
wait_until 10 curl -fso /dev/null http://127.0.0.1:7110/valid.json
gateway=http://127.0.0.1:7114

expect "a reply that fits" '{"id":42,"status":"Active"}' "$(curl -s $gateway/valid.json)"
code=0
body=$(curl -s $gateway/invalid.json) || code=$?
expect "one that does not is broken off" 18 "$code"
expect "and nothing of it is seen" "" "$body"
json='content-type: application/json'
expect "a request that fits" '{"id":1}' "$(curl -s -H "$json" -d '{"id":1}' $gateway/items)"
expect "one that does not" 400 "$(status -H "$json" -d '{"id":"one"}' $gateway/items)"
expect "where" '/id breaks the rule '"'type'" \
  "$(curl -s -H "$json" -d '{"id":"one"}' $gateway/items | sed 's/.*does not fit: \([^"]*\)".*/\1/')"
expect "another content type" 400 "$(status -H 'content-type: text/plain' -d '{"id":1}' $gateway/items)"
finish
