#!/usr/bin/env bash
# Requests are measured under the names and labels that the configuration chooses.
. "$(dirname "$0")/../lib.sh"
start_tidegate

expect "an echo" "hello" "$(curl -s -d hello http://127.0.0.1:7114/items)"
expect "another" "" "$(curl -s http://127.0.0.1:7114/items)"

labels='binding="north_http",method="POST",namespace="example",path="/items"'
page() { curl -s http://127.0.0.1:7190/metrics; }
shown() { page | grep -xF -- "$1" >/dev/null && echo yes || echo no; }
expect "the page" 200 "$(status http://127.0.0.1:7190/metrics)"
expect "the page takes GET alone" 405 "$(status -X POST http://127.0.0.1:7190/metrics)"
expect "bytes that came" yes "$(shown "http_request_size_bytes_sum{$labels} 5.0")"
expect "in buckets" yes "$(shown "http_request_size_bytes_bucket{$labels,le=\"8.0\"} 1")"
expect "bytes that went" yes "$(shown "http_response_size_bytes_sum{$labels} 5.0")"
expect "requests timed" yes "$(shown "http_duration_milliseconds_count{$labels} 1")"
expect "requests opened" yes "$(shown "stream_opens_received_total{$labels} 1.0")"
expect "requests in work" yes "$(shown 'http_active_requests{binding="north_http",namespace="example"} 0.0')"
expect "a line for each request" 2 "$(grep -c 'BINDING_HTTP_REQUEST_ACCEPTED - [A-Z]* http://127.0.0.1:7114/items' "$work/log")"
finish
