// Says: MCP_SECOND_LOCATION is the first region, northeurope.
using '../../main.bicep'

param environmentName = 'refused'
param location = 'northeurope'
param secondLocation = 'northeurope'
