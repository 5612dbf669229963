# Refuses settings that do not work together, before azd provisions anything. The template refuses the same settings.
$ErrorActionPreference = 'Stop'

if ($env:MCP_SECOND_LOCATION -and -not ($env:MCP_CUSTOM_DOMAIN -and $env:MCP_CERTIFICATE)) {
    throw 'MCP_SECOND_LOCATION needs MCP_CUSTOM_DOMAIN and MCP_CERTIFICATE. See docs/deploy.md, "A second region".'
}

if ($env:MCP_MONTHLY_BUDGET -and $env:MCP_MONTHLY_BUDGET -ne '0' -and -not $env:MCP_BUDGET_START) {
    throw "MCP_MONTHLY_BUDGET needs MCP_BUDGET_START: azd env set MCP_BUDGET_START $([DateTime]::UtcNow.ToString('yyyy-MM-01'))"
}
