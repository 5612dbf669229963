// Two regions, and only the options that they need.
using '../main.bicep'

var certificates = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/tls/providers/Microsoft.KeyVault/vaults/kv-contoso'

param environmentName = 'two-regions'
param location = 'northeurope'
param customDomain = 'tools.contoso.com'
param certificate = '${certificates}/secrets/tools'
param secondLocation = 'swedencentral'
