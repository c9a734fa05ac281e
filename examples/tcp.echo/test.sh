#!/usr/bin/env bash
# Every byte comes back.
. "$(dirname "$0")/../lib.sh"
start_tidegate

exec 3<>/dev/tcp/127.0.0.1/12345
echo "Hello, world" >&3
read -r -t 5 line <&3
exec 3>&-
expect "one line" "Hello, world" "$line"
finish
