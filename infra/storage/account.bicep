// A storage account that knows no keys: whoever reads or writes has a role.

@description('The name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('The region of the account.')
param location string

@description('The tags of the deployment.')
param tags object

@description('How often, and how far apart, the data is kept.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param sku string

@description('The blob containers.')
param containers string[]

@description('Whether older versions of blobs are kept.')
param keepVersions bool

@description('The days after which deleted blobs and older versions are gone.')
@minValue(1)
@maxValue(365)
param retentionDays int

@description('Whether only private endpoints reach the account.')
param private bool

@description('The workspace that diagnostics go to: its resource id.')
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    allowedCopyScope: 'AAD'
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: keepVersions
      deleteRetentionPolicy: {
        enabled: true
        days: retentionDays
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: retentionDays
      }
    }

    resource container 'containers' = [
      for container in containers: {
        name: container
        properties: {
          publicAccess: 'None'
        }
      }
    ]
  }

  resource tables 'tableServices' = {
    name: 'default'
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    // A rule for versions wants versioning to be on already.
    dependsOn: [blobs]
    properties: {
      policy: {
        rules: [
          {
            name: 'old-versions'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: {
                blobTypes: ['blockBlob']
              }
              actions: union(
                {
                  snapshot: {
                    delete: {
                      daysAfterCreationGreaterThan: retentionDays
                    }
                  }
                },
                keepVersions
                  ? {
                      version: {
                        delete: {
                          daysAfterCreationGreaterThan: retentionDays
                        }
                      }
                    }
                  : {}
              )
            }
          }
        ]
      }
    }
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::blobs
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // Who changed a file; reading is what the tools do all day.
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::tables
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // Sessions write rows all the time: numbers, no lines.
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}
