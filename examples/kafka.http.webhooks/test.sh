#!/usr/bin/env bash
# Records for three URLs, of which one is well, one flaky and one dead: what came of each attempt.
. "$(dirname "$0")/../lib.sh"
need kcat kcat
need python3 python3
export WEBHOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
well=http://127.0.0.1:7201/in
flaky=http://127.0.0.1:7202/in
dead=http://127.0.0.1:7203/in

receive() { # receive NAME PORT OPTIONS...: one line of JSON in NAME.json for each request
  "$home/tidegate" listen --json --port "$2" --secret $WEBHOOK_SECRET "${@:3}" \
    >"$work/$1.json" 2>"$work/$1.log" &
  pids+=($!)
  wait_until 30 grep -q listening "$work/$1.log" || { cat "$work/$1.log" >&2; exit 1; }
}
receive well 7201
receive flaky 7202 --fail-first 2
receive dead 7203 --status 500
start_tidegate

# One command: three records for each of them.
for n in 1 2 3; do
  for url in $well $flaky $dead; do echo "$url={\"n\":$n}"; done
done | kcat -b "$kafka" -P -t webhooks-out -K= -H content-type=application/json

api() { curl -s -H "authorization: Bearer $(cat "$work/data/admin.key")" "$@"; }
pump=http://127.0.0.1:7115/api/v1/pumps/example:webhooks
lane=$pump/lanes/$(python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1], ""))' $dead)
waits() { api "$lane" | grep -q '"state":"waiting"'; }
expect "the dead one's lane waits" yes "$(wait_until 20 waits && echo yes)"
alone() { [ "$(api "$pump/lanes" | grep -o '"key"' | wc -l)" -eq 1 ]; }
expect "and is soon the only one that owes something" yes "$(wait_until 20 alone && echo yes)"

replies() { read_topic webhooks-out.replies '%T|%k|%h\n'; }
all_told() { [ "$(replies | wc -l)" -eq 23 ]; } # 3 + 5 + 15
expect "every attempt is told" yes "$(wait_until 60 all_told && echo yes)"

# What the reply topic says, as a table.
replies | python3 -c '
import sys
began = {}
row = "    %-26s %-10s %7s  %-6s %-10s %s"
print(row % ("url", "delivery", "attempt", "status", "outcome", "after the one before"))
for line in sorted(sys.stdin, key=lambda line: line.split("|")[1]):
    time, url, headers = line.rstrip("\n").split("|", 2)
    h = dict(each.split("=", 1) for each in headers.split(",") if "=" in each)
    delivery = h["zilla:correlation-id"][:8]
    since = int(time) - began.get(delivery, int(time))
    began[delivery] = int(time)
    print(row % (
        url, delivery, h["zilla:attempt"], h.get(":status", "-"), h["tidegate:outcome"], "%d ms" % since if since else ""))
'

bodies() { grep '^{' "$work/$1.json" | sed 's/.*"body":"{\\"n\\":\([0-9]\)}".*/\1/' | tr -d '\n'; }
expect "the well one got each once, in order" 123 "$(bodies well)"
expect "the flaky one's first was tried three times, and the others waited" 11123 "$(bodies flaky)"
expect "the dead one's were tried five times each" 111112222233333 "$(bodies dead)"
expect "all attempts of a delivery have one name" 3 \
  "$(grep -o '"id":"[0-9a-f]*"' "$work/dead.json" | sort -u | wc -l)"
expect "every signature was verified" 23 "$(cat "$work"/*.json | grep -c '"verified":true')"

expect "three dead letters" "exhausted exhausted exhausted" \
  "$(read_topic webhooks-out.dead '%h\n' | grep -o 'tidegate:reason=[a-z]*' | cut -d= -f2 | xargs)"
nothing_owed() { api "$pump" | grep -q '"lag":0'; }
expect "nothing is owed any more" yes "$(wait_until 20 nothing_owed && echo yes)"
expect "the group has committed it" 9 \
  "$(api "$pump" | grep -o '"committed":[0-9]*' | cut -d: -f2 | paste -sd+ | xargs -I{} python3 -c 'print({})')"
expect "another lane owes nothing" 404 "$(api -o /dev/null -w '%{http_code}' "$lane")"
finish
