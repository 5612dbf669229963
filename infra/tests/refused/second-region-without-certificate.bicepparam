// Says: MCP_SECOND_LOCATION needs MCP_CUSTOM_DOMAIN and MCP_CERTIFICATE
using '../../main.bicep'

param environmentName = 'refused'
param location = 'northeurope'
param customDomain = 'tools.contoso.com'
param secondLocation = 'swedencentral'
