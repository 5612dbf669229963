#!/bin/sh
# Checks that a deployed server answers the first requests of a client. Usage: smoke-test.sh https://HOST/mcp
# It repeats the checks for up to 20 minutes: a new app starts slowly, and a front end learns a new route slowly.
set -eu
url=${1:?specify the MCP URL}
base=${url%/mcp}
end=$(($(date +%s) + 1200))

# Repeats a check every ten seconds until it passes or the time is over.
repeat() {
  until "$@"; do
    [ "$(date +%s)" -lt "$end" ] || { echo "error: $url did not pass within 20 minutes: $*" >&2; exit 1; }
    sleep 10
  done
}

answers() { curl --silent --show-error --fail --output /dev/null --max-time 30 "$base/$1"; }

challenges() {
  answer=$(curl --silent --show-error --max-time 30 --dump-header - --output /dev/null --request POST \
    --header 'Content-Type: application/json' --header 'Accept: application/json, text/event-stream' \
    --data '{"jsonrpc":"2.0","id":1,"method":"ping"}' "$url" | tr -d '\r')
  printf '%s\n' "$answer" | grep -Eq '^HTTP/[0-9.]+ 401' ||
    { echo "The server did not answer a call without a token with 401:" "$answer" >&2; return 1; }
  printf '%s\n' "$answer" | grep -Eiq '^www-authenticate: Bearer .*scope=' ||
    { echo "The challenge contains no scope:" "$answer" >&2; return 1; }
  metadata=$(printf '%s\n' "$answer" | sed -n 's/.*resource_metadata="\([^"]*\)".*/\1/p')
}

describes() {
  curl --silent --show-error --fail --max-time 30 "$metadata" | grep -Fq "\"$url\"" ||
    { echo "The resource metadata at $metadata does not contain $url." >&2; return 1; }
}

repeat answers healthz
echo "healthy: $base/healthz"
repeat answers readyz
echo "ready: $base/readyz"
repeat challenges
echo "challenged: $metadata"
repeat describes
echo "described: $url"
