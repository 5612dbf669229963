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

@description('The object id of the identity with which the platform stores and reads the deployed package.')
param deploymentPrincipalId string

@description('The resource id of the workspace that receives the diagnostics.')
param workspaceId string

// The Functions host prescribes the names of its containers. The template creates them, so that the app needs no role on others.
var hostContainers = ['azure-webjobs-hosts', 'azure-webjobs-secrets']
var deploymentContainer = 'deployments'
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

module account 'account.bicep' = {
  name: 'host-account-${location}'
  params: {
    name: name
    location: location
    tags: tags
    sku: sku
    containers: concat([deploymentContainer], hostContainers)
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
      for container in hostContainers: {
        name: container
      }
    ]

    resource deployments 'containers' existing = {
      name: deploymentContainer
    }
  }
}

resource owns 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (container, i) in hostContainers: {
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

// The app's own identity has no role on this container: code that the server runs must not be able to replace the code that the server
// runs. The platform uploads a deployed package with the identity in functionAppConfig.deployment.storage.authentication, which therefore
// must write (https://github.com/Azure/azure-functions-core-tools/issues/4346 shows the log of an upload without the permission).
resource deploys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: existingAccount::blobs::deployments
  name: guid(existingAccount::blobs::deployments.id, deploymentPrincipalId, blobDataContributor)
  dependsOn: [account]
  properties: {
    principalId: deploymentPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
  }
}
