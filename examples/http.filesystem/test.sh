#!/usr/bin/env bash
# Files of a folder, and no way out of it.
. "$(dirname "$0")/../lib.sh"

start_tidegate
page=http://127.0.0.1:7114/index.html
expect "GET /index.html is the file" "$(cat "$here/www/index.html")" "$(curl -s "$page")"
expect "GET / is it too" "$(cat "$here/www/index.html")" "$(curl -s http://127.0.0.1:7114/)"
expect "its type" "text/html; charset=utf-8" "$(header content-type "$page")"
tag=$(header etag "$page")
expect "who has it need not get it again" 304 "$(status -H "if-none-match: $tag" "$page")"
expect "a part of it" "<title>" "$(curl -s -r 16-22 "$page")"
expect "no way out of the folder" 404 "$(status --path-as-is http://127.0.0.1:7114/../zilla.yaml)"
expect "nor in disguise" 404 "$(status --path-as-is http://127.0.0.1:7114/%2e%2e/zilla.yaml)"
expect "files are not changed" 405 "$(status -X DELETE "$page")"
finish
