#!/usr/bin/env bash
# Requests go on to another HTTP server, and its replies come back: TLS on both sides.
. "$(dirname "$0")/../lib.sh"
need python3 python3
need openssl openssl
make_certificates
mkdir -p "$work/site"
echo '<h1>Hello, world</h1>' >"$work/site/demo.html"
cat >"$work/server.py" <<'PY'
import functools, http.server, ssl, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 7110), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2] + ".crt", sys.argv[2] + ".key")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
PY
python3 "$work/server.py" "$work/site" "$certificates/localhost" >/dev/null 2>&1 &
upstream=$!
pids+=($upstream)
start_tidegate
trusted=(--cacert "$certificates/authority.crt")
wait_until 10 curl -fso /dev/null "${trusted[@]}" https://localhost:7110/demo.html

expect "a page" '<h1>Hello, world</h1>' "$(curl -s http://127.0.0.1:7114/demo.html)"
expect "over HTTP/2" '<h1>Hello, world</h1>' "$(curl -s --http2-prior-knowledge http://127.0.0.1:7114/demo.html)"
expect "inside TLS" '<h1>Hello, world</h1>' "$(curl -s "${trusted[@]}" --http2 https://localhost:7143/demo.html)"
expect "agreed on" 2 "$(curl -s "${trusted[@]}" --http2 -o /dev/null -w '%{http_version}' https://localhost:7143/demo.html)"
expect "or HTTP/1.1" 1.1 "$(curl -s "${trusted[@]}" --http1.1 -o /dev/null -w '%{http_version}' https://localhost:7143/demo.html)"
expect "its status" 404 "$(status http://127.0.0.1:7114/nothing.html)"
kill $upstream
wait $upstream 2>/dev/null || true
expect "the other server is away" 502 "$(status http://127.0.0.1:7114/demo.html)"
finish
