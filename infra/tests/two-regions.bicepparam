// Two regions, and nothing else that is not needed for them.
using '../main.bicep'

param environmentName = 'two-regions'
param location = 'northeurope'
param customDomain = 'tools.contoso.com'
param certificate = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg-certificates/providers/Microsoft.KeyVault/vaults/kv-contoso/secrets/tools'
param secondLocation = 'swedencentral'
