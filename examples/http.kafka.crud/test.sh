#!/usr/bin/env bash
# Create, read, change and delete items; the topic keeps the newest record of each key.
. "$(dirname "$0")/../lib.sh"
start_tidegate
items=http://127.0.0.1:7114/items
json='content-type: application/json'

expect "empty at first" "[]" "$(curl -s $items)"
expect "create" 204 "$(status -H 'idempotency-key: 1' -H "$json" -d '{"greeting":"hi"}' $items)"
expect "read it, at once" '{"greeting":"hi"}' "$(curl -s $items/1)"
expect "its tag" "AQIAAg==" "$(header etag $items/1)"
expect "unchanged" 304 "$(status -H 'if-none-match: AQIAAg==' $items/1)"
expect "change" 204 "$(status -X PUT -H "$json" -d '{"greeting":"hello"}' $items/1)"
expect "changed" '{"greeting":"hello"}' "$(curl -s -H 'if-none-match: AQIAAg==' $items/1)"
expect "another" 204 "$(status -X PUT -H "$json" -d '{"greeting":"two"}' $items/2)"
expect "all" '[{"greeting":"hello"},{"greeting":"two"}]' "$(curl -s $items)"
expect "delete" 204 "$(status -X DELETE $items/1)"
expect "gone" 404 "$(status $items/1)"
expect "one left" '[{"greeting":"two"}]' "$(curl -s $items)"
expect "no such method" 405 "$(status -X PATCH $items/1)"

# A reader that waits gets the change as soon as it is there.
tag=$(header etag $items/2)
curl -s -H "if-none-match: $tag" -H 'prefer: wait=30' $items/2 >"$work/waiting" &
waiting=$!
expect "change what is waited for" 204 "$(status -X PUT -H "$json" -d '{"greeting":"three"}' $items/2)"
wait $waiting
expect "the waiting reader" '{"greeting":"three"}' "$(cat "$work/waiting")"
finish
