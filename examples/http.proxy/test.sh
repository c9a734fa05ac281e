#!/usr/bin/env bash
# Requests go on to another HTTP server, and its replies come back.
. "$(dirname "$0")/../lib.sh"
need python3 python3
mkdir -p "$work/site"
echo '<h1>Hello, world</h1>' >"$work/site/demo.html"
(cd "$work/site" && exec python3 -m http.server 7110 --bind 127.0.0.1 >/dev/null 2>&1) &
upstream=$!
pids+=($upstream)
start_tidegate
wait_until 10 curl -fso /dev/null http://127.0.0.1:7110/demo.html

expect "a page" '<h1>Hello, world</h1>' "$(curl -s http://127.0.0.1:7114/demo.html)"
expect "over HTTP/2" '<h1>Hello, world</h1>' "$(curl -s --http2-prior-knowledge http://127.0.0.1:7114/demo.html)"
expect "its status" 404 "$(status http://127.0.0.1:7114/nothing.html)"
kill $upstream
wait $upstream 2>/dev/null || true
expect "the other server is away" 502 "$(status http://127.0.0.1:7114/demo.html)"
finish
