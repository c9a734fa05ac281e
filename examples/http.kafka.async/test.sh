#!/usr/bin/env bash
# A caller gets 202 and a place to ask for the reply later.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
start_tidegate
item=http://127.0.0.1:7114/items/5cf7a1d5

curl -s -D "$work/head" -o /dev/null -X PUT -H 'prefer: respond-async' -H 'idempotency-key: 1' \
  -d '{"greeting":"Hello"}' $item
location=$(tr -d '\r' <"$work/head" | sed -n 's/^location: //Ip')
expect "accepted" "202" "$(sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' "$work/head")"
expect "the preference is confirmed" "respond-async" \
  "$(tr -d '\r' <"$work/head" | sed -n 's/^preference-applied: //Ip')"
id=${location##*cid=}
expect "the request carries the id" "$id" \
  "$(read_topic items-requests '%h' | tr ',' '\n' | sed -n 's/^zilla:correlation-id=//p')"
expect "no reply yet" 202 "$(status "http://127.0.0.1:7114$location")"

curl -s -H 'prefer: wait=30' "http://127.0.0.1:7114$location" >"$work/reply" &
caller=$!
echo '5cf7a1d5={"greeting":"done"}' | kcat -b "$kafka" -P -t items-responses -K= \
  -H :status=200 -H "zilla:correlation-id=$id"
wait $caller
expect "the reply, to whom waits" '{"greeting":"done"}' "$(cat "$work/reply")"
expect "and to whom comes later" '{"greeting":"done"}' "$(curl -s "http://127.0.0.1:7114$location")"
finish
