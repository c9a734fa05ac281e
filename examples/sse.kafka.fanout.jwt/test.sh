#!/usr/bin/env bash
# A browser listens over TLS, renews its token when it is asked to, and comes back by itself when
# the gateway was away. What it saw it puts on a topic, where this script reads it.
. "$(dirname "$0")/../lib.sh"
need openssl openssl
need python3 python3
need kcat kcat
need chromium chromium

export DEMO_STORE="$work/keys.p12" DEMO_PASSWORD=demo-password
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
openssl pkcs12 -export -name localhost -inkey "$work/tls.key" -in "$work/tls.crt" \
  -out "$DEMO_STORE" -passout "pass:$DEMO_PASSWORD"
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/issuer.key" 2>/dev/null
python3 "$here/issuer.py" 7199 "$work/issuer.key" 20 >/dev/null 2>&1 &
pids+=($!)
wait_until 10 curl -fso /dev/null http://127.0.0.1:7199/jwks.json
start_tidegate
gateway=${pids[-1]}

url=https://localhost:7143
tls=(--cacert "$work/tls.crt" --resolve localhost:7143:127.0.0.1)
put() { printf '%s' "$1" | kcat -b "$kafka" -P -t events -k "${2:-}"; }
saw() { read_topic seen '%s\n' 2>/dev/null | grep -xF -- "$1" >/dev/null; }
times() { read_topic seen '%s\n' | grep -cxF -- "$1"; }

expect "the page, over TLS and HTTP/2" 2 "$(curl -s "${tls[@]}" -o /dev/null -w '%{http_version}' $url/)"
expect "no token, no stream" 401 "$(status "${tls[@]}" $url/events)"
expect "a token of another shape" 403 "$(status "${tls[@]}" "$url/events?access_token=x")"
curl -sN "${tls[@]}" "$url/events?access_token=$(curl -s "${tls[@]}" $url/token)" >"$work/plain" &
pids+=($!)

put one
chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --remote-debugging-port=0 \
  --ignore-certificate-errors --user-data-dir="$work/browser" $url/ >/dev/null 2>&1 &
pids+=($!)
wait_until 60 saw "event one" && seen=yes || seen=no
expect "the browser sees history" yes $seen
put two
wait_until 20 saw "event two" && seen=yes || seen=no
expect "and what comes" yes $seen

wait_until 60 saw "renewed 204" && seen=yes || seen=no
expect "it renews its token when it is asked to" yes $seen
renewed_twice() { [ "$(times 'renewed 204')" -ge 2 ]; }
wait_until 60 renewed_twice && seen=yes || seen=no
expect "and again" yes $seen
put three
wait_until 20 saw "event three" && seen=yes || seen=no
expect "the stream has outlived its first token" yes $seen
expect "without a break" 0 "$(times closed)"
expect "who does not renew is cut off" yes "$(wait_until 30 sh -c "! kill -0 ${pids[-2]}" && echo yes)"

kill "$gateway"
wait "$gateway" 2>/dev/null || true
start_tidegate
put four
wait_until 60 saw "event four" && seen=yes || seen=no
expect "the browser comes back by itself" yes $seen
expect "and sees nothing twice" "1 1 1 1" \
  "$(times 'event one') $(times 'event two') $(times 'event three') $(times 'event four')"
finish
