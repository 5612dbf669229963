# Deploys the code to the second region, if the template created one. Runs after each deployment to the first region.
$ErrorActionPreference = 'Stop'

if ($env:MCP_SECOND_REGION -eq 'true') {
    # The condition of the service. It is set only for this command, because two commands must not build the project at the same time.
    $env:MCP_DEPLOY_SECOND = 'true'
    azd deploy mcp-second --environment $env:AZURE_ENV_NAME --no-prompt
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
