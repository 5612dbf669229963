#!/bin/sh
# Deploys the code to the second region, if the template made one. Runs after each deployment of the first region.
set -eu

if [ "${MCP_SECOND_REGION:-}" = true ]; then
  # The service's condition. It is set for this command only: no other command may build the project at the same time.
  MCP_DEPLOY_SECOND=true azd deploy mcp-second --environment "$AZURE_ENV_NAME" --no-prompt
fi
