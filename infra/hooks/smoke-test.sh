#!/bin/sh
# Whether a deployed server answers as a client's first minute needs it to: smoke-test.sh https://HOST/mcp
set -eu
url=${1:?the MCP URL}
base=${url%/mcp}

# A new app starts cold: up to five minutes.
curl --silent --show-error --fail --output /dev/null --max-time 30 --retry 30 --retry-delay 10 --retry-all-errors "$base/healthz"
echo "healthy: $base/healthz"
curl --silent --show-error --fail --output /dev/null --max-time 30 --retry 6 --retry-delay 10 --retry-all-errors "$base/readyz"
echo "ready: $base/readyz"

answer=$(curl --silent --show-error --max-time 30 --dump-header - --output /dev/null --request POST --header 'Content-Type: application/json' \
  --header 'Accept: application/json, text/event-stream' --data '{"jsonrpc":"2.0","id":1,"method":"ping"}' "$url" | tr -d '\r')
printf '%s\n' "$answer" | grep -Eq '^HTTP/[0-9.]+ 401' || { echo "error: a call without a token was not answered with 401:" "$answer" >&2; exit 1; }
printf '%s\n' "$answer" | grep -Eiq '^www-authenticate: Bearer .*scope=' || { echo "error: the challenge names no scope:" "$answer" >&2; exit 1; }
metadata=$(printf '%s\n' "$answer" | sed -n 's/.*resource_metadata="\([^"]*\)".*/\1/p')
echo "challenged: $metadata"

curl --silent --show-error --fail --max-time 30 "$metadata" | grep -Fq "\"$url\"" || { echo "error: $metadata does not name $url" >&2; exit 1; }
echo "described: $url"
