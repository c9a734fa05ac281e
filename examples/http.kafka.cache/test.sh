#!/usr/bin/env bash
# What any Kafka client writes to a topic can be read over HTTP, from a view that is kept ready.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
start_tidegate
items=http://127.0.0.1:7114/items

expect "empty at first" "[]" "$(curl -s $items)"
echo '5cf7a1d5:{"greeting":"Hello, world"}' | kcat -b "$kafka" -P -t items-snapshots -K: -H content-type=application/json
seen() { [ "$(curl -s $items)" = '[{"greeting":"Hello, world"}]' ]; }
wait_until 10 seen
expect "all" '[{"greeting":"Hello, world"}]' "$(curl -s $items)"
expect "one" '{"greeting":"Hello, world"}' "$(curl -s $items/5cf7a1d5)"
expect "its content type" "application/json" "$(header content-type $items/5cf7a1d5)"
expect "nothing is written here" 405 "$(status -d x $items)"
finish
