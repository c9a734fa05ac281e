#!/usr/bin/env bash
# A POST is stored on a topic before it is answered, byte for byte.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
start_tidegate
events=http://127.0.0.1:7114/events

expect "stored" 204 "$(status -H 'content-type: application/json' -H 'x-github-event: push' \
  -d '{"greeting":"Hello, world"}' $events)"
expect "the record" '{"greeting":"Hello, world"} content-type=application/json,x-github-event=push' \
  "$(read_topic events '%s %h')"
expect "the query is not part of the path" 204 "$(status -d x "$events?source=test")"
expect "another path" 404 "$(status -d x http://127.0.0.1:7114/nothing)"
expect "another method" 405 "$(status -X PUT -d x $events)"
head -c 12000000 /dev/zero >"$work/large"
expect "too large for the topic" 413 "$(status --data-binary @"$work/large" $events)"
finish
