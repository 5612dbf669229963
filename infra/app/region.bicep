// The resources of one region: the app, its plan, its host storage, and its network.
import { scale, shared } from 'types.bicep'

@description('The region.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The token that makes the names of this region\'s resources unique.')
param token string

@description('The service in azure.yaml whose code runs in this region.')
param serviceName string

@description('The resources of the first resource group that the app uses.')
param sharedResources shared

@description('The object id of the app\'s identity.')
param principalId string

@description('The object id of the identity with which the platform stores and reads the deployed package.')
param deploymentPrincipalId string

@description('How the app scales.')
param scaling scale

@description('The app settings of the server: its sign-in settings and its URL.')
param settings object

@description('Whether storage and the key vault are reachable only through private endpoints.')
param private bool

@description('The address prefix of this region\'s network, a /24.')
param addressPrefix string

var appName = 'func-mcp-${token}'
var hostAccountName = 'sthost${token}'
var networkName = 'vnet-mcp-${token}'
var hostAccountId = resourceId('Microsoft.Storage/storageAccounts', hostAccountName)
var dataAccountId = resourceId(sharedResources.group, 'Microsoft.Storage/storageAccounts', sharedResources.dataAccountName)
var vaultId = resourceId(sharedResources.group, 'Microsoft.KeyVault/vaults', sharedResources.vaultName)
var endpoints = [
  { name: 'pe-host-blob-${token}', resourceId: hostAccountId, service: 'blob' }
  { name: 'pe-data-blob-${token}', resourceId: dataAccountId, service: 'blob' }
  { name: 'pe-data-table-${token}', resourceId: dataAccountId, service: 'table' }
  { name: 'pe-vault-${token}', resourceId: vaultId, service: 'vault' }
]

module host '../storage/host.bicep' = {
  name: 'host-storage-${location}'
  params: {
    name: hostAccountName
    location: location
    tags: tags
    sku: scaling.zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
    private: private
    principalId: principalId
    deploymentPrincipalId: deploymentPrincipalId
    workspaceId: resourceId(sharedResources.group, 'Microsoft.OperationalInsights/workspaces', sharedResources.workspaceName)
  }
}

module network '../network/network.bicep' = if (private) {
  name: 'network-${location}'
  params: {
    name: networkName
    location: location
    tags: tags
    addressPrefix: addressPrefix
  }
}

@batchSize(1)
module privateEndpoints '../network/private-endpoint.bicep' = [
  for endpoint in endpoints: if (private) {
    name: endpoint.name
    dependsOn: [host, network]
    params: {
      name: endpoint.name
      location: location
      tags: tags
      networkName: networkName
      resourceId: endpoint.resourceId
      service: endpoint.service
    }
  }
]

module app 'function-app.bicep' = {
  name: 'app-${location}'
  dependsOn: [host, network, privateEndpoints]
  params: {
    name: appName
    location: location
    tags: tags
    serviceName: serviceName
    sharedResources: sharedResources
    scaling: scaling
    settings: settings
    hostAccountName: hostAccountName
    subnetId: private ? resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'app') : ''
  }
}

@description('The host name of the app.')
output hostName string = app.outputs.hostName

@description('The value of the asuid record that proves a domain.')
output domainVerificationId string = app.outputs.domainVerificationId
