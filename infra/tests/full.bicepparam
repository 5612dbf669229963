// All options.
using '../main.bicep'

var certificates = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/tls/providers/Microsoft.KeyVault/vaults/kv-contoso'

param environmentName = 'full'
param location = 'northeurope'
param instanceMemoryMB = 4096
param maximumInstances = 200
param alwaysReady = 2
param httpConcurrency = 200
param rollingUpdates = true
param zoneRedundant = true
param privateNetwork = true
param networkPrefix = '10.20.30.0/24'
param recoverVault = true
param customDomain = 'tools.contoso.com'
param certificate = '${certificates}/secrets/tools'
param secondLocation = 'swedencentral'
param allowedRedirects = ['claude.ai', 'cursor:', 'agents.contoso.com']
param preauthorizedClients = ['11111111-1111-1111-1111-111111111111']
param allowedClients = ['aebc6443-996d-45c2-90f0-388ff96faa56', '11111111-1111-1111-1111-111111111111']
param userGroups = ['22222222-2222-2222-2222-222222222222']
param serviceManagementReference = '44444444-4444-4444-4444-444444444444'
param consentToProfile = true
param filesWritable = true
param azureTools = 'subscription'
param alertEmails = ['on-call@contoso.com']
param logCapGB = 5
param logDays = 90
param monthlyBudget = 500
param budgetStart = '2026-11-01'
param settings = { RemoteMcp__Name: 'contoso' }
param tags = { team: 'tools' }
