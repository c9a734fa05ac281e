#!/usr/bin/env bash
# Protobuf is checked and stored as it came.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
start_tidegate
requests=http://127.0.0.1:7114/requests
type='content-type: application/protobuf'

printf '\x0a\x02hi\x10\x07' >"$work/good"
printf '\x0a\x02hi\x7a\x01x' >"$work/unknown"
expect "a good one" 204 "$(status -H "$type" --data-binary @"$work/good" $requests)"
expect "stored as it came" '0a 02 68 69 10 07' \
  "$(read_topic my-requests '%s' | od -An -tx1 | tr -s ' ' | sed 's/^ //')"
expect "an unknown field" 400 "$(status -H "$type" --data-binary @"$work/unknown" $requests)"
expect "no Protobuf" 400 "$(status -H "$type" --data-binary '{"title":"hi"}' $requests)"
finish
