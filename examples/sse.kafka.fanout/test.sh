#!/usr/bin/env bash
# Topics as event streams: history, then what comes; filters; both forms of ids; coming back.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
start_tidegate
quotes=http://127.0.0.1:7114/quotes

listen() { # listen NAME CURL-ARGS...: keeps what comes in a file of that name
  curl -sN "${@:2}" >"$work/$1" &
  pids+=($!)
}
has() { wait_until 20 grep -qxF -- "$2" "$work/$1"; } # has NAME LINE
first() { grep -v '^:' "$work/$1" | grep -v '^retry:' | sed '/./,$!d' | head -n "$2"; } # first NAME COUNT

expect "put a quote" 204 "$(status -H 'tag: nasdaq' -d '{"p":1}' $quotes/AAPL)"
expect "put another" 204 "$(status -H 'tag: nyse' -d 'other' $quotes/AAPL)"
expect "two lines" 204 "$(status -H 'tag: nasdaq' --data-binary $'line1\nline2' $quotes/AAPL)"

listen all $quotes
has all data:line2
expect "the history, whole" $'id:AQIAAg==\ndata:{"p":1}\n\nid:AQIABA==\ndata:other\n\nid:AQIABg==\ndata:line1\ndata:line2' \
  "$(first all 9)"
expect "what a browser is told to wait" retry:500 "$(head -n 1 "$work/all")"

listen one $quotes/AAPL/nasdaq
has one data:line2
expect "one key with one tag" $'id:AQIAAg==\ndata:{"p":1}\n\nid:AQIABg==\ndata:line1\ndata:line2' "$(first one 6)"

printf 'TOMB:' | kcat -b "$kafka" -P -t quotes -Z -K:
has all event:delete
expect "a tombstone, by key" $'id:AQIACA==\nevent:delete\ndata:VE9NQg==' "$(grep -B1 -A1 event:delete "$work/all")"

listen later -H 'last-event-id: AQIABg==' $quotes
has later event:delete
expect "only what came later" $'id:AQIACA==\nevent:delete\ndata:VE9NQg==' "$(first later 3)"
listen query "$quotes?lastEventId=AQIABg%3D%3D"
has query event:delete
expect "the same by query" id:AQIACA== "$(first query 1)"

listen keyed http://127.0.0.1:7114/keyed/quotes
has keyed event:delete
expect "ids with the key" 'id:["QUFQTA==","AQIAAg=="]' "$(first keyed 1)"
listen resumed -H 'last-event-id: ["QUFQTA==","AQIABg=="]' http://127.0.0.1:7114/keyed/quotes
has resumed event:delete
expect "and back with one" 'id:["VE9NQg==","AQIACA=="]' "$(first resumed 1)"

listen lines -H 'accept: application/x-ndjson' $quotes
wait_until 20 grep -q delete "$work/lines"
expect "one JSON object a line" AAPL "$(head -n 1 "$work/lines" | python3 -c 'import json,sys; print(json.load(sys.stdin)["key"])')"

wait_until 10 grep -qx : "$work/all"
expect "a heartbeat" : "$(grep -x : "$work/all" | head -n 1)"
listen unknown -H 'last-event-id: x' $quotes
has unknown event:delete
expect "an id that is none: all again" 1 "$(grep -c '^:the last event id' "$work/unknown")"
expect "no such topic" 404 "$(status http://127.0.0.1:7114/nothing)"
expect "no such method" 405 "$(status -X PUT $quotes)"
finish
