# Prints the URL of the server, the result of `remote-mcp doctor`, and the configuration for each client.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '../..')

if (-not $env:MCP_URL) { throw 'MCP_URL is not set. To get it from the deployment, run azd provision.' }
"The MCP server: $env:MCP_URL"

# A pipeline does not need the rest. It has its own smoke test.
if ($env:CI) { exit 0 }
# deploy-second runs this hook too. The deployment that started it prints the rest at its end.
if ($env:MCP_DEPLOY_SECOND) { exit 0 }

dotnet build src/RemoteMcp.Cli --verbosity quiet --nologo
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
# The command reports what is wrong. That must not fail the deployment.
dotnet run --no-build --project src/RemoteMcp.Cli -- doctor $env:MCP_URL

foreach ($client in 'vscode', 'claude-code', 'claude-desktop', 'cursor', 'inspector') {
    "`n--- $client"
    dotnet run --no-build --project src/RemoteMcp.Cli -- config --client $client --url $env:MCP_URL
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
