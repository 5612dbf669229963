# Says where the server is and how it is, and what to give to each client.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '../..')

if (-not $env:MCP_URL) { throw 'MCP_URL is an output of the deployment; run azd provision.' }
"The MCP server: $env:MCP_URL"

# Nobody reads this in a pipeline, which has its own smoke test.
if ($env:CI) { exit 0 }
# deploy-second runs this too. The deployment that started it says the same when it ends.
if ($env:MCP_DEPLOY_SECOND) { exit 0 }

dotnet build src/RemoteMcp.Cli --verbosity quiet --nologo
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
# It says itself what is wrong.
dotnet run --no-build --project src/RemoteMcp.Cli -- doctor $env:MCP_URL

foreach ($client in 'vscode', 'claude-code', 'claude-desktop', 'cursor', 'inspector') {
    "`n--- $client"
    dotnet run --no-build --project src/RemoteMcp.Cli -- config --client $client --url $env:MCP_URL
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
