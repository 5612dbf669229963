#!/bin/sh
# Fixes the month in which the budget starts: Azure takes no month that is over for a new budget, and no other one for an old budget.
# In a pipeline the month comes from the repository's variables (azd pipeline config), or there is no budget.
set -eu

if [ -z "${MCP_BUDGET_START:-}" ] && [ -z "${CI:-}" ]; then
  azd env set MCP_BUDGET_START "$(date -u +%Y-%m-01)"
fi
