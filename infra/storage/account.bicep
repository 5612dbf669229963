// A storage account without access keys. Every reader and writer needs a role.

@description('The name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('The region of the account.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The SKU, which sets the number and distance of the copies of the data.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param sku string

@description('The blob containers.')
param containers string[]

@description('Whether the account keeps older versions of blobs.')
param keepVersions bool

@description('The number of days that the account keeps deleted blobs and older versions.')
@minValue(1)
@maxValue(365)
param retentionDays int

@description('Whether the account is reachable only through private endpoints.')
param private bool

@description('The resource id of the workspace that receives the diagnostics.')
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
    // A rule for versions requires that versioning is already on.
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
    // Log who changed a file. Reads are not logged, because the tools read all the time.
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
    // Collect only metrics, because sessions write rows all the time.
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}
