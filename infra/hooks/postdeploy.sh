#!/bin/sh
# Says where the server is and how it is, and what to give to each client.
set -eu
cd "$(dirname "$0")/../.."

: "${MCP_URL:?is an output of the deployment; run azd provision}"
echo "The MCP server: $MCP_URL"

# Nobody reads this in a pipeline, which has its own smoke test.
[ -z "${CI:-}" ] || exit 0
# deploy-second runs this too. The deployment that started it says the same when it ends.
[ -z "${MCP_DEPLOY_SECOND:-}" ] || exit 0

dotnet build src/RemoteMcp.Cli --verbosity quiet --nologo
# It says itself what is wrong.
dotnet run --no-build --project src/RemoteMcp.Cli -- doctor "$MCP_URL" || true

for client in vscode claude-code claude-desktop cursor inspector; do
  printf '\n--- %s\n' "$client"
  dotnet run --no-build --project src/RemoteMcp.Cli -- config --client "$client" --url "$MCP_URL"
done
