// The storage that the Functions host of one region needs: the deployed package, its locks, and its keys. It contains no data of the team.

@description('The name of the account.')
param name string

@description('The region of the account.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The SKU, which sets the number of copies of the data.')
param sku string

@description('Whether the account is reachable only through private endpoints.')
param private bool

@description('The object id of the app\'s identity.')
param principalId string

@description('The resource id of the workspace that receives the diagnostics.')
param workspaceId string

// The Functions host prescribes the last two names. The template creates these containers, so that the app needs no role on others.
var containers = ['deployments', 'azure-webjobs-hosts', 'azure-webjobs-secrets']
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

module account 'account.bicep' = {
  name: 'host-account-${location}'
  params: {
    name: name
    location: location
    tags: tags
    sku: sku
    containers: containers
    keepVersions: false
    retentionDays: 7
    private: private
    workspaceId: workspaceId
  }
}

resource existingAccount 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: name

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource owned 'containers' existing = [
      for container in containers: {
        name: container
      }
    ]
  }
}

resource owns 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (container, i) in containers: {
    scope: existingAccount::blobs::owned[i]
    name: guid(existingAccount::blobs::owned[i].id, principalId, blobDataOwner)
    dependsOn: [account]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
    }
  }
]
