// Says: MCP_SECOND_LOCATION is the same region as AZURE_LOCATION.
using '../../main.bicep'

param environmentName = 'refused'
param location = 'northeurope'
param customDomain = 'tools.contoso.com'
param certificate = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/secrets/tools'
param secondLocation = 'North Europe'
