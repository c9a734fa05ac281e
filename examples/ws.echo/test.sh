#!/usr/bin/env bash
# Frames of a WebSocket come back.
. "$(dirname "$0")/../lib.sh"
need python3 python3
start_tidegate

expect "one line" "echo: Hello, world" "$(python3 "$home/examples/websocket.py" 127.0.0.1 7114 echo 'Hello, world')"
expect "a protocol that no route takes" "HTTP/1.1 404 Not Found" "$(python3 "$home/examples/websocket.py" 127.0.0.1 7114 other x)"
expect "a request that is no websocket" 404 "$(status http://127.0.0.1:7114/)"
finish
