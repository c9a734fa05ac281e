"""A WebSocket in a few lines: websocket.py HOST PORT PROTOCOL TEXT prints the agreed protocol and the first frame."""
import base64, os, socket, sys

host, port, protocol, text = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4].encode()
wire = socket.create_connection((host, port), 10)
wire.settimeout(10)
wire.sendall((
    f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {protocol}\r\n"
    f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
stream = wire.makefile("rb")
status = stream.readline().decode().strip()
headers = {}
while line := stream.readline().decode().strip():
    name, value = line.split(":", 1)
    headers[name.lower()] = value.strip()
if not status.startswith("HTTP/1.1 101"):
    sys.exit(print(status))
mask = os.urandom(4)
wire.sendall(bytes([0x81, 0x80 | len(text)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(text)))
first, length = stream.read(2)
print(headers.get("sec-websocket-protocol", "-") + ": " + stream.read(length).decode())
wire.sendall(bytes([0x88, 0x82]) + mask + bytes(b ^ mask[i] for i, b in enumerate((1000).to_bytes(2))))
