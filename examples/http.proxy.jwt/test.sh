#!/usr/bin/env bash
# Tokens are checked at the door: signature, issuer, audience, times, roles. `openssl` signs them here.
. "$(dirname "$0")/../lib.sh"
need openssl openssl
need python3 python3

b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

new_key() { # new_key FILE
  openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1" 2>/dev/null
}

jwk() { # jwk FILE KID
  local n
  n=$(openssl rsa -in "$1" -noout -modulus 2>/dev/null | sed 's/^Modulus=//' |
    python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read().strip()))' | b64url)
  printf '{"kty":"RSA","kid":"%s","alg":"RS256","use":"sig","e":"AQAB","n":"%s"}' "$2" "$n"
}

token() { # token FILE KID SCOPE SECONDS-TO-LIVE [AUDIENCE]
  local head body
  head=$(printf '{"alg":"RS256","typ":"JWT","kid":"%s"}' "$2" | b64url)
  body=$(printf '{"iss":"https://auth.example.com","aud":"%s","sub":"alice","scope":"%s","exp":%d}' \
    "${5:-https://api.example.com}" "$3" $(($(date +%s) + $4)) | b64url)
  printf '%s.%s.%s' "$head" "$body" "$(printf '%s.%s' "$head" "$body" | openssl dgst -sha256 -sign "$1" | b64url)"
}

# The issuer: a file with its public key, served over HTTP.
mkdir -p "$work/issuer"
new_key "$work/key.pem"
new_key "$work/other.pem"
printf '{"keys":[%s]}' "$(jwk "$work/key.pem" one)" >"$work/issuer/jwks.json"
python3 -m http.server --bind 127.0.0.1 --directory "$work/issuer" 7199 >/dev/null 2>&1 &
pids+=($!)
wait_until 10 curl -fso /dev/null http://127.0.0.1:7199/jwks.json
start_tidegate

url=http://127.0.0.1:7114/
good=$(token "$work/key.pem" one "echo:stream other" 60)
bearer() { printf 'authorization: Bearer %s' "$1"; }

expect "an open route needs no token" "hi" "$(curl -s -d hi ${url}open)"
expect "no token" 401 "$(status -d hi $url)"
expect "a good token" "hi" "$(curl -s -H "$(bearer "$good")" -d hi $url)"
expect "in the query" 200 "$(status -d hi "$url?access_token=$good")"
expect "in a cookie" 200 "$(status -b "access_token=$good" -d hi $url)"
expect "without the role" 403 "$(status -H "$(bearer "$(token "$work/key.pem" one "" 60)")" -d hi $url)"
expect "expired" 403 "$(status -H "$(bearer "$(token "$work/key.pem" one echo:stream -60)")" -d hi $url)"
expect "for somebody else" 403 \
  "$(status -H "$(bearer "$(token "$work/key.pem" one echo:stream 60 https://other)")" -d hi $url)"
expect "signed by somebody else" 403 \
  "$(status -H "$(bearer "$(token "$work/other.pem" one echo:stream 60)")" -d hi $url)"
none=$(printf '{"alg":"none"}' | b64url).$(printf '%s' "$good" | cut -d. -f2).
expect "not signed at all" 403 "$(status -H "$(bearer "$none")" -d hi $url)"

# The issuer changes its key: a token of the new one is refused once, which makes the key known.
printf '{"keys":[%s]}' "$(jwk "$work/other.pem" two)" >"$work/issuer/jwks.json"
rotated=$(token "$work/other.pem" two echo:stream 60)
passes() { [ "$(status -H "$(bearer "$rotated")" -d hi $url)" = 200 ]; }
wait_until 30 passes && rotation=seen || rotation=missed
expect "a new key of the issuer" seen "$rotation"
expect "the key it no longer publishes" 403 "$(status -H "$(bearer "$good")" -d hi $url)"
finish
