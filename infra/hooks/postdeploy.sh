#!/bin/sh
# Prints the URL of the server, the result of `remote-mcp doctor`, and the configuration for each client.
set -eu
cd "$(dirname "$0")/../.."

: "${MCP_URL:?is not set. To get it from the deployment, run azd provision}"
echo "The MCP server: $MCP_URL"

# A pipeline does not need the rest. It has its own smoke test.
[ -z "${CI:-}" ] || exit 0
# deploy-second runs this hook too. The deployment that started it prints the rest at its end.
[ -z "${MCP_DEPLOY_SECOND:-}" ] || exit 0

dotnet build src/RemoteMcp.Cli --verbosity quiet --nologo
# The command reports what is wrong. That must not fail the deployment.
dotnet run --no-build --project src/RemoteMcp.Cli -- doctor "$MCP_URL" || true

for client in vscode claude-code claude-desktop cursor inspector; do
  printf '\n--- %s\n' "$client"
  dotnet run --no-build --project src/RemoteMcp.Cli -- config --client "$client" --url "$MCP_URL"
done
