#!/usr/bin/env bash
# Every request comes back as its reply, over HTTP/1.1 and HTTP/2.
. "$(dirname "$0")/../lib.sh"
start_tidegate

expect "HTTP/1.1" "Hello, world" "$(curl -s -d 'Hello, world' http://127.0.0.1:7114/)"
expect "HTTP/2" "Hello, world" "$(curl -s --http2-prior-knowledge -d 'Hello, world' http://127.0.0.1:7114/)"
expect "content-type" "text/plain" \
  "$(header content-type -H 'content-type: text/plain' -d 'Hello' http://127.0.0.1:7114/)"
expect "another authority has no route" 404 "$(status -H 'host: elsewhere:7114' http://127.0.0.1:7114/)"
finish
