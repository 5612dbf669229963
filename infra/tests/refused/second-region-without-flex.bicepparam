// Says: azd env set MCP_SECOND_LOCATION REGION
using '../../main.bicep'

param environmentName = 'refused'
param location = 'northeurope'
param secondLocation = 'switzerlandwest'
