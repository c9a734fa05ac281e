# Sourced by every example's test.sh: starts Tidegate on the zilla.yaml beside it, and checks replies.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
home=$(cd "$here/../.." && pwd)
name=$(basename "$here")
work=$(mktemp -d)
trap 'stop_all' EXIT
pids=()
failures=0

need() { # need PROGRAM PACKAGE
  command -v "$1" >/dev/null 2>&1 || { echo "$name: $1 is needed (apt-get install $2)" >&2; exit 2; }
}
need curl curl

start_tidegate() { # start_tidegate [OPTIONS...]: runs until the script ends
  "$home/tidegate" up "${config:-$here/zilla.yaml}" --data "$work/data" "$@" >"$work/log" 2>&1 &
  pids+=($!)
  wait_until 180 curl -fso /dev/null http://127.0.0.1:7115/health/ready || { cat "$work/log" >&2; exit 1; }
  wait_until 60 grep -q 'is up' "$work/log" || true # the addresses come a moment after
  kafka=$(sed -n 's/^.*Kafka *\(127.0.0.1:[0-9]*\).*$/\1/p' "$work/log" | head -n 1)
}

stop_all() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}

wait_until() { # wait_until SECONDS COMMAND...: true as soon as the command is
  local end=$((SECONDS + $1))
  shift
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

expect() { # expect WHAT WANTED ACTUAL
  if [ "$2" = "$3" ]; then
    echo "  ok    $1"
  else
    echo "  FAIL  $1: expected '$2', was '$3'"
    failures=$((failures + 1))
  fi
}

status() { curl -s -o /dev/null -w '%{http_code}' "$@"; } # status CURL-ARGS...: the status code alone
header() { # header NAME CURL-ARGS...: the value of one reply header
  local wanted=$1
  shift
  curl -s -D - -o /dev/null "$@" | tr -d '\r' | sed -n "s/^$wanted: //Ip"
}

certificate() { # certificate NAME ISSUER SUBJECT [EXTENSION]: NAME.key and NAME.crt, by ISSUER or by itself
  local self=() ext="${4:-basicConstraints=CA:FALSE}"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$3" \
    -keyout "$certificates/$1.key" -out "$certificates/$1.csr" 2>/dev/null
  if [ "$1" = "$2" ]; then
    ext="basicConstraints=critical,CA:TRUE"
    self=(-signkey "$certificates/$1.key")
  else
    self=(-CA "$certificates/$2.crt" -CAkey "$certificates/$2.key" -CAcreateserial)
  fi
  openssl x509 -req -days 30 -in "$certificates/$1.csr" "${self[@]}" -extfile <(echo "$ext") \
    -out "$certificates/$1.crt" 2>/dev/null
}
key_store() { # key_store NAME ALIAS: ALIAS.p12 with the key and the certificate of NAME under ALIAS
  openssl pkcs12 -export -inkey "$certificates/$1.key" -in "$certificates/$1.crt" -name "$2" \
    -passout pass:changeit -out "$certificates/$2.p12.new"
  mv "$certificates/$2.p12.new" "$certificates/$2.p12"
}
make_certificates() { # of an authority, a server on localhost, two clients, and a stranger
  certificates="$work/tls"
  mkdir -p "$certificates"
  config="$work/zilla.yaml" # files are named as seen from the configuration
  cp "$here/zilla.yaml" "$config"
  certificate authority authority "/CN=authority"
  certificate elsewhere elsewhere "/CN=elsewhere"
  certificate localhost authority "/CN=localhost" "subjectAltName=DNS:localhost,IP:127.0.0.1"
  certificate client-1 authority "/CN=client-1"
  certificate other authority "/CN=other"
  certificate stranger elsewhere "/CN=client-2"
  key_store localhost localhost
  cp "$certificates/authority.crt" "$certificates/trust.pem"
}

read_topic() { # read_topic TOPIC FORMAT [KCAT-ARGS...]
  kcat -b "$kafka" -C -t "$1" -e -q -f "$2" "${@:3}"
}

finish() {
  [ $failures -eq 0 ] || { echo "$name: $failures failed" >&2; exit 1; }
  echo "$name: passed"
}
