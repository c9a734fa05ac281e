#!/usr/bin/env bash
# A caller waits for the reply that a service puts on another topic. This script is that service.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
start_tidegate
item=http://127.0.0.1:7114/items/5cf7a1d5

curl -s -X PUT -H 'idempotency-key: 1' -H 'content-type: application/json' -d '{"greeting":"Hello"}' \
  -o "$work/reply" -w '%{http_code} %{content_type}' $item >"$work/status" &
caller=$!
requested() { [ -n "$(read_topic items-requests '%k')" ]; }
wait_until 10 requested
expect "the request" '5cf7a1d5 {"greeting":"Hello"}' "$(read_topic items-requests '%k %s')"
headers=$(read_topic items-requests '%h')
expect "its method" PUT "$(tr ',' '\n' <<<"$headers" | sed -n 's/^:method=//p')"
id=$(tr ',' '\n' <<<"$headers" | sed -n 's/^zilla:correlation-id=//p')
expect "the correlation id begins with the idempotency key" 1 "${id%%-*}"

echo '5cf7a1d5={"greeting":"Hello, world"}' | kcat -b "$kafka" -P -t items-responses -K= \
  -H :status=201 -H content-type=application/json -H "zilla:correlation-id=$id"
wait $caller
expect "the status" "201 application/json" "$(cat "$work/status")"
expect "the reply" '{"greeting":"Hello, world"}' "$(cat "$work/reply")"

expect "the same request again is answered from the topic" '{"greeting":"Hello, world"}' \
  "$(curl -s -X PUT -H 'idempotency-key: 1' -H 'content-type: application/json' -d '{"greeting":"Hello"}' $item)"
expect "and no second request was made" 1 "$(read_topic items-requests '%k\n' | wc -l)"
expect "nobody answers in time" 504 "$(status -X PUT -H 'prefer: wait=1' -d x $item)"
finish
