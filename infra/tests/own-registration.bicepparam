// A registration that an administrator created, a custom domain on the app itself, and small instances.
using '../main.bicep'

param environmentName = 'own-registration'
param location = 'northeurope'
param instanceMemoryMB = 512
param customDomain = 'mcp.contoso.com'
param clientId = '33333333-3333-3333-3333-333333333333'
param audiences = ['api://33333333-3333-3333-3333-333333333333']
param azureTools = 'resourceGroup'
