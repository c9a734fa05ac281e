#!/usr/bin/env python3
"""Gives out tokens, as an identity provider would: /jwks.json and /token. For the demo alone."""
import base64
import http.server
import json
import subprocess
import sys
import time

PORT, KEY, SECONDS = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


def jwks():
    modulus = openssl("rsa", "-in", KEY, "-noout", "-modulus").decode().strip().split("=")[1]
    key = {"kty": "RSA", "kid": "one", "alg": "RS256", "use": "sig", "e": "AQAB", "n": b64url(bytes.fromhex(modulus))}
    return json.dumps({"keys": [key]})


def token():
    head = b64url(json.dumps({"alg": "RS256", "kid": "one"}).encode())
    claims = {
        "iss": "https://auth.example.com",
        "aud": "https://api.example.com",
        "sub": "alice",
        "scope": "proxy:stream",
        "exp": int(time.time()) + SECONDS,
    }
    signed = head + "." + b64url(json.dumps(claims).encode())
    return signed + "." + b64url(openssl("dgst", "-sha256", "-sign", KEY, data=signed.encode()))


class Issuer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answers = {"/jwks.json": jwks, "/token": token}
        answer = answers.get(self.path)
        body = (answer() if answer else "").encode()
        self.send_response(200 if answer else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Issuer).serve_forever()
