#!/bin/sh
# Refuses settings that do not work together, before azd provisions anything. The template refuses the same settings.
set -eu

if [ -n "${MCP_SECOND_LOCATION:-}" ] && { [ -z "${MCP_CUSTOM_DOMAIN:-}" ] || [ -z "${MCP_CERTIFICATE:-}" ]; }; then
  echo 'error: MCP_SECOND_LOCATION needs MCP_CUSTOM_DOMAIN and MCP_CERTIFICATE. See docs/deploy.md, "A second region".' >&2
  exit 1
fi

if [ "${MCP_MONTHLY_BUDGET:-0}" != 0 ] && [ -z "${MCP_BUDGET_START:-}" ]; then
  echo "error: MCP_MONTHLY_BUDGET needs MCP_BUDGET_START: azd env set MCP_BUDGET_START $(date -u +%Y-%m-01)" >&2
  exit 1
fi
