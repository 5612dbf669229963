# Deploys the code to the second region, if the template made one. Runs after each deployment of the first region.
$ErrorActionPreference = 'Stop'

if ($env:MCP_SECOND_REGION -eq 'true') {
    # The service's condition. It is set for this command only: no other command may build the project at the same time.
    $env:MCP_DEPLOY_SECOND = 'true'
    azd deploy mcp-second --environment $env:AZURE_ENV_NAME --no-prompt
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
