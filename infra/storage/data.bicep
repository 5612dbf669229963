// The storage that all instances share: the state in tables, and the team's files in a container.

@description('The name of the account.')
param name string

@description('The region of the account.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The SKU, which sets the number and distance of the copies of the data.')
param sku string

@description('Whether the account is reachable only through private endpoints.')
param private bool

@description('The object id of the app\'s identity.')
param principalId string

@description('Whether the app may change the files.')
param filesWritable bool

@description('The resource id of the workspace that receives the diagnostics.')
param workspaceId string

var filesContainer = 'files'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var filesRole = filesWritable ? blobDataContributor : blobDataReader

module account 'account.bicep' = {
  name: 'data-account'
  params: {
    name: name
    location: location
    tags: tags
    sku: sku
    containers: [filesContainer]
    keepVersions: true
    retentionDays: 30
    private: private
    workspaceId: workspaceId
  }
}

resource existingAccount 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: name

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource files 'containers' existing = {
      name: filesContainer
    }
  }
}

// The server creates each table with the first write. The account is the smallest scope that allows this.
resource keepsState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: existingAccount
  name: guid(existingAccount.id, principalId, tableDataContributor)
  dependsOn: [account]
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
  }
}

resource usesFiles 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: existingAccount::blobs::files
  name: guid(existingAccount::blobs::files.id, principalId, filesRole)
  dependsOn: [account]
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', filesRole)
  }
}
