#!/bin/sh
# Deploys the code to the second region, if the template created one. Runs after each deployment to the first region.
set -eu

if [ "${MCP_SECOND_REGION:-}" = true ]; then
  # The condition of the service. It is set only for this command, because two commands must not build the project at the same time.
  MCP_DEPLOY_SECOND=true azd deploy mcp-second --environment "$AZURE_ENV_NAME" --no-prompt
fi
