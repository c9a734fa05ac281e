#!/usr/bin/env bash
# Two tenants subscribe webhooks and a Kafka topic; what is published reaches who asked for it, signed,
# and what happened can be read and done again.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
need python3 python3
export SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw

receive() { # receive NAME PORT OPTIONS...: one line of JSON in NAME.json for each request
  "$home/tidegate" listen --json --port "$2" "${@:3}" >"$work/$1.json" 2>"$work/$1.log" &
  pids+=($!)
  wait_until 30 grep -q listening "$work/$1.log" || { cat "$work/$1.log" >&2; exit 1; }
}
receive shop 7201 --secret $SECRET --fail-first 1
receive crm 7202
start_tidegate

api=http://127.0.0.1:7115/api/v1
ask() { curl -s -H "authorization: Bearer $(cat "$work/data/admin.key")" "$@"; }
field() { python3 -c 'import json, sys; at = json.load(sys.stdin)
for name in sys.argv[1].split("."): at = at[int(name)] if name.isdigit() else at[name]
print(json.dumps(at) if isinstance(at, (dict, list)) else at)' "$1"; }
count() { grep -c '^{' "$work/$1.json" || true; }
got() { [ "$(count "$1")" -ge "$2" ]; }

ask -o /dev/null -X PUT $api/tenants/acme
ask -o /dev/null -X PUT $api/tenants/globex
shop=$(ask -X POST $api/tenants/acme/destinations -d '{"type":"webhook","topics":["order.*"],
  "filter":{"data":{"total":{"$gte":100}}},"config":{"url":"http://127.0.0.1:7201/in","signature":"standard-webhooks"},
  "credentials":{"secret":"'$SECRET'"}}' | field id)
ask -o /dev/null -X POST $api/tenants/globex/destinations \
  -d '{"type":"webhook","topics":["*"],"config":{"url":"http://127.0.0.1:7202/in"}}'
expect "who would get it" "$shop" "$(ask -X POST "$api/publish?dry_run=true" \
  -d '{"tenant_id":"acme","topic":"order.paid","data":{"total":250}}' | field destination_ids.0)"

publish() { ask -X POST $api/publish -d "$1"; }
publish '{"id":"o-1","tenant_id":"acme","topic":"order.paid","data":{"total": 250}}' >/dev/null
expect "the same event again" True \
  "$(publish '{"id":"o-1","tenant_id":"acme","topic":"order.paid","data":{"total": 250}}' | field duplicate)"
expect "one that its filter leaves out" "[]" \
  "$(publish '{"tenant_id":"acme","topic":"order.paid","data":{"total":3}}' | field destination_ids)"
expect "a topic that there is not" 422 \
  "$(ask -o /dev/null -w '%{http_code}' -X POST $api/publish -d '{"tenant_id":"acme","topic":"nothing","data":{}}')"
expect "it failed once and was tried again" yes "$(wait_until 20 got shop 2 && echo yes)"
expect "with the bytes as they were published, signed" 2 \
  "$(grep -F '"body":"{\"total\": 250}"' "$work/shop.json" | grep -c '"verified":true')"

echo '{"total":7}' | kcat -b "$kafka" -P -t shop -H x-tenant=globex
expect "a record of another topic is an event, too" yes "$(wait_until 20 got crm 1 && echo yes)"

attempts() { ask "$api/attempts?tenant_id=acme&destination_id=$shop"; }
both_known() { [ "$(attempts | field models | grep -o '"code"' | wc -l)" -eq 2 ]; }
expect "both attempts are in the ledger" yes "$(wait_until 20 both_known && echo yes)"
expect "the newest first" "success" "$(attempts | field models.0.status)"
ask -o /dev/null -X POST $api/retry -d '{"event_id":"o-1","destination_id":"'"$shop"'"}'
expect "done once more, by hand" yes "$(wait_until 20 got shop 3 && echo yes)"

token=$(ask $api/tenants/globex/token | field token)
expect "a tenant sees nobody else's" 403 \
  "$(curl -s -o /dev/null -w '%{http_code}' -H "authorization: Bearer $token" $api/tenants/acme/destinations)"

to_topic() { # to_topic TOPIC: a destination that writes there, made only if it could; the status
  ask -o /dev/null -w '%{http_code}' -X POST "$api/tenants/globex/destinations?check=true" -d '{"type":"kafka",
    "topics":["user.created"],"config":{"brokers":"'"$kafka"'","topic":"'"$1"'","sasl_mechanism":"none","tls":"false",
    "partition_key_template":"data.id"}}'
}
expect "a topic that is not there is no destination" 422 "$(to_topic nobody)"
expect "another one is" 201 "$(to_topic users)"
publish '{"tenant_id":"globex","topic":"user.created","data":{"id":"u1"}}' >/dev/null
in_topic() { [ "$(read_topic users '%k %s')" = 'u1 {"id":"u1"}' ]; }
expect "and gets what is published" yes "$(wait_until 30 in_topic && echo yes)"
finish
