#!/usr/bin/env bash
# JSON is checked against an Avro schema, stored as Avro, and read as JSON again.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
start_tidegate
items=http://127.0.0.1:7114/items
json='content-type: application/json'

expect "a good item" 204 "$(status -H "$json" -H 'idempotency-key: 1' -d '{ "id": "a", "status": "OK" }' $items)"
expect "compact JSON comes back" '{"id":"a","status":"OK","count":null}' "$(curl -s $items/1)"
expect "Avro lies in the topic" '02 61 04 4f 4b 00' \
  "$(read_topic items-snapshots '%s' | od -An -tx1 | tr -s ' ' | sed 's/^ //')"
expect "a wrong type is refused" 400 "$(status -H "$json" -H 'idempotency-key: 2' -d '{"id":7,"status":"OK"}' $items)"
expect "and told" '/id is not a string' \
  "$(curl -s -H "$json" -d '{"id":7,"status":"OK"}' $items | sed 's/.*does not fit: \([^"]*\)".*/\1/')"
expect "and not stored" 404 "$(status $items/2)"
expect "an unknown field is refused" 400 "$(status -H "$json" -d '{"id":"a","status":"OK","x":1}' $items)"
echo 'rubbish' | kcat -b "$kafka" -P -t items-snapshots -k 3
expect "what others write and does not fit is skipped" '[{"id":"a","status":"OK","count":null}]' "$(curl -s $items)"
finish
