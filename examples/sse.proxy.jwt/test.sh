#!/usr/bin/env bash
# A token opens another server's event stream; the stream asks for a newer one and ends with it.
. "$(dirname "$0")/../lib.sh"
need openssl openssl
need python3 python3

cat >"$work/events.py" <<'PY'
import http.server, time
class Events(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for number in range(600):
            self.wfile.write(f"id: {number}\ndata: event {number}\n\n".encode())
            self.wfile.flush()
            time.sleep(0.1)
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", 7198), Events).serve_forever()
PY
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/issuer.key" 2>/dev/null
python3 "$here/../sse.kafka.fanout.jwt/issuer.py" 7199 "$work/issuer.key" 5 >/dev/null 2>&1 &
pids+=($!)
python3 "$work/events.py" >/dev/null 2>&1 &
pids+=($!)
wait_until 10 curl -fso /dev/null http://127.0.0.1:7199/jwks.json
start_tidegate
token=$(curl -s http://127.0.0.1:7199/token)
url=http://127.0.0.1:7114/events

expect "no token" 401 "$(status $url)"
expect "another path" 404 "$(status -H "authorization: Bearer $token" http://127.0.0.1:7114/events/more)"
token=$(curl -s http://127.0.0.1:7199/token) # it lasts for five seconds from here
curl -sN "$url?access_token=$token" >"$work/stream" &
reader=$!
wait_until 10 grep -q 'data: event 3' "$work/stream" && seen=yes || seen=no
expect "events of the other server" yes $seen
wait_until 10 grep -q '^event:challenge$' "$work/stream" && seen=yes || seen=no
expect "a challenge before the token ends" yes $seen
wait_until 40 sh -c "! kill -0 $reader" && seen=yes || seen=no
expect "and the end with the token" yes $seen
expect "no event was torn" 0 "$(grep -c 'data:.*event:challenge' "$work/stream" || true)"
finish
