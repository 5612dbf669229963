# Fixes the month in which the budget starts: Azure takes no month that is over for a new budget, and no other one for an old budget.
# In a pipeline the month comes from the repository's variables (azd pipeline config), or there is no budget.
$ErrorActionPreference = 'Stop'

if (-not $env:MCP_BUDGET_START -and -not $env:CI) {
    azd env set MCP_BUDGET_START ([DateTime]::UtcNow.ToString('yyyy-MM-01'))
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
