#!/bin/sh
# Says where the server is, and what to give to each client.
set -eu
cd "$(dirname "$0")/../.."

: "${MCP_URL:?is an output of the deployment; run azd provision}"
echo "The MCP server: $MCP_URL"

# Nobody reads them in a pipeline, and building the program takes a while.
[ -z "${CI:-}" ] || exit 0

dotnet build src/RemoteMcp.Cli --verbosity quiet --nologo
for client in vscode claude-code claude-desktop cursor inspector; do
  printf '\n--- %s\n' "$client"
  dotnet run --no-build --project src/RemoteMcp.Cli -- config --client "$client" --url "$MCP_URL"
done
