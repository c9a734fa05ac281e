#!/usr/bin/env bash
# JSON is checked against a Protobuf schema and stored as Protobuf.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
start_tidegate
requests=http://127.0.0.1:7114/requests
json='content-type: application/json'

expect "a good one" 204 "$(status -H "$json" -d '{"title":"hi","age":7}' $requests)"
expect "Protobuf lies in the topic" '0a 02 68 69 10 07' \
  "$(read_topic my-requests '%s' | od -An -tx1 | tr -s ' ' | sed 's/^ //')"
expect "an unknown field" 400 "$(status -H "$json" -d '{"title":"hi","invalid":1}' $requests)"
expect "a wrong type" 400 "$(status -H "$json" -d '{"title":"hi","age":"old"}' $requests)"
expect "no JSON" 400 "$(status -H "$json" -d 'title=hi' $requests)"
finish
