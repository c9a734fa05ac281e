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
  "$home/tidegate" up "$here/zilla.yaml" --data "$work/data" "$@" >"$work/log" 2>&1 &
  pids+=($!)
  wait_until 60 curl -fso /dev/null http://127.0.0.1:7115/health/ready || { cat "$work/log" >&2; exit 1; }
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

read_topic() { # read_topic TOPIC FORMAT [KCAT-ARGS...]
  kcat -b "$kafka" -C -t "$1" -e -q -f "$2" "${@:3}"
}

finish() {
  [ $failures -eq 0 ] || { echo "$name: $failures failed" >&2; exit 1; }
  echo "$name: passed"
}
